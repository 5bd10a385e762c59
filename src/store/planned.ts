// The plan while it is made and judged: the same columns as the journal, in the staging database. A dry run ends
// here; a real run opens it, which copies it into the journal together with everything else that the file proved.

import { invariant } from '../invariant.ts';
import type { OperationKind } from '../plan/operation.ts';
import type { Decision } from '../plan/plan.ts';
import type { Database } from './database.ts';
import { entryFromRow, type JournalEntry, type OperationRow, type OutcomeCount } from './journal.ts';

/** What was accepted together with the plan of one feed. */
export interface Acceptance {
  readonly feed: string;
  readonly file: {
    readonly name: string;
    readonly size: number;
    readonly modifiedAtMs: number;
    readonly sha256: string;
  };
  readonly configuration: string;
  readonly layout: string;
  readonly header: readonly string[];
  readonly rowCounts: object;
  /** False when the same content was the last accepted: absence from it is then no further evidence. */
  readonly countsAsFile: boolean;
}

export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly rekey: number;
  readonly delete: number;
  /** Deletes that an explicit leaver's row asks for. */
  readonly leaversDeleted: number;
  /** By decision, rows known to be equal not included. */
  readonly unchanged: number;
  /** Missing, and kept by the configuration or the grace. */
  readonly keptMissing: number;
}

export interface PlannedOperations {
  add(feed: string, decisions: Iterable<Decision>): PlanCounts;
  /** Holds the planned operations of these kinds for a guard. */
  hold(feed: string, kinds: readonly OperationKind[], guard: string): void;
  count(): number;
  outcomes(): OutcomeCount[];
  /** Copies the plan into the journal and records what the files proved, in one transaction. */
  open(run: string, nowMs: number, acceptances: readonly Acceptance[]): void;
  /** The plan as a journal would show it, with `run` filled in. */
  entries(run: string): Iterable<JournalEntry>;
}

const SCHEMA = `
CREATE TABLE staging.operation (
  ordinal     INTEGER PRIMARY KEY,
  feed        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  external_id TEXT NOT NULL,
  line        INTEGER,
  body        TEXT,
  before      TEXT,
  fingerprint TEXT,
  state       TEXT NOT NULL CHECK (state IN ('pending', 'held')),
  guard       TEXT
) STRICT;
CREATE INDEX staging.operation_by_id ON operation (external_id) WHERE kind = 'create';
-- Contacts that equal their employee: their row is remembered, nothing is sent.
CREATE TABLE staging.unchanged (contact_id INTEGER PRIMARY KEY, fingerprint TEXT) STRICT;
-- Contacts for whom the file has no row.
CREATE TABLE staging.absent (contact_id INTEGER PRIMARY KEY, feed TEXT NOT NULL) STRICT;
`;

const PAGE = 500;

/** The staged plan of the run, in the staging database that `attachStaging` attached. */
export function createPlannedOperations(database: Database): PlannedOperations {
  database.exec(SCHEMA);
  const addAll = prepareAdd(database);
  const page = database.prepare<object, OperationRow>(
    `SELECT ordinal AS id, :run AS run, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard,
            NULL AS status, 0 AS attempts, NULL AS error, NULL AS drift
       FROM staging.operation WHERE ordinal > :after ORDER BY ordinal LIMIT :limit`,
  );
  const countWhere = (condition: string) =>
    Number(database.prepare(`SELECT count(*) FROM staging.operation WHERE ${condition}`).pluck().get());
  return {
    add: (feed, decisions) => addAll(feed, decisions),
    hold: (feed, kinds, guard) => {
      const hold = database.prepare(
        "UPDATE staging.operation SET state = 'held', guard = ? WHERE feed = ? AND kind = ?",
      );
      for (const kind of kinds) hold.run(guard, feed, kind);
    },
    count: () => countWhere('TRUE'),
    outcomes: () =>
      database
        .prepare<[], OutcomeCount>(
          'SELECT feed, kind, state, guard, count(*) AS count FROM staging.operation GROUP BY feed, kind, state, guard',
        )
        .all(),
    open: database.transaction((run: string, nowMs: number, acceptances: readonly Acceptance[]) => {
      // What earlier runs left undone is in this plan again, as far as it is still wanted.
      supersedeEarlier(database, run);
      for (const acceptance of acceptances) accept(database, run, nowMs, acceptance);
      database
        .prepare(
          `INSERT INTO operation (run, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard)
             SELECT ?, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard FROM staging.operation ORDER BY ordinal`,
        )
        .run(run);
    }),
    entries: function* (run) {
      const rowsAfter = (after: number) => page.all({ run, after, limit: PAGE });
      for (let rows = rowsAfter(0); rows.length > 0; rows = rowsAfter(rows.at(-1)?.ordinal ?? 0))
        yield* rows.map(entryFromRow);
    },
  };
}

