// Reading the bytes of a roster file, and making sure that they are UTF-8 (specification §6). Everything behind
// this door sees UTF-8: another encoding is one more `ByteSource` that converts while it reads.

import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { FeedError } from '../errors.ts';
import { quarantined } from './quarantine.ts';

/** The bytes of a file as UTF-8, without a BOM. */
export interface ByteSource {
  /** How many bytes of the file itself lie before what is read next. */
  readonly position: number;
  /** Fills `target` from `offset` on as far as one read goes; 0 at the end of the file. */
  read(target: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** What to do about a file in another encoding. */
export const EXPORT_AS_UTF8 = 'Have the file exported as UTF-8 text (CSV).';

export interface TextPosition {
  readonly fileName: string;
  /** The line in which the bytes begin. */
  readonly line: number;
  /** Whether the file ends where the bytes do. */
  readonly atEnd: boolean;
}

/**
 * Makes sure that bytes that hold whole lines are UTF-8. Throws `FeedError` (quarantined) that names the first line
 * which is not, or says that the last character is only there in part.
 */
export function requireUtf8(bytes: Buffer, { fileName, line, atEnd }: TextPosition): void {
  if (isUtf8(bytes)) return;
  if (atEnd && isUtf8(bytes.subarray(0, completeLength(bytes)))) throw cutOff(fileName);
  throw quarantined(
    fileName,
    `line ${line + linesBeforeBadBytes(bytes)} has bytes that are not UTF-8`,
    `${EXPORT_AS_UTF8} Names with accents would otherwise reach Workshop garbled.`,
  );
}

/** The bytes without the character that is only there in part at their end. */
export function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0x80 && byte < 0xc0) continue;
    return needed(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes the character has that begins with this one; 1 for what begins none. */
function needed(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** A file that ends in the middle of a character lost more than that character. */
export function cutOff(fileName: string): FeedError {
  return quarantined(
    fileName,
    'it was cut off: it ends in the middle of a character',
    'Ask for the file again, for rows may be missing. If it is complete and not UTF-8, name its `encoding`.',
  );
}

/** Opens a file at a byte position. Throws `FeedError` (unreadable) when the operating system refuses. */
export async function openBytes(path: string, position: number, fileName: string): Promise<ByteSource> {
  const handle = await openFile(path, fileName);
  let at = position;
  return {
    get position() {
      return at;
    },
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

/** Whether a line ends with this byte: LF, or a CR without LF. */
export function endsLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
}
