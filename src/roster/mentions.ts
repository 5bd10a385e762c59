// Whom a row may speak of that does not tell for sure: every text in it, as it stands and as an id would be read from it.
// Whoever has such an id or email stays as they are.

import { cellText } from './cells.ts';
import { isEmail } from './validate.ts';

const CELLS_AT_MOST = 20_000;
const CELL_LENGTH = 4000;
/** A quote in the wrong place may have joined an id to anything: `"1001"x` is still about 1001. */
const SEAMS = /[,;|\t~"'\\=\r\n]/;

/** All texts of these cells, each once. `idOf`: the id that the mapping makes of a text; null when it makes none. */
export function mentionsIn(fields: readonly string[], idOf: (text: string) => string | null): string[] {
  const cells = fields.slice(0, CELLS_AT_MOST).map((field) => field.slice(0, CELL_LENGTH));
  const pieces = cells.flatMap((cell) => (SEAMS.test(cell) ? cell.split(SEAMS) : []));
  const texts = new Set([...cells, ...pieces].slice(0, 2 * CELLS_AT_MOST).map(cellText));
  texts.delete('');
  const ids = [...texts].flatMap((text) => idOf(text) ?? []);
  return [...new Set([...texts, ...ids])];
}

/** The addresses alone. */
export function addressesIn(fields: readonly string[]): string[] {
  return fields
    .filter((field) => field.includes('@'))
    .map(cellText)
    .filter(isEmail);
}

/** Whether one of the cells is an email address: no title, label, footer or trailer has one in a cell of its own. */
export function hasAddress(fields: readonly string[]): boolean {
  return fields.some((field) => field.includes('@') && isEmail(cellText(field)));
}
