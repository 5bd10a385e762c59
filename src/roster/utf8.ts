// Whether a whole file is UTF-8, in one pass that hardly costs more than reading it; and what it is more likely
// to be when it is not, by the lines that speak for the one or the other.

import { isAscii, isUtf8 } from 'node:buffer';
import { type ByteSource, completeLength, endsLine, openBytes } from './decode.ts';

/** What keeps a file from being UTF-8. */
export interface NotUtf8 {
  /** The first line with bytes that are not UTF-8. */
  readonly line: number;
  readonly badLines: number;
  /** Lines with longer characters that are UTF-8. */
  readonly goodLines: number;
  /** All that is wrong is that the last character is not there whole. */
  readonly isCutOff: boolean;
}

const WINDOW_BYTES = 1 << 20;

/** Looks for bytes that are not UTF-8; null when the whole file is. */
export async function findNotUtf8(path: string, fileName: string): Promise<NotUtf8 | null> {
  if (await isAllUtf8(path, fileName)) return null;
  const judge = new LineJudge();
  await eachPiece(path, fileName, linesLength, (piece, atEnd) => {
    judge.add(piece, atEnd);
    return true;
  });
  return judge;
}

async function isAllUtf8(path: string, fileName: string): Promise<boolean> {
  let isGood = true;
  await eachPiece(path, fileName, completeLength, (piece) => {
    isGood = isUtf8(piece);
    return isGood;
  });
  return isGood;
}

/** Calls `look` with piece after piece of a file, each cut where `cut` says, until it has enough. */
async function eachPiece(
  path: string,
  fileName: string,
  cut: (bytes: Buffer) => number,
  look: (piece: Buffer, atEnd: boolean) => boolean,
): Promise<void> {
  const source = await openBytes(path, 0, fileName);
  try {
    const window = Buffer.allocUnsafe(WINDOW_BYTES);
    let length = 0;
    for (;;) {
      length = await fill(source, window, length);
      const atEnd = length < window.length;
      const bytes = window.subarray(0, length);
      const end = atEnd ? length : cut(bytes) || completeLength(bytes);
      if (!look(bytes.subarray(0, end), atEnd) || atEnd) return;
      window.copyWithin(0, end, length);
      length -= end;
    }
  } finally {
    await source.close();
  }
}

async function fill(source: ByteSource, window: Buffer, from: number): Promise<number> {
  let length = from;
  while (length < window.length) {
    const bytesRead = await source.read(window, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

/** Up to the end of the last line; a line beyond the window is looked at in pieces. */
function linesLength(bytes: Buffer): number {
  const end = bytes.lastIndexOf(0x0a);
  if (end >= 0) return end + 1;
  // A CR at the very end may be one half of a CRLF.
  return bytes.subarray(0, -1).lastIndexOf(0x0d) + 1;
}

class LineJudge implements NotUtf8 {
  line = 1;
  badLines = 0;
  goodLines = 0;
  isCutOff = false;

  add(bytes: Buffer, atEnd: boolean): void {
    const isPlain = isAscii(bytes);
    if (isPlain && this.badLines > 0) return;
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (!endsLine(bytes, at)) continue;
      if (!isPlain) this.#judge(bytes.subarray(start, at));
      if (this.badLines === 0) this.line++;
      start = at + 1;
    }
    if (start < bytes.length && !isPlain) this.#judgeLast(bytes.subarray(start), atEnd);
  }

  #judge(line: Buffer): void {
    if (isAscii(line)) return;
    if (isUtf8(line)) this.goodLines++;
    else this.badLines++;
  }

  #judgeLast(line: Buffer, atEnd: boolean): void {
    this.isCutOff = atEnd && this.badLines === 0 && !isUtf8(line) && isUtf8(line.subarray(0, completeLength(line)));
    this.#judge(line);
  }
}
