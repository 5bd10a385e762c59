// The door to iconv-lite: a roster file in any encoding, read as UTF-8 while it streams. What cannot be decoded
// sets the file aside with its line, for a name with a hole in it must not reach Workshop.

import iconv from 'iconv-lite';
import { type ByteSource, cutOff, EXPORT_AS_UTF8, openBytes } from './decode.ts';
import type { TextEncoding } from './encoding.ts';
import { quarantined } from './quarantine.ts';

/** A local file, and what its bytes are. */
export interface TextFile {
  readonly path: string;
  /** What to call it in messages. */
  readonly fileName: string;
  readonly encoding: TextEncoding;
}

/**
 * Where this Node's decoders differ from the standard, or are not there: 0x80 to 0x9f as controls, syllables and
 * characters lost to private ones, bytes that mean nothing let through.
 */
const NODE_IS_WRONG = new Set([
  'big5',
  'euc-jp',
  'euc-kr',
  'ibm866',
  'iso-8859-16',
  'windows-874',
  'windows-1252',
  'windows-1253',
  'windows-1255',
]);
const CHUNK_BYTES = 1 << 16;
const LOST = '\ufffd';

/**
 * Opens the text of a file as UTF-8, from this byte of the text on. Throws `FeedError`: unreadable when the operating
 * system refuses; reading throws quarantined for bytes that cannot be decoded.
 */
export async function openText(file: TextFile, position: number): Promise<ByteSource> {
  const { path, fileName, encoding } = file;
  if (encoding.name === 'utf-8') return openBytes(path, encoding.bomBytes + position, fileName);
  return new TranscodedText(file, await openBytes(path, encoding.bomBytes, fileName), position);
}

class TranscodedText implements ByteSource {
  readonly #file: TextFile;
  readonly #source: ByteSource;
  readonly #decoder: Decoder;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  /** Decoded and not given out yet. */
  #text: Buffer = Buffer.alloc(0);
  #skip: number;
  #atEnd = false;

  constructor(file: TextFile, source: ByteSource, skip: number) {
    this.#file = file;
    this.#source = source;
    this.#decoder = createDecoder(file.encoding.name);
    this.#skip = skip;
  }

  get position(): number {
    return this.#source.position;
  }

  async read(target: Buffer, offset: number): Promise<number> {
    while (this.#text.length === 0 && !this.#atEnd) await this.#decodeNext();
    const length = this.#text.copy(target, offset);
    this.#text = this.#text.subarray(length);
    return length;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #decodeNext(): Promise<void> {
    const from = this.#source.position;
    const bytesRead = await this.#source.read(this.#chunk, 0);
    this.#atEnd = bytesRead === 0;
    const text = this.#atEnd ? this.#decoder.end() : this.#decoder.decode(this.#chunk.subarray(0, bytesRead));
    if (text === null) throw this.#atEnd ? cutOff(this.#file.fileName) : await undecodable(this.#file, from);
    const bytes = Buffer.from(text);
    this.#text = bytes.subarray(this.#skip);
    this.#skip -= bytes.length - this.#text.length;
  }
}

/** Decodes a file chunk by chunk; null for what cannot be decoded, or, at the end, for half a character. */
interface Decoder {
  decode(bytes: Buffer): string | null;
  end(): string | null;
}

function createDecoder(name: string): Decoder {
  if (NODE_IS_WRONG.has(name)) return iconvDecoder(name);
  // The standard reads GBK with the decoder of its successor, and Node's own lacks the euro sign.
  return standardDecoder(name === 'gbk' ? 'gb18030' : name);
}

function iconvDecoder(name: string): Decoder {
  const decoder = iconv.getDecoder(name, { stripBOM: false });
  const orNull = (text: string) => (text.includes(LOST) ? null : text);
  return {
    decode: (bytes) => orNull(decoder.write(bytes)),
    end: () => orNull(decoder.end() ?? ''),
  };
}

function standardDecoder(name: string): Decoder {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  const orNull = (decode: () => string) => {
    try {
      return decode();
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  };
  return {
    decode: (bytes) => orNull(() => decoder.decode(bytes, { stream: true })),
    end: () => orNull(() => decoder.decode()),
  };
}

/** Reads again up to the chunk that begins at `chunkPosition`, and on in smaller and smaller steps, to name the line. */
async function undecodable(file: TextFile, chunkPosition: number) {
  const near = await findUndecodable(file, chunkPosition, 256);
  const { line } = await findUndecodable(file, near.position, 1);
  return quarantined(
    file.fileName,
    `line ${line} has bytes that are not ${file.encoding.name}`,
    `${EXPORT_AS_UTF8} Or set \`encoding\` to what the file is.`,
  );
}

/** Decodes quickly as far as `from`, then so many bytes at a time: where the step begins that fails, and in which line. */
async function findUndecodable({ path, fileName, encoding }: TextFile, from: number, stepBytes: number) {
  const source = await openBytes(path, encoding.bomBytes, fileName);
  const decoder = createDecoder(encoding.name);
  const lines = new LineCounter();
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (;;) {
      const { position } = source;
      const size = position < from ? Math.min(CHUNK_BYTES, from - position) : stepBytes;
      const bytesRead = await source.read(chunk.subarray(0, size), 0);
      const text = bytesRead === 0 ? null : decoder.decode(chunk.subarray(0, bytesRead));
      if (text === null) return { position, line: lines.line };
      lines.add(text);
    }
  } finally {
    await source.close();
  }
}

/** Counts line ends, LF, CRLF or CR, in text that comes in pieces. */
class LineCounter {
  line = 1;
  #endsWithCr = false;

  add(text: string): void {
    for (const character of text) {
      if (character === '\r' || (character === '\n' && !this.#endsWithCr)) this.line++;
      this.#endsWithCr = character === '\r';
    }
  }
}
