// Turns the records of a file into rows, in their order: what is blank or repeats the header is nobody, the last
// ones may be a trailer, and whatever cannot be understood keeps the person it may mean.

import { hidesRows, type OpenedHeader } from './beginning.ts';
import type { Reject, Row } from './employee.ts';
import { withFootersNamed } from './footer.ts';
import { LineTally } from './line-tally.ts';
import type { RowMapper } from './map.ts';
import type { FileFormat, Trailer } from './mapping.ts';
import { addressesIn, mentionsIn } from './mentions.ts';
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
    const { rest: records, leftOut } = this.#withoutTrailer(trailer, counts);
    const rows = records.map((record) => this.#rowOf(record));
    return [
      ...withFootersNamed({ records, rows, trailer, delimiter, ...counts }),
      ...leftOut.map((record) => this.#leftOut(record)),
    ];
  }

  warnings(): string[] {
    return this.#mapper.warnings();
  }

  /** What was left out, a sentence for each kind. */
  notes(): string[] {
    return [
      ...this.#blank.leftOut('with blank fields alone'),
      ...this.#headers.leftOut('repeating the header'),
      ...skippedNotes(this.#options.opened.skipped),
      ...this.#trailerNotes,
    ];
  }

  /** The rows below the header that the configuration skips: labels, and nobody. */
  skipped(): Row[] {
    return this.#options.opened.skipped.map((record) => this.#leftOut(record));
  }

  #leftOut({ line, fields }: { readonly line: number; readonly fields: readonly string[] }): Row {
    // Numbers in a label or footer are rarely ids; the one in the place of the id may be.
    const id = this.#mapper.readExternalId(fields, line);
    return { kind: 'left out', line, mentions: [...(id === null ? [] : [id]), ...addressesIn(fields)] };
  }

  #withoutTrailer(trailer: Trailer | null, counts: Pick<TrailerContext, 'recordCount' | 'headerCount'>) {
    if (trailer === null) return { rest: this.#held, leftOut: [] };
    const { fileName, opened, createMapper } = this.#options;
    // What is asked about a footer must not count as read.
    const mapper = createMapper();
    const { rest, leftOut, notes } = takeTrailer(trailer, this.#held, {
      fileName,
      ...opened.dialect,
      ...counts,
      rowOf: (record) => this.#rowOf(record, mapper),
      hasAllFields: (record) => record.kind !== 'known' && this.#hasAllFields(record),
    });
    this.#trailerNotes = notes;
    return { rest, leftOut };
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
    const { fileName, opened } = this.#options;
    const { dialect } = opened;
    const { line, fields } = record;
    if (record.kind === 'parsed' && this.#hasAllFields(record)) {
      if (record.quoteLine !== null && hidesRows(fields, dialect))
        throw swallowedLines(fileName, line, record.quoteLine);
      if (!this.#repeatsHeader(fields)) return this.#withMentions(mapper.map(fields, line, record.fingerprint), record);
      this.#headers.add(line);
      return { kind: 'excluded', line, externalId: null };
    }
    if (record.quoteLine !== null) throw swallowedLines(fileName, line, record.quoteLine);
    const reject: Reject = {
      line,
      externalId: mapper.readExternalId(fields, line),
      field: null,
      mentions: mentionsIn(fields, mapper.idOf),
      ...this.#trouble(record),
    };
    return { kind: 'reject', reject };
  }

  /** A row without a readable id, or with one that a spreadsheet has spoilt, may be anybody's whose id or email it holds. */
  #withMentions(row: Row, { fields }: { readonly fields: readonly string[] }): Row {
    const all = (meant: readonly string[] = []) => [...meant, ...mentionsIn(fields, this.#mapper.idOf)];
    if (row.kind === 'excluded' && row.externalId === null)
      return { ...row, mentions: [...(row.mentions ?? []), ...addressesIn(fields)] };
    if (row.kind !== 'reject') return row;
    const { externalId, mentions } = row.reject;
    if (externalId !== null && mentions === undefined) return row;
    return { kind: 'reject', reject: { ...row.reject, mentions: all(mentions) } };
  }

  #repeatsHeader(fields: readonly string[]): boolean {
    const { names } = this.#options.opened.header;
    return names.every((name, index) => canonicalText(fields[index] ?? '') === name);
  }

  #trouble(record: Exclude<FileRecord, { kind: 'known' }>): { rule: string; message: string } {
    if (record.kind === 'malformed') {
      return {
        rule: 'malformed',
        message: `This row cannot be read: ${record.reason}. Whoever it means stays as they are.`,
      };
    }
    const { length } = record.fields;
    const columnCount = this.#options.opened.header.names.length;
    const fields = `${length} ${length === 1 ? 'field' : 'fields'}`;
    const cause =
      length > columnCount
        ? 'a delimiter in a value that is not in quotes'
        : 'a value that is missing, or a row that was cut off';
    const message = `This row has ${fields}, the header has ${columnCount}: probably ${cause}. Whoever it means stays as they are.`;
    return { rule: 'ragged', message };
  }
}

function skippedNotes(skipped: OpenedHeader['skipped']): string[] {
  const tally = new LineTally();
  for (const { line } of skipped) tally.add(line);
  return tally.leftOut('below the header');
}

function isBlankField(field: string): boolean {
  return field === '' || canonicalText(field) === '';
}

/** A broken record over several lines: a quote took other people's rows for its own text. */
function swallowedLines(fileName: string, line: number, quoteLine: number) {
  return quarantined(
    fileName,
    `the quote opened in line ${quoteLine} is unbalanced: it runs on over other lines, and the row of line ${line} makes no sense`,
    'Rows are hidden in its text. Have the export double every quote inside a quoted value.',
  );
}
