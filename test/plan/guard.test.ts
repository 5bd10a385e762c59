// A guard compares a number with a limit and says both.

import { describe, expect, it } from 'vitest';
import { guardDeletes, guardEmpty } from '../../src/plan/guard.ts';

const limits = { percent: 5, count: 5, cap: 200 };
const deletes = (deleteCount: number, contactCount: number, forced = false) =>
  guardDeletes('employees', limits, { deleteCount, contactCount, forced });

describe('the deletes guard', () => {
  it('lets a small company lose a handful of people', () => {
    expect(deletes(5, 20)).toMatchObject({ actual: 5, limit: 5, tripped: false });
    expect(deletes(6, 20)).toMatchObject({ actual: 6, limit: 5, tripped: true });
  });

  it('goes by the percentage in a larger one', () => {
    expect(deletes(50, 1000)).toMatchObject({ limit: 50, tripped: false });
    expect(deletes(51, 1000)).toMatchObject({ limit: 50, tripped: true });
  });

  it('never lets more than the cap through', () => {
    expect(deletes(200, 100_000)).toMatchObject({ limit: 200, tripped: false });
    expect(deletes(201, 100_000)).toMatchObject({ limit: 200, tripped: true });
  });

  it('still says that it tripped when it is forced', () => {
    expect(deletes(60, 100, true)).toMatchObject({ tripped: true, forced: true });
  });
});

describe('the empty guard', () => {
  it('trips only when there is nobody at all', () => {
    expect(guardEmpty('employees', 0, false).tripped).toBe(true);
    expect(guardEmpty('employees', 1, false).tripped).toBe(false);
  });
});
