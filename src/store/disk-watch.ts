// Notices what SQLite does not: that the database file was taken away under a run, and that a disk lost what was committed
// to it. A write-ahead log that was cut short reads like one that was never longer; only who counts commits can tell.

import { closeSync, constants, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from '../errors.ts';
import { type Database, databasePath } from './database.ts';
import { lockPath } from './lock.ts';

export interface DiskWatch {
  /** Before a transaction: throws `DatabaseError` (exit 9) when the files of the database or the lock are not those of the start. */
  requirePresent(): void;
  /** Within the transaction: one more. */
  count(): void;
  /** The transaction is on disk. */
  noteCommitted(): void;
  close(): void;
}

/** Holds how many groups of the journal's writes were committed, as digits; beside it, so that it is not lost together with them. */
const FILE_NAME = 'commits';
const DIGITS = 16;

/** For a database that is only looked at. */
export const NO_WATCH: DiskWatch = {
  requirePresent: () => undefined,
  count: () => undefined,
  noteCommitted: () => undefined,
  close: () => undefined,
};

/** Watches over the state database of a run. Throws `DatabaseError` (exit 9) when it lost commits. */
export function watchDisk(database: Database, stateDirectory: string): DiskWatch {
  requireAllCommits(database, stateDirectory);
  // The lock as well: without its file another run would take this one for dead.
  const files = [databasePath(stateDirectory), lockPath(stateDirectory)].map((path) => ({
    path,
    id: identityOf(path),
  }));
  const increment = database.prepare<[], number>('UPDATE commit_count SET count = count + 1 RETURNING count').pluck();
  // Made when it is missing, and never emptied.
  const written = openSync(join(stateDirectory, FILE_NAME), constants.O_RDWR | constants.O_CREAT, 0o600);
  let count = committed(database);
  return {
    requirePresent: () => {
      if (files.some(({ path, id }) => identityOf(path) !== id)) throw gone(stateDirectory);
    },
    count: () => {
      count = increment.get() ?? count;
    },
    // Not flushed: a power cut may leave an older number, which is no reason for alarm; a newer one always is.
    noteCommitted: () => {
      try {
        writeSync(written, String(count).padStart(DIGITS, '0'), 0);
      } catch {
        // Without it a later loss would go unnoticed; the commit itself stands.
      }
    },
    close: () => closeSync(written),
  };
}

/** Throws `DatabaseError` (exit 9) when the database holds fewer commits than were confirmed to it. Changes nothing. */
export function requireAllCommits(database: Database, stateDirectory: string): void {
  const confirmed = confirmedIn(join(stateDirectory, FILE_NAME));
  const present = committed(database);
  if (confirmed <= present) return;
  throw new DatabaseError(
    `The state in ${stateDirectory} lost the last ${confirmed - present} of ${confirmed} commits that the disk had confirmed (a cut or missing workshop-sync.db-wal, or a database file that is older than the rest), so it does not know everything that was sent.`,
    {
      hint: `Nothing was sent now. Restore the whole state directory from a backup, or delete ${join(stateDirectory, FILE_NAME)} to go on with what is left: nobody is created twice, but a change that was sent and that the newest file takes back would stay in Workshop.`,
    },
  );
}

/** null: there is no such file. */
function identityOf(path: string): string | null {
  const file = statSync(path, { throwIfNoEntry: false });
  return file === undefined ? null : `${file.dev} ${file.ino}`;
}

function committed(database: Database): number {
  return database.prepare<[], number>('SELECT count FROM commit_count').pluck().get() ?? 0;
}

/** 0 when there is none, or a power cut left something else. */
function confirmedIn(path: string): number {
  try {
    const text = readFileSync(path, 'latin1');
    return /^\d{16}$/.test(text) ? Number(text) : 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

function gone(stateDirectory: string): DatabaseError {
  return new DatabaseError(
    `The state in ${stateDirectory} was taken away or replaced while the run was at work on it.`,
    {
      hint: 'Nothing more was sent. Mount the volume again, or restore the state directory from a backup, and run again.',
    },
  );
}
