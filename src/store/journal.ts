// The journal: every operation of a plan with its state. One method for each transition that `plan/operation` lists, and
// no other way to move; each that moves a single operation asserts that it did.

import { invariant } from '../invariant.ts';
import type { Contact, Operation, OperationKind, OperationState } from '../plan/operation.ts';
import type { Database } from './database.ts';
import { entryFromRow, type OperationRow } from './operation-row.ts';
import type { ParkedStore } from './parked.ts';
import type { Refusals } from './refusals.ts';
import type { Snapshot } from './snapshot.ts';

/** An operation as it stands in the journal. */
export interface JournalEntry extends Operation {
  readonly id: number;
  readonly run: string;
  /** The place in the plan, from 1. */
  readonly ordinal: number;
  readonly state: OperationState;
  /** The guard that holds it, or would have, had nobody let it through. */
  readonly guard: string | null;
  /** Why it is held or was not sent, where the guard alone does not say it. */
  readonly reason: string | null;
  /** Ordinals of operations of the same run that must be applied before. */
  readonly waitsFor: readonly number[];
  /** An intermediate update, which makes room for a moment. */
  readonly isParking: boolean;
  /** HTTP status of the last answer. */
  readonly status: number | null;
  readonly attempts: number;
  readonly error: string | null;
  /** How Workshop turned out to differ from the snapshot, when it did. */
  readonly drift: string | null;
  /** In how many runs in a row Workshop refused what was wanted of this contact; null when it did not. */
  readonly refusedRuns: number | null;
}

/** How an operation ended: what is written when it is settled. */
export interface Settlement {
  readonly status: number | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly drift: string | null;
  readonly atMs: number;
}

/** What the API was found to hold; null: no contact. */
export type HeldByWorkshop = Contact | null;

/** How many operations of a feed stand where. */
export interface OutcomeCount {
  readonly feed: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly guard: string | null;
  readonly count: number;
}

export interface Journal {
  /** The next pending operations of a run after `afterOrdinal`, in order. */
  pending(run: string, afterOrdinal: number): JournalEntry[];
  /** pending → in_flight: the intention is on disk before the request leaves. */
  start(id: number): void;
  /** in_flight → applied, and the snapshot moves to `contact` (null: it is gone) in the same transaction. */
  applied(entry: JournalEntry, contact: Contact | null, settlement: Settlement): void;
  /** in_flight → refused. */
  refused(entry: JournalEntry, settlement: Settlement): void;
  /** in_flight → abandoned; `inDoubt` when it may have been carried out all the same. */
  abandoned(entry: JournalEntry, settlement: Settlement, inDoubt: boolean): void;
  /** in_flight → pending: it was not sent after all. */
  notSent(id: number): void;
  /** The contact of an operation in flight is not in Workshop: the snapshot forgets it, the operation stays in flight. */
  vanished(entry: JournalEntry): void;
  /** pending → superseded, for everything that the run did not send. */
  supersedePending(run: string): void;
  /** pending → superseded, for runs before this one: they crashed, and nobody will send what they planned. */
  supersedeUnsent(run: string): void;
  /** Operations in doubt: sent, and nobody recorded the answer. Oldest first. */
  inDoubt(): JournalEntry[];
  /** in_flight → pending → superseded: the API says that it was not carried out, and its run is over. */
  doubtRemoved(entry: JournalEntry, held: HeldByWorkshop): void;
  /** An abandoned operation is no longer in doubt: the snapshot says what the API says. */
  resolved(entry: JournalEntry, held: HeldByWorkshop): void;
  outcomes(run: string): OutcomeCount[];
  /** (none) → pending: one more intermediate update of a run that is at work, at the end of its plan. */
  append(operation: Operation & { readonly run: string }, reason: string): JournalEntry;
  /** How many intermediate updates the run has. */
  parkingCount(run: string): number;
  /** Where Workshop turned out to differ from the snapshot. */
  drift(run: string): { externalId: string; what: string }[];
  /** In order of planning; read a page at a time. */
  entries(run: string): Iterable<JournalEntry>;
}

/** What moves together with the journal, in the same transaction. */
export interface MovedAlong {
  readonly snapshot: Snapshot;
  readonly parked: ParkedStore;
  readonly refusals: Refusals;
}

const PAGE = 500;

