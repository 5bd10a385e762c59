// The roster of one feed while it is being read and planned. It lives in a database file of its own that is
// thrown away with the run, so that a million rows need no memory; questions about sets are asked here, in SQL.

import type { Reject, Row } from '../roster/employee.ts';
import { LINES_PER_FILE } from '../roster/line.ts';
import { CACHE_KIB, type Database } from './database.ts';
import { forgetFile, keepNewestRows, rowInFile } from './several-files.ts';
import { addRow, linesOf, prepareInserts, rejectColumns } from './staged-rows.ts';

/** A reject and the feed whose file it came from. */
export interface FeedReject extends Reject {
  readonly feed: string;
}

export interface RowCounts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly excluded: number;
  readonly duplicate: number;
}

export interface Staging {
  /** Forgets the rows of the feed before; planned operations and rejects stay. */
  startFeed(feed: string): void;
  /** `place`: of their file among those that are read together, counted from 0. */
  add(rows: readonly Row[], place?: number): void;
  /** Forgets what was read of the file at this place, the last one. */
  forgetFile(place: number): void;
  /** Of several files: whoever stands in a later one is what that says; older rows of theirs count as repetitions. Before `index`. */
  keepNewestRows(): void;
  /** Builds the indexes that the questions need. Call once, after the last row. */
  index(): void;
  counts(): RowCounts;
  /** Employees that may be planned, and explicit leavers. */
  employeeCount(): number;
  knownCount(): number;
  leaverCount(): number;
  /** Missing people of the feed who are kept for now. */
  isAbsent(externalId: string): boolean;
  /** The lines whose rows speak of this person, whatever became of them. */
  linesOf(externalId: string): number[];
  reject(reject: Reject): void;
  /** Rejects a row of a feed whose rows are not staged any more. */
  rejectLater(feed: string, reject: Reject): void;
  /** Rejects the row of an employee that had been taken for good. */
  rejectEmployee(reject: Reject): void;
  forgetRejects(feed: string): void;
  rejects(): Iterable<FeedReject>;
  /** In files of changes that were read before (`places`): those of the feed that is staged. */
  rejectCountIn(places: readonly number[]): number;
  /** Of a feed, with this rule. */
  rejectCount(feed: string, rule: string): number;
}

const SCHEMA = `
CREATE TABLE staging.employee (
  line        INTEGER PRIMARY KEY,
  external_id TEXT NOT NULL,
  email_key   TEXT NOT NULL,
  phone_key   TEXT,
  employee    TEXT NOT NULL,
  fingerprint TEXT,
  -- ok: to be planned; duplicate: an equal row stands for it; rejected: see the table of rejects
  fate        TEXT NOT NULL DEFAULT 'ok' CHECK (fate IN ('ok', 'duplicate', 'rejected'))
) STRICT;
-- In the order of the file: a million inserts in the order of the contacts would visit the tree at random.
CREATE TABLE staging.known (line INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL) STRICT;
CREATE TABLE staging.leaver (
  line        INTEGER PRIMARY KEY,
  external_id TEXT NOT NULL,
  fate        TEXT NOT NULL DEFAULT 'ok' CHECK (fate IN ('ok', 'duplicate', 'rejected'))
) STRICT;
CREATE TABLE staging.excluded (line INTEGER PRIMARY KEY, external_id TEXT) STRICT;
-- Of the feeds that were read before.
CREATE TABLE staging.excluded_before (feed TEXT NOT NULL, external_id TEXT NOT NULL, PRIMARY KEY (feed, external_id)) STRICT, WITHOUT ROWID;
-- A second row with the very bytes of a known one.
CREATE TABLE staging.repeated (line INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL) STRICT;
-- Rows for which a later file has a newer one.
CREATE TABLE staging.replaced (line INTEGER PRIMARY KEY) STRICT;
CREATE TABLE staging.reject (
  id          INTEGER PRIMARY KEY,
  feed        TEXT NOT NULL,
  line        INTEGER NOT NULL,
  external_id TEXT,
  field       TEXT,
  rule        TEXT NOT NULL,
  message     TEXT NOT NULL,
  email_key   TEXT
) STRICT;
-- What rows without a readable id say: an id or email among it keeps that person as they are.
CREATE TABLE staging.mention (text TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX staging.reject_by_id ON reject (external_id, feed);
CREATE INDEX staging.reject_by_email ON reject (email_key) WHERE email_key IS NOT NULL;
`;

const SORT_KIB = 8000;

const INDEXES = [
  'employee_by_id ON employee (external_id)',
  'employee_by_email ON employee (email_key)',
  'employee_by_phone ON employee (phone_key)',
  'known_by_contact ON known (contact_id)',
  'leaver_by_id ON leaver (external_id)',
  'excluded_by_id ON excluded (external_id)',
];
const FEED_TABLES = ['employee', 'known', 'leaver', 'excluded', 'repeated', 'replaced', 'mention'];

/** Attaches an empty staging database at `path` to the run's connection. */
export function attachStaging(database: Database, path: string): void {
  database.prepare('ATTACH ? AS staging').run(path);
  database.pragma('staging.journal_mode = OFF');
  database.pragma('staging.synchronous = OFF');
  database.pragma('staging.cache_size = -16000');
  database.exec(SCHEMA);
}

