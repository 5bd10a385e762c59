// The plan while it is made and judged: the same columns as the journal, in the staging database. A dry run ends
// here; a real run opens it (`store/open-plan`).

import { invariant } from '../invariant.ts';
import type { OperationKind } from '../plan/operation.ts';
import type { Decision, PlannedOperation } from '../plan/plan.ts';
import { gives } from '../plan/unique.ts';
import type { Database } from './database.ts';
import { entryFromRow, type JournalEntry, type OperationRow, type OutcomeCount } from './journal.ts';

/** What became of the people who ask for no operation. */
export interface PlanCounts {
  /** By decision, rows known to be equal not included. */
  readonly unchanged: number;
  /** Missing, and kept by the configuration or the grace. */
  readonly keptMissing: number;
}

/** The operations of one feed. */
export interface KindCounts extends Readonly<Record<OperationKind, number>> {
  /** Deletes that an explicit leaver's row asks for. */
  readonly leaversDeleted: number;
}

export interface PlannedOperations {
  add(feed: string, decisions: Iterable<Decision>): PlanCounts;
  /** Takes the operation out of the plan again. */
  withdraw(ordinal: number): void;
  find(ordinal: number): JournalEntry;
  kinds(feed: string): KindCounts;
  count(): number;
  /** How many of them are intermediate updates. */
  parkingCount(): number;
  outcomes(): OutcomeCount[];
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
  state       TEXT NOT NULL CHECK (state IN ('pending', 'held', 'superseded')),
  guard       TEXT,
  reason      TEXT,
  waits_for   TEXT,
  suspicion   TEXT,
  -- 1: the contact gives up the value that it has.
  gives_email INTEGER NOT NULL,
  gives_phone INTEGER NOT NULL,
  -- 1: an intermediate update, not a decision about a person.
  is_parking  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX staging.operation_by_id ON operation (external_id);
-- Small ones, so that a plan of a million creates is not searched for what it does not have.
CREATE INDEX staging.operation_suspicious ON operation (feed) WHERE suspicion IS NOT NULL;
CREATE INDEX staging.operation_held ON operation (ordinal) WHERE state = 'held';
CREATE INDEX staging.operation_parking ON operation (ordinal) WHERE is_parking = 1;
CREATE INDEX staging.operation_change ON operation (feed) WHERE kind IN ('update', 'rekey');
-- Values that contacts of the snapshot have and operations want.
CREATE TABLE staging.claim (
  ordinal  INTEGER NOT NULL,
  field    TEXT NOT NULL CHECK (field IN ('email', 'phone_number')),
  owner_id TEXT NOT NULL,
  PRIMARY KEY (ordinal, field, owner_id)
) STRICT, WITHOUT ROWID;
-- Contacts that equal their employee: their row is remembered, nothing is sent.
CREATE TABLE staging.unchanged (contact_id INTEGER PRIMARY KEY, fingerprint TEXT) STRICT;
-- Contacts for whom the file has no row.
CREATE TABLE staging.absent (contact_id INTEGER PRIMARY KEY, feed TEXT NOT NULL) STRICT;
`;

/** The columns of a staged operation as those of a journal row. */
const ENTRY = `ordinal AS id, :run AS run, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard, reason,
  waits_for, NULL AS status, 0 AS attempts, NULL AS error, NULL AS drift`;

const PAGE = 500;
/** Below every ordinal: operations that were moved to the front have negative ones. */
const BEFORE_THE_FIRST = Number.MIN_SAFE_INTEGER;

/** The staged plan of the run, in the staging database that `attachStaging` attached. */
export function createPlannedOperations(database: Database): PlannedOperations {
  database.exec(SCHEMA);
  const addAll = prepareAdd(database);
  const page = database.prepare<object, OperationRow>(
    `SELECT ${ENTRY} FROM staging.operation WHERE ordinal > :after ORDER BY ordinal LIMIT :limit`,
  );
  const find = database.prepare<object, OperationRow>(
    `SELECT ${ENTRY} FROM staging.operation WHERE ordinal = :ordinal`,
  );
  const countWhere = (condition: string) =>
    Number(database.prepare(`SELECT count(*) FROM staging.operation WHERE ${condition}`).pluck().get());
  return {
    add: (feed, decisions) => addAll(feed, decisions),
    withdraw: (ordinal) => {
      database.prepare('DELETE FROM staging.claim WHERE ordinal = ?').run(ordinal);
      database.prepare('DELETE FROM staging.operation WHERE ordinal = ?').run(ordinal);
    },
    find: (ordinal) => {
      const row = find.get({ run: '', ordinal });
      invariant(row !== undefined, `there is no operation ${ordinal} in the plan`);
      return entryFromRow(row);
    },
    kinds: (feed) => countKinds(database, feed),
    count: () => countWhere('TRUE'),
    parkingCount: () => countWhere('is_parking = 1'),
    outcomes: () =>
      database
        .prepare<[], OutcomeCount>(
          'SELECT feed, kind, state, guard, count(*) AS count FROM staging.operation GROUP BY feed, kind, state, guard',
        )
        .all(),
    entries: function* (run) {
      const rowsAfter = (after: number) => page.all({ run, after, limit: PAGE });
      for (
        let rows = rowsAfter(BEFORE_THE_FIRST);
        rows.length > 0;
        rows = rowsAfter(rows.at(-1)?.ordinal ?? Number.MAX_SAFE_INTEGER)
      )
        yield* rows.map(entryFromRow);
    },
  };
}

function countKinds(database: Database, feed: string): KindCounts {
  const counts = { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0 };
  const rows = database
    .prepare<[string], { kind: OperationKind; hasLine: number; count: number }>(
      'SELECT kind, line IS NOT NULL AS hasLine, count(*) AS count FROM staging.operation WHERE feed = ? AND is_parking = 0 GROUP BY kind, hasLine',
    )
    .all(feed);
  for (const { kind, hasLine, count } of rows) {
    counts[kind] += count;
    if (kind === 'delete' && hasLine === 1) counts.leaversDeleted += count;
  }
  return counts;
}

function prepareAdd(database: Database) {
  const addOperation = prepareAddOperation(database);
  const unchanged = database.prepare('INSERT INTO staging.unchanged (contact_id, fingerprint) VALUES (?, ?)');
  const absent = database.prepare(
    'INSERT INTO staging.absent (contact_id, feed) SELECT id, feed FROM contact WHERE external_id = ?',
  );
  return database.transaction((feed: string, decisions: Iterable<Decision>): PlanCounts => {
    const counts = { unchanged: 0, keptMissing: 0 };
    for (const decision of decisions) {
      if (decision.kind === 'unchanged') {
        unchanged.run(decision.contactId, decision.fingerprint);
        counts.unchanged += 1;
      } else if (decision.kind === 'kept') {
        absent.run(decision.externalId);
        counts.keptMissing += 1;
      } else {
        addOperation(feed, decision);
        const { kind, externalId, line } = decision.operation;
        if (kind === 'delete' && line === null) absent.run(externalId);
      }
    }
    return counts;
  });
}

function prepareAddOperation(database: Database) {
  const insert = database.prepare(
    `INSERT INTO staging.operation (feed, kind, external_id, line, body, before, fingerprint, state, reason, suspicion, gives_email, gives_phone)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?)`,
  );
  const claim = database.prepare('INSERT OR IGNORE INTO staging.claim (ordinal, field, owner_id) VALUES (?, ?, ?)');
  return (feed: string, { operation, claims = [], suspicion = null, reason = null }: PlannedOperation): void => {
    const { kind, externalId, line, body, before, fingerprint } = operation;
    const written = [feed, kind, externalId, line, json(body), json(before), fingerprint, reason, suspicion];
    const givesEmail = gives('email', operation) ? 1 : 0;
    const { lastInsertRowid } = insert.run(...written, givesEmail, gives('phone_number', operation) ? 1 : 0);
    for (const { field, owner } of claims) claim.run(lastInsertRowid, field, owner.externalId);
  };
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
