// Reads one cell of a record: canonical, with null words as blank, and with a note of what had to be
// cleaned. Notes are counted, so that a million dirty cells are one line of the report.

import { canonicalText, hasControls, isPlain } from './text.ts';

/** A column of the header by position, with its name as the file writes it. */
export interface Column {
  readonly index: number;
  readonly name: string;
}

interface Note {
  count: number;
  readonly first: string;
}

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

  /** The canonical text of a cell; empty when it is blank. */
  read(fields: readonly string[], column: Column): string {
    const text = this.readWord(fields, column);
    return this.isBlank(text) ? '' : text;
  }

  /** The canonical text of a cell, with a null word still as itself. */
  readWord(fields: readonly string[], column: Column): string {
    const raw = fields[column.index] ?? '';
    return isPlain(raw) ? raw : this.#clean(raw, column);
  }

  isBlank(text: string): boolean {
    return text === '' || (text.length <= this.#longestNullWord && this.#nullWords.has(text));
  }

  /** What was cleaned so far, a sentence for each kind. */
  warnings(): string[] {
    return [...this.#notes].map(
      ([what, { count, first }]) => `${what} ${count} ${count === 1 ? 'value' : 'values'} (first: ${first})`,
    );
  }

  #clean(raw: string, column: Column): string {
    if (hasControls(raw)) this.#note('control characters were removed from', column);
    if (raw.includes('\ufffd')) this.#note('a character was already lost before we got the file in', column);
    return canonicalText(raw);
  }

  #note(what: string, column: Column): void {
    this.#noted = true;
    const note = this.#notes.get(what);
    if (note === undefined) this.#notes.set(what, { count: 1, first: `line ${this.#line}, ${column.name}` });
    else note.count++;
  }
}
