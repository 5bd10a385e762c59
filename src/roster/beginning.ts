// The beginning of a roster file: what kind of file it is, where the header stands, which delimiter makes
// sense of it, and where the rows begin (specification §6).

import { FeedError, UsageError } from '../errors.ts';
import { detectEncoding, lineCount, openBytes, requireUtf8 } from './decode.ts';
import { foundColumns, type MatchedHeader, mappedColumns, matchHeader } from './header.ts';
import type { FileFormat, Mapping } from './mapping.ts';
import { quarantined } from './quarantine.ts';
import { parseRecord } from './records.ts';
import { type Dialect, RecordSplitter } from './split.ts';

export interface OpenedHeader {
  readonly header: MatchedHeader;
  readonly dialect: Dialect;
  readonly encoding: string;
  /** Byte of the file at which the rows begin, and the line of that. */
  readonly rowsPosition: number;
  readonly rowsLine: number;
}

export interface BeginningOptions {
  readonly path: string;
  readonly fileName: string;
  readonly format: FileFormat;
  readonly mapping: Mapping;
}

const HEAD_BYTES = 1 << 20;
const DELIMITERS = [',', ';', '|', '\t', '~'];

/** Reads and checks the beginning of a file. Throws as `openRosterFile` does. */
export async function openHeader({ path, fileName, format, mapping }: BeginningOptions): Promise<OpenedHeader> {
  const head = await readHead(path, fileName);
  const { name: encoding, bomBytes } = detectEncoding(head, format.encoding, fileName);
  const text = head.subarray(bomBytes);
  if (!hasText(text)) throw emptyFile(fileName);
  const atEnd = head.length < HEAD_BYTES;
  const bytes = fromLine(text, format.headerRow, fileName);
  const candidates = dialectsOf(format).flatMap(
    (dialect) => readHeader({ bytes, atEnd }, dialect, format.skipRowsAfterHeader) ?? [],
  );
  const chosen = likeliest(candidates, mappedColumns(mapping));
  if (chosen === undefined) throw noHeader(bytes, format.headerRow, fileName);
  requireUtf8(bytes.subarray(0, chosen.length), format.headerRow, fileName);
  return {
    header: matchHeader(chosen.fields, mapping, { fileName, line: format.headerRow }),
    dialect: chosen.dialect,
    encoding,
    rowsPosition: head.length - bytes.length + chosen.length,
    rowsLine: format.headerRow + lineCount(bytes.subarray(0, chosen.length)),
  };
}

async function readHead(path: string, fileName: string): Promise<Buffer> {
  const source = await openBytes(path, 0, fileName);
  try {
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    let length = 0;
    while (length < head.length) {
      const bytesRead = await source.read(head, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return head.subarray(0, length);
  } finally {
    await source.close();
  }
}

function hasText(bytes: Buffer): boolean {
  return bytes.some((byte) => byte > 0x20);
}

function emptyFile(fileName: string): FeedError {
  return new FeedError('unreadable', `Reading ${fileName} failed: it is empty`, {
    hint: 'Nobody was changed. Check the export; an empty file is no evidence that everybody left.',
  });
}

/** The bytes from this line on; lines before the header are titles, whose quotes mean nothing. */
function fromLine(text: Buffer, line: number, fileName: string): Buffer {
  let rest = text;
  for (let skipped = 1; skipped < line; skipped++) {
    const end = rest.findIndex((byte) => byte === 0x0a || byte === 0x0d);
    if (end < 0) {
      throw quarantined(
        fileName,
        `it has ${skipped} ${skipped === 1 ? 'line' : 'lines'}, and the header should be in line ${line}`,
        'Check `header_row`, and that the file is complete.',
      );
    }
    rest = rest.subarray(end + (rest[end] === 0x0d && rest[end + 1] === 0x0a ? 2 : 1));
  }
  return rest;
}

function dialectsOf({ delimiter, quote }: FileFormat): Dialect[] {
  for (const [key, character] of Object.entries({ delimiter, quote })) {
    if (character === null || character === 'auto' || /^[\t -~]$/.test(character)) continue;
    throw new UsageError(`Reading with \`${key}: ${character}\` is not possible`, {
      hint: `Give \`${key}\` as one character of ASCII.`,
    });
  }
  return (delimiter === 'auto' ? DELIMITERS : [delimiter]).map((character) => ({ delimiter: character, quote }));
}

interface HeaderCandidate {
  readonly dialect: Dialect;
  readonly fields: readonly string[];
  /** Bytes from the header to the first row. */
  readonly length: number;
}

interface Head {
  /** From the header on. */
  readonly bytes: Buffer;
  /** Whether that is the rest of the file. */
  readonly atEnd: boolean;
}

/** The header as this dialect reads it; null when it cannot. */
function readHeader({ bytes, atEnd }: Head, dialect: Dialect, skippedRows: number): HeaderCandidate | null {
  const { ends, lines, consumed } = new RecordSplitter(dialect, 1).split(bytes, atEnd);
  if (lines[0] !== 1) return null;
  const fields = parseRecord(bytes.subarray(0, ends[0]), dialect);
  if (fields === null) return null;
  const lastEnd = ends[skippedRows];
  if (lastEnd === undefined) return { dialect, fields, length: consumed };
  const lineEnd = bytes[lastEnd] === 0x0d && bytes[lastEnd + 1] === 0x0a ? 2 : 1;
  return { dialect, fields, length: Math.min(bytes.length, lastEnd + lineEnd) };
}

/** The one that finds most mapped columns; of equals the one with most fields. */
function likeliest(candidates: readonly HeaderCandidate[], mapped: readonly string[]): HeaderCandidate | undefined {
  const score = ({ fields }: HeaderCandidate) => foundColumns(fields, mapped) * 1e6 + fields.length;
  return [...candidates].sort((one, other) => score(other) - score(one))[0];
}

function noHeader(bytes: Buffer, line: number, fileName: string): FeedError {
  const blank = !hasText(
    bytes.subarray(
      0,
      Math.max(
        0,
        bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d),
      ),
    ),
  );
  const reason = blank ? 'is blank' : 'cannot be read as CSV';
  return quarantined(
    fileName,
    `line ${line}, where the header should be, ${reason}`,
    'Check `header_row` and `quote`.',
  );
}
