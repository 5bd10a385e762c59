// Which line of a sample names the columns, and whether the next one only labels them.

import { isEmail } from '../roster/validate.ts';
import { nameKey } from './column-name.ts';
import * as known from './known-columns.ts';
import type { SampleRecord } from './records.ts';

const LOOKED_AT = 30;
const LONGEST_NAME = 80;
/** So many names that HR systems use are no coincidence. */
const FAMILIAR = 2;

const KNOWN_KEYS: ReadonlySet<string> = new Set(
  [
    ...[known.EXTERNAL_ID, known.PREFERRED_FIRST_NAME, known.FIRST_NAME, known.LAST_NAME, known.FULL_NAME],
    ...[known.WORK_EMAIL, known.PERSONAL_EMAIL, known.PHONE, known.STATUS],
    ...Object.values(known.ATTRIBUTES),
  ].flatMap((table) => Object.keys(table).map(nameKey)),
);

/** The position of the header among the records; null when none looks like one. */
export function findHeader(records: readonly SampleRecord[], width: number): number | null {
  const candidates = records
    .slice(0, LOOKED_AT)
    .flatMap((record, index) => (looksLikeHeader(record, width) ? [index] : []));
  const familiar = candidates.find((index) => isFamiliar(records[index]?.fields ?? []));
  return familiar ?? candidates[0] ?? null;
}

/** Whether the row below the header only labels the columns: no person, though it has a name in every field. */
export function isLabelRow(
  header: readonly string[],
  row: readonly string[],
  others: readonly SampleRecord[],
): boolean {
  if (row.length !== header.length || row.some((field) => field.includes('@'))) return false;
  if (row.some((field) => /^\d+$/.test(field.trim()))) return false;
  const labels = row.filter((field, index) => field.trim() !== '' && isLabelOf(field, header[index] ?? '')).length;
  const filled = row.filter((field) => field.trim() !== '').length;
  if (labels < 2 || labels * 3 < filled) return false;
  const withAddress = others.filter(({ fields }) => fields.some((field) => isEmail(field.trim()))).length;
  return withAddress * 2 >= others.length;
}

/** Whether so many of these are names of columns that HR systems use that the line can only be a header. */
export function isFamiliar(fields: readonly string[]): boolean {
  return knownCount(fields) >= FAMILIAR;
}

function isLabelOf(label: string, name: string): boolean {
  const key = nameKey(label);
  return key === nameKey(name) || KNOWN_KEYS.has(key);
}

function looksLikeHeader({ fields, isMalformed }: SampleRecord, width: number): boolean {
  if (isMalformed || fields.length !== width) return false;
  const names = fields.map((field) => field.trim()).filter((field) => field !== '');
  if (names.length < 2 || names.length * 2 < width) return false;
  const distinct = new Set(names.map((name) => name.toLowerCase())).size;
  if (distinct * 4 < names.length * 3 || names.some(isEmail)) return false;
  // Among familiar names, a strange one is a name as well.
  return names.every(isName) || (isFamiliar(names) && names.filter(isName).length * 2 >= names.length);
}

/** A date or a number as the name of a column is a row of data, an address certainly is. */
function isName(text: string): boolean {
  return (
    text.length <= LONGEST_NAME && !text.includes('@') && /\p{L}|#/u.test(text) && !/^\+?[\d\s./:()-]+$/.test(text)
  );
}

function knownCount(fields: readonly string[]): number {
  return fields.filter((field) => KNOWN_KEYS.has(nameKey(field))).length;
}
