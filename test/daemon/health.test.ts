// Readiness, judged from facts.

import { describe, expect, it } from 'vitest';
import { type HealthFacts, isGoodRun, overdueAtMs, readiness } from '../../src/daemon/health.ts';

const HOUR_MS = 3_600_000;
const at = (time: string): number => Date.parse(`2026-11-${time}Z`);
const NOW_MS = at('23T12:00:00');

function facts(changed: Partial<HealthFacts> = {}): HealthFacts {
  return {
    nowMs: NOW_MS,
    stopping: false,
    lastRun: { exitCode: 0, credentialsRefused: false },
    lastGoodRun: { finishedAtMs: NOW_MS - 60_000, overdueAtMs: NOW_MS + 60_000 },
    heldSinceMs: null,
    ...changed,
  };
}

describe('readiness', () => {
  it('is given after a good run', () => {
    expect(readiness(facts())).toEqual({ ready: true, reasons: [] });
  });

  it('waits for the first sync', () => {
    const starting = readiness(facts({ lastRun: null, lastGoodRun: null }));
    expect(starting).toEqual({ ready: false, reasons: ['first sync has not finished yet'] });
  });

  it('outlives one failed run, and ends when the last good one is overdue', () => {
    const lastRun = { exitCode: 8, credentialsRefused: false } as const;
    expect(readiness(facts({ lastRun })).ready).toBe(true);
    const overdue = readiness(
      facts({ lastRun, lastGoodRun: { finishedAtMs: NOW_MS - 3 * HOUR_MS, overdueAtMs: NOW_MS - 1 } }),
    );
    expect(overdue.ready).toBe(false);
    expect(overdue.reasons[0]).toMatch(/^the last good sync is 3 h old, .* exit code 8/);
  });

  it('is refused while no sync has succeeded since the start', () => {
    const failing = readiness(facts({ lastRun: { exitCode: 5, credentialsRefused: false }, lastGoodRun: null }));
    expect(failing.reasons).toEqual([expect.stringMatching(/^no sync has succeeded since the start; .* exit code 5/)]);
  });

  it('ends when a hold is open for more than 24 hours', () => {
    expect(readiness(facts({ heldSinceMs: NOW_MS - 24 * HOUR_MS })).ready).toBe(true);
    const { reasons } = readiness(facts({ heldSinceMs: NOW_MS - 25 * HOUR_MS }));
    expect(reasons).toEqual(['changes have been held for 25 h; `workshop-sync report` says which, and what to do']);
  });

  it('ends at once when our credentials are refused', () => {
    const { reasons } = readiness(facts({ lastRun: { exitCode: 8, credentialsRefused: true } }));
    expect(reasons).toEqual([expect.stringContaining('credentials are refused')]);
  });

  it('names every reason', () => {
    const { reasons } = readiness(
      facts({ stopping: true, lastRun: { exitCode: 8, credentialsRefused: true }, lastGoodRun: null, heldSinceMs: 0 }),
    );
    expect(reasons).toHaveLength(4);
  });
});

describe('a good run', () => {
  it('ended with 0, 3 or 4', () => {
    const codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143] as const;
    expect(codes.filter(isGoodRun)).toEqual([0, 3, 4]);
  });

  it('is too old after twice the interval', () => {
    const next = [at('23T12:15:00'), at('23T12:30:00')];
    expect(overdueAtMs(at('23T12:02:00'), next)).toBe(at('23T12:32:00'));
  });

  it('is not too old before two more runs were due, however long the night', () => {
    const next = [at('23T09:00:00'), at('23T10:00:00')];
    expect(overdueAtMs(at('20T17:01:00'), next)).toBe(at('23T10:00:00'));
  });
});
