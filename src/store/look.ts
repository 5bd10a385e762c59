// Looking at the state while nobody, or somebody else, is at work on it: for commands that only show something.

import { LockedError } from '../errors.ts';
import { type Database, openDatabaseInPlace, openDatabaseUntouched } from './database.ts';
import { takeLock } from './lock.ts';

/**
 * Gives `look` the state database and changes nothing. While a run is at work its database is read in place, as
 * SQLite lets readers do; otherwise what a killed run left behind is not tidied up, but read from a copy in
 * `workDirectory`. Throws `DatabaseError` (exit 9).
 */
export function lookAtState<Result>(
  stateDirectory: string,
  workDirectory: string,
  look: (database: Database, isRunning: boolean) => Result,
): Result {
  const lock = lockUnlessRunning(stateDirectory);
  try {
    const database =
      lock === null ? openDatabaseInPlace(stateDirectory) : openDatabaseUntouched(stateDirectory, workDirectory);
    try {
      return look(database, lock === null);
    } finally {
      database.close();
    }
  } finally {
    lock?.release();
  }
}

function lockUnlessRunning(stateDirectory: string) {
  try {
    return takeLock(stateDirectory, { create: false });
  } catch (error) {
    if (error instanceof LockedError) return null;
    throw error;
  }
}
