// Opens one roster file and reads it row by row: what the file is, which column is which, then employees,
// leavers and rejects (specification §6). Memory does not grow with the file.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type OpenedHeader, openHeader } from './beginning.ts';
import type { Row } from './employee.ts';
import { fieldCountries } from './field.ts';
import { compileMapping } from './map.ts';
import type { FileFormat, Mapping } from './mapping.ts';
import { loadPhoneReaders } from './phone.ts';
import { type Recognise, readRecords } from './records.ts';
import { RowReader } from './rows.ts';
import { openText } from './transcode.ts';

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
  /** What was cleaned, or guessed about the encoding, a sentence for each kind; complete once the rows are read. */
  readonly warnings: readonly string[];
  /** What was left out because it is nobody, a sentence for each kind; complete once the rows are read. */
  readonly notes: readonly string[];
  /**
   * The rows in batches, in the order of the file; blank ones and a trailer are no rows. `recognise` says whose contact was last
   * confirmed from a record with this fingerprint under this layout: such a record is not parsed. `onBytes` gets the
   * bytes of the file read so far. Throws `FeedError` (quarantined) when the rest of the file cannot be trusted.
   */
  rows(recognise: Recognise | null, onBytes?: (bytesRead: number) => void): AsyncGenerator<Row[]>;
}

const CHUNK_BYTES = 1 << 17;
/** To be raised whenever reading or mapping changes what a record becomes. */
const LAYOUT_VERSION = 2;

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
  const startReading = () =>
    new RowReader({ fileName, opened, format, createMapper: () => compileMapping(mapping, context) });
  let reader = startReading();
  return {
    header: opened.header.names,
    delimiter: opened.dialect.delimiter,
    encoding: opened.encoding.name,
    layout: layoutOf(options, opened),
    unmapped: opened.header.unmapped,
    get warnings() {
      return [...opened.encoding.warnings, ...reader.warnings()];
    },
    get notes() {
      return reader.notes();
    },
    rows(recognise, onBytes) {
      reader = startReading();
      return readRows({ path, fileName, opened, reader, recognise, chunkBytes, onBytes });
    },
  };
}

interface RowsSource {
  readonly path: string;
  readonly fileName: string;
  readonly opened: OpenedHeader;
  readonly reader: RowReader;
  readonly recognise: Recognise | null;
  readonly chunkBytes: number;
  readonly onBytes: ((bytesRead: number) => void) | undefined;
}

async function* readRows(from: RowsSource): AsyncGenerator<Row[]> {
  const { path, fileName, opened, reader, recognise, chunkBytes, onBytes } = from;
  const { dialect, encoding, rowsPosition, rowsLine: firstLine } = opened;
  const source = await openText({ path, fileName, encoding }, rowsPosition);
  try {
    const skipped = reader.skipped();
    if (skipped.length > 0) yield skipped;
    const onRead = () => onBytes?.(source.position);
    const options = { dialect, fileName, firstLine, chunkBytes, onRead };
    for await (const records of readRecords(source, options, recognise)) {
      const rows = reader.read(records);
      if (rows.length > 0) yield rows;
    }
    const rows = reader.end();
    if (rows.length > 0) yield rows;
  } finally {
    await source.close();
  }
}

function layoutOf({ mapping, format }: OpenOptions, { header, dialect, encoding }: OpenedHeader): string {
  const parts = { version: LAYOUT_VERSION, mapping, format, header: header.names, dialect, encoding: encoding.name };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
