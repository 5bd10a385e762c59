// The beginning of a roster file: what kind of file it is, where the header stands, which delimiter makes
// sense of it, and where the rows begin (specification §6).

import { FeedError, UsageError } from '../errors.ts';
import { parseRecord } from './csv.ts';
import { lineCount, requireUtf8 } from './decode.ts';
import { detectEncoding, type TextEncoding } from './encoding.ts';
import { foundColumns, type MatchedHeader, mappedColumns, matchHeader } from './header.ts';
import type { FileFormat, Mapping } from './mapping.ts';
import { hasAddress } from './mentions.ts';
import { quarantined } from './quarantine.ts';
import { type Dialect, RecordSplitter } from './split.ts';
import { canonicalText } from './text.ts';
import { openText, type TextFile } from './transcode.ts';

export interface OpenedHeader {
  readonly header: MatchedHeader;
  readonly dialect: Dialect;
  readonly encoding: TextEncoding;
  /** 1-based line of the header. */
  readonly line: number;
  /** Byte of the text, as UTF-8, at which the rows begin, and the line of that. */
  readonly rowsPosition: number;
  readonly rowsLine: number;
  /** The rows below the header that the configuration skips. */
  readonly skipped: readonly SkippedRow[];
}

export interface SkippedRow {
  readonly line: number;
  readonly fields: readonly string[];
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
  const encoding = await detectEncoding(path, format.encoding, fileName);
  const text = await readHead({ path, fileName, encoding });
  if (!hasText(text)) throw emptyFile(fileName);
  const said = delimiterLine(text);
  const line = said !== null && format.headerRow === 1 ? 2 : format.headerRow;
  const head = { bytes: fromLine(text, line, fileName), atEnd: text.length < HEAD_BYTES };
  const candidates = dialectsOf(format, said).flatMap(
    (dialect) => readHeader(head, dialect, format.skipRowsAfterHeader) ?? [],
  );
  const chosen = likeliest(candidates, mappedColumns(mapping));
  if (chosen === undefined) throw noHeader(head.bytes, line, fileName);
  if (chosen.swallowedFrom !== null) throw swallowedRows(line + chosen.swallowedFrom, fileName);
  const skipped = chosen.skipped.map(({ line: below, fields }) => ({ line: line + below, fields }));
  refusePeople(skipped, fileName);
  const header = head.bytes.subarray(0, chosen.length);
  requireUtf8(header, { fileName, line, atEnd: head.atEnd && header.length === head.bytes.length });
  return {
    header: matchHeader(chosen.fields, mapping, { fileName, line }),
    dialect: chosen.dialect,
    encoding,
    line,
    rowsPosition: text.length - head.bytes.length + chosen.length,
    rowsLine: line + lineCount(header),
    skipped,
  };
}

async function readHead(file: TextFile): Promise<Buffer> {
  const source = await openText(file, 0);
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

/** Excel's first line `sep=;`, which is no header: the delimiter that it says; null when there is none. */
function delimiterLine(text: Buffer): string | null {
  const [line = ''] = text.toString('latin1', 0, 20).split(/[\r\n]/, 1);
  return /^"?sep=([^\w\s"'\\]|\t)"?\s*$/i.exec(line)?.[1] ?? null;
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
        `it has ${lineWords(hasText(rest) ? skipped : skipped - 1)}, and the header should be in line ${line}`,
        'Check `header_row`, and that the file is complete.',
      );
    }
    rest = rest.subarray(end + (rest[end] === 0x0d && rest[end + 1] === 0x0a ? 2 : 1));
  }
  return rest;
}

