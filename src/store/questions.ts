// Answers the questions of `plan/plan` from the staged roster and the snapshot, a page at a time,
// so that a plan of a million people needs no memory and the connection stays free between pages.

import type { MatchedEmployee, RosterQuestions, StagedEmployee } from '../plan/plan.ts';
import { parseCanonicalEmployee } from '../roster/canonical.ts';
import type { Database } from './database.ts';
import { collectLeaving } from './leaving.ts';
import { ownerSql } from './ownership.ts';
import { CONTACT_COLUMNS, type ContactRow, contactFromRow } from './snapshot.ts';

const PAGE = 1000;
const CONTACT = CONTACT_COLUMNS.map((column) => `c.${column}`).join(', ');

interface StagedRow {
  readonly external_id: string;
  readonly line: number;
  readonly employee: string;
  readonly fingerprint: string | null;
}

interface LeavingRow extends ContactRow {
  /** null for somebody who is missing. */
  readonly leaver_line: number | null;
  readonly absent_files: number;
  readonly absent_since_ms: number | null;
}

/**
 * The questions of one feed. `countsAsFile` is false when this very content was accepted before: being absent
 * from the same file twice is no further evidence.
 */
export function rosterQuestions(
  database: Database,
  { name: feed, kind }: { readonly name: string; readonly kind: 'full' | 'changes' },
  { nowMs, countsAsFile }: { readonly nowMs: number; readonly countsAsFile: boolean },
): RosterQuestions {
  collectLeaving(database, feed, kind);
  const owner = ownerSql(database);
  return {
    leavers: function* () {
      for (const row of pages<LeavingRow>(database, leavingSql('NOT NULL'), null)) {
        yield { line: row.leaver_line ?? 0, ...leavingPerson(row) };
      }
    },
    missing: function* () {
      for (const row of pages<LeavingRow>(database, leavingSql('NULL'), null)) {
        const absentFiles = row.absent_files + (countsAsFile ? 1 : 0);
        yield { ...leavingPerson(row), absentFiles, absentSinceMs: row.absent_since_ms ?? nowMs };
      }
    },
    moved: function* () {
      const sql = `SELECT e.line, e.employee, e.fingerprint, c.id, ${CONTACT} FROM staging.moved m
        CROSS JOIN contact c ON c.id = m.contact_id CROSS JOIN staging.employee e ON e.line = m.line
        WHERE m.is_sure = 1 AND m.external_id > :after ORDER BY m.external_id LIMIT :limit`;
      for (const row of pages<StagedRow & ContactRow>(database, sql, null)) yield matchedEmployee(row);
    },
    joiners: function* () {
      const sql = `SELECT e.external_id, e.line, e.employee, e.fingerprint FROM staging.employee e
        LEFT JOIN contact c ON c.external_id = e.external_id
        WHERE e.fate = 'ok' AND c.id IS NULL AND e.external_id > :after
          AND NOT EXISTS (SELECT 1 FROM staging.moved m WHERE m.line = e.line AND m.is_sure = 1)
        ORDER BY e.external_id LIMIT :limit`;
      for (const row of pages<StagedRow>(database, sql, null)) yield stagedEmployee(row);
    },
    matched: function* () {
      const sql = `SELECT e.line, e.employee, e.fingerprint, c.id, ${CONTACT} FROM staging.employee e
        JOIN contact c ON c.external_id = e.external_id
        WHERE e.fate = 'ok' AND ${owner} = :feed AND e.external_id > :after ORDER BY e.external_id LIMIT :limit`;
      for (const row of pages<StagedRow & ContactRow>(database, sql, feed)) yield matchedEmployee(row);
    },
    owners: prepareOwners(database),
  };
}

/** Leavers (whose line is not null) or missing people who did not move to another id. */
function leavingSql(line: 'NULL' | 'NOT NULL'): string {
  return `SELECT l.line AS leaver_line, c.id, ${CONTACT}, c.absent_files, c.absent_since_ms
    FROM staging.leaving l JOIN contact c ON c.id = l.contact_id
    WHERE l.line IS ${line} AND l.external_id > :after
      AND NOT EXISTS (SELECT 1 FROM staging.moved m WHERE m.contact_id = c.id AND m.is_sure = 1)
    ORDER BY l.external_id LIMIT :limit`;
}

function leavingPerson(row: LeavingRow) {
  return { contact: contactFromRow(row) };
}

/** Who of the snapshot has a value; with an empty snapshot, as before a first run, nobody has to be looked for. */
function prepareOwners(database: Database): RosterQuestions['owners'] {
  if (database.prepare('SELECT 1 FROM contact LIMIT 1').get() === undefined) return () => [];
  const owners = (column: string) =>
    database.prepare<[string, string], ContactRow>(
      `SELECT c.id, ${CONTACT} FROM contact c WHERE ${column} = ? AND external_id <> ? ORDER BY external_id`,
    );
  const statement = { email: owners('email_key'), phone_number: owners('phone_number') };
  return (field, key, exceptId) => statement[field].all(key, exceptId).map(contactFromRow);
}

/** How many contacts stay as they are although no employee of the file equals them: rejected or excluded rows speak of them. */
export function countSpokenOf(database: Database, feed: string): number {
  return Number(
    database
      .prepare<{ feed: string }, number>(
        `SELECT count(DISTINCT c.id) FROM (
           SELECT external_id FROM staging.reject
           UNION SELECT external_id FROM staging.excluded
           UNION SELECT external_id FROM staging.employee WHERE fate = 'rejected'
           UNION SELECT external_id FROM staging.leaver WHERE fate = 'rejected'
           UNION SELECT external_id FROM staging.aside WHERE feed = :feed
           UNION SELECT text FROM staging.mention
           UNION SELECT n.external_id FROM staging.mention m JOIN contact n ON n.email_key = m.text
         ) s JOIN contact c ON c.external_id = s.external_id
         WHERE ${ownerSql(database)} = :feed
           AND NOT EXISTS (SELECT 1 FROM staging.known k WHERE k.contact_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM staging.employee e WHERE e.external_id = c.external_id AND e.fate = 'ok')
           AND NOT EXISTS (SELECT 1 FROM staging.leaver l WHERE l.external_id = c.external_id AND l.fate = 'ok')`,
      )
      .pluck()
      .get({ feed }),
  );
}

/** Contacts that were absent from earlier files and are not any more. */
export function returned(database: Database, feed: string): string[] {
  return database
    .prepare<[string], string>(
      `SELECT external_id FROM contact c WHERE absent_files > 0 AND ${ownerSql(database)} = ? AND id NOT IN (SELECT contact_id FROM staging.leaving)
         ORDER BY external_id`,
    )
    .pluck()
    .all(feed);
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
