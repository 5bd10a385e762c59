// The journal moves only along the transitions that are drawn, and the snapshot moves with it.

import { describe, expect, it } from 'vitest';
import { OPERATION_STATES, type Operation, type OperationState, TRANSITIONS } from '../../src/plan/operation.ts';
import type { JournalEntry } from '../../src/store/journal.ts';
import type { Store } from '../../src/store/store.ts';
import { contact, createOperation, deleteOperation } from '../support/people.ts';
import { confirm, newStore, openPlan } from '../support/store.ts';

const settlement = { status: 200, attempts: 1, error: null, drift: null, atMs: 5 };

function open(store: Store, operations: readonly Operation[]): JournalEntry[] {
  store.planned.add(
    'employees',
    operations.map((operation) => ({ kind: 'operation', operation })),
  );
  openPlan(store);
  return [...store.journal.entries('run-1')];
}

function only(entries: readonly JournalEntry[]): JournalEntry {
  const [entry] = entries;
  if (entry === undefined) throw new Error('the journal is empty');
  return entry;
}

/** Every way the journal offers to move one operation, by where it leads. */
function moves(store: Store, entry: JournalEntry): Partial<Record<OperationState, () => void>> {
  return {
    in_flight: () => store.journal.start(entry.id),
    applied: () => store.journal.applied(entry, contact(), settlement),
    refused: () => store.journal.refused(entry, settlement),
    abandoned: () => store.journal.abandoned(entry, settlement, false),
    pending: () => store.journal.notSent(entry.id),
  };
}

const REACH: Record<OperationState, (store: Store, entry: JournalEntry) => void> = {
  pending: () => undefined,
  in_flight: (store, entry) => store.journal.start(entry.id),
  applied: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.applied(entry, contact(), settlement);
  },
  refused: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.refused(entry, settlement);
  },
  abandoned: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.abandoned(entry, settlement, false);
  },
  held: (store) => store.database.exec("UPDATE operation SET state = 'held', guard = 'deletes'"),
  superseded: (store) => store.journal.supersedePending('run-1'),
};

describe('the journal', () => {
  for (const from of OPERATION_STATES) {
    for (const to of ['in_flight', 'applied', 'refused', 'abandoned', 'pending'] as const) {
      const allowed = TRANSITIONS.some(([start, end]) => start === from && end === to);
      it(`${allowed ? 'moves' : 'refuses to move'} an operation from ${from} to ${to}`, () => {
        const store = newStore();
        const entry = only(open(store, [createOperation()]));
        REACH[from](store, entry);
        const move = moves(store, entry)[to];
        if (!allowed) return expect(move).toThrow(/refused to move/);
        move?.();
        expect(only([...store.journal.entries('run-1')]).state).toBe(to);
      });
    }
  }

  it('moves the snapshot in the same transaction as the outcome', () => {
    const store = newStore();
    const entry = only(open(store, [createOperation()]));
    store.journal.start(entry.id);
    expect(store.snapshot.count()).toBe(0);
    store.journal.applied(entry, contact(), settlement);
    expect(store.snapshot.find('1001')).toEqual(contact());
  });

  it('leaves the snapshot alone when an operation is refused', () => {
    const store = newStore();
    confirm(store, [contact()]);
    const entry = only(open(store, [deleteOperation(contact())]));
    store.journal.start(entry.id);
    store.journal.refused(entry, { ...settlement, status: 422, error: 'no' });
    expect(store.snapshot.find('1001')).toEqual(contact());
  });

  it('counts an operation as in doubt from the intention to the outcome', () => {
    const store = newStore();
    const entry = only(open(store, [createOperation()]));
    expect(store.journal.inDoubt()).toEqual([]);
    store.journal.start(entry.id);
    expect(store.journal.inDoubt().map(({ externalId }) => externalId)).toEqual(['1001']);
    store.journal.applied(entry, contact(), settlement);
    expect(store.journal.inDoubt()).toEqual([]);
  });

  it('keeps the doubt about an abandoned operation that may have been carried out', () => {
    const store = newStore();
    const entry = only(open(store, [createOperation()]));
    store.journal.start(entry.id);
    store.journal.abandoned(entry, { ...settlement, status: 502 }, true);
    const [doubtful] = store.journal.inDoubt();
    expect(doubtful?.state).toBe('abandoned');
    if (doubtful !== undefined) store.journal.resolved(doubtful, contact());
    expect(store.journal.inDoubt()).toEqual([]);
    expect(store.snapshot.find('1001')).toEqual(contact());
  });

  it('gives operations in the order of the plan', () => {
    const store = newStore();
    const ids = Array.from({ length: 1200 }, (_, index) => String(9000 - index));
    const entries = open(
      store,
      ids.map((externalId) => createOperation({ externalId })),
    );
    expect(entries.map(({ externalId }) => externalId)).toEqual(ids);
    expect(store.journal.pending('run-1', 0)[0]?.externalId).toBe('9000');
  });
});
