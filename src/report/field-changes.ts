// What an update or a re-key changes, field by field, as people read it: `office: Austin → (removed)`.

import { plain } from './plain.ts';
import type { OperationLine } from './shape.ts';

const FIELDS = ['first_name', 'last_name', 'email', 'phone_number'] as const;

/** `field: old → new` for every field and attribute that the operation changes; none for a create or delete. */
export function fieldChanges({ kind, body, before }: OperationLine): string[] {
  if (body === null || before === null || kind === 'delete') return [];
  const fields = FIELDS.filter((field) => body[field] !== undefined).map((field) =>
    change(field, before[field], body[field] ?? null),
  );
  const attributes = Object.entries(body.attributes ?? {}).map(([key, value]) => {
    const old = Object.hasOwn(before.attributes, key) ? before.attributes[key] : undefined;
    return change(attributeName(key), old ?? null, value);
  });
  return [...fields, ...attributes];
}

function change(field: string, before: string | null, after: string | null): string {
  const was = plain(before ?? '') || '(none)';
  const becomes = after === null ? '(removed)' : plain(after);
  return `${plain(field)}: ${was} → ${becomes}`;
}

/** An attribute goes by its own name, unless that would look like a field of the contact. */
function attributeName(key: string): string {
  return FIELDS.some((field) => field === key) || key === 'external_id' ? `attributes.${key}` : key;
}
