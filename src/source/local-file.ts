// Trouble with our own copy of a file, told apart from trouble with the source: the state directory is full,
// read-only, or not ours.

import { open } from 'node:fs/promises';
import { DatabaseError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EIO: 'the disk has errors',
  ENOTDIR: 'a part of the path is not a directory',
  ENOENT: 'it went away',
  EEXIST: 'it already exists',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** The error for a local path that cannot be written or read; anything that no disk says is given back as it is. */
export function localTrouble(path: string, error: unknown): unknown {
  const reason = REASONS[systemCode(error)];
  if (reason === undefined) return error;
  return new DatabaseError(`Keeping a copy of the file in ${path} failed: ${reason}.`, {
    hint: 'Check the disk space and permissions of the state directory, then run again.',
    cause: error,
  });
}

/** `ENOENT` and the like; empty when the error has no such code. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A new file that only its owner may read. Throws `DatabaseError` when it cannot be made. */
export async function createLocalFile(path: string): Promise<LocalFile> {
  const file = await attempt(path, () => open(path, 'wx', 0o600));
  return {
    write: async (bytes) => {
      await attempt(path, () => file.writeFile(bytes));
    },
    close: () => file.close(),
  };
}

export interface LocalFile {
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

async function attempt<Result>(path: string, body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    throw localTrouble(path, error);
  }
}
