// The plan while it is made and judged: the same columns as the journal, in the staging database. A dry run ends
// here; a real run opens it (`store/open-plan`).

import { invariant } from '../invariant.ts';
import { nameChange } from '../plan/identity.ts';
import type { Operation, OperationKind } from '../plan/operation.ts';
import type { Decision, PlannedOperation } from '../plan/plan.ts';
import { gives } from '../plan/unique.ts';
import type { Database } from './database.ts';
import type { JournalEntry, OutcomeCount } from './journal.ts';
import { entryFromRow, type OperationRow } from './operation-row.ts';

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
  -- 1: somebody rejected the set that it belongs to.
  left_out    INTEGER NOT NULL DEFAULT 0,
  -- 1: held only because it needs what another held operation would give up.
  depends     INTEGER NOT NULL DEFAULT 0,
  suspicion   TEXT,
  -- 1: the contact gives up the value that it has.
  gives_email INTEGER NOT NULL,
  gives_phone INTEGER NOT NULL,
  -- 1: an intermediate update, not a decision about a person.
  is_parking  INTEGER NOT NULL DEFAULT 0,
  -- The id that the contact of a re-key has once it is applied.
  becomes_id  TEXT,
  -- The full name that an update or re-key changes.
  name_from   TEXT,
  name_to     TEXT
) STRICT;
CREATE INDEX staging.operation_by_id ON operation (external_id);
CREATE INDEX staging.operation_becomes ON operation (becomes_id) WHERE kind = 'rekey';
CREATE INDEX staging.operation_name ON operation (feed, name_from) WHERE name_from IS NOT NULL;
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
  waits_for, is_parking, NULL AS status, 0 AS attempts, NULL AS error, NULL AS drift,
  (SELECT runs FROM refusal r WHERE r.external_id = staging.operation.external_id AND r.kind = staging.operation.kind
    AND r.body IS staging.operation.body) AS refused_runs`;

const PAGE = 500;
/** Below every ordinal: operations that were moved to the front have negative ones. */
const BEFORE_THE_FIRST = Number.MIN_SAFE_INTEGER;

/** The staged plan of the run, in the staging database that `attachStaging` attached. */
export function createPlannedOperations(database: Database): PlannedOperations {
  database.exec(SCHEMA);
  const kinds = createKindCounts();
  const addAll = prepareAdd(database, kinds.count);
  const page = database.prepare<object, OperationRow>(
    `SELECT ${ENTRY} FROM staging.operation WHERE ordinal > :after ORDER BY ordinal LIMIT :limit`,
  );
  const one = database.prepare<object, OperationRow>(`SELECT ${ENTRY} FROM staging.operation WHERE ordinal = :ordinal`);
  const find = (ordinal: number) => {
    const row = one.get({ run: '', ordinal });
    invariant(row !== undefined, `there is no operation ${ordinal} in the plan`);
    return entryFromRow(row);
  };
  const countWhere = (condition: string) =>
    Number(database.prepare(`SELECT count(*) FROM staging.operation WHERE ${condition}`).pluck().get());
  return {
    add: (feed, decisions) => addAll(feed, decisions),
    withdraw: (ordinal) => {
      kinds.count(find(ordinal), -1);
      database.prepare('DELETE FROM staging.claim WHERE ordinal = ?').run(ordinal);
      database.prepare('DELETE FROM staging.operation WHERE ordinal = ?').run(ordinal);
    },
    find,
    kinds: (feed) => ({ ...kinds.of(feed) }),
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

function noKinds() {
  return { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0 };
}

type Count = (operation: Operation, by: 1 | -1) => void;

/** Counts as they come and go: a plan of a million operations is not searched for it. */
function createKindCounts() {
  const counts = new Map<string, ReturnType<typeof noKinds>>();
  const of = (feed: string) => counts.get(feed) ?? noKinds();
  const count: Count = ({ feed, kind, line }, by) => {
    const kinds = of(feed);
    kinds[kind] += by;
    if (kind === 'delete' && line !== null) kinds.leaversDeleted += by;
    counts.set(feed, kinds);
  };
  return { of, count };
}

function prepareAdd(database: Database, count: Count) {
  const addOperation = prepareAddOperation(database);
  const unchanged = database.prepare('INSERT INTO staging.unchanged (contact_id, fingerprint) VALUES (?, ?)');
  const absent = database.prepare(
    'INSERT INTO staging.absent (contact_id, feed) SELECT id, ? FROM contact WHERE external_id = ?',
  );
  return database.transaction((feed: string, decisions: Iterable<Decision>): PlanCounts => {
    const counts = { unchanged: 0, keptMissing: 0 };
    for (const decision of decisions) {
      if (decision.kind === 'unchanged') {
        unchanged.run(decision.contactId, decision.fingerprint);
        counts.unchanged += 1;
      } else if (decision.kind === 'kept') {
        absent.run(feed, decision.externalId);
        counts.keptMissing += 1;
      } else {
        addOperation(feed, decision);
        count(decision.operation, 1);
        const { kind, externalId, line } = decision.operation;
        if (kind === 'delete' && line === null) absent.run(feed, externalId);
      }
    }
    return counts;
  });
}

function prepareAddOperation(database: Database) {
  const insert = database.prepare(
    `INSERT INTO staging.operation (feed, kind, external_id, line, body, before, fingerprint, state, reason, suspicion, becomes_id, name_from, name_to, gives_email, gives_phone)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)`,
  );
  const claim = database.prepare('INSERT OR IGNORE INTO staging.claim (ordinal, field, owner_id) VALUES (?, ?, ?)');
  return (feed: string, { operation, claims = [], suspicion = null, reason = null }: PlannedOperation): void => {
    const { kind, externalId, line, body, before, fingerprint } = operation;
    const written = [feed, kind, externalId, line, json(body), json(before), fingerprint, reason, suspicion];
    const name = nameChange(operation);
    const becomesId = kind === 'rekey' ? (body?.external_id ?? null) : null;
    const givesEmail = gives('email', operation) ? 1 : 0;
    const { lastInsertRowid } = insert.run(
      ...written,
      becomesId,
      name?.from,
      name?.to,
      givesEmail,
      gives('phone_number', operation) ? 1 : 0,
    );
    for (const { field, owner } of claims) claim.run(lastInsertRowid, field, owner.externalId);
  };
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
