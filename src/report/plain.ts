// Values from a roster file are hostile: before they reach a terminal, a spreadsheet or a pager they lose
// whatever those would obey (specification §15).

import { stripVTControlCharacters } from 'node:util';

const LINE_BREAKS = /[\t-\r\u0085\u2028\u2029]+/g;
// C0, DEL, C1, and the marks that reorder text on the screen.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;
const UNSEEN_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
// What a spreadsheet takes for the start of a formula, also in its full-width form.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** The text on one line, without terminal escapes, control characters and marks that reorder it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(LINE_BREAKS, ' ').replace(UNSEEN, '').trim();
}

/** JSON of the very same value, in which nothing that a terminal obeys stands unescaped. */
export function plainJson(value: unknown, indent = 0): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(UNSEEN_IN_JSON, escaped);
}

/** One line of CSV, its end included: plain values, quoted where needed, formulas neutralised by a leading `'`. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = plain(cell);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
