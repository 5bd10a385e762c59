// Who of the snapshot belongs to which feed while the feeds of a run are read, one after the other. Whose a person is
// is decided in `plan/ownership`; here are the questions to SQL, and what was taken from whom.

import type { SpokenShare } from '../plan/guard.ts';
import { LINES_PER_FILE } from '../roster/line.ts';
import type { Database } from './database.ts';
import { createForeignRows, type FilesRead, IS_OUTDATED, type Standing } from './foreign-rows.ts';
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

export interface Ownership {
  /**
   * Settles whose people the staged rows of the feed are. `others`: every other feed of the configuration.
   */
  settle(feed: string, how: FilesRead & { readonly others: readonly Standing[] }): Settled;
  /** Of which feed's contacts the staged rows of new files speak most: the largest share, where more than `alwaysFine` are. */
  spokenShare(acceptedAtMs: FilesRead['acceptedAtMs'], alwaysFine: number): SpokenShare | null;
  /** Contacts that belong to the feed now. */
  count(feed: string): number;
  /** Has another feed taken people of this one in this run? */
  hasLost(feed: string): boolean;
  /** Rows of the feed that are set aside because another feed keeps the person, other than outdated ones. */
  setAsideCount(feed: string): number;
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
-- Of whom new files of changes speak.
CREATE TABLE staging.spoken (
  feed        TEXT NOT NULL,
  external_id TEXT NOT NULL,
  is_accepted INTEGER NOT NULL,
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
    settle: database.transaction((feed, { changes, acceptedAtMs, others }) => {
      if (others.length === 0 && isAlone(database, feed)) return { came: [], setAside: [], outdated: 0 };
      foreign.collect(feed, { changes, acceptedAtMs, ownerSql: ownerSql(database) });
      foreign.judge(others);
      foreign.setAside(feed);
      foreign.takeOver(feed);
      if (changes) noteSpoken(database, feed, acceptedAtMs);
      return tell(database, feed);
    }),
    spokenShare: (acceptedAtMs, alwaysFine) =>
      database
        .prepare<object, SpokenShare>(
          `SELECT c.feed, count(*) AS spoken, (SELECT count(*) FROM contact o WHERE o.feed = c.feed) AS contacts
             FROM (${spokenOf()}) s JOIN contact c ON c.external_id = s.external_id
            GROUP BY c.feed ORDER BY count(*) > :alwaysFine DESC, 1.0 * spoken / contacts DESC LIMIT 1`,
        )
        .get({ acceptedAtMs: JSON.stringify(acceptedAtMs), alwaysFine }) ?? null,
    count: (feed) => count(`SELECT count(*) FROM contact c WHERE ${ownerSql(database)} = ?`, feed),
    hasLost: (feed) => count('SELECT count(*) FROM staging.move WHERE from_feed = ?', feed) > 0,
    setAsideCount: (feed) => count('SELECT count(*) FROM staging.aside WHERE feed = ? AND is_outdated = 0', feed),
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

/** Ids in rows of new files. */
function spokenOf(): string {
  return ['employee', 'leaver', 'excluded', 'reject']
    .map((table) => `SELECT external_id FROM staging.${table} WHERE ${IS_NEW}`)
    .join(' UNION ');
}

const IS_NEW = `json_extract(:acceptedAtMs, '$[' || (line / ${LINES_PER_FILE}) || ']') IS NULL`;

function noteSpoken(database: Database, feed: string, acceptedAtMs: FilesRead['acceptedAtMs']): void {
  database
    .prepare(
      `INSERT OR IGNORE INTO staging.spoken (feed, external_id, is_accepted)
         SELECT :feed, external_id, 1 FROM staging.employee WHERE fate = 'ok' AND ${IS_NEW}
         UNION ALL SELECT :feed, external_id, 1 FROM staging.leaver WHERE fate = 'ok' AND ${IS_NEW}
         UNION ALL SELECT :feed, external_id, 0 FROM staging.reject WHERE feed = :feed AND external_id IS NOT NULL AND ${IS_NEW}`,
    )
    .run({ feed, acceptedAtMs: JSON.stringify(acceptedAtMs) });
}

const NAMED = 10;

function tell(database: Database, feed: string): Settled {
  const named = (condition: string) => {
    const counts = database
      .prepare<[], { feed: string; count: number }>(
        `SELECT owner AS feed, count(*) AS count FROM staging.foreign_row f WHERE ${condition} GROUP BY owner ORDER BY owner`,
      )
      .all();
    const first = database
      .prepare<[string, number], string>(
        `SELECT external_id FROM staging.foreign_row f WHERE owner = ? AND ${condition} ORDER BY external_id LIMIT ?`,
      )
      .pluck();
    return counts.map((each) => ({ ...each, externalIds: first.all(each.feed, NAMED) }));
  };
  const outdated = database
    .prepare<[string], number>('SELECT count(*) FROM staging.aside WHERE feed = ? AND is_outdated = 1')
    .pluck()
    .get(feed);
  return {
    came: named('is_kept = 0'),
    setAside: named(`is_kept = 1 AND NOT (${IS_OUTDATED})`),
    outdated: outdated ?? 0,
  };
}
