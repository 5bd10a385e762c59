// Held sets move only along the transitions that are drawn.

import { describe, expect, it } from 'vitest';
import type { HeldSet, HeldSetState, NewHeldSet } from '../../src/store/held-sets.ts';
import type { Store } from '../../src/store/store.ts';
import { contact } from '../support/people.ts';
import { confirm, newStore } from '../support/store.ts';

const SET: NewHeldSet = {
  feed: 'employees',
  digest: 'd1',
  sha256: 'f1',
  configuration: 'c1',
  operationCount: 3,
  rejected: null,
};

function held(): { store: Store; set: () => HeldSet } {
  const store = newStore();
  store.heldSets.change('run-1', [{ feed: 'employees', used: null, held: SET }]);
  store.runs.start({ id: 'run-2', processId: 1, startedAtMs: 2 });
  return {
    store,
    set: () => {
      const [set] = store.heldSets.ofRun('run-1');
      if (set === undefined) throw new Error('there is no set');
      return set;
    },
  };
}

const REACH: Record<HeldSetState, (store: Store, set: HeldSet) => void> = {
  waiting: () => undefined,
  approved: (store, set) => store.heldSets.approve(set, 'jane', 5),
  rejected: (store, set) => store.heldSets.reject(set, 'jane', 5),
  used: (store, set) => {
    store.heldSets.approve(set, 'jane', 5);
    store.heldSets.change('run-2', [{ feed: 'employees', used: set, held: null }]);
    store.heldSets.finishUse(set);
  },
  superseded: (store) => store.heldSets.change('run-2', [{ feed: 'employees', used: null, held: null }]),
};

const MOVES: Partial<Record<HeldSetState, (store: Store, set: HeldSet) => void>> = {
  approved: (store, set) => store.heldSets.approve(set, 'john', 6),
  rejected: (store, set) => store.heldSets.reject(set, 'john', 6),
  used: (store, set) => {
    store.heldSets.change('run-2', [{ feed: 'employees', used: set, held: null }]);
    store.heldSets.finishUse(set);
  },
};

const ALLOWED = [
  'waiting → approved',
  'waiting → rejected',
  'approved → rejected',
  'rejected → approved',
  'approved → used',
];

describe('a held set', () => {
  for (const from of ['waiting', 'approved', 'rejected', 'used', 'superseded'] as const) {
    for (const to of ['approved', 'rejected', 'used'] as const) {
      const allowed = ALLOWED.includes(`${from} → ${to}`);
      it(`${allowed ? 'moves' : 'refuses to move'} from ${from} to ${to}`, () => {
        const { store, set } = held();
        REACH[from](store, set());
        const move = () => MOVES[to]?.(store, set());
        if (!allowed) return expect(move).toThrow(/refused to become/);
        move();
        expect(set().state).toBe(to);
      });
    }
  }

  it('remembers who approved it, when, and in which state of the snapshot', () => {
    const { store, set } = held();
    confirm(store, [contact()]);
    store.heldSets.approve(set(), 'jane', 5);
    expect(set()).toMatchObject({ decidedBy: 'jane', decidedAtMs: 5, snapshotVersion: 1 });
  });

  it('stays approved while the run that lets it through is not done with it', () => {
    const { store, set } = held();
    store.heldSets.approve(set(), 'jane', 5);
    store.heldSets.change('run-2', [{ feed: 'employees', used: set(), held: null }]);
    expect(store.heldSets.open('employees')).toMatchObject({ run: 'run-1', state: 'approved', usedByRun: 'run-2' });
  });

  it('gives way to the next one of its feed, which remembers a rejection', () => {
    const { store, set } = held();
    const rejected = { by: 'jane', atMs: 5 };
    store.heldSets.change('run-2', [{ feed: 'employees', used: null, held: { ...SET, digest: 'd2', rejected } }]);
    expect(set().state).toBe('superseded');
    expect(store.heldSets.open('employees')).toMatchObject({ run: 'run-2', state: 'rejected', decidedBy: 'jane' });
    expect(store.heldSets.allOpen()).toHaveLength(1);
  });

  it('of a feed that is no longer configured waits for nobody', () => {
    const { store } = held();
    store.heldSets.supersedeOthers(['plant']);
    expect(store.heldSets.allOpen()).toEqual([]);
  });
});

describe('the version of the snapshot', () => {
  it('changes with what Workshop confirmed, and with nothing else', () => {
    const store = newStore();
    const version = () => store.heldSets.snapshotVersion();
    confirm(store, [contact()]);
    const confirmed = version();
    store.snapshot.put('employees', '1001', contact(), 'another-row');
    store.database.exec('UPDATE contact SET absent_files = 1, absent_since_ms = 7');
    expect(version()).toBe(confirmed);
    store.snapshot.put('employees', '1001', contact({ lastName: 'Roe' }), null);
    expect(version()).toBe(confirmed + 1);
    store.snapshot.remove('1001');
    expect(version()).toBe(confirmed + 2);
  });
});

describe('the deletes of the last days', () => {
  it('count where they were applied and nobody let them through', () => {
    const store = newStore();
    const insert = store.database.prepare(
      `INSERT INTO operation (run, ordinal, feed, kind, external_id, before, state, guard, settled_at_ms)
         VALUES ('run-1', ?, ?, 'delete', 'x', '{}', 'applied', ?, ?)`,
    );
    insert.run(1, 'employees', null, 100);
    insert.run(2, 'employees', null, 50);
    insert.run(3, 'employees', 'deletes', 100);
    insert.run(4, 'plant', null, 100);
    expect(store.numbers.deletesUnseen('employees', 60)).toBe(1);
    expect(store.numbers.deletesUnseen('employees', 10)).toBe(2);
  });
});
