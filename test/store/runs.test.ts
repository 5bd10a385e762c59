import { describe, expect, it } from 'vitest';
import { newStore } from '../support/store.ts';

const DAY_MS = 86_400_000;

describe('runs, when the clock was ahead for one of them', () => {
  it('are told in the order in which they were made, and what is held is not hidden by a good run of the future', () => {
    const { runs } = newStore();
    const finish = (id: string, startedAtMs: number, exitCode: 0 | 3) => {
      runs.start({ id, processId: 1, startedAtMs });
      runs.finish({ id, finishedAtMs: startedAtMs + 1, exitCode, verdict: 'ended' });
    };
    finish('ahead', 365 * DAY_MS, 0);
    finish('held', 2 * DAY_MS, 3);
    finish('held-still', 3 * DAY_MS, 3);
    expect(runs.list(2).map(({ id }) => id)).toEqual(['held-still', 'held']);
    expect(runs.heldSinceMs()).toBe(2 * DAY_MS);
  });
});
