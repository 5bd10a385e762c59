// A directory for what is thrown away when the command ends: copies of the state, downloaded files.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
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

const PREFIX = 'workshop-sync-';
/** No dry run takes so long. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/** What a killed run left: copies of personal data that nobody would look for. */
function sweep(place: string): void {
  for (const name of readdirSync(place)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(place, name);
    try {
      if (systemClock.now() - statSync(path).mtimeMs > LEFT_BEHIND_MS) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's, or gone meanwhile.
    }
  }
}

function makeDirectory(): string {
  const place = tmpdir();
  try {
    sweep(place);
    return mkdtempSync(join(place, PREFIX));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UsageError(`Making a temporary directory in ${place} failed${code}.`, {
      hint: 'Set the environment variable TMPDIR to a directory that may be written; in a container, mount one at /tmp.',
      cause: error,
    });
  }
}
