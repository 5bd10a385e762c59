// The sample of `init`, from the disk to UTF-8 text.

import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { FeedError, UsageError } from '../errors.ts';
import type { SampleText } from '../guess/records.ts';
import { detectEncoding, requireUtf8 } from '../roster/decode.ts';

export interface Sample {
  /** Absolute. */
  readonly path: string;
  readonly directory: string;
  readonly fileName: string;
  /** What its characters are, such as `utf-8`. */
  readonly encoding: string;
  readonly text: SampleText;
}

const MOST_MEGABYTES = 64;

/**
 * Reads a sample. Throws `UsageError` for a path that is no file that can be read, `FeedError` for a file that is
 * empty or no text.
 */
export function readSampleFile(file: string): Sample {
  const path = resolve(file);
  const fileName = basename(path);
  const bytes = readBytes(path, file);
  if (!bytes.some((byte) => byte > 0x20)) {
    throw new FeedError('unreadable', `Reading ${file} failed: it is empty.`, {
      hint: 'Give init a file with the column names and a few people, as the HR system exports it.',
    });
  }
  const { name: encoding, bomBytes } = detectEncoding(bytes, 'auto', fileName);
  const text = bytes.subarray(bomBytes);
  requireUtf8(text, 1, fileName);
  return { path, directory: dirname(path), fileName, encoding, text: { bytes: text, firstLine: 1, fileName } };
}

function readBytes(path: string, asked: string): Buffer {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw unreadable(asked, found.isDirectory() ? 'is a directory' : 'is no ordinary file');
    if (found.size > MOST_MEGABYTES * 1e6) {
      throw new UsageError(
        `Reading the sample failed: ${asked} has ${Math.round(found.size / 1e6)} MB, and init reads at most ${MOST_MEGABYTES}.`,
        { hint: 'Give it the beginning of the file under the same name: `head -n 5000 FILE > elsewhere/FILE`.' },
      );
    }
    return readFileSync(path);
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
