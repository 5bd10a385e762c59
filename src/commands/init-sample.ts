// The sample of `init`, from the disk to UTF-8 text.

import { accessSync, constants, copyFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FeedError, UsageError } from '../errors.ts';
import type { SampleText } from '../guess/records.ts';
import { requireUtf8 } from '../roster/decode.ts';
import { detectEncoding } from '../roster/encoding.ts';
import { openText, type TextFile } from '../roster/transcode.ts';
import { unpack } from '../source/unpack.ts';

export interface Sample {
  /** Of the table in it: a copy of ours, unpacked. */
  readonly path: string;
  /** Where the sample lies; absolute. */
  readonly directory: string;
  readonly fileName: string;
  /** What its characters are, such as `utf-8`. */
  readonly encoding: string;
  readonly text: SampleText;
}

const MOST_MEGABYTES = 64;
const CHUNK_BYTES = 1 << 16;

/**
 * Reads a sample, unpacked into `workDirectory`. Throws `UsageError` for a path that is no file that can be read, `FeedError` for a file that is
 * empty or no text.
 */
export async function readSampleFile(file: string, workDirectory: string): Promise<Sample> {
  const original = resolve(file);
  const fileName = basename(original);
  requireFile(original, file);
  const path = await unpackCopy(original, fileName, workDirectory);
  const encoding = await detectEncoding(path, 'auto', fileName);
  const bytes = await readText({ path, fileName, encoding });
  if (!bytes.some((byte) => byte > 0x20)) {
    throw new FeedError('unreadable', `Reading ${file} failed: it is empty.`, {
      hint: 'Give init a file with the column names and a few people, as the HR system exports it.',
    });
  }
  requireUtf8(bytes, { fileName, line: 1, atEnd: true });
  return {
    path,
    directory: dirname(original),
    fileName,
    encoding: encoding.name,
    text: { bytes, firstLine: 1, fileName },
  };
}

async function unpackCopy(original: string, name: string, workDirectory: string): Promise<string> {
  const path = join(workDirectory, 'sample');
  copyFileSync(original, path);
  const packing = { compression: 'auto', zipEntry: null, pgp: null } as const;
  const file = { path, name, size: statSync(path).size };
  return (await unpack({ file, feed: { name, packing }, keys: null, signal: new AbortController().signal })).path;
}

async function readText(file: TextFile): Promise<Buffer> {
  const source = await openText(file, 0);
  try {
    const chunks: Buffer[] = [];
    while (true) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = await source.read(chunk, 0);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    }
  } finally {
    await source.close();
  }
}

function requireFile(path: string, asked: string): void {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw unreadable(asked, found.isDirectory() ? 'is a directory' : 'is no ordinary file');
    if (found.size > MOST_MEGABYTES * 1e6) {
      throw new UsageError(
        `Reading the sample failed: ${asked} has ${Math.round(found.size / 1e6)} MB, and init reads at most ${MOST_MEGABYTES}.`,
        { hint: 'Give it the beginning of the file under the same name: `head -n 5000 FILE > elsewhere/FILE`.' },
      );
    }
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(asked, reasonOf(error), error);
  }
}

function unreadable(asked: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`Reading the sample failed: ${asked} ${reason}.`, {
    hint: 'Give init the path of one CSV file, as the HR system exports it: `workshop-sync init employees.csv`.',
    cause,
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${String(code ?? error)})`;
}
