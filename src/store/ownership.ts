// Who of the snapshot belongs to which feed while the feeds of a run are read, one after the other. Whose a person is
// is decided in `plan/ownership`; here are the questions to SQL, and what was taken from whom.

import type { SpokenShare } from '../plan/guard.ts';
import type { Database } from './database.ts';
import { createForeignRows, type Own, type Standing } from './foreign-rows.ts';
import { type FilesRead, type FullFile, fileFact, noteSpoken, setOutdatedAside } from './last-words.ts';
import type { PlannedOperations } from './planned.ts';

/** What the other feed had made of the person whom it lost; `unread`: nothing yet. */
export type LostAs = 'unread' | 'kept' | 'missing' | 'leaver' | 'update' | 'unchanged' | 'create';

/** So many people whom one feed lost to another. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  readonly lostAs: LostAs;
  readonly count: number;
}

/** What became of the rows that speak of somebody else's people. */
export interface Settled {
  /** By the feed from which they came. */
  readonly came: readonly NamedPeople[];
  /** By the feed that keeps them: rows of new files. */
  readonly setAside: readonly NamedPeople[];
  /** Rows that are older than what the feed that keeps them has said since. */
  readonly outdated: number;
}

export interface NamedPeople {
  readonly feed: string;
  readonly count: number;
  /** The first of them. */
  readonly externalIds: readonly string[];
}

export interface Settling extends FilesRead {
  readonly own: Own;
  /** Every other feed of the configuration. */
  readonly others: readonly Standing[];
  /** The last accepted file of each other full feed. */
  readonly fullFiles: Readonly<Record<string, FullFile>>;
}

export interface Ownership {
  /** Settles whose people the staged rows of the feed are, and which of them are older than what is known. */
  settle(feed: string, how: Settling): Settled;
  /** Of which feed's contacts the staged rows of new files speak most: the largest share, where more than `alwaysFine` are. */
  spokenShare(files: FilesRead['files'], alwaysFine: number): Omit<SpokenShare, 'oldRejects'> | null;
  /** Contacts that belong to the feed now. */
  count(feed: string): number;
  /** Has another feed taken people of this one in this run? */
  hasLost(feed: string): boolean;
  /** Rows of the feed that are set aside because another feed keeps the person, other than outdated ones. */
  setAsideCount(feed: string): number;
  /** Rows of the feed that would be accepted if it were alone: set aside, or counted by another feed. */
  asideRows(feed: string): number;
  /** Contacts of the feed whose rows are only outdated ones. */
  outdatedCount(feed: string): number;
  /** Everything that was taken in this run. */
  moved(): Moved[];
}

const SCHEMA = `
-- Contacts that belong to another feed than the snapshot says.
CREATE TABLE staging.owner (contact_id INTEGER PRIMARY KEY, feed TEXT NOT NULL) STRICT;
CREATE TABLE staging.move (
  id        INTEGER PRIMARY KEY,
  from_feed TEXT NOT NULL,
  to_feed   TEXT NOT NULL,
  lost_as   TEXT NOT NULL
) STRICT;
-- Of whom files of changes speak, and of when the file is.
CREATE TABLE staging.spoken (
  feed           TEXT NOT NULL,
  external_id    TEXT NOT NULL,
  is_accepted    INTEGER NOT NULL,
  is_new         INTEGER NOT NULL,
  is_left        INTEGER NOT NULL,
  name_date      TEXT,
  modified_at_ms INTEGER NOT NULL,
  -- 1: a newer full file counts instead.
  is_lost        INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (feed, external_id)
) STRICT, WITHOUT ROWID;
-- Rows that do not count, because another feed keeps the person.
CREATE TABLE staging.aside (
  feed        TEXT NOT NULL,
  external_id TEXT NOT NULL,
  line        INTEGER NOT NULL,
  kept_by     TEXT NOT NULL,
  is_outdated INTEGER NOT NULL,
  PRIMARY KEY (feed, external_id, line)
) STRICT, WITHOUT ROWID;
`;

/** SQL for the feed to which contact `c` belongs; cheap as long as nobody was taken over. */
export function ownerSql(database: Database): string {
  const isAny = database.prepare('SELECT 1 FROM staging.owner LIMIT 1').get() !== undefined;
  return isAny ? 'coalesce((SELECT w.feed FROM staging.owner w WHERE w.contact_id = c.id), c.feed)' : 'c.feed';
}

