// The door to SQLite: opens the state database, brings its schema up to date, and says in plain words
// what is wrong with it. One connection serves a run; the staging database of the run is attached to it.

import { closeSync, copyFileSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DatabaseError } from '../errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

export type Database = Sqlite.Database;

/** Enough for the fingerprints of a million rows, which are looked up in no order at all. */
export const CACHE_KIB = 40_000;

const FILE_NAME = 'workshop-sync.db';

/** Marks a database file as ours: the letters WSNC. */
const APPLICATION_ID = 0x57_53_4e_43;

/** The path of the state database in a state directory. */
export function databasePath(stateDirectory: string): string {
  return join(stateDirectory, FILE_NAME);
}

/**
 * Opens the state database for a run that writes, creating and migrating it as needed (mode 0600).
 * Throws `DatabaseError` when it is corrupt, not ours, from a newer version, or cannot be written.
 */
export function openDatabase(stateDirectory: string): Database {
  return withDatabaseErrors(stateDirectory, () => {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    const path = databasePath(stateDirectory);
    if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
    const database = new Sqlite(path, { timeout: 5_000 });
    return prepared(database, stateDirectory, (opened) => {
      opened.pragma('journal_mode = WAL');
      opened.pragma('synchronous = FULL');
      migrate(opened);
    });
  });
}

/**
 * Opens the state database so that not a byte of the state directory changes, for dry runs and for commands
 * that only look. What cannot be read in place (it is missing, needs recovery after a crash, or an older schema)
 * is read from a copy in `workDirectory`.
 */
export function openDatabaseUntouched(stateDirectory: string, workDirectory: string): Database {
  const open = () => {
    const path = databasePath(stateDirectory);
    // Its companions would be tidied away, even empty ones.
    if (existsSync(path) && !existsSync(`${path}-wal`) && !existsSync(`${path}-shm`)) {
      // Reading alone leaves the file as it is; SQLite's two companion files come and go with the connection.
      const opened = prepared(new Sqlite(path), stateDirectory, () => undefined);
      const current = opened.pragma('user_version', { simple: true }) === MIGRATIONS.length;
      // What is in doubt must be asked about and noted before it can be planned, so that needs a copy too.
      if (current && opened.prepare('SELECT 1 FROM operation WHERE in_doubt = 1').get() === undefined) return opened;
      opened.close();
    }
    const copy = join(workDirectory, FILE_NAME);
    for (const suffix of ['', '-wal']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    }
    return prepared(new Sqlite(copy), stateDirectory, migrate);
  };
  return withDatabaseErrors(stateDirectory, open, workDirectory);
}

/** Opens the state database of a run that is at work elsewhere, for reading. Throws `DatabaseError`. */
export function openDatabaseInPlace(stateDirectory: string): Database {
  return withDatabaseErrors(stateDirectory, () =>
    prepared(
      new Sqlite(databasePath(stateDirectory), { readonly: true, timeout: 5_000 }),
      stateDirectory,
      () => undefined,
    ),
  );
}

/** Runs `body` and turns what SQLite and the disk throw into a `DatabaseError` with a remedy. */
export function withDatabaseErrors<Result>(stateDirectory: string, body: () => Result, writesTo?: string): Result {
  try {
    return body();
  } catch (error) {
    throw asDatabaseError(error, stateDirectory, writesTo);
  }
}

/**
 * The `DatabaseError` (exit 9) that tells what an error of SQLite or of the disk means; any other error as it is.
 * `writesTo`: where else than into the state directory something was written, in a dry run.
 */
export function asDatabaseError(error: unknown, stateDirectory: string, writesTo = stateDirectory): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(String(error.code)));
  if (remedy === undefined) return error;
  const [, reason, hint] = remedy;
  const isElsewhere = reason === FULL && writesTo !== stateDirectory;
  const what = isElsewhere ? `The temporary files in ${writesTo}` : `The state in ${stateDirectory}`;
  return new DatabaseError(`${what} ${reason} (${error.code}).`, { hint, cause: error });
}

const FULL = 'cannot be written: the disk is full';

const REMEDIES: readonly (readonly [RegExp, string, string])[] = [
  [
    /^SQLITE_NOTADB/,
    'is not a workshop-sync database',
    'Point state_directory at an empty directory, or at the one that workshop-sync made.',
  ],
  [
    /^SQLITE_CORRUPT/,
    'is corrupt',
    'Restore the whole state directory from a backup (the README says how). Without a backup, move it away and start anew with an empty one: contacts that exist are found and updated, not duplicated, and nobody is removed.',
  ],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG)/,
    FULL,
    'Make room on that disk and run again; nothing that was confirmed is lost.',
  ],
  [
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOENT|EBUSY|ELOOP|ENAMETOOLONG|ENOTEMPTY|EXDEV)/,
    'cannot be opened for writing',
    'Check that the directory exists, that the volume is mounted, and that the user running workshop-sync may write there.',
  ],
  [
    /^(EMFILE|ENFILE)/,
    'cannot be opened: too many files are open',
    'Raise the limit of open files (`ulimit -n`) for the user running workshop-sync.',
  ],
  [
    /^(SQLITE_IOERR|EIO)/,
    'cannot be read or written: the disk reports errors',
    'Check the disk or volume, then run again; nothing that was confirmed is lost.',
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'is locked by another program',
    'Close whatever has the database file open (a backup, a database browser), then run again.',
  ],
];

function prepared(database: Database, stateDirectory: string, setUp: (database: Database) => void): Database {
  try {
    database.pragma('foreign_keys = ON');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    refuseForeign(database, stateDirectory);
    setUp(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseForeign(database: Database, stateDirectory: string): void {
  const applicationId = database.pragma('application_id', { simple: true });
  const version = Number(database.pragma('user_version', { simple: true }));
  const tableCount = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (applicationId !== APPLICATION_ID && !(applicationId === 0 && tableCount === 0)) {
    throw new DatabaseError(`The database in ${stateDirectory} belongs to another program.`, {
      hint: 'Point state_directory at an empty directory, or at the one that workshop-sync made.',
    });
  }
  if (version > MIGRATIONS.length) {
    throw new DatabaseError(
      `The database in ${stateDirectory} was written by a newer version of workshop-sync (schema ${version}, this one knows ${MIGRATIONS.length}).`,
      { hint: 'Run the newer version again, or restore the state directory from before the upgrade.' },
    );
  }
}

function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(migration);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