function lineWords(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function dialectsOf(format: FileFormat, said: string | null): Dialect[] {
  const { delimiter, quote } = format;
  for (const [key, character] of Object.entries({ delimiter, quote })) {
    if (character === null || character === 'auto' || /^[\t -~]$/.test(character)) continue;
    throw new UsageError(`Reading with \`${key}: ${character}\` is not possible`, {
      hint: `Give \`${key}\` as one character of ASCII.`,
    });
  }
  const possible = delimiter !== 'auto' ? [delimiter] : said !== null ? [said] : DELIMITERS;
  const escaping = quote === null ? 'double' : format.escape;
  return possible.map((character) => ({ delimiter: character, quote, escape: escaping }));
}

interface HeaderCandidate {
  readonly dialect: Dialect;
  readonly fields: readonly string[];
  /** Bytes from the header to the first row. */
  readonly length: number;
  /** Lines below the header's in which a quote opened that took rows for its own text; null when none did. */
  readonly swallowedFrom: number | null;
  /** With their lines below the header's. */
  readonly skipped: readonly SkippedRow[];
}

interface Head {
  /** From the header on. */
  readonly bytes: Buffer;
  /** Whether that is the rest of the file. */
  readonly atEnd: boolean;
}

/** The header as this dialect reads it; null when it cannot. */
function readHeader({ bytes, atEnd }: Head, dialect: Dialect, skippedRows: number): HeaderCandidate | null {
  const { starts, ends, lines, quoteLines, consumed } = new RecordSplitter(dialect, 0).split(bytes, atEnd);
  if (lines[0] !== 0) return null;
  const fields = parseRecord(bytes.subarray(0, ends[0]), dialect);
  if (fields === null) return null;
  const skippedRecords: SkippedRow[] = [];
  let last = 0;
  let swallowedFrom = hidesRows(fields, dialect) ? (quoteLines[0] ?? 0) : null;
  for (let skipped = 0; skipped < skippedRows && last < ends.length; ) {
    last++;
    if (last === ends.length) break;
    const skippedFields = parseRecord(bytes.subarray(starts[last], ends[last]), dialect);
    if (quoteLines[last] !== 0 && hidesRows(skippedFields, dialect)) swallowedFrom ??= quoteLines[last] ?? 0;
    if (skippedFields !== null && !skippedFields.some(hasSomething)) continue;
    skipped++;
    skippedRecords.push({ line: lines[last] ?? 0, fields: skippedFields ?? [] });
  }
  const lastEnd = ends[last];
  if (lastEnd === undefined) return { dialect, fields, length: consumed, swallowedFrom, skipped: skippedRecords };
  const lineEnd = bytes[lastEnd] === 0x0d && bytes[lastEnd + 1] === 0x0a ? 2 : 1;
  const length = Math.min(bytes.length, lastEnd + lineEnd);
  return { dialect, fields, length, swallowedFrom, skipped: skippedRecords };
}

function hasSomething(field: string): boolean {
  return field.includes('\0') || canonicalText(field) !== '';
}

/** A row has at least an id, two names and an email. */
const MIN_DELIMITERS = 3;

/**
 * Whether a field over several lines is rows that a quote took for its text: a name or note may go over lines, but not with a
 * row's delimiters in it besides.
 */
export function hidesRows(fields: readonly string[] | null, { delimiter }: Dialect): boolean {
  if (fields === null) return true;
  return fields.some((field) => /[\r\n]/.test(field) && field.split(delimiter).length > MIN_DELIMITERS);
}

/** The one that finds most mapped columns; of equals the one with most fields. */
function likeliest(candidates: readonly HeaderCandidate[], mapped: readonly string[]): HeaderCandidate | undefined {
  const score = ({ fields }: HeaderCandidate) => foundColumns(fields, mapped) * 1e6 + fields.length;
  return [...candidates].sort((one, other) => score(other) - score(one))[0];
}

/** A label row that is missing for once must not cost the first person. */
function refusePeople(skipped: readonly SkippedRow[], fileName: string): void {
  const person = skipped.find(({ fields }) => hasAddress(fields));
  if (person === undefined) return;
  throw quarantined(
    fileName,
    `line ${person.line} is a person, and \`skip_rows_after_header\` says that it is to be skipped`,
    'The labels below the header are missing: ask for the file as it was, or take `skip_rows_after_header` out of the configuration.',
  );
}

function noHeader(bytes: Buffer, line: number, fileName: string): FeedError {
  const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  const blank = !hasText(end < 0 ? bytes : bytes.subarray(0, end));
  const reason = blank ? 'is blank' : 'cannot be read as CSV';
  return quarantined(
    fileName,
    `line ${line}, where the header should be, ${reason}`,
    'Check `header_row` and `quote`.',
  );
}

function swallowedRows(line: number, fileName: string): FeedError {
  return quarantined(
    fileName,
    `the quote opened in line ${line}, in the header or a row below it that is skipped, is unbalanced: it runs on over other lines`,
    'Rows are hidden in its text. Have the export double every quote inside a quoted value.',
  );
}
