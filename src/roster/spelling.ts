// Two ways of writing fields that csv-parse does not read as they are meant: Excel's `="00123"`, and a backslash
// that escapes nothing. A record is spelled anew for it; its bytes in the file, and so its fingerprint, stay.

import { closingQuote, type Dialect } from './split.ts';

const BACKSLASH = 0x5c;
const EQUALS = 0x3d;

/** Whether some field of this text may begin with `="`, which Excel writes to keep the zeros of an id. */
export function hasFormulaSigns(text: Buffer, { quote }: Dialect): boolean {
  return quote !== null && text.includes(`=${quote}`);
}

/**
 * The record with `="00123"` as `"00123"`, and, where a backslash escapes quotes, with every backslash doubled that
 * stands for itself. What is valid already, and what was spelled anew before, stays as it is.
 */
export function respell(record: Buffer, dialect: Dialect): Buffer {
  const { quote, delimiter } = dialect;
  const hasBackslashes = dialect.escape === 'backslash' && record.includes(BACKSLASH);
  const mayChange = hasBackslashes || hasFormulaSigns(record, dialect);
  if (quote === null || !mayChange) return record;
  const quoteByte = quote.charCodeAt(0);
  const pieces: Buffer[] = [];
  for (let at = 0; at < record.length; ) {
    if (record[at] === EQUALS && record[at + 1] === quoteByte) at++;
    let end = at;
    if (record[at] === quoteByte) {
      end = Math.min(record.length, closingQuote(record, at + 1, dialect) + 1);
      const field = record.subarray(at, end);
      pieces.push(hasBackslashes ? withBackslashesDoubled(field, quoteByte) : field);
    }
    const delimiterAt = record.indexOf(delimiter, end);
    const next = delimiterAt < 0 ? record.length : delimiterAt + 1;
    pieces.push(record.subarray(end, next));
    at = next;
  }
  return Buffer.concat(pieces);
}

function withBackslashesDoubled(field: Buffer, quoteByte: number): Buffer {
  const doubled = Buffer.allocUnsafe(2 * field.length);
  let length = 0;
  for (let at = 0; at < field.length; at++) {
    const byte = field[at] ?? 0;
    doubled[length++] = byte;
    if (byte !== BACKSLASH) continue;
    const next = field[at + 1];
    const escapes = next === quoteByte || next === BACKSLASH;
    doubled[length++] = escapes ? next : BACKSLASH;
    if (escapes) at++;
  }
  return doubled.subarray(0, length);
}
