// Turns the bytes of a file into records with line numbers and fingerprints. A record whose very bytes are
// known is not parsed at all, which is what makes a million unchanged rows cheap.

import { hash } from 'node:crypto';
import { BatchParser, UNREAD } from './csv.ts';
import type { ByteSource } from './decode.ts';
import { readStretches, type Stretch, type StretchOptions } from './stretches.ts';

/** One record as read; the rest of the program sees it as a `Row`. */
export type FileRecord =
  /** The very bytes from which a contact of the snapshot was last confirmed. */
  | { readonly kind: 'known'; readonly line: number; readonly contactId: number }
  | {
      readonly kind: 'parsed';
      readonly line: number;
      /** Where the quote opened that holds a line end; null when none does. */
      readonly quoteLine: number | null;
      readonly fields: readonly string[];
      readonly fingerprint: string;
    }
  /** Not valid CSV: `reason` completes a sentence, `fields` are a guess that must only ever protect a person. */
  | {
      readonly kind: 'malformed';
      readonly line: number;
      /** The same: as the record is malformed, that quote was never meant to hold them. */
      readonly quoteLine: number | null;
      readonly reason: string;
      readonly fields: readonly string[];
    };

/** Whose contact was last confirmed from a record with this fingerprint; null when nobody's. */
export type Recognise = (fingerprint: string) => number | null;

/** 22 characters of base64 are 132 bits: more than enough to tell records apart, half the room in an index. */
const FINGERPRINT_LENGTH = 22;

/**
 * Reads the records of a source in batches of about `chunkBytes`; blank lines are left out. Throws `FeedError`
 * (quarantined) for bytes that are not UTF-8 and for a quote that is never closed, each with its line.
 */
export async function* readRecords(
  source: ByteSource,
  options: StretchOptions,
  recognise: Recognise | null,
): AsyncGenerator<FileRecord[]> {
  const parser = new BatchParser(options.dialect);
  for await (const stretch of readStretches(source, options)) yield readBatch(stretch, parser, recognise);
}

function readBatch({ bytes, found }: Stretch, parser: BatchParser, recognise: Recognise | null): FileRecord[] {
  const records: FileRecord[] = [];
  const hasZeros = bytes.includes(0);
  parser.begin(bytes.length + 1);
  for (let index = 0; index < found.starts.length; index++) {
    const line = found.lines[index] ?? 0;
    const record = bytes.subarray(found.starts[index], found.ends[index]);
    const fingerprint = fingerprintOf(record);
    const contactId = recognise === null ? null : recognise(fingerprint);
    if (contactId !== null) {
      records.push({ kind: 'known', line, contactId });
      continue;
    }
    const at = { line, quoteLine: found.quoteLines[index] || null, position: records.length, fingerprint };
    records.push(UNREAD);
    if (hasZeros && record.includes(0)) records[at.position] = parser.damaged(record, at);
    else parser.add(record, at);
  }
  parser.parseInto(records);
  return records;
}

function fingerprintOf(record: Buffer): string {
  return hash('sha256', record, 'base64').slice(0, FINGERPRINT_LENGTH);
}
