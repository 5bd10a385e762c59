// The staged rows of a feed that speak of people of other feeds: which there are, whether the other feed keeps the person,
// and what becomes of them then.

import type { Keeps } from '../plan/ownership.ts';
import { LINES_PER_FILE } from '../roster/line.ts';
import type { Database } from './database.ts';
import type { PlannedOperations } from './planned.ts';

/** How another feed stands to the one that is read. */
export interface Standing {
  readonly feed: string;
  /** For rows of new files, and for rows of files that were accepted before. */
  readonly keeps: Keeps;
  readonly keepsFromOld: Keeps;
  readonly givesBack: boolean;
  /** Whether this run has come to it already. */
  readonly wasTaken: boolean;
}

/** The files of the feed that is read. */
export interface FilesRead {
  /** They hold only what changed: their leavers speak of other feeds' people as well. */
  readonly changes: boolean;
  /** When each was accepted first; null: it is new. */
  readonly acceptedAtMs: readonly (number | null)[];
}

export interface ForeignRows {
  /** Finds them. `ownerSql`: whose contact `c` is. */
  collect(feed: string, how: FilesRead & { readonly ownerSql: string }): void;
  /** Decides about each of them. */
  judge(others: readonly Standing[]): void;
  /** Those whose person the other feed keeps do not count. */
  setAside(feed: string): void;
  /** The others make the person one of this feed; what the other feed had planned is taken out of the plan. */
  takeOver(feed: string): void;
}

