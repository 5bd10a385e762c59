// What the bytes of a roster file are, and reading them as UTF-8 (specification §6). Everything behind this
// door sees UTF-8: another encoding is one more `ByteSource` that converts while it reads.

import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { FeedError, UsageError } from '../errors.ts';
import { quarantined } from './quarantine.ts';

/** The bytes of a file as UTF-8, without a BOM. */
export interface ByteSource {
  /** Fills `target` from `offset` on as far as one read goes; 0 at the end of the file. */
  read(target: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

export interface TextEncoding {
  readonly name: 'utf-8';
  /** Length of the byte order mark at the beginning of the file. */
  readonly bomBytes: number;
}

const UTF8_LABELS = new Set(['auto', 'utf-8', 'utf8', 'unicode-1-1-utf-8']);
const EXPORT_AS_UTF8 = 'Have the file exported as UTF-8 text (CSV).';

/** Beginnings of files that are no text, by what to call them. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a zip archive'],
  [[0x1f, 0x8b], 'compressed with gzip'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0xff, 0xfe], 'UTF-16 text'],
  [[0xfe, 0xff], 'UTF-16 text'],
];
const LOOKED_AT_BYTES = 4096;
/** Text has no zero bytes; a few are damage to a row, more than this share is another kind of file. */
const MAX_ZERO_SHARE = 0.1;

/**
 * The encoding of a file that begins with `head`. Throws `FeedError` (quarantined) for what is no text we read,
 * `UsageError` for a configured encoding that this version cannot read.
 */
export function detectEncoding(head: Buffer, configured: string, fileName: string): TextEncoding {
  if (!UTF8_LABELS.has(configured.toLowerCase())) {
    throw new UsageError(`Reading ${fileName} failed: this version cannot read the encoding ${configured}`, {
      hint: `${EXPORT_AS_UTF8} Then leave \`encoding\` at auto.`,
    });
  }
  const signature = SIGNATURES.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (signature !== undefined) throw quarantined(fileName, `it is ${signature[1]}`, EXPORT_AS_UTF8);
  const looked = head.subarray(0, LOOKED_AT_BYTES);
  const zeros = looked.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
  if (zeros > looked.length * MAX_ZERO_SHARE) {
    throw quarantined(fileName, 'it is full of zero bytes, so it is UTF-16 or no text at all', EXPORT_AS_UTF8);
  }
  return { name: 'utf-8', bomBytes: head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0 };
}

/**
 * Makes sure that bytes, which begin at `line` of the file and hold whole lines, are UTF-8.
 * Throws `FeedError` (quarantined) that names the first line which is not.
 */
export function requireUtf8(bytes: Buffer, line: number, fileName: string): void {
  if (isUtf8(bytes)) return;
  throw quarantined(
    fileName,
    `line ${line + linesBeforeBadBytes(bytes)} has bytes that are not UTF-8`,
    `${EXPORT_AS_UTF8} Names with accents would otherwise reach Workshop garbled.`,
  );
}

/** Opens a file at a byte position. Throws `FeedError` (unreadable) when the operating system refuses. */
export async function openBytes(path: string, position: number, fileName: string): Promise<ByteSource> {
  const handle = await openFile(path, fileName);
  let at = position;
  return {
    async read(target, offset) {
      const { bytesRead } = await handle.read(target, offset, target.length - offset, at);
      at += bytesRead;
      return bytesRead;
    },
    close: () => handle.close(),
  };
}

async function openFile(path: string, fileName: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new FeedError('unreadable', `Opening ${fileName} failed: ${systemReason(cause)}`, {
      hint: 'Check that the file exists and that this user may read it.',
      cause,
    });
  }
}

function systemReason(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'the system refused';
}

/** How many line ends (LF, CRLF or CR) there are in these bytes. */
export function lineCount(bytes: Buffer): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) if (endsLine(bytes, at)) lines++;
  return lines;
}

/** Line ends are never part of a longer character, so each line can be judged alone. */
function linesBeforeBadBytes(bytes: Buffer): number {
  let lines = 0;
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (!endsLine(bytes, at)) continue;
    if (!isUtf8(bytes.subarray(start, at))) return lines;
    lines++;
    start = at + 1;
  }
  return lines;
}

function endsLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
}
