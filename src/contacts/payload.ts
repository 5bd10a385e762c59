// The API's JSON as a contact. Fields it does not know are ignored, because new ones come without a new version.

import type { FoundContact } from './contacts.ts';

/** The contact that a value of the API's JSON stands for; null when it is none. Pure. */
export function contactFrom(json: unknown): FoundContact | null {
  if (!isRecord(json)) return null;
  const externalId = textOf(json.external_id);
  if (externalId === null) return null;
  return {
    id: textOf(json.id) ?? '',
    externalId,
    firstName: textOf(json.first_name) ?? '',
    lastName: textOf(json.last_name) ?? '',
    email: textOf(json.email) ?? '',
    phoneNumber: textOf(json.phone_number),
    attributes: attributesFrom(json.attributes),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids and values are text to us, whatever type others wrote. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function attributesFrom(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const texts: [string, string][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (each === null) continue;
    texts.push([key, textOf(each) ?? JSON.stringify(each)]);
  }
  // Not by assignment: a key such as `__proto__` is an attribute like any other.
  return Object.fromEntries(texts);
}