/** The tables of ownership in the staging database that `attachStaging` attached. */
export function createOwnership(database: Database, planned: Pick<PlannedOperations, 'withdraw'>): Ownership {
  database.exec(SCHEMA);
  const foreign = createForeignRows(database, planned);
  const count = (sql: string, feed: string) => Number(database.prepare(sql).pluck().get(feed));
  return {
    settle: database.transaction((feed: string, settling: Settling): Settled => {
      const { changes, files, own, others } = settling;
      setOutdatedAside(database, feed, settling);
      foreign.setAside(feed, true);
      const outdated = count('SELECT count(*) FROM staging.aside WHERE feed = ? AND is_outdated = 1', feed);
      if (changes) noteSpoken(database, feed, files);
      if (others.length === 0 && isAlone(database, feed)) return { came: [], setAside: [], outdated };
      foreign.collect(feed, { changes, files, ownerSql: ownerSql(database) });
      foreign.judge(own, others);
      foreign.setAside(feed, false);
      foreign.takeOver(feed);
      if (changes) forgetAside(database, feed);
      return { ...tell(database), outdated };
    }),
    spokenShare: (files, alwaysFine) =>
      database
        .prepare<object, Omit<SpokenShare, 'oldRejects'>>(
          `SELECT c.feed, count(*) AS spoken, (SELECT count(*) FROM contact o WHERE o.feed = c.feed) AS contacts
             FROM (${idsInNewFiles()}) s JOIN contact c ON c.external_id = s.external_id
            GROUP BY c.feed ORDER BY count(*) > :alwaysFine DESC, 1.0 * spoken / contacts DESC LIMIT 1`,
        )
        .get({ files: JSON.stringify(files), alwaysFine }) ?? null,
    count: (feed) => count(`SELECT count(*) FROM contact c WHERE ${ownerSql(database)} = ?`, feed),
    hasLost: (feed) => count('SELECT count(*) FROM staging.move WHERE from_feed = ?', feed) > 0,
    setAsideCount: (feed) => count('SELECT count(*) FROM staging.aside WHERE feed = ? AND is_outdated = 0', feed),
    asideRows: (feed) =>
      count('SELECT count(*) FROM staging.aside WHERE feed = ?', feed) +
      count(
        "SELECT count(*) FROM staging.move WHERE lost_as IN ('update', 'unchanged', 'create') AND from_feed = ?",
        feed,
      ),
    outdatedCount: (feed) =>
      count(
        `SELECT count(*) FROM (SELECT DISTINCT external_id, feed FROM staging.aside WHERE feed = ? AND is_outdated = 1) a
           JOIN contact c ON c.external_id = a.external_id WHERE ${ownerSql(database)} = a.feed`,
        feed,
      ),
    moved: () =>
      database
        .prepare<[], Moved>(
          'SELECT from_feed AS "from", to_feed AS "to", lost_as AS lostAs, count(*) AS count FROM staging.move GROUP BY 1, 2, 3',
        )
        .all(),
  };
}

/** Was there never another feed? */
function isAlone(database: Database, feed: string): boolean {
  return database.prepare('SELECT 1 FROM feed WHERE name <> ? LIMIT 1').get(feed) === undefined;
}

function idsInNewFiles(): string {
  return ['employee', 'leaver', 'excluded', 'reject']
    .map((table) => `SELECT r.external_id FROM staging.${table} r WHERE ${fileFact('acceptedAtMs')} IS NULL`)
    .join(' UNION ');
}

/** What the feed's own files said of people whom another feed keeps is no word that counts. */
function forgetAside(database: Database, feed: string): void {
  database
    .prepare(
      'DELETE FROM staging.spoken WHERE feed = :feed AND external_id IN (SELECT external_id FROM staging.aside WHERE feed = :feed)',
    )
    .run({ feed });
}

const NAMED = 10;

function tell(database: Database): Omit<Settled, 'outdated'> {
  const named = (isKept: 0 | 1) => {
    const counts = database
      .prepare<[number], { feed: string; count: number }>(
        'SELECT owner AS feed, count(*) AS count FROM staging.foreign_row WHERE is_kept = ? GROUP BY owner ORDER BY owner',
      )
      .all(isKept);
    const first = database
      .prepare<[string, number, number], string>(
        'SELECT external_id FROM staging.foreign_row WHERE owner = ? AND is_kept = ? ORDER BY external_id LIMIT ?',
      )
      .pluck();
    return counts.map((each) => ({ ...each, externalIds: first.all(each.feed, isKept, NAMED) }));
  };
  return { came: named(0), setAside: named(1) };
}
