// Reads one cell of a record: canonical, with null words as blank, and with a note of what had to be
// cleaned. Notes are counted, so that a million dirty cells are one line of the report.

import { hasMojibake } from './mojibake.ts';
import { Problem } from './problem.ts';
import { formulaText, isSpreadsheetError } from './spreadsheet.ts';
import { canonicalText, hasControls, quoted } from './text.ts';

/** A column of the header by position, with its name as the file writes it. */
export interface Column {
  readonly index: number;
  readonly name: string;
}

/** Words that the configuration lists: what is one of them is understood, whatever it looks like. */
export interface Words {
  has(word: string): boolean;
}

interface Note {
  count: number;
  readonly first: string;
}

/** Anything but plain text (see `isPlain`), and what may come from a spreadsheet's formula. */
const NOT_ORDINARY = /[^ -~]|^[ =#]| $| {2}/;
const LOST = '\ufffd';

/** The cells of one record at a time; remembers whether the present record gave a note. */
export class Cells {
  readonly #nullWords: ReadonlySet<string>;
  readonly #longestNullWord: number;
  readonly #notes = new Map<string, Note>();
  #line = 0;
  #noted = false;

  constructor(nullWords: readonly string[]) {
    this.#nullWords = new Set(nullWords.map(canonicalText));
    this.#longestNullWord = Math.max(0, ...nullWords.map((word) => word.length));
  }

  /** From here on cells belong to the record that begins in this line. */
  startRecord(line: number): void {
    this.#line = line;
    this.#noted = false;
  }

  /** Whether the present record has something to warn about, and so must be read again next time. */
  get noted(): boolean {
    return this.#noted;
  }

  /** The canonical text of a cell, empty when it is blank; a problem when it is damaged and no word of `listed`. */
  read(fields: readonly string[], column: Column, listed: Words | null = null): string | Problem {
    const text = this.readWord(fields, column, listed);
    return typeof text === 'string' && this.isBlank(text) ? '' : text;
  }

  /** As `read`, with a null word still as itself. */
  readWord(fields: readonly string[], column: Column, listed: Words | null = null): string | Problem {
    const raw = fields[column.index] ?? '';
    return NOT_ORDINARY.test(raw) ? this.#clean(raw, column, listed) : raw;
  }

  isBlank(text: string): boolean {
    return text === '' || (text.length <= this.#longestNullWord && this.#nullWords.has(text));
  }

  /**
   * Counts something that was done to a value of the present record, for `warnings`: what, and in which column. What is
   * `usual`, and may be in every row of a file, is counted in rows that are new only: those that are known stay unread.
   */
  note(what: string, columnName: string, { usual = false } = {}): void {
    if (!usual) this.#noted = true;
    const note = this.#notes.get(what);
    if (note === undefined) this.#notes.set(what, { count: 1, first: `line ${this.#line}, ${columnName}` });
    else note.count++;
  }

  /** What was cleaned so far, a sentence for each kind. */
  warnings(): string[] {
    return [...this.#notes].map(
      ([what, { count, first }]) => `${what} ${count} ${count === 1 ? 'value' : 'values'} (first: ${first})`,
    );
  }

  #clean(raw: string, column: Column, listed: Words | null): string | Problem {
    const canonical = canonicalText(raw);
    const inner = formulaText(canonical);
    const text = inner === null ? canonical : canonicalText(inner);
    if (hasControls(raw)) this.note('control characters were removed from', column.name);
    if (inner !== null) this.note('the spreadsheet formula ="…" was read as its text in', column.name, { usual: true });
    if (this.isBlank(text) || listed?.has(text)) return text;
    return damageOf(raw, text, quoted(column.name)) ?? text;
  }
}

/** The canonical text of a cell, taken out of a spreadsheet formula that holds nothing else. */
export function cellText(raw: string): string {
  const text = canonicalText(raw);
  const inner = formulaText(text);
  return inner === null ? text : canonicalText(inner);
}

/** Why a cell cannot say what it said in the HRIS. */
function damageOf(raw: string, text: string, label: string): Problem | null {
  if (isSpreadsheetError(text)) {
    const message = `${quoted(text)} in ${label} is no value but what a spreadsheet shows in the place of one. Correct the export, or list it under null_words if it means blank.`;
    return new Problem('spreadsheet_error', message);
  }
  if (raw.includes(LOST)) return garbled(text, label, 'has lost characters');
  return hasMojibake(raw) ? garbled(text, label, 'is garbled') : null;
}

/** The value went through a wrong encoding on its way to us; `what` says how one sees it. */
export function garbled(text: string, label: string, what: string): Problem {
  const message = `${quoted(text)} in ${label} ${what}: the file was exported, or saved again, in the wrong encoding. Export it anew as UTF-8; until then this contact stays as it is.`;
  return new Problem('garbled', message);
}
