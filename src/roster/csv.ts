// The door to csv-parse, which is asked for the fields of many records at once, and in strict mode: what is not
// valid CSV stands alone in the end, with the reason.

import { CsvError, parse } from 'csv-parse/sync';
import type { FileRecord } from './records.ts';
import { hasFormulaSigns, respell } from './spelling.ts';
import type { Dialect } from './split.ts';

const LF = 0x0a;

/** The fields of one record, read strictly; null when it is not valid CSV. */
export function parseRecord(bytes: Buffer, dialect: Dialect): string[] | null {
  const { rows } = parseStrictly(respell(bytes, dialect), dialect);
  return rows?.length === 1 ? (rows[0] ?? null) : null;
}

/** Holds the place of a record until the batch is parsed. */
export const UNREAD: FileRecord = { kind: 'known', line: 0, contactId: 0 };

/** A record that waits for its batch to be parsed. */
export interface Pending {
  readonly line: number;
  readonly quoteLine: number | null;
  /** Where in the batch it belongs. */
  readonly position: number;
  readonly fingerprint: string;
}

/** Parses the records of a batch that nobody knows in one call, because a call of csv-parse is dear and a record cheap. */
export class BatchParser {
  readonly #dialect: Dialect;
  #text: Buffer = Buffer.alloc(0);
  #length = 0;
  #pending: Pending[] = [];
  /** Where in the text each pending record begins, and the end of the last. */
  #offsets: number[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  begin(capacity: number): void {
    if (this.#text.length < capacity) this.#text = Buffer.allocUnsafeSlow(capacity * 2);
    this.#length = 0;
    this.#pending = [];
    this.#offsets = [0];
  }

  add(record: Buffer, pending: Pending): void {
    this.#append(this.#dialect.escape === 'backslash' ? respell(record, this.#dialect) : record);
    this.#pending.push(pending);
  }

  /** Puts each record into its place. */
  parseInto(records: FileRecord[]): void {
    this.#parse(0, this.#pending.length, records, true);
  }

  /** A record with zero bytes, which csv-parse would take for text. */
  damaged(record: Buffer, { line, quoteLine }: Pending): FileRecord {
    const text = Buffer.from(record.filter((byte) => byte !== 0));
    const balanced = parseRecord(text, this.#dialect) !== null;
    const fields = this.#guessFields(text);
    return {
      kind: 'malformed',
      line,
      quoteLine: balanced ? null : quoteLine,
      reason: 'it has zero bytes in it',
      fields,
    };
  }

  /** Halves the batch until the records that are not valid CSV stand alone; before that, it may be spelled anew. */
  #parse(from: number, to: number, records: FileRecord[], asWritten = false): void {
    if (from === to) return;
    const text = this.#text.subarray(this.#offsets[from], this.#offsets[to]);
    const outcome = parseStrictly(text, this.#dialect);
    if (outcome.rows?.length === to - from) {
      for (let index = from; index < to; index++) this.#place(index, outcome.rows[index - from] ?? [], records);
    } else if (asWritten && hasFormulaSigns(text, this.#dialect)) {
      this.#spellAnew();
      this.#parse(from, to, records);
    } else if (to - from === 1) {
      this.#placeMalformed(from, outcome.reason, records);
    } else {
      const middle = (from + to) >> 1;
      this.#parse(from, middle, records);
      this.#parse(middle, to, records);
    }
  }

  #append(record: Buffer): void {
    const needed = this.#length + record.length + 1;
    if (needed > this.#text.length) this.#text = Buffer.concat([this.#text, Buffer.alloc(needed)]);
    this.#length += record.copy(this.#text, this.#length);
    this.#text[this.#length++] = LF;
    this.#offsets.push(this.#length);
  }

  #spellAnew(): void {
    const written = Buffer.from(this.#text.subarray(0, this.#length));
    const offsets = this.#offsets;
    this.#length = 0;
    this.#offsets = [0];
    for (let index = 0; index < this.#pending.length; index++) {
      this.#append(respell(written.subarray(offsets[index], (offsets[index + 1] ?? 0) - 1), this.#dialect));
    }
  }

  #place(index: number, fields: readonly string[], records: FileRecord[]): void {
    const pending = this.#pending[index];
    if (pending === undefined) return;
    const { line, quoteLine, position, fingerprint } = pending;
    records[position] = { kind: 'parsed', line, quoteLine, fields, fingerprint };
  }

  #placeMalformed(index: number, reason: string, records: FileRecord[]): void {
    const pending = this.#pending[index];
    if (pending === undefined) return;
    const { line, quoteLine, position } = pending;
    const text = this.#text.subarray(this.#offsets[index], this.#offsets[index + 1]);
    records[position] = { kind: 'malformed', line, quoteLine, reason, fields: this.#guessFields(text) };
  }

  #guessFields(text: Buffer): string[] {
    const rows = parseStrictly(text, this.#dialect, { relax_quotes: true }).rows;
    return rows?.length === 1 ? (rows[0] ?? []) : text.toString().trimEnd().split(this.#dialect.delimiter);
  }
}

interface ParseOutcome {
  readonly rows: string[][] | null;
  readonly reason: string;
}

function parseStrictly(text: Buffer, dialect: Dialect, relaxed: { relax_quotes?: boolean } = {}): ParseOutcome {
  try {
    return { rows: parse(text, { ...csvOptions(dialect), ...relaxed }), reason: 'it is not valid CSV' };
  } catch (error) {
    if (error instanceof CsvError) return { rows: null, reason: REASONS.get(error.code) ?? 'it is not valid CSV' };
    throw error;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['CSV_INVALID_CLOSING_QUOTE', 'there is text after a closing quote'],
  ['INVALID_OPENING_QUOTE', 'there is a quote inside a value that is not quoted'],
  ['CSV_QUOTE_NOT_CLOSED', 'a quote is opened and not closed'],
]);

function csvOptions(dialect: Dialect) {
  const { delimiter, quote } = dialect;
  return {
    delimiter,
    quote,
    escape: dialect.escape === 'backslash' ? '\\' : (quote ?? '"'),
    // Records are joined by us with this one; a CR in quotes is text.
    record_delimiter: '\n',
    // Not leniency: each record is compared with the header later, one at a time, so that one ragged row is one reject.
    relax_column_count: true,
  };
}
