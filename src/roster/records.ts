// The door to csv-parse: turns the bytes of a file into records with line numbers and fingerprints. A record
// whose very bytes are known is not parsed at all, which is what makes a million unchanged rows cheap.

import { hash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import type { ByteSource } from './decode.ts';
import type { Dialect } from './split.ts';
import { readStretches, type Stretch, type StretchOptions } from './stretches.ts';

/** One record as read; the rest of the program sees it as a `Row`. */
export type FileRecord =
  /** The very bytes from which a contact of the snapshot was last confirmed. */
  | { readonly kind: 'known'; readonly line: number; readonly contactId: number }
  | {
      readonly kind: 'parsed';
      readonly line: number;
      /** Where the quote opened that holds a line end; null when none does. */
      readonly quoteLine: number | null;
      readonly fields: readonly string[];
      readonly fingerprint: string;
    }
  /** Not valid CSV: `reason` completes a sentence, `fields` are a guess that must only ever protect a person. */
  | {
      readonly kind: 'malformed';
      readonly line: number;
      /** The same: as the record is malformed, that quote was never meant to hold them. */
      readonly quoteLine: number | null;
      readonly reason: string;
      readonly fields: readonly string[];
    };

/** Whose contact was last confirmed from a record with this fingerprint; null when nobody's. */
export type Recognise = (fingerprint: string) => number | null;

/** 22 characters of base64 are 132 bits: more than enough to tell records apart, half the room in an index. */
const FINGERPRINT_LENGTH = 22;
const LF = 0x0a;

/**
 * Reads the records of a source in batches of about `chunkBytes`; blank lines are left out. Throws `FeedError`
 * (quarantined) for bytes that are not UTF-8 and for a quote that is never closed, each with its line.
 */
export async function* readRecords(
  source: ByteSource,
  options: StretchOptions,
  recognise: Recognise | null,
): AsyncGenerator<FileRecord[]> {
  const parser = new BatchParser(options.dialect);
  for await (const stretch of readStretches(source, options)) yield readBatch(stretch, parser, recognise);
}

/** The fields of one record, read strictly; null when it is not valid CSV. */
export function parseRecord(bytes: Buffer, dialect: Dialect): string[] | null {
  const { rows } = parseStrictly(bytes, dialect);
  return rows?.length === 1 ? (rows[0] ?? null) : null;
}

function readBatch({ bytes, found }: Stretch, parser: BatchParser, recognise: Recognise | null): FileRecord[] {
  const records: FileRecord[] = [];
  const hasZeros = bytes.includes(0);
  parser.begin(bytes.length + 1);
  for (let index = 0; index < found.starts.length; index++) {
    const line = found.lines[index] ?? 0;
    const record = bytes.subarray(found.starts[index], found.ends[index]);
    const fingerprint = fingerprintOf(record);
    const contactId = recognise === null ? null : recognise(fingerprint);
    if (contactId !== null) {
      records.push({ kind: 'known', line, contactId });
      continue;
    }
    const at = { line, quoteLine: found.quoteLines[index] || null, position: records.length, fingerprint };
    records.push(UNREAD);
    if (hasZeros && record.includes(0)) records[at.position] = parser.damaged(record, at);
    else parser.add(record, at);
  }
  parser.parseInto(records);
  return records;
}

function fingerprintOf(record: Buffer): string {
  return hash('sha256', record, 'base64').slice(0, FINGERPRINT_LENGTH);
}

/** Holds the place of a record until the batch is parsed. */
const UNREAD: FileRecord = { kind: 'known', line: 0, contactId: 0 };

interface Pending {
  readonly line: number;
  readonly quoteLine: number | null;
  /** Where in the batch it belongs. */
  readonly position: number;
  readonly fingerprint: string;
}

/** Parses the records of a batch that nobody knows in one call, because a call of csv-parse is dear and a record cheap. */
class BatchParser {
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
    this.#length += record.copy(this.#text, this.#length);
    this.#text[this.#length++] = LF;
    this.#pending.push(pending);
    this.#offsets.push(this.#length);
  }

  parseInto(records: FileRecord[]): void {
    this.#parse(0, this.#pending.length, records);
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

  /** Halves the batch until the records that are not valid CSV stand alone. */
  #parse(from: number, to: number, records: FileRecord[]): void {
    if (from === to) return;
    const text = this.#text.subarray(this.#offsets[from], this.#offsets[to]);
    const outcome = parseStrictly(text, this.#dialect);
    if (outcome.rows?.length === to - from) {
      for (let index = from; index < to; index++) this.#place(index, outcome.rows[index - from] ?? [], records);
    } else if (to - from === 1) {
      this.#placeMalformed(from, outcome.reason, records);
    } else {
      const middle = (from + to) >> 1;
      this.#parse(from, middle, records);
      this.#parse(middle, to, records);
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

function csvOptions({ delimiter, quote }: Dialect) {
  return {
    delimiter,
    quote,
    escape: quote ?? '"',
    // Records are joined by us with this one; a CR in quotes is text.
    record_delimiter: '\n',
    // Not leniency: each record is compared with the header later, one at a time, so that one ragged row is one reject.
    relax_column_count: true,
  };
}
