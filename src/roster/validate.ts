// What a value must be before it is worth sending (specification §6). Each check names the rule it holds,
// so that scripts can count rejects by rule.

/** Workshop's limit for one value, in characters. */
export const MAX_LENGTH = 255;

/** The stable words of `Reject.rule` that reading a file gives; duplicates are found when the rows are compared. */
export type RejectRule =
  | 'missing'
  | 'email'
  | 'phone'
  | 'status'
  | 'date'
  | 'pattern'
  | 'value'
  | 'too_long'
  | 'ragged'
  | 'malformed'
  | 'scientific_id'
  | 'decimal_id'
  | 'spreadsheet_error'
  | 'garbled';

const EMAIL =
  /^[^\s@<>()[\],;:"\\.]+(?:\.[^\s@<>()[\],;:"\\.]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
const PLAIN_EMAIL = /^[\w+'-]+(?:\.[\w+'-]+)*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}$/;
const SCIENTIFIC = /^\d+(?:[.,]\d+)?E[+-]?\d+$/i;
const DECIMAL = /^(\d+)(?:\.0+|,0{1,2})$/;

/** Shaped like one address, `name@host.tld`. Whether anybody reads it is not ours to know. */
export function isEmail(text: string): boolean {
  return PLAIN_EMAIL.test(text) || (EMAIL.test(text) && !/\d$/.test(text));
}

/** `1.2E+07`, `1,2E+07` or `1E+11`: an id that a spreadsheet took for a number. `5E9934` is a legitimate id of some systems. */
export function isScientific(text: string): boolean {
  return SCIENTIFIC.test(text) && /[.,+]/.test(text);
}

/** `1001` of `1001.0` or `1001,00`, an id that something took for a number; null for any other text. */
export function withoutDecimals(text: string): string | null {
  return text.endsWith('0') ? (DECIMAL.exec(text)?.[1] ?? null) : null;
}

/** Longer than Workshop takes; counted in characters, not in UTF-16 units. */
export function isTooLong(text: string): boolean {
  return text.length > MAX_LENGTH && Array.from(text).length > MAX_LENGTH;
}
