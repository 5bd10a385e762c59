// Opens one roster file and reads it row by row: what the file is, which column is which, then employees,
// leavers and rejects (specification §6). Memory does not grow with the file.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type OpenedHeader, openHeader } from './beginning.ts';
import { openBytes } from './decode.ts';
import type { Reject, Row } from './employee.ts';
import { fieldCountries } from './field.ts';
import { compileMapping, type RowMapper } from './map.ts';
import type { FileFormat, Mapping } from './mapping.ts';
import { loadPhoneReaders } from './phone.ts';
import { quarantined } from './quarantine.ts';
import { type FileRecord, type Recognise, readRecords } from './records.ts';
import { canonicalText } from './text.ts';

export interface OpenOptions {
  /** The local file. */
  readonly path: string;
  /** What to call it in messages; by default the last part of `path`. */
  readonly name?: string;
  readonly format: FileFormat;
  readonly mapping: Mapping;
  /** Bytes per read, and about the size of a batch of rows. */
  readonly chunkBytes?: number;
}

/** A roster file whose header is understood; its rows are not read yet. */
export interface RosterFile {
  /** The column names, canonical. */
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly encoding: string;
  /**
   * Changes whenever the same bytes of a record could become another employee (mapping, format, header, our own
   * rules). Fingerprints can only be compared under the same layout.
   */
  readonly layout: string;
  /** Columns that the mapping does not read. */
  readonly unmapped: readonly string[];
  /** What was cleaned, a sentence for each kind; complete once the rows are read. */
  readonly warnings: readonly string[];
  /**
   * The rows in batches, in the order of the file; blank lines are no rows. `recognise` says whose contact was last
   * confirmed from a record with this fingerprint under this layout: such a record is not parsed. `onBytes` gets the
   * bytes of the file read so far. Throws `FeedError` (quarantined) when the rest of the file cannot be trusted.
   */
  rows(recognise: Recognise | null, onBytes?: (bytesRead: number) => void): AsyncGenerator<Row[]>;
}

const CHUNK_BYTES = 1 << 17;
/** To be raised whenever reading or mapping changes what a record becomes. */
const LAYOUT_VERSION = 1;

/**
 * Reads the beginning of a roster file: encoding, delimiter, header. Throws `FeedError`: unreadable when it is empty
 * or cannot be opened, quarantined when it is no CSV text or a mapped column is missing or there twice.
 */
export async function openRosterFile(options: OpenOptions): Promise<RosterFile> {
  const { path, format, mapping, chunkBytes = CHUNK_BYTES } = options;
  const fileName = options.name ?? basename(path);
  const opened = await openHeader({ path, fileName, format, mapping });
  const phones = await loadPhoneReaders(fieldCountries(mapping));
  const context = { column: opened.header.column, nullWords: format.nullWords, phones };
  let mapper = compileMapping(mapping, context);
  return {
    header: opened.header.names,
    delimiter: opened.dialect.delimiter,
    encoding: opened.encoding,
    layout: layoutOf(options, opened),
    unmapped: opened.header.unmapped,
    get warnings() {
      return mapper.warnings();
    },
    rows(recognise, onBytes) {
      mapper = compileMapping(mapping, context);
      return readRows({ path, fileName, opened, mapper, recognise, chunkBytes, onBytes });
    },
  };
}

interface RowsSource {
  readonly path: string;
  readonly fileName: string;
  readonly opened: OpenedHeader;
  readonly mapper: RowMapper;
  readonly recognise: Recognise | null;
  readonly chunkBytes: number;
  readonly onBytes: ((bytesRead: number) => void) | undefined;
}

async function* readRows(rows: RowsSource): AsyncGenerator<Row[]> {
  const { path, fileName, opened, onBytes } = rows;
  const source = await openBytes(path, opened.rowsPosition, fileName);
  let bytesRead = opened.rowsPosition;
  const onRead = (bytes: number) => {
    bytesRead += bytes;
    onBytes?.(bytesRead);
  };
  try {
    const { dialect, rowsLine: firstLine } = opened;
    const { recognise, chunkBytes } = rows;
    const options = { dialect, fileName, firstLine, chunkBytes, onRead };
    for await (const records of readRecords(source, options, recognise))
      yield records.map((record) => rowOf(record, rows));
  } finally {
    await source.close();
  }
}

function rowOf(record: FileRecord, rows: RowsSource): Row {
  if (record.kind === 'known') return record;
  const columnCount = rows.opened.header.names.length;
  if (record.kind === 'parsed' && record.fields.length === columnCount) {
    return withMentions(rows.mapper.map(record.fields, record.line, record.fingerprint), record.fields);
  }
  if (record.quoteLine !== null) throw swallowedLines(rows.fileName, record.line, record.quoteLine);
  const fieldCount = `${record.fields.length} ${record.fields.length === 1 ? 'field' : 'fields'}`;
  const trouble =
    record.kind === 'parsed'
      ? { rule: 'ragged', message: `This row has ${fieldCount}, the header has ${columnCount}.` }
      : { rule: 'malformed', message: `This row cannot be read: ${record.reason}.` };
  const externalId = rows.mapper.readExternalId(record.fields, record.line);
  const reject: Reject = {
    line: record.line,
    externalId,
    field: null,
    mentions: mentionsIn(record.fields),
    ...trouble,
  };
  return { kind: 'reject', reject };
}

/** A row without a readable id, or with one that a spreadsheet has spoilt, may be anybody's whose id or email it holds. */
function withMentions(row: Row, fields: readonly string[]): Row {
  if (row.kind !== 'reject') return row;
  const { externalId, rule } = row.reject;
  if (externalId !== null && rule !== 'scientific_id') return row;
  return { kind: 'reject', reject: { ...row.reject, mentions: mentionsIn(fields) } };
}

const MENTIONS_AT_MOST = 200;

function mentionsIn(fields: readonly string[]): string[] {
  const texts = fields.slice(0, MENTIONS_AT_MOST).map((field) => canonicalText(field.slice(0, 1000)));
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

function layoutOf({ mapping, format }: OpenOptions, { header, dialect, encoding }: OpenedHeader): string {
  const parts = { version: LAYOUT_VERSION, mapping, format, header: header.names, dialect, encoding };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