function prepareAdd(database: Database) {
  const operation = database.prepare(
    `INSERT INTO staging.operation (feed, kind, external_id, line, body, before, fingerprint, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')`,
  );
  const unchanged = database.prepare('INSERT INTO staging.unchanged (contact_id, fingerprint) VALUES (?, ?)');
  const absent = database.prepare(
    'INSERT INTO staging.absent (contact_id, feed) SELECT id, feed FROM contact WHERE external_id = ?',
  );
  return database.transaction((feed: string, decisions: Iterable<Decision>): PlanCounts => {
    const counts = { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0, unchanged: 0, keptMissing: 0 };
    for (const decision of decisions) {
      if (decision.kind === 'unchanged') {
        unchanged.run(decision.contactId, decision.fingerprint);
        counts.unchanged += 1;
      } else if (decision.kind === 'kept') {
        absent.run(decision.externalId);
        counts.keptMissing += 1;
      } else {
        const { kind, externalId, line, body, before, fingerprint } = decision.operation;
        operation.run(feed, kind, externalId, line, json(body), json(before), fingerprint);
        counts[kind] += 1;
        if (kind === 'delete' && line !== null) counts.leaversDeleted += 1;
        if (kind === 'delete' && line === null) absent.run(externalId);
      }
    }
    return counts;
  });
}

/** pending and held → superseded, for runs before this one: a new plan replaces theirs. */
function supersedeEarlier(database: Database, run: string): void {
  database
    .prepare("UPDATE operation SET state = 'superseded' WHERE run <> ? AND state IN ('pending', 'held')")
    .run(run);
}

function accept(database: Database, run: string, nowMs: number, acceptance: Acceptance): void {
  const { feed, file, layout } = acceptance;
  unsettle(database, feed);
  database
    .prepare(
      `INSERT INTO file (feed, run, name, size, modified_at_ms, sha256, configuration, verdict, header, row_counts, seen_at_ms)
         VALUES (:feed, :run, :name, :size, :modifiedAtMs, :sha256, :configuration, 'accepted', :header, :rowCounts, :nowMs)`,
    )
    .run({
      ...file,
      feed,
      run,
      nowMs,
      configuration: acceptance.configuration,
      header: JSON.stringify(acceptance.header),
      rowCounts: JSON.stringify(acceptance.rowCounts),
    });
  const current = database.prepare<[string], string | null>('SELECT layout FROM feed WHERE name = ?').pluck().get(feed);
  invariant(current !== undefined, `feed ${feed} is not in the database`);
  if (current !== layout) {
    database.prepare('UPDATE contact SET row_fingerprint = NULL WHERE feed = ?').run(feed);
    database.prepare('UPDATE feed SET layout = ? WHERE name = ?').run(layout, feed);
  }
  if (acceptance.countsAsFile) countAbsence(database, feed, nowMs);
  database
    .prepare(
      `UPDATE contact SET row_fingerprint = u.fingerprint FROM staging.unchanged u
         WHERE contact.id = u.contact_id AND contact.feed = ? AND contact.row_fingerprint IS NOT u.fingerprint`,
    )
    .run(feed);
}

/** From here on something of the feed is open, until a run finds at its end that nothing is. */
function unsettle(database: Database, feed: string): void {
  database.prepare('UPDATE feed SET settled_content = NULL, settled_people = NULL WHERE name = ?').run(feed);
}

/** One more accepted file without them; whoever is back starts from zero. */
function countAbsence(database: Database, feed: string, nowMs: number): void {
  database
    .prepare(
      `UPDATE contact SET absent_files = absent_files + 1, absent_since_ms = coalesce(absent_since_ms, ?)
         WHERE id IN (SELECT contact_id FROM staging.absent WHERE feed = ?)`,
    )
    .run(nowMs, feed);
  database
    .prepare(
      `UPDATE contact SET absent_files = 0, absent_since_ms = NULL
         WHERE feed = ? AND absent_files > 0 AND id NOT IN (SELECT contact_id FROM staging.absent)`,
    )
    .run(feed);
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