const SCHEMA = `
-- Of the feed that is read: its rows that speak of other feeds' people, and how the other feeds stand to it.
CREATE TABLE staging.foreign_row (
  line        INTEGER PRIMARY KEY,
  origin      TEXT NOT NULL,
  external_id TEXT NOT NULL,
  -- null: somebody new, whom the other feed creates.
  contact_id  INTEGER,
  owner       TEXT NOT NULL,
  is_old      INTEGER NOT NULL,
  -- 1: the other feed took them in this very run.
  was_taken   INTEGER NOT NULL,
  is_kept     INTEGER
) STRICT;
CREATE TABLE staging.standing (
  feed       TEXT PRIMARY KEY,
  keeps      TEXT NOT NULL,
  keeps_old  TEXT NOT NULL,
  gives_back INTEGER NOT NULL,
  was_read   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** The foreign rows of the feed that is staged. */
export function createForeignRows(database: Database, planned: Pick<PlannedOperations, 'withdraw'>): ForeignRows {
  database.exec(SCHEMA);
  return {
    collect: (feed, how) => collect(database, feed, how),
    judge: (others) => {
      noteStandings(database, others);
      judge(database);
    },
    setAside: (feed) => setAside(database, feed),
    takeOver: (feed) => takeOver(database, planned, feed),
  };
}

function noteStandings(database: Database, others: readonly Standing[]): void {
  database.exec('DELETE FROM staging.standing');
  const insert = database.prepare('INSERT INTO staging.standing VALUES (?, ?, ?, ?, ?)');
  for (const { feed, keeps, keepsFromOld, givesBack, wasTaken } of others) {
    insert.run(feed, keeps, keepsFromOld, givesBack ? 1 : 0, wasTaken ? 1 : 0);
  }
}

/** Rows of employees, known or not, and in files of changes those of leavers. */
function collect(
  database: Database,
  feed: string,
  { changes, acceptedAtMs, ownerSql }: FilesRead & { readonly ownerSql: string },
): void {
  database.exec('DELETE FROM staging.foreign_row');
  const acceptedAt = `json_extract(:acceptedAtMs, '$[' || (r.line / ${LINES_PER_FILE}) || ']')`;
  const isOld = `${acceptedAt} IS NOT NULL`;
  const columns = (origin: string) =>
    `r.line, '${origin}', c.external_id, c.id, ${ownerSql}, ${isOld}, EXISTS (SELECT 1 FROM staging.owner w WHERE w.contact_id = c.id)`;
  const withContact = (table: string) =>
    `SELECT ${columns(table)} FROM staging.${table} r JOIN contact c ON c.external_id = r.external_id WHERE r.fate = 'ok' AND ${ownerSql} <> :feed`;
  const created = (condition: string) =>
    `SELECT r.line, 'employee', r.external_id, NULL, o.feed, ${isOld}, 1 FROM staging.employee r JOIN staging.operation o ON ${condition}
       WHERE o.feed <> :feed AND r.fate = 'ok'`;
  const parts = [
    withContact('employee'),
    ...(changes ? [withContact('leaver')] : []),
    `SELECT ${columns('known')} FROM staging.known r JOIN contact c ON c.id = r.contact_id WHERE ${ownerSql} <> :feed`,
    created("o.external_id = r.external_id AND o.kind = 'create'"),
    created("o.becomes_id = r.external_id AND o.kind = 'rekey'"),
    // Removed, or given another id, by another feed since the file was accepted.
    `SELECT r.line, 'employee', r.external_id, NULL, o.feed, 1, 0 FROM operation o INDEXED BY operation_gone CROSS JOIN staging.employee r ON r.external_id = o.external_id
       WHERE o.kind IN ('delete', 'rekey') AND o.state = 'applied' AND o.feed <> :feed AND r.fate = 'ok'
         AND o.settled_at_ms > ${acceptedAt} AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.external_id = r.external_id)`,
  ];
  database
    .prepare(
      `INSERT OR IGNORE INTO staging.foreign_row (line, origin, external_id, contact_id, owner, is_old, was_taken) ${parts.join(' UNION ALL ')}`,
    )
    .run({ feed, acceptedAtMs: JSON.stringify(acceptedAtMs) });
}

/** Whether the other feed keeps each of them. A re-key cannot be taken apart any more: who has one planned keeps the person. */
function judge(database: Database): void {
  const operation = (kind: string) =>
    `EXISTS (SELECT 1 FROM staging.operation o WHERE o.external_id = f.external_id AND o.feed = f.owner AND o.kind = '${kind}')`;
  database.exec(`
    UPDATE staging.foreign_row AS f SET is_kept = CASE
      WHEN ${operation('rekey')} OR f.contact_id IS NULL AND NOT ${operation('create')} THEN 1
      WHEN was_taken THEN 1 - coalesce((SELECT gives_back FROM staging.standing s WHERE s.feed = f.owner), 0)
      ELSE CASE coalesce((SELECT iif(f.is_old, keeps_old, keeps) FROM staging.standing s WHERE s.feed = f.owner), 'never')
        WHEN 'always' THEN 1
        WHEN 'spoken' THEN EXISTS (SELECT 1 FROM staging.spoken p WHERE p.feed = f.owner AND p.external_id = f.external_id)
        WHEN 'last' THEN EXISTS (SELECT 1 FROM contact c WHERE c.id = f.contact_id AND c.absent_files = 0)
        WHEN 'present' THEN NOT EXISTS (SELECT 1 FROM staging.absent a WHERE a.contact_id = f.contact_id) AND NOT ${operation('delete')}
        ELSE 0 END
      END`);
}

/** Whether the row says less than what the feed that keeps the person has said since. */
export const IS_OUTDATED = `f.was_taken = 0 AND coalesce((SELECT iif(f.is_old, keeps_old, keeps) FROM staging.standing s WHERE s.feed = f.owner), '') = 'always'`;

function setAside(database: Database, feed: string): void {
  database
    .prepare(
      `INSERT INTO staging.aside (feed, external_id, line, kept_by, is_outdated)
         SELECT ?, external_id, line, owner, ${IS_OUTDATED} FROM staging.foreign_row f WHERE is_kept = 1`,
    )
    .run(feed);
  const lines = (origin: string) => `(SELECT line FROM staging.foreign_row WHERE is_kept = 1 AND origin = '${origin}')`;
  database.exec(`
    UPDATE staging.employee SET fate = 'duplicate' WHERE line IN ${lines('employee')};
    UPDATE staging.leaver SET fate = 'duplicate' WHERE line IN ${lines('leaver')};
    INSERT INTO staging.repeated (line, contact_id) SELECT line, contact_id FROM staging.known WHERE line IN ${lines('known')};
    DELETE FROM staging.known WHERE line IN ${lines('known')};
  `);
}

/** The people become this feed's; what the other feed had planned for them is taken out of the plan. */
function takeOver(database: Database, planned: Pick<PlannedOperations, 'withdraw'>, feed: string): void {
  const taken = 'staging.foreign_row f WHERE f.is_kept = 0';
  database
    .prepare(
      `INSERT INTO staging.move (from_feed, to_feed, lost_as)
         SELECT f.owner, :feed, CASE
             WHEN f.contact_id IS NULL THEN 'create'
             WHEN o.kind = 'delete' THEN iif(o.line IS NULL, 'missing', 'leaver')
             WHEN o.kind = 'update' THEN 'update'
             WHEN s.was_read = 0 THEN 'unread'
             WHEN p.is_accepted = 1 THEN 'unchanged'
             ELSE 'kept' END
           FROM staging.foreign_row f LEFT JOIN staging.operation o ON o.external_id = f.external_id AND o.feed = f.owner
             LEFT JOIN staging.standing s ON s.feed = f.owner
             LEFT JOIN staging.spoken p ON p.feed = f.owner AND p.external_id = f.external_id
          WHERE f.is_kept = 0`,
    )
    .run({ feed });
  const ordinals = database
    .prepare<[], number>(
      `SELECT o.ordinal FROM staging.operation o JOIN staging.foreign_row f ON f.external_id = o.external_id AND f.owner = o.feed
        WHERE f.is_kept = 0`,
    )
    .pluck()
    .all();
  for (const ordinal of ordinals) planned.withdraw(ordinal);
  const contacts = `(SELECT f.contact_id FROM ${taken} AND f.contact_id IS NOT NULL)`;
  database.exec(`
    DELETE FROM staging.absent WHERE contact_id IN ${contacts};
    DELETE FROM staging.unchanged WHERE contact_id IN ${contacts};
  `);
  database
    .prepare(
      `INSERT OR REPLACE INTO staging.owner (contact_id, feed) SELECT f.contact_id, ? FROM ${taken} AND f.contact_id IS NOT NULL`,
    )
    .run(feed);
}
