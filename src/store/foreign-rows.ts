// The staged rows of a feed that speak of people of other feeds: which there are, whether the other feed keeps the person,
// and what becomes of them then.

import type { Keeps } from '../plan/ownership.ts';
import type { Database } from './database.ts';
import { type FilesRead, fileFact } from './last-words.ts';
import { SPOKEN_OF } from './leaving.ts';
import type { PlannedOperations } from './planned.ts';

/** How another feed stands to the one that is read. */
export interface Standing {
  readonly feed: string;
  readonly kind: 'full' | 'changes';
  readonly place: number;
  readonly keeps: Keeps;
  /** Whether this run has come to it already. */
  readonly wasTaken: boolean;
}

/** The feed that is read, as far as it stands to others. */
export interface Own {
  readonly kind: 'full' | 'changes';
  readonly place: number;
}

export interface ForeignRows {
  /** Finds them. `ownerSql`: whose contact `c` is. */
  collect(feed: string, how: FilesRead & { readonly ownerSql: string }): void;
  /** Decides about each of them. */
  judge(own: Own, others: readonly Standing[]): void;
  /** Those whose person the other feed keeps do not count; outdated ones need no word. */
  setAside(feed: string, isOutdated: boolean): void;
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
  -- When its file was modified.
  file_ms     INTEGER NOT NULL,
  -- 1: the other feed took them in this very run.
  was_taken   INTEGER NOT NULL,
  is_kept     INTEGER
) STRICT;
CREATE TABLE staging.standing (
  feed      TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  place     INTEGER NOT NULL,
  keeps     TEXT NOT NULL,
  was_taken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** The foreign rows of the feed that is staged. */
export function createForeignRows(database: Database, planned: Pick<PlannedOperations, 'withdraw'>): ForeignRows {
  database.exec(SCHEMA);
  return {
    collect: (feed, how) => collect(database, feed, how),
    judge: (own, others) => {
      noteStandings(database, others);
      judge(database, own);
    },
    setAside: (feed, isOutdated) => setAside(database, feed, isOutdated),
    takeOver: (feed) => takeOver(database, planned, feed),
  };
}

function noteStandings(database: Database, others: readonly Standing[]): void {
  database.exec('DELETE FROM staging.standing');
  const insert = database.prepare('INSERT INTO staging.standing VALUES (?, ?, ?, ?, ?)');
  for (const { feed, kind, place, keeps, wasTaken } of others) insert.run(feed, kind, place, keeps, wasTaken ? 1 : 0);
}

/** People of the full feed whom changes of this run have borrowed, and of whom its one file has no row. */
function borrowedAndAbsent(): string {
  const ofFile = (fact: string) => `json_extract(:files, '$[0].${fact}')`;
  return `SELECT -c.id, 'absent', c.external_id, c.id, b.feed, ${ofFile('acceptedAtMs')} IS NOT NULL, ${ofFile('modifiedAtMs')}, 1
      FROM staging.owner b JOIN contact c ON c.id = b.contact_id
     WHERE c.feed = :feed AND b.feed <> :feed AND NOT EXISTS (SELECT 1 FROM staging.known k WHERE k.contact_id = c.id) AND NOT (${SPOKEN_OF})`;
}

/** Rows of employees, known or not, and in files of changes those of leavers. */
function collect(
  database: Database,
  feed: string,
  { changes, files, ownerSql }: FilesRead & { readonly ownerSql: string },
): void {
  database.exec('DELETE FROM staging.foreign_row');
  const acceptedAt = fileFact('acceptedAtMs');
  const isOld = `${acceptedAt} IS NOT NULL`;
  const columns = (origin: string) =>
    `r.line, '${origin}', c.external_id, c.id, ${ownerSql}, ${isOld}, ${fileFact('modifiedAtMs')}, EXISTS (SELECT 1 FROM staging.owner w WHERE w.contact_id = c.id AND w.feed <> c.feed)`;
  const withContact = (table: string) =>
    `SELECT ${columns(table)} FROM staging.${table} r JOIN contact c ON c.external_id = r.external_id WHERE r.fate = 'ok' AND ${ownerSql} <> :feed`;
  const created = (condition: string) =>
    `SELECT r.line, 'employee', r.external_id, NULL, o.feed, ${isOld}, ${fileFact('modifiedAtMs')}, 1 FROM staging.employee r JOIN staging.operation o ON ${condition}
       WHERE o.feed <> :feed AND r.fate = 'ok'`;
  const parts = [
    withContact('employee'),
    ...(changes ? [withContact('leaver')] : [`${withContact('leaver')} AND c.feed = :feed`, borrowedAndAbsent()]),
    `SELECT ${columns('known')} FROM staging.known r JOIN contact c ON c.id = r.contact_id WHERE ${ownerSql} <> :feed`,
    created("o.external_id = r.external_id AND o.kind = 'create'"),
    created("o.becomes_id = r.external_id AND o.kind = 'rekey'"),
    // Removed, or given another id, by another feed since the file was accepted.
    `SELECT r.line, 'employee', r.external_id, NULL, o.feed, 1, 0, 0 FROM operation o INDEXED BY operation_gone CROSS JOIN staging.employee r ON r.external_id = o.external_id
       WHERE o.kind IN ('delete', 'rekey') AND o.state = 'applied' AND o.feed <> :feed AND r.fate = 'ok'
         AND o.settled_at_ms > ${acceptedAt} AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.external_id = r.external_id)`,
  ];
  database
    .prepare(
      `INSERT OR IGNORE INTO staging.foreign_row (line, origin, external_id, contact_id, owner, is_old, file_ms, was_taken) ${parts.join(' UNION ALL ')}`,
    )
    .run({ feed, files: JSON.stringify(files) });
}

/**
 * Whether the other feed keeps each of them. A re-key cannot be taken apart any more: who has one planned keeps the person.
 * Whom changes of this run have taken, or spoken of, goes to a full file that is new and the newer of the two; unless they
 * are at home in a full feed that is listed before it.
 */
function judge(database: Database, own: Own): void {
  const operation = (kind: string) =>
    `EXISTS (SELECT 1 FROM staging.operation o WHERE o.external_id = f.external_id AND o.feed = f.owner AND o.kind = '${kind}')`;
  const spoken =
    'SELECT 1 FROM staging.spoken p WHERE p.feed = f.owner AND p.external_id = f.external_id AND p.is_new = 1';
  const ownerPlace = '(SELECT place FROM staging.standing s WHERE s.feed = f.owner)';
  const isNewest = `f.is_old = 0 AND NOT EXISTS (${spoken}
    AND (p.modified_at_ms > f.file_ms OR p.modified_at_ms = f.file_ms AND ${ownerPlace} < :place))`;
  const isHome = `NOT EXISTS (SELECT 1 FROM contact c JOIN staging.standing h ON h.feed = c.feed
    WHERE c.id = f.contact_id AND h.kind = 'full' AND h.place < :place)`;
  database
    .prepare(
      `UPDATE staging.foreign_row AS f SET is_kept = CASE
         WHEN ${operation('rekey')} OR f.contact_id IS NULL AND NOT ${operation('create')} THEN 1
         WHEN was_taken THEN NOT ((SELECT kind FROM staging.standing s WHERE s.feed = f.owner) = 'changes'
           AND ${isNewest} AND (:kind = 'changes' OR ${isHome}))
         ELSE CASE coalesce((SELECT keeps FROM staging.standing s WHERE s.feed = f.owner), 'never')
           WHEN 'contest' THEN EXISTS (${spoken}) AND NOT (${isNewest})
           WHEN 'last' THEN EXISTS (SELECT 1 FROM contact c WHERE c.id = f.contact_id AND c.absent_files = 0)
           WHEN 'present' THEN NOT EXISTS (SELECT 1 FROM staging.absent a WHERE a.contact_id = f.contact_id)
             AND NOT EXISTS (SELECT 1 FROM staging.excluded_before x WHERE x.external_id = f.external_id AND x.feed = f.owner)
             AND NOT ${operation('delete')}
           ELSE 0 END
         END`,
    )
    .run({ place: own.place, kind: own.kind });
  // Who is absent has no row that could be set aside.
  database.exec("DELETE FROM staging.foreign_row WHERE origin = 'absent' AND is_kept = 1");
}

function setAside(database: Database, feed: string, isOutdated: boolean): void {
  database
    .prepare(
      `INSERT INTO staging.aside (feed, external_id, line, kept_by, is_outdated)
         SELECT ?, external_id, line, owner, ? FROM staging.foreign_row f WHERE is_kept = 1`,
    )
    .run(feed, isOutdated ? 1 : 0);
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
             WHEN s.was_taken = 0 THEN 'unread'
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
  database.exec(
    'UPDATE staging.spoken AS p SET is_lost = 1 FROM staging.foreign_row f WHERE f.is_kept = 0 AND p.feed = f.owner AND p.external_id = f.external_id',
  );
  const contacts = `(SELECT f.contact_id FROM ${taken} AND f.contact_id IS NOT NULL)`;
  database.exec(`DELETE FROM staging.unchanged WHERE contact_id IN ${contacts}`);
  database
    .prepare(
      `INSERT OR REPLACE INTO staging.owner (contact_id, feed) SELECT f.contact_id, ? FROM ${taken} AND f.contact_id IS NOT NULL`,
    )
    .run(feed);
}
