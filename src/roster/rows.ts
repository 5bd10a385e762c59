// Turns the records of a file into rows, in their order: what is blank or repeats the header is nobody, the last
// ones may be a trailer, and whatever cannot be understood keeps the person it may mean.

import type { OpenedHeader } from './beginning.ts';
import { cellText } from './cells.ts';
import type { Reject, Row } from './employee.ts';
import { withFootersNamed } from './footer.ts';
import { LineTally } from './line-tally.ts';
import type { RowMapper } from './map.ts';
import type { FileFormat, Trailer } from './mapping.ts';
import { quarantined } from './quarantine.ts';
import type { FileRecord } from './records.ts';
import { canonicalText } from './text.ts';
import { type TrailerContext, takeTrailer } from './trailer.ts';

export interface RowReaderOptions {
  readonly fileName: string;
  readonly opened: OpenedHeader;
  readonly format: FileFormat;
  readonly createMapper: () => RowMapper;
}

/** How many records at the end are looked at for what looks like a footer. */
const NEAR_THE_END = 10;

/** Reads the records of one file from its first to its last. */
export class RowReader {
  readonly #options: RowReaderOptions;
  readonly #mapper: RowMapper;
  readonly #heldCount: number;
  /** The last records so far, which may turn out to be the last of the file. */
  #held: FileRecord[] = [];
  /** Records so far that are not blank. */
  #recordCount = 0;
  readonly #blank = new LineTally();
  readonly #headers = new LineTally();
  #trailerNotes: readonly string[] = [];

  constructor(options: RowReaderOptions) {
    const { trailer } = options.format;
    this.#options = options;
    this.#mapper = options.createMapper();
    this.#heldCount = NEAR_THE_END + (trailer === null ? 0 : trailer.kind === 'last' ? trailer.rows : 1);
  }

  /** The rows of these records that are surely not the last of the file, after those held back so far. */
  read(records: readonly FileRecord[]): Row[] {
    const present = records.filter((record) => !this.#isBlank(record));
    this.#recordCount += present.length;
    const all = this.#held.concat(present);
    this.#held = all.splice(Math.max(0, all.length - this.#heldCount));
    return all.map((record) => this.#rowOf(record));
  }

  /** The rows at the end. Throws `FeedError` (quarantined) when the trailer is not as it should be. */
  end(): Row[] {
    const { opened, format } = this.#options;
    const { trailer } = format;
    const { delimiter } = opened.dialect;
    const counts = { recordCount: this.#recordCount, headerCount: 1 + format.skipRowsAfterHeader };
    const records = trailer === null ? this.#held : this.#withoutTrailer(trailer, counts);
    const rows = records.map((record) => this.#rowOf(record));
    return withFootersNamed({ records, rows, trailer, delimiter, ...counts });
  }

  warnings(): string[] {
    return this.#mapper.warnings();
  }

  /** What was left out, a sentence for each kind. */
  notes(): string[] {
    return [
      ...this.#blank.leftOut('with blank fields alone'),
      ...this.#headers.leftOut('repeating the header'),
      ...this.#trailerNotes,
    ];
  }

  #withoutTrailer(trailer: Trailer, counts: Pick<TrailerContext, 'recordCount' | 'headerCount'>) {
    const { fileName, opened, createMapper } = this.#options;
    // What is asked about a footer must not count as read.
    const mapper = createMapper();
    const { rest, notes } = takeTrailer(trailer, this.#held, {
      fileName,
      ...opened.dialect,
      ...counts,
      rowOf: (record) => this.#rowOf(record, mapper),
      hasAllFields: (record) => record.kind !== 'known' && this.#hasAllFields(record),
    });
    this.#trailerNotes = notes;
    return rest;
  }

  #isBlank(record: FileRecord): boolean {
    if (record.kind !== 'parsed' || !record.fields.every(isBlankField)) return false;
    this.#blank.add(record.line);
    return true;
  }

  #hasAllFields({ fields }: { readonly fields: readonly string[] }): boolean {
    return fields.length === this.#options.opened.header.names.length;
  }

  #rowOf(record: FileRecord, mapper = this.#mapper): Row {
    if (record.kind === 'known') return record;
    const { line, fields } = record;
    if (record.kind === 'parsed' && this.#hasAllFields(record)) {
      if (!this.#repeatsHeader(fields)) return withMentions(mapper.map(fields, line, record.fingerprint), fields);
      this.#headers.add(line);
      return { kind: 'excluded', line, externalId: null };
    }
    if (record.quoteLine !== null) throw swallowedLines(this.#options.fileName, line, record.quoteLine);
    const reject: Reject = {
      line,
      externalId: mapper.readExternalId(fields, line),
      field: null,
      mentions: mentionsIn(fields),
      ...this.#trouble(record),
    };
    return { kind: 'reject', reject };
  }

  #repeatsHeader(fields: readonly string[]): boolean {
    const { names } = this.#options.opened.header;
    return names.every((name, index) => canonicalText(fields[index] ?? '') === name);
  }

  #trouble(record: Exclude<FileRecord, { kind: 'known' }>): { rule: string; message: string } {
    if (record.kind === 'malformed') {
      return { rule: 'malformed', message: `This row cannot be read: ${record.reason}.` };
    }
    const { length } = record.fields;
    const columnCount = this.#options.opened.header.names.length;
    const message = `This row has ${length} ${length === 1 ? 'field' : 'fields'}, the header has ${columnCount}.`;
    return { rule: 'ragged', message };
  }
}

function isBlankField(field: string): boolean {
  return field === '' || canonicalText(field) === '';
}

/** A row without a readable id, or with one that a spreadsheet has spoilt, may be anybody's whose id or email it holds. */
function withMentions(row: Row, fields: readonly string[]): Row {
  if (row.kind !== 'reject') return row;
  const { externalId, mentions } = row.reject;
  if (externalId !== null && mentions === undefined) return row;
  return { kind: 'reject', reject: { ...row.reject, mentions: [...(mentions ?? []), ...mentionsIn(fields)] } };
}

const MENTIONS_AT_MOST = 1000;
/** A quote in the wrong place may have joined an id to anything: `"1001"x` is still about 1001. */
const SEAMS = /[,;|\t~"'\\=\r\n]/;

function mentionsIn(fields: readonly string[]): string[] {
  const cells = fields.slice(0, MENTIONS_AT_MOST).map((field) => field.slice(0, 4000));
  const pieces = cells.flatMap((cell) => (SEAMS.test(cell) ? cell.split(SEAMS) : []));
  const texts = [...cells, ...pieces].slice(0, 2 * MENTIONS_AT_MOST).map(cellText);
  return [...new Set(texts)].filter((text) => text !== '');
}

/** A broken record over several lines: a quote took other people's rows for its own text. */
function swallowedLines(fileName: string, line: number, quoteLine: number) {
  return quarantined(
    fileName,
    `the quote opened in line ${quoteLine} is unbalanced: it runs on over other lines, and the row of line ${line} makes no sense`,
    'Rows are hidden in its text. Have the export double every quote inside a quoted value.',
  );
}
