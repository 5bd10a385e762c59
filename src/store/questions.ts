// Answers the questions of `plan/plan` from the staged roster and the snapshot, a page at a time,
// so that a plan of a million people needs no memory and the connection stays free between pages.

import type { MatchedEmployee, MissingPerson, RosterQuestions, StagedEmployee } from '../plan/plan.ts';
import { parseCanonicalEmployee } from '../roster/canonical.ts';
import type { Database } from './database.ts';
import { CONTACT_COLUMNS, type ContactRow, contactFromRow } from './snapshot.ts';

const PAGE = 1000;
const CONTACT = CONTACT_COLUMNS.map((column) => `c.${column}`).join(', ');

/** Does any row of the file speak of contact `c`, other than a known one? */
const SPOKEN_OF = `
  EXISTS (SELECT 1 FROM staging.employee e WHERE e.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.leaver l WHERE l.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.excluded x WHERE x.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.reject r WHERE r.feed = c.feed AND r.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.mention m WHERE m.text = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.mention m WHERE m.text = c.email_key)`;

interface StagedRow {
  readonly external_id: string;
  readonly line: number;
  readonly employee: string;
  readonly fingerprint: string | null;
}

interface MissingRow extends ContactRow {
  readonly absent_files: number;
  readonly absent_since_ms: number | null;
}

/**
 * The questions of one feed. `countsAsFile` is false when this very content was accepted before: being absent
 * from the same file twice is no further evidence.
 */
export function rosterQuestions(
  database: Database,
  feed: string,
  nowMs: number,
  countsAsFile: boolean,
): RosterQuestions {
  return {
    leavers: function* () {
      const sql = `SELECT l.line, c.id, ${CONTACT} FROM staging.leaver l JOIN contact c ON c.external_id = l.external_id
        WHERE l.fate = 'ok' AND c.feed = :feed AND c.external_id > :after ORDER BY c.external_id LIMIT :limit`;
      for (const row of pages<ContactRow & { line: number }>(database, sql, feed)) {
        yield { line: row.line, contact: contactFromRow(row) };
      }
    },
    missing: function* () {
      collectMissing(database, feed);
      const sql = `SELECT c.id, ${CONTACT}, c.absent_files, c.absent_since_ms FROM staging.missing m
        JOIN contact c ON c.id = m.contact_id WHERE c.feed = :feed AND m.external_id > :after ORDER BY m.external_id LIMIT :limit`;
      for (const row of pages<MissingRow>(database, sql, feed)) yield missingPerson(row, nowMs, countsAsFile);
    },
    joiners: function* () {
      const sql = `SELECT e.external_id, e.line, e.employee, e.fingerprint FROM staging.employee e
        LEFT JOIN contact c ON c.external_id = e.external_id
        WHERE e.fate = 'ok' AND c.id IS NULL AND e.external_id > :after ORDER BY e.external_id LIMIT :limit`;
      for (const row of pages<StagedRow>(database, sql, null)) yield stagedEmployee(row);
    },
    matched: function* () {
      const sql = `SELECT e.line, e.employee, e.fingerprint, c.id, ${CONTACT} FROM staging.employee e
        JOIN contact c ON c.external_id = e.external_id
        WHERE e.fate = 'ok' AND c.feed = :feed AND e.external_id > :after ORDER BY e.external_id LIMIT :limit`;
      for (const row of pages<StagedRow & ContactRow>(database, sql, feed)) yield matchedEmployee(row);
    },
  };
}

/** How many contacts stay as they are although no employee of the file equals them: rejected or excluded rows speak of them. */
export function countSpokenOf(database: Database, feed: string): number {
  return Number(
    database
      .prepare<{ feed: string }, number>(
        `SELECT count(DISTINCT c.id) FROM (
           SELECT external_id FROM staging.reject WHERE feed = :feed
           UNION SELECT external_id FROM staging.excluded
           UNION SELECT external_id FROM staging.employee WHERE fate = 'rejected'
           UNION SELECT external_id FROM staging.leaver WHERE fate = 'rejected'
           UNION SELECT text FROM staging.mention
           UNION SELECT n.external_id FROM staging.mention m JOIN contact n ON n.email_key = m.text
         ) s JOIN contact c ON c.external_id = s.external_id
         WHERE c.feed = :feed
           AND NOT EXISTS (SELECT 1 FROM staging.known k WHERE k.contact_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM staging.employee e WHERE e.external_id = c.external_id AND e.fate = 'ok')
           AND NOT EXISTS (SELECT 1 FROM staging.leaver l WHERE l.external_id = c.external_id AND l.fate = 'ok')`,
      )
      .pluck()
      .get({ feed }),
  );
}

function collectMissing(database: Database, feed: string): void {
  database.exec('DROP TABLE IF EXISTS staging.missing');
  database.exec(
    'CREATE TABLE staging.missing (external_id TEXT PRIMARY KEY, contact_id INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  );
  database
    .prepare(
      `INSERT INTO staging.missing SELECT c.external_id, c.id FROM contact c
         WHERE c.feed = ? AND NOT EXISTS (SELECT 1 FROM staging.known k WHERE k.contact_id = c.id) AND NOT (${SPOKEN_OF})`,
    )
    .run(feed);
}

function* pages<Result extends { external_id: string }>(
  database: Database,
  sql: string,
  feed: string | null,
): Generator<Result> {
  const statement = database.prepare<object, Result>(sql);
  const page = (after: string) => statement.all(feed === null ? { after, limit: PAGE } : { after, limit: PAGE, feed });
  for (let rows = page(''); rows.length > 0; rows = page(rows.at(-1)?.external_id ?? '')) yield* rows;
}

function stagedEmployee(row: StagedRow): StagedEmployee {
  return { line: row.line, employee: parseCanonicalEmployee(row.employee), fingerprint: row.fingerprint };
}

function matchedEmployee(row: StagedRow & ContactRow): MatchedEmployee {
  return { ...stagedEmployee(row), contactId: row.id, contact: contactFromRow(row) };
}

function missingPerson(row: MissingRow, nowMs: number, countsAsFile: boolean): MissingPerson {
  return {
    contact: contactFromRow(row),
    absentFiles: row.absent_files + (countsAsFile ? 1 : 0),
    absentSinceMs: row.absent_since_ms ?? nowMs,
  };
}