/** The staging tables of the run, attached by `attachStaging`. */
export function createStaging(database: Database): Staging {
  let feed = '';
  let readCount = 0;
  let fileCount = 1;
  const insert = prepareInserts(database);
  const addAll = database.transaction((rows: readonly Row[], place: number) => {
    for (const row of rows) addRow(insert, feed, place === 0 ? row : rowInFile(row, place));
  });
  return {
    startFeed: (name) => {
      forgetFeed(database, feed);
      feed = name;
      readCount = 0;
      fileCount = 1;
    },
    add: (rows, place = 0) => {
      readCount += rows.filter(({ kind }) => kind !== 'left out').length;
      fileCount = place + 1;
      addAll(rows, place);
    },
    forgetFile: (place) => {
      readCount -= forgetFile(database, feed, place);
      fileCount = place;
    },
    keepNewestRows: () => {
      if (fileCount > 1) keepNewestRows(database, feed);
    },
    index: () => buildIndexes(database),
    counts: () => ({ read: readCount, ...countByFate(database, feed) }),
    employeeCount: () =>
      countOf(
        database,
        "SELECT (SELECT count(*) FROM staging.known) + (SELECT count(*) FROM staging.employee WHERE fate = 'ok')",
      ),
    knownCount: () => countOf(database, 'SELECT count(*) FROM staging.known'),
    leaverCount: () => countOf(database, "SELECT count(*) FROM staging.leaver WHERE fate = 'ok'"),
    isAbsent: (externalId) =>
      database
        .prepare('SELECT 1 FROM staging.absent a JOIN contact c ON c.id = a.contact_id WHERE c.external_id = ?')
        .get(externalId) !== undefined,
    linesOf: (externalId) => linesOf(database, feed, externalId),
    reject: (reject) => void insert.reject.run(rejectColumns(reject, feed)),
    rejectLater: (name, reject) => void insert.reject.run(rejectColumns(reject, name)),
    rejectEmployee: (reject) => {
      database.prepare("UPDATE staging.employee SET fate = 'rejected' WHERE line = ?").run(reject.line);
      insert.reject.run(rejectColumns(reject, feed));
    },
    forgetRejects: (name) => void database.prepare('DELETE FROM staging.reject WHERE feed = ?').run(name),
    rejects: () =>
      database
        .prepare<[], FeedReject>(
          'SELECT feed, line, external_id AS externalId, field, rule, message FROM staging.reject ORDER BY feed, line, id',
        )
        .iterate(),
    rejectCountIn: (places) =>
      countOf(
        database,
        `SELECT count(*) FROM staging.reject WHERE feed = ? AND line / ${LINES_PER_FILE} IN (SELECT value FROM json_each(?))`,
        feed,
        JSON.stringify(places),
      ),
    rejectCount: (name, rule) =>
      countOf(database, 'SELECT count(*) FROM staging.reject WHERE feed = ? AND rule = ?', name, rule),
  };
}

/** Only of whom the feed's excluded rows speak is kept in mind. */
function forgetFeed(database: Database, feed: string): void {
  database
    .prepare(
      'INSERT OR IGNORE INTO staging.excluded_before SELECT ?, external_id FROM staging.excluded WHERE external_id IS NOT NULL',
    )
    .run(feed);
  for (const [index] of INDEXES.entries()) database.exec(`DROP INDEX IF EXISTS staging.${indexName(index)}`);
  for (const table of FEED_TABLES) database.exec(`DELETE FROM staging.${table}`);
}

function buildIndexes(database: Database): void {
  // SQLite sorts in as much memory as the cache of the main database may have.
  database.pragma(`main.cache_size = -${SORT_KIB}`);
  for (const index of INDEXES) database.exec(`CREATE INDEX staging.${index}`);
  database.pragma(`main.cache_size = -${CACHE_KIB}`);
  setRepeatedApart(database);
  database.exec('ANALYZE staging');
}

/** The very bytes of a known row for the second time: the first one counts. */
function setRepeatedApart(database: Database): void {
  database.exec(`
    INSERT INTO staging.repeated (line, contact_id)
      SELECT k.line, k.contact_id FROM staging.known k JOIN (
        SELECT contact_id, min(line) AS first_line FROM staging.known GROUP BY contact_id HAVING count(*) > 1
      ) f ON f.contact_id = k.contact_id WHERE k.line > f.first_line;
    DELETE FROM staging.known WHERE line IN (SELECT line FROM staging.repeated);
  `);
}

function countByFate(database: Database, feed: string): Omit<RowCounts, 'read'> {
  const accepted = countOf(
    database,
    `SELECT (SELECT count(*) FROM staging.known) + (SELECT count(*) FROM staging.employee WHERE fate = 'ok')
          + (SELECT count(*) FROM staging.leaver WHERE fate = 'ok')`,
  );
  const duplicate = countOf(
    database,
    `SELECT (SELECT count(*) FROM staging.repeated) + (SELECT count(*) FROM staging.replaced) + (SELECT count(*) FROM staging.employee WHERE fate = 'duplicate')
          + (SELECT count(*) FROM staging.leaver WHERE fate = 'duplicate')`,
  );
  const excluded = countOf(database, 'SELECT count(*) FROM staging.excluded');
  const rejected = countOf(database, 'SELECT count(*) FROM staging.reject WHERE feed = ?', feed);
  return { accepted, rejected, excluded, duplicate };
}

function countOf(database: Database, sql: string, ...parameters: string[]): number {
  return Number(
    database
      .prepare(sql)
      .pluck()
      .get(...parameters),
  );
}

function indexName(index: number): string {
  return (INDEXES[index] ?? '').split(' ')[0] ?? '';
}
