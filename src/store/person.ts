// Everything that the staged roster, the staged plan, the snapshot and the journal know of one person.

import type { Contact } from '../plan/operation.ts';
import { parseCanonicalEmployee } from '../roster/canonical.ts';
import type { Employee } from '../roster/employee.ts';
import type { Database } from './database.ts';
import type { JournalEntry } from './journal.ts';
import { entryFromRow, type OperationRow } from './operation-row.ts';
import { CONTACT_COLUMNS, type ContactRow, contactFromRow } from './snapshot.ts';

/** One row of the file that speaks of the person. */
export interface PersonRow {
  readonly feed: string;
  readonly line: number;
  readonly kind: 'employee' | 'duplicate' | 'set aside' | 'left' | 'excluded' | 'rejected';
  /** What the row says, mapped; null when that is not known. */
  readonly employee: Employee | null;
  /** Why it was rejected. */
  readonly field: string | null;
  readonly rule: string | null;
  readonly message: string | null;
}

export interface KnownPerson {
  readonly feed: string;
  readonly contact: Contact;
  readonly absentFiles: number;
  readonly absentSinceMs: number | null;
}

export interface PastOperation extends JournalEntry {
  readonly startedAtMs: number;
  readonly settledAtMs: number | null;
}

export interface Person {
  /** Rows of the feed that is staged now. */
  rows(feed: string, externalId: string): PersonRow[];
  /** The rows, with what was found out about them after their feed was planned. */
  afterwards(rows: readonly PersonRow[], externalId: string): PersonRow[];
  known(externalId: string): KnownPerson | null;
  /** The planned operation that addresses the person, or gives them this id. */
  planned(externalId: string): JournalEntry | null;
  /** Newest first. */
  past(externalId: string, limit: number): PastOperation[];
  /** Known ids, for a suggestion: the same but for case, leading zeros or blanks. */
  similar(externalId: string): string[];
}

interface StagedRow {
  readonly line: number;
  readonly kind: PersonRow['kind'];
  readonly employee: string | null;
  readonly field: string | null;
  readonly rule: string | null;
  readonly message: string | null;
}

const ROWS = `
  SELECT line, CASE fate WHEN 'ok' THEN 'employee' WHEN 'duplicate' THEN 'duplicate' ELSE 'rejected' END AS kind, employee,
         NULL AS field, NULL AS rule, NULL AS message FROM staging.employee WHERE external_id = :id
  UNION ALL SELECT line, CASE fate WHEN 'ok' THEN 'left' WHEN 'duplicate' THEN 'duplicate' ELSE 'rejected' END, NULL, NULL, NULL, NULL
    FROM staging.leaver WHERE external_id = :id
  UNION ALL SELECT line, 'excluded', NULL, NULL, NULL, NULL FROM staging.excluded WHERE external_id = :id
  UNION ALL SELECT line, 'rejected', NULL, field, rule, message FROM staging.reject WHERE external_id = :id AND feed = :feed
  ORDER BY line`;

const SIMILAR = "ltrim(trim(lower(external_id)), '0') = ltrim(trim(lower(:id)), '0') AND external_id <> :id";

/** Questions about one person, on the connection of a dry run. */
export function createPerson(database: Database): Person {
  return {
    rows: (feed, id) => mergeRows(database.prepare<object, StagedRow>(ROWS).all({ feed, id }), feed),
    afterwards: (rows, id) => {
      const reject = database.prepare<[string, string, number], Pick<PersonRow, 'field' | 'rule' | 'message'>>(
        'SELECT field, rule, message FROM staging.reject WHERE external_id = ? AND feed = ? AND line = ?',
      );
      const aside = database
        .prepare<[string, string, number], string>(
          'SELECT kept_by FROM staging.aside WHERE external_id = ? AND feed = ? AND line = ?',
        )
        .pluck();
      return rows.map((row) => {
        const late = reject.get(id, row.feed, row.line);
        if (late !== undefined) return { ...row, ...late, kind: 'rejected' };
        const keeper = aside.get(id, row.feed, row.line);
        if (keeper === undefined) return row;
        return { ...row, kind: 'set aside', message: `this person belongs to the feed ${keeper}, whose word counts` };
      });
    },
    known: (id) => findKnown(database, id),
    planned: (id) => {
      const row = database
        .prepare<object, OperationRow>(
          `SELECT ordinal AS id, '' AS run, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard, reason,
                  waits_for, is_parking, NULL AS status, 0 AS attempts, NULL AS error, NULL AS drift FROM staging.operation
            WHERE is_parking = 0 AND (external_id = :id OR kind = 'rekey' AND json_extract(body, '$.external_id') = :id)`,
        )
        .get({ id });
      return row === undefined ? null : entryFromRow(row);
    },
    past: (id, limit) => findPast(database, id, limit),
    similar: (id) =>
      database
        .prepare<object, string>(
          `SELECT external_id FROM contact WHERE ${SIMILAR} UNION SELECT external_id FROM staging.employee WHERE ${SIMILAR} LIMIT 5`,
        )
        .pluck()
        .all({ id }),
  };
}

/** A rejected employee stands in two tables: what it says in one, why in the other. */
function mergeRows(rows: readonly StagedRow[], feed: string): PersonRow[] {
  const byLine = new Map<number, PersonRow>();
  for (const { employee, ...row } of rows) {
    const before = byLine.get(row.line);
    byLine.set(row.line, {
      feed,
      ...row,
      employee: employee === null ? (before?.employee ?? null) : parseCanonicalEmployee(employee),
      field: row.field ?? before?.field ?? null,
      rule: row.rule ?? before?.rule ?? null,
      message: row.message ?? before?.message ?? null,
    });
  }
  return [...byLine.values()];
}

function findKnown(database: Database, id: string): KnownPerson | null {
  type Row = ContactRow & { feed: string; absent_files: number; absent_since_ms: number | null };
  const row = database
    .prepare<[string], Row>(
      `SELECT id, feed, ${CONTACT_COLUMNS.join(', ')}, absent_files, absent_since_ms FROM contact WHERE external_id = ?`,
    )
    .get(id);
  if (row === undefined) return null;
  const { feed, absent_files: absentFiles, absent_since_ms: absentSinceMs } = row;
  return { feed, contact: contactFromRow(row), absentFiles, absentSinceMs };
}

function findPast(database: Database, id: string, limit: number): PastOperation[] {
  type Row = OperationRow & { started_at_ms: number; settled_at_ms: number | null };
  return database
    .prepare<object, Row>(
      `SELECT o.*, r.started_at_ms FROM operation o JOIN run r ON r.id = o.run
        WHERE o.external_id = :id OR o.kind = 'rekey' AND json_extract(o.body, '$.external_id') = :id
        ORDER BY o.id DESC LIMIT :limit`,
    )
    .all({ id, limit })
    .map(({ started_at_ms: startedAtMs, settled_at_ms: settledAtMs, ...row }) => ({
      ...entryFromRow(row),
      startedAtMs,
      settledAtMs,
    }));
}
