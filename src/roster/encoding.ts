// What the bytes of a roster file are (specification §6): a byte order mark says it, the configuration, or
// the bytes themselves. What is no text at all is refused here.

import { UsageError } from '../errors.ts';
import { cutOff, EXPORT_AS_UTF8, openBytes } from './decode.ts';
import { encodingNamed } from './encoding-name.ts';
import { quarantined } from './quarantine.ts';
import { findNotUtf8 } from './utf8.ts';

export interface TextEncoding {
  /** As the WHATWG Encoding Standard calls it, in small letters. */
  readonly name: string;
  /** Length of the byte order mark at the beginning of the file. */
  readonly bomBytes: number;
  /** What the operator should know about it. */
  readonly warnings: readonly string[];
}

/** Beginnings of files that are no text we read, by what to call them. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a zip archive'],
  [[0x1f, 0x8b], 'compressed with gzip'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32 text'],
  [[0x00, 0x00, 0xfe, 0xff], 'UTF-32 text'],
];
const MARKS: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
const LOOKED_AT_BYTES = 4096;
/** Text has no zero bytes; a few are damage to a row, more than this share is another kind of file. */
const MAX_ZERO_SHARE = 0.1;
/** In UTF-16, nearly all zeros are the same half of a character. */
const MIN_PARITY_RATIO = 4;

/**
 * The encoding of a file; `configured` is `auto` or a name of one. Throws `FeedError` (quarantined) for what is no
 * text, or text that was damaged; `UsageError` for a configured encoding that nobody can read.
 */
export async function detectEncoding(path: string, configured: string, fileName: string): Promise<TextEncoding> {
  const named = configured === 'auto' ? null : encodingName(configured, fileName);
  const head = await readHead(path, fileName);
  const signature = SIGNATURES.find(([bytes]) => beginsWith(head, bytes));
  if (signature !== undefined) throw quarantined(fileName, `it is ${signature[1]}`, EXPORT_AS_UTF8);
  const mark = MARKS.find(([bytes]) => beginsWith(head, bytes));
  if (mark !== undefined) return marked(mark[1], mark[0].length, named);
  const zeros = countZeros(head);
  if (named?.startsWith('utf-16') === true) {
    if (head.length > 0 && zeros.even + zeros.odd === 0) throw notUtf16(named, fileName);
    return { name: named, bomBytes: 0, warnings: [] };
  }
  const byZeros = judgeZeros(zeros, head.length);
  if (byZeros === 'binary' || (byZeros !== null && named !== null)) throw fullOfZeros(fileName);
  const name = named ?? byZeros;
  return name === null ? detectByText(path, fileName) : { name, bomBytes: 0, warnings: [] };
}

function encodingName(label: string, fileName: string): string {
  const name = encodingNamed(label);
  if (name !== null) return name;
  throw new UsageError(`Reading ${fileName} failed: there is no encoding ${label} to read with`, {
    hint: 'Leave `encoding` at auto, or give a name such as utf-8, utf-16le, windows-1252 or shift_jis.',
  });
}

async function readHead(path: string, fileName: string): Promise<Buffer> {
  const source = await openBytes(path, 0, fileName);
  try {
    const head = Buffer.allocUnsafe(LOOKED_AT_BYTES);
    return head.subarray(0, await source.read(head, 0));
  } finally {
    await source.close();
  }
}

function beginsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** A byte order mark is the file's own word, and beats the configuration's. */
function marked(name: string, bomBytes: number, named: string | null): TextEncoding {
  const contradicts = named !== null && named !== name;
  const warning = `read as ${name}, because the file begins with the byte order mark of it, although \`encoding\` says ${named}`;
  return { name, bomBytes, warnings: contradicts ? [warning] : [] };
}

interface Zeros {
  even: number;
  odd: number;
}

function countZeros(head: Buffer): Zeros {
  const zeros = { even: 0, odd: 0 };
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2 === 0 ? 'even' : 'odd']++;
  });
  return zeros;
}

/** ASCII in UTF-16 has a zero in each character, always in the same half; null: too few to say anything. */
function judgeZeros({ even, odd }: Zeros, length: number): 'utf-16le' | 'utf-16be' | 'binary' | null {
  if (even + odd <= length * MAX_ZERO_SHARE) return null;
  if (odd > even * MIN_PARITY_RATIO) return 'utf-16le';
  return even > odd * MIN_PARITY_RATIO ? 'utf-16be' : 'binary';
}

function fullOfZeros(fileName: string) {
  return quarantined(
    fileName,
    'it is full of zero bytes, so it is UTF-16 or no text at all',
    `${EXPORT_AS_UTF8} If it is UTF-16, leave \`encoding\` at auto.`,
  );
}

function notUtf16(named: string, fileName: string) {
  return quarantined(
    fileName,
    `it is not ${named}, which \`encoding\` says it is: it has no zero bytes`,
    'Leave `encoding` at auto, or name the encoding that the file has.',
  );
}

/** UTF-8 if all of it is; Windows-1252 if nothing speaks for a UTF-8 that was damaged. */
async function detectByText(path: string, fileName: string): Promise<TextEncoding> {
  const trouble = await findNotUtf8(path, fileName);
  if (trouble === null) return { name: 'utf-8', bomBytes: 0, warnings: [] };
  if (trouble.isCutOff) throw cutOff(fileName);
  if (trouble.goodLines >= trouble.badLines) {
    throw quarantined(
      fileName,
      `line ${trouble.line} has bytes that are not UTF-8, and the rest of the file is UTF-8, so it was damaged on its way`,
      `${EXPORT_AS_UTF8} Names with accents would otherwise reach Workshop garbled.`,
    );
  }
  const warning = `read as windows-1252, because it is not UTF-8 (first: line ${trouble.line}); have it exported as UTF-8`;
  return { name: 'windows-1252', bomBytes: 0, warnings: [warning] };
}
