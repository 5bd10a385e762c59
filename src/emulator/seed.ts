// Contacts put in place through the control endpoints, past the API's rules: also such that another source would
// have left behind, without external_id or with a name missing.

import type { AttributeValue, Contact, ContactFields, Directory } from './directory.ts';
import { isRecord } from './exchange.ts';
import { merged } from './validate.ts';

const TEXT_FIELDS = ['external_id', 'first_name', 'last_name', 'email', 'phone_number'] as const;

/** Contacts to put in place, or the first thing wrong with them as a sentence. */
export function readSeeds(value: unknown): Record<string, unknown>[] | string {
  const seeds: unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, seed] of seeds.entries()) {
    const trouble = seedTrouble(seed);
    if (trouble !== null) return `Contact ${index + 1} of ${seeds.length} ${trouble}.`;
  }
  return seeds.filter(isRecord);
}

/** Puts a contact in place as a whole: the one with the same id, else with the same external_id, is replaced. */
export function putContact(directory: Directory, seed: Readonly<Record<string, unknown>>): Contact {
  const fields = seedFields(seed);
  const id = typeof seed.id === 'string' ? seed.id : undefined;
  const namesake = fields.external_id === null ? undefined : directory.byExternalId(fields.external_id);
  const present = id === undefined ? namesake : directory.byId(id);
  if (namesake !== undefined && namesake !== present) directory.remove(namesake);
  if (present === undefined) return directory.add(fields, id);
  present.createdMs = undefined;
  directory.update(present, fields);
  return present;
}

/** Full contacts, ordered by external_id, those without one last. */
export function sortedContacts(directory: Directory): Contact[] {
  return directory.all().sort((a, b) => {
    if (a.external_id === b.external_id) return a.position - b.position;
    if (a.external_id === null) return 1;
    if (b.external_id === null) return -1;
    return a.external_id < b.external_id ? -1 : 1;
  });
}

function seedTrouble(seed: unknown): string | null {
  if (!isRecord(seed)) return 'must be an object';
  const text = [...TEXT_FIELDS, 'id'].find(
    (field) => !['undefined', 'string'].includes(typeof (seed[field] ?? undefined)),
  );
  if (text !== undefined) return `has a ${text} that is neither text nor null`;
  if (seed.attributes !== undefined && !isRecord(seed.attributes)) return 'has attributes that are no object';
  const value = Object.values(seed.attributes ?? {}).find((each) => typeof each === 'object' && each !== null);
  return value === undefined ? null : 'has an attribute that is an object or a list';
}

function seedFields(seed: Readonly<Record<string, unknown>>): ContactFields {
  const [external_id, first_name, last_name, email, phone_number] = TEXT_FIELDS.map((field) => {
    const value = seed[field];
    return typeof value === 'string' ? value : null;
  });
  return {
    external_id: external_id ?? null,
    first_name: first_name ?? null,
    last_name: last_name ?? null,
    email: email ?? null,
    phone_number: phone_number ?? null,
    attributes: merged({}, (seed.attributes ?? {}) as Record<string, AttributeValue | null>),
  };
}
