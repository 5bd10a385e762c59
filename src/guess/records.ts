// A sample as records, read by the very code that reads the feed later.

import { FeedError } from '../errors.ts';
import type { ByteSource } from '../roster/decode.ts';
import { readRecords } from '../roster/records.ts';
import type { Dialect } from '../roster/split.ts';

export interface SampleRecord {
  /** 1-based line of the file. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Not valid CSV; `fields` are a guess. */
  readonly isMalformed: boolean;
}

/** UTF-8 text of the sample, from line `firstLine` on. */
export interface SampleText {
  readonly bytes: Buffer;
  readonly firstLine: number;
  readonly fileName: string;
}

const CHUNK_BYTES = 1 << 17;

/** All records. Throws `FeedError` (quarantined) for a quote that is never closed, as reading the feed would. */
export async function readSample(text: SampleText, dialect: Dialect): Promise<SampleRecord[]> {
  const { fileName, firstLine } = text;
  const options = { dialect, fileName, firstLine, chunkBytes: CHUNK_BYTES, onRead: () => undefined };
  const records: SampleRecord[] = [];
  for await (const batch of readRecords(sourceOf(text.bytes), options, null)) {
    for (const record of batch) {
      if (record.kind === 'known') continue;
      records.push({ line: record.line, fields: record.fields, isMalformed: record.kind === 'malformed' });
    }
  }
  return records;
}

/** All records, or null where this dialect makes no sense of the text. */
export async function trySample(text: SampleText, dialect: Dialect): Promise<SampleRecord[] | null> {
  try {
    return await readSample(text, dialect);
  } catch (error) {
    if (error instanceof FeedError) return null;
    throw error;
  }
}

/** The text from this line on, counted from 1. */
export function fromLine({ bytes, firstLine, fileName }: SampleText, line: number): SampleText {
  let rest = bytes;
  for (let skipped = firstLine; skipped < line; skipped++) {
    const end = rest.findIndex((byte) => byte === 0x0a || byte === 0x0d);
    if (end < 0) return { bytes: Buffer.alloc(0), firstLine: line, fileName };
    rest = rest.subarray(end + (rest[end] === 0x0d && rest[end + 1] === 0x0a ? 2 : 1));
  }
  return { bytes: rest, firstLine: line, fileName };
}

/** At most so many bytes of whole lines from the beginning. */
export function beginning(text: SampleText, mostBytes: number): SampleText {
  if (text.bytes.length <= mostBytes) return text;
  const end = Math.max(text.bytes.lastIndexOf(0x0a, mostBytes), text.bytes.lastIndexOf(0x0d, mostBytes));
  return { ...text, bytes: text.bytes.subarray(0, end < 0 ? mostBytes : end + 1) };
}

function sourceOf(bytes: Buffer): ByteSource {
  let at = 0;
  return {
    get position() {
      return at;
    },
    async read(target, offset) {
      const length = bytes.copy(target, offset, at, at + target.length - offset);
      at += length;
      return length;
    },
    close: async () => undefined,
  };
}