/** The journal on its table; the snapshot moves with it. */
export function createJournal(database: Database, { snapshot, parked, refusals }: MovedAlong): Journal {
  const move = prepareMoves(database);
  const query = prepareQueries(database);
  const once = (changes: number, what: string) => invariant(changes === 1, `the journal refused to move: ${what}`);
  const settle = (
    { id }: JournalEntry,
    state: OperationState,
    settlement: Settlement & { inDoubt?: boolean; refusedRuns?: number },
  ) => {
    const { inDoubt = false, refusedRuns = null, ...rest } = settlement;
    once(move.settle.run({ ...rest, id, state, inDoubt: inDoubt ? 1 : 0, refusedRuns }).changes, `${id} → ${state}`);
  };
  const moveSnapshot = (entry: JournalEntry, contact: HeldByWorkshop) => {
    if (contact === null) snapshot.remove(entry.externalId);
    else snapshot.put(entry.feed, entry.externalId, contact, entry.fingerprint);
    parked.note(entry, contact);
  };
  return {
    pending: (run, after) => query.pending.all({ run, after, limit: PAGE }).map(entryFromRow),
    start: (id) => once(move.start.run(id).changes, `${id} → in_flight`),
    applied: database.transaction((entry: JournalEntry, contact: Contact | null, settlement: Settlement) => {
      settle(entry, 'applied', settlement);
      moveSnapshot(entry, contact);
      refusals.forget(entry.externalId);
    }),
    refused: database.transaction((entry: JournalEntry, settlement: Settlement) => {
      const refusedRuns = refusals.note(entry.run, entry, settlement.atMs);
      settle(entry, 'refused', { ...settlement, refusedRuns });
    }),
    abandoned: (entry, settlement, inDoubt) => settle(entry, 'abandoned', { ...settlement, inDoubt }),
    notSent: (id) => once(move.notSent.run(id).changes, `${id} → pending`),
    vanished: ({ externalId }) => snapshot.remove(externalId),
    supersedePending: (run) => void move.supersedePending.run(run),
    supersedeUnsent: (run) => void move.supersedeUnsent.run(run),
    inDoubt: () => query.inDoubt.all().map(entryFromRow),
    doubtRemoved: database.transaction((entry: JournalEntry, held: HeldByWorkshop) => {
      once(move.notSent.run(entry.id).changes, `${entry.id} → pending`);
      once(move.supersede.run(entry.id).changes, `${entry.id} → superseded`);
      moveSnapshot(entry, held);
    }),
    resolved: database.transaction((entry: JournalEntry, held: HeldByWorkshop) => {
      once(move.resolved.run(entry.id).changes, `${entry.id} is no longer in doubt`);
      moveSnapshot(entry, held);
    }),
    outcomes: (run) => query.outcomes.all(run),
    append: (operation, reason) => {
      const { run, feed, kind, externalId, line, body, before } = operation;
      const texts = { body: JSON.stringify(body), before: JSON.stringify(before) };
      const { lastInsertRowid: id } = move.append.run({ run, feed, kind, externalId, line, reason, ...texts });
      const row = query.find.get(Number(id));
      invariant(row !== undefined, 'what was appended to the journal is not there');
      return entryFromRow(row);
    },
    parkingCount: (run) => query.parkingCount.get(run) ?? 0,
    drift: (run) => query.drift.all(run),
    entries: function* (run) {
      const page = (after: number) => query.entries.all({ run, after, limit: PAGE });
      for (let rows = page(0); rows.length > 0; rows = page(rows.at(-1)?.ordinal ?? 0)) yield* rows.map(entryFromRow);
    },
  };
}

function prepareMoves(database: Database) {
  return {
    start: database.prepare(
      "UPDATE operation SET state = 'in_flight', in_doubt = 1 WHERE id = ? AND state = 'pending'",
    ),
    settle: database.prepare(
      `UPDATE operation SET state = :state, status = :status, attempts = :attempts, error = :error, drift = :drift,
         settled_at_ms = :atMs, in_doubt = :inDoubt, refused_runs = :refusedRuns WHERE id = :id AND state = 'in_flight'`,
    ),
    notSent: database.prepare(
      "UPDATE operation SET state = 'pending', in_doubt = 0 WHERE id = ? AND state = 'in_flight'",
    ),
    supersedePending: database.prepare("UPDATE operation SET state = 'superseded' WHERE run = ? AND state = 'pending'"),
    supersede: database.prepare("UPDATE operation SET state = 'superseded' WHERE id = ? AND state = 'pending'"),
    supersedeUnsent: database.prepare("UPDATE operation SET state = 'superseded' WHERE run <> ? AND state = 'pending'"),
    append: database.prepare(
      `INSERT INTO operation (run, ordinal, feed, kind, external_id, line, body, before, state, reason, is_parking)
         SELECT :run, 1 + max(ordinal), :feed, :kind, :externalId, :line, :body, :before, 'pending', :reason, 1
           FROM operation WHERE run = :run`,
    ),
    resolved: database.prepare(
      "UPDATE operation SET in_doubt = 0 WHERE id = ? AND state = 'abandoned' AND in_doubt = 1",
    ),
  };
}

function prepareQueries(database: Database) {
  return {
    pending: database.prepare<object, OperationRow>(
      "SELECT * FROM operation WHERE run = :run AND state = 'pending' AND ordinal > :after ORDER BY ordinal LIMIT :limit",
    ),
    find: database.prepare<[number], OperationRow>('SELECT * FROM operation WHERE id = ?'),
    parkingCount: database
      .prepare<[string], number>('SELECT count(*) FROM operation WHERE run = ? AND is_parking = 1')
      .pluck(),
    inDoubt: database.prepare<[], OperationRow>('SELECT * FROM operation WHERE in_doubt = 1 ORDER BY id'),
    outcomes: database.prepare<[string], OutcomeCount>(
      'SELECT feed, kind, state, guard, count(*) AS count FROM operation WHERE run = ? GROUP BY feed, kind, state, guard',
    ),
    drift: database.prepare<[string], { externalId: string; what: string }>(
      'SELECT external_id AS externalId, drift AS what FROM operation WHERE run = ? AND drift IS NOT NULL ORDER BY ordinal LIMIT 1000',
    ),
    entries: database.prepare<object, OperationRow>(
      'SELECT * FROM operation WHERE run = :run AND ordinal > :after ORDER BY ordinal LIMIT :limit',
    ),
  };
}
