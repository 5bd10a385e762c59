// A directory for what is thrown away when the command ends: copies of the state, downloaded files.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/** Runs `body` with a directory of its own. Throws `UsageError` (exit 7) when this machine has no place for one. */
export async function withTemporaryDirectory<Result>(
  body: (directory: string) => Result | Promise<Result>,
): Promise<Result> {
  const directory = makeDirectory();
  try {
    return await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function makeDirectory(): string {
  const place = tmpdir();
  try {
    return mkdtempSync(join(place, 'workshop-sync-'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UsageError(`Making a temporary directory in ${place} failed${code}.`, {
      hint: 'Set the environment variable TMPDIR to a directory that may be written; in a container, mount one at /tmp.',
      cause: error,
    });
  }
}
