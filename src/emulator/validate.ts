// What the API demands of a contact in a POST or PATCH body. Fields it does not know are ignored, as the API ignores them.

import type { AttributeValue, ContactFields } from './directory.ts';
import { type FieldErrors, isRecord } from './exchange.ts';

const LONGEST_CHARACTERS = 255;
const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/;
const PHONE = /^\+?[\d\s().-]{3,40}(\s?(x|ext\.?)\s?\d{1,8})?$/i;

type Checked<T> = { readonly ok: true; readonly fields: T } | { readonly ok: false; readonly errors: FieldErrors };

/** Attributes of a PATCH still hold null, which removes the key. */
export type AttributeChanges = Readonly<Record<string, AttributeValue | null>>;
export type ContactChanges = Partial<Omit<ContactFields, 'attributes'>> & { attributes?: AttributeChanges };

/** A POST body: everything required is there and every value is acceptable. */
export function validateNew(body: Readonly<Record<string, unknown>>): Checked<ContactFields> {
  const checked = validateChanges(body);
  const errors: FieldErrors = checked.ok ? {} : checked.errors;
  for (const field of ['external_id', 'first_name', 'last_name', 'email']) {
    if (own(body, field) === undefined) errors[field] = ['is required'];
  }
  if (!checked.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const { attributes = {}, ...rest } = checked.fields;
  const blank = { external_id: null, first_name: null, last_name: null, email: null, phone_number: null };
  return { ok: true, fields: { ...blank, ...rest, attributes: merged({}, attributes) } };
}

/** A PATCH body: whatever is there is acceptable. */
export function validateChanges(body: Readonly<Record<string, unknown>>): Checked<ContactChanges> {
  const errors: FieldErrors = {};
  const changes: ContactChanges = {};
  for (const field of ['external_id', 'first_name', 'last_name', 'email', 'phone_number'] as const) {
    const value = own(body, field);
    if (value === undefined) continue;
    if (value === null && field === 'phone_number') {
      changes.phone_number = null;
      continue;
    }
    const trouble = textTrouble(value) ?? shapeTrouble(field, value);
    if (trouble !== null) errors[field] = [trouble];
    else changes[field] = String(value);
  }
  const attributes = own(body, 'attributes');
  const troubles = attributes === undefined ? [] : attributeTroubles(attributes);
  if (troubles.length > 0) errors.attributes = troubles;
  else if (isRecord(attributes)) changes.attributes = attributes as AttributeChanges;
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, fields: changes };
}

/** Attributes after a change: keys overwrite, null removes. Without a prototype, so that any key is only a key. */
export function merged(
  before: Readonly<Record<string, AttributeValue>>,
  changes: AttributeChanges,
): Record<string, AttributeValue> {
  const result: Record<string, AttributeValue> = Object.assign(Object.create(null), before);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}

function own(body: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.hasOwn(body, field) ? body[field] : undefined;
}

function textTrouble(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value.trim() === '') return "can't be blank";
  return lengthTrouble(value);
}

function lengthTrouble(value: string): string | null {
  if (value.length > LONGEST_CHARACTERS) return `is too long (maximum is ${LONGEST_CHARACTERS} characters)`;
  return value.includes('\u0000') ? 'contains a NUL character' : null;
}

function shapeTrouble(field: string, value: unknown): string | null {
  if (field === 'email' && !EMAIL.test(String(value))) return 'must be a valid email address';
  if (field === 'phone_number' && !PHONE.test(String(value))) return 'must be a valid phone number';
  return null;
}

function attributeTroubles(attributes: unknown): string[] {
  if (!isRecord(attributes)) return ['must be an object'];
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (key.trim() === '') return ["keys can't be blank"];
    const trouble = lengthTrouble(key) ?? attributeTrouble(value);
    return trouble === null ? [] : [`"${key.slice(0, 60)}" ${trouble}`];
  });
}

function attributeTrouble(value: unknown): string | null {
  if (typeof value === 'string') return lengthTrouble(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return null;
  return 'must be a string, a number, a boolean or null';
}
