// A guard compares a number with a limit and says both.

import { describe, expect, it } from 'vitest';
import { type GuardLimits, type GuardName, guardEmpty, judgePlan, type PlanNumbers } from '../../src/plan/guard.ts';

const limits: GuardLimits = {
  deletes: { percent: 5, count: 5, cap: 200 },
  creates: { percent: 10, count: 25 },
  updates: { percent: 75, count: 25 },
  cleared: { percent: 10, count: 5 },
  rows: { dropPercent: 10, growPercent: 50, count: 10 },
  rejects: { percent: 5, count: 10 },
  identity: { fields: 2, count: 5 },
};

const quiet: PlanNumbers = {
  contacts: 1000,
  rowsRead: 1000,
  rowsRejected: 0,
  rowsAccepted: 1000,
  spoken: null,
  rowsAcceptedBefore: 1000,
  deletes: 0,
  deletesUnseen: 0,
  creates: 0,
  isFirst: false,
  updates: 0,
  cleared: [],
  identity: { suspicious: 0, swapped: 0, ambiguous: 0 },
};

function verdict(name: GuardName, numbers: Partial<PlanNumbers>, force: GuardName[] = []) {
  const verdicts = judgePlan({ ...quiet, ...numbers }, { feed: 'employees', limits, force: new Set(force) });
  return verdicts.find((each) => each.name === name);
}

/** The last number that passes and the first that does not. */
function expectLimit(name: GuardName, limit: number, numbers: (actual: number) => Partial<PlanNumbers>): void {
  expect(verdict(name, numbers(limit))).toMatchObject({ actual: limit, limit, tripped: false });
  expect(verdict(name, numbers(limit + 1))).toMatchObject({ actual: limit + 1, limit, tripped: true });
}

describe('every guard', () => {
  it('gives its numbers also when it does not trip', () => {
    const verdicts = judgePlan(quiet, { feed: 'employees', limits, force: new Set() });
    expect(verdicts.map(({ name, tripped }) => [name, tripped])).toEqual(
      ['rows', 'rejects', 'deletes', 'creates', 'updates', 'cleared', 'identity'].map((name) => [name, false]),
    );
  });

  it('still says that it tripped when it is forced, and forces no other', () => {
    expect(verdict('deletes', { deletes: 60 }, ['deletes'])).toMatchObject({ tripped: true, forced: true });
    expect(verdict('deletes', { deletes: 60 }, ['creates'])).toMatchObject({ tripped: true, forced: false });
  });
});

describe('the rows guard', () => {
  it('trips when a file loses or gains more than its share', () => {
    expectLimit('rows', 100, (fewer) => ({ rowsAccepted: 1000 - fewer }));
    expectLimit('rows', 500, (more) => ({ rowsAccepted: 1000 + more }));
  });

  it('lets a small company change by a handful', () => {
    expectLimit('rows', 10, (fewer) => ({ rowsAcceptedBefore: 20, rowsAccepted: 20 - fewer }));
    expectLimit('rows', 10, (more) => ({ rowsAcceptedBefore: 4, rowsAccepted: 4 + more }));
  });

  it('has nothing to compare a first file with', () => {
    expect(verdict('rows', { rowsAcceptedBefore: null, rowsAccepted: 5 })).toMatchObject({ actual: 0, tripped: false });
  });
});

describe('the rejects guard', () => {
  it('goes by the rows of the file', () => {
    expectLimit('rejects', 50, (rowsRejected) => ({ rowsRejected }));
    expectLimit('rejects', 10, (rowsRejected) => ({ rowsRead: 60, rowsRejected }));
  });
});

describe('the deletes guard', () => {
  it('lets a small company lose a handful of people, and goes by the percentage in a larger one', () => {
    expectLimit('deletes', 5, (deletes) => ({ contacts: 20, deletes }));
    expectLimit('deletes', 50, (deletes) => ({ deletes }));
  });

  it('never lets more than the cap through', () => {
    expectLimit('deletes', 200, (deletes) => ({ contacts: 100_000, deletes }));
  });

  it('trips when a company bleeds a little every day, at twice the limit in a week', () => {
    expect(verdict('deletes', { deletes: 40, deletesUnseen: 60 })).toMatchObject({ actual: 40, tripped: false });
    expect(verdict('deletes', { deletes: 40, deletesUnseen: 61 })).toMatchObject({
      actual: 101,
      limit: 100,
      tripped: true,
      note: 'within 7 days, 40 of them now',
    });
  });

  it('has nothing to hold when nobody is to be deleted, whatever the week was like', () => {
    expect(verdict('deletes', { deletes: 0, deletesUnseen: 900 })).toMatchObject({ tripped: false });
  });
});

describe('the creates guard', () => {
  it('trips above its share', () => {
    expectLimit('creates', 100, (creates) => ({ creates }));
    expectLimit('creates', 25, (creates) => ({ contacts: 30, creates }));
  });

  it('does not stop a first run, nor one that goes on where the first stopped half-way', () => {
    expect(verdict('creates', { contacts: 0, creates: 5000, isFirst: true })).toMatchObject({ tripped: false });
  });
});

describe('the updates guard', () => {
  it('trips above its share', () => {
    expectLimit('updates', 750, (updates) => ({ updates }));
    expectLimit('updates', 25, (updates) => ({ contacts: 20, updates }));
  });
});

describe('the cleared guard', () => {
  it('goes by those who have the attribute, one attribute at a time', () => {
    expectLimit('cleared', 40, (removals) => ({ cleared: [{ key: 'office', removals, holders: 400 }] }));
    expectLimit('cleared', 5, (removals) => ({ cleared: [{ key: 'office', removals, holders: 7 }] }));
  });

  it('puts the one that tripped before the others', () => {
    const cleared = [
      { key: 'badge', removals: 2, holders: null },
      { key: 'office', removals: 90, holders: 100 },
    ];
    expect(verdict('cleared', { cleared })).toMatchObject({ actual: 90, limit: 10, tripped: true });
  });
});

describe('the identity guard', () => {
  it('counts rows that may be another person', () => {
    expectLimit('identity', 5, (suspicious) => ({ identity: { suspicious, swapped: 0, ambiguous: 0 } }));
  });

  it('trips for a single swap, and for a single person of whom it cannot be told who it is', () => {
    expect(verdict('identity', { identity: { suspicious: 2, swapped: 2, ambiguous: 0 } })?.tripped).toBe(true);
    expect(verdict('identity', { identity: { suspicious: 1, swapped: 0, ambiguous: 1 } })?.tripped).toBe(true);
  });
});

describe('the empty guard', () => {
  it('trips only when there is nobody at all', () => {
    expect(guardEmpty('employees', 0, false).tripped).toBe(true);
    expect(guardEmpty('employees', 1, false).tripped).toBe(false);
  });
});
