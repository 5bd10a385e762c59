// One run at a time, across processes and containers that share the volume. The lock is an exclusive
// transaction on a database file of its own: the operating system drops it when its holder dies.

import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { LockedError } from '../errors.ts';

/** A command that only looks holds the lock for a moment; that is no reason to give up. */
const PATIENCE_MS = 1000;

export interface Lock {
  release(): void;
}

/** The path of the lock in a state directory. */
export function lockPath(stateDirectory: string): string {
  return join(stateDirectory, 'lock.db');
}

/**
 * Takes the lock of a state directory, or throws `LockedError` (exit 6). With `create: false` a missing
 * lock file counts as free and is not made: nobody ever ran here.
 */
export function takeLock(stateDirectory: string, options: { create: boolean }): Lock {
  const path = lockPath(stateDirectory);
  if (!options.create && !existsSync(path)) return { release: () => undefined };
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const database = new Sqlite(path, { timeout: PATIENCE_MS });
  try {
    // Nothing is ever written, so nothing is to be rolled back; the file of a killed holder would only lie about.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) {
      throw new LockedError(`Another run is at work on ${stateDirectory}.`, {
        hint: 'Wait until it ends (see `workshop-sync history`), then run again. If no other run exists, check that no other container shares this volume.',
        cause: error,
      });
    }
    throw error;
  }
  return { release: () => database.close() };
}
