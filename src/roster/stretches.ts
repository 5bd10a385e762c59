// Reads a source in stretches of whole records through one window of memory, and refuses what could not be
// cut into records safely.

import { type ByteSource, requireUtf8 } from './decode.ts';
import { quarantined } from './quarantine.ts';
import { type Dialect, RecordSplitter, type SplitRecords } from './split.ts';

export interface StretchOptions {
  readonly dialect: Dialect;
  readonly fileName: string;
  /** The line in which the source begins. */
  readonly firstLine: number;
  /** Bytes per read, and so about the size of a stretch. */
  readonly chunkBytes: number;
  /** Called after each read. */
  readonly onRead: () => void;
}

/** At least one whole record; the bytes and the lists are overwritten by the next stretch. */
export interface Stretch {
  readonly bytes: Buffer;
  readonly found: SplitRecords;
}

/** A record beyond this is a quote that swallows the file, or no table at all. */
const MAX_RECORD_BYTES = 1 << 20;

/**
 * The whole file, stretch by stretch. Throws `FeedError` (quarantined) for bytes that are not UTF-8, a quote that
 * is not closed and a record that does not end, each with its line.
 */
export async function* readStretches(source: ByteSource, options: StretchOptions): AsyncGenerator<Stretch> {
  const { chunkBytes, fileName } = options;
  const splitter = new RecordSplitter(options.dialect, options.firstLine);
  let window = Buffer.allocUnsafeSlow(2 * chunkBytes);
  let length = 0;
  for (let atEnd = false; !atEnd; ) {
    if (window.length - length < chunkBytes) window = grown(window, length, chunkBytes);
    const bytesRead = await source.read(window.subarray(0, length + chunkBytes), length);
    atEnd = bytesRead === 0;
    length += bytesRead;
    options.onRead();
    const line = splitter.line;
    const found = splitter.split(window.subarray(0, length), atEnd);
    const bytes = window.subarray(0, found.consumed);
    requireUtf8(bytes, { fileName, line, atEnd });
    requireRecordEnd(found, { pending: length - found.consumed, atEnd, line: splitter.line, fileName });
    if (found.starts.length > 0) yield { bytes, found };
    window.copyWithin(0, found.consumed, length);
    length -= found.consumed;
  }
}

function grown(window: Buffer, length: number, chunkBytes: number) {
  const larger = Buffer.allocUnsafeSlow(2 * length + chunkBytes);
  window.copy(larger, 0, 0, length);
  return larger;
}

interface RecordEnd {
  /** Bytes of the record that has not ended yet. */
  readonly pending: number;
  readonly atEnd: boolean;
  readonly line: number;
  readonly fileName: string;
}

function requireRecordEnd(found: SplitRecords, { pending, atEnd, line, fileName }: RecordEnd): void {
  if (!atEnd && pending <= MAX_RECORD_BYTES) return;
  if (found.openQuoteLine !== null) {
    throw quarantined(
      fileName,
      `the quote opened in line ${found.openQuoteLine} is never closed`,
      'The rows after it cannot be told from its text. Have the export repaired, or set `quote: none` if it never quotes.',
    );
  }
  if (atEnd) return;
  const reason = `line ${line} is longer than ${MAX_RECORD_BYTES >> 20} MiB`;
  throw quarantined(fileName, reason, 'Check that this is a CSV file with line ends.');
}
