// Readiness, judged from facts.

import { describe, expect, it } from 'vitest';
import { type HealthFacts, isGoodRun, type LastRun, overdueAtMs, readiness } from '../../src/daemon/health.ts';

const HOUR_MS = 3_600_000;
const at = (time: string): number => Date.parse(`2026-11-${time}Z`);
const NOW_MS = at('23T12:00:00');

function ended(exitCode: LastRun['exitCode'], changed: Partial<LastRun> = {}): LastRun {
  return { exitCode, verdict: `Verdict of ${exitCode}.`, credentialsRefused: false, ...changed };
}

function facts(changed: Partial<HealthFacts> = {}): HealthFacts {
  return {
    nowMs: NOW_MS,
    stopping: false,
    lastRun: ended(0),
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
    const lastRun = ended(8);
    expect(readiness(facts({ lastRun })).ready).toBe(true);
    const overdue = readiness(
      facts({ lastRun, lastGoodRun: { finishedAtMs: NOW_MS - 3 * HOUR_MS, overdueAtMs: NOW_MS - 1 } }),
    );
    expect(overdue.ready).toBe(false);
    expect(overdue.reasons).toEqual([
      'the last good sync is 3 h old, more than twice the interval; the last sync ended with exit code 8: Verdict of 8.',
    ]);
  });

  it.each([
    [95_000, '95 s'],
    [125_000, '2 min'],
    [3 * HOUR_MS, '3 h'],
  ])('tells the age of a good run of %i ms ago: %s', (ageMs, words) => {
    const lastGoodRun = { finishedAtMs: NOW_MS - ageMs, overdueAtMs: NOW_MS - ageMs + 1 };
    expect(readiness(facts({ lastRun: ended(8), lastGoodRun })).reasons[0]).toContain(`is ${words} old`);
  });

  it('ends as well when the last good run is in the future, because the clock was set back', () => {
    const lastGoodRun = { finishedAtMs: NOW_MS + HOUR_MS, overdueAtMs: NOW_MS + HOUR_MS + 60_000 };
    const { reasons } = readiness(facts({ lastRun: ended(8), lastGoodRun }));
    expect(reasons).toEqual([
      'no sync has succeeded since the clock was set back; the last sync ended with exit code 8: Verdict of 8.',
    ]);
    const aMomentAgo = { finishedAtMs: NOW_MS + 1000, overdueAtMs: NOW_MS + 61_000 };
    expect(readiness(facts({ lastGoodRun: aMomentAgo })).ready).toBe(true);
  });

  it('is refused while no sync has succeeded since the start', () => {
    const failing = readiness(facts({ lastRun: ended(5), lastGoodRun: null }));
    expect(failing.reasons).toEqual([
      'no sync has succeeded since the start; the last sync ended with exit code 5: Verdict of 5.',
    ]);
  });

  it('ends when a hold is open for more than 24 hours', () => {
    expect(readiness(facts({ heldSinceMs: NOW_MS - 24 * HOUR_MS })).ready).toBe(true);
    const { reasons } = readiness(facts({ heldSinceMs: NOW_MS - 25 * HOUR_MS }));
    expect(reasons).toEqual(['changes have been held for 25 h; `workshop-sync report` says which, and what to do']);
  });

  it('ends at once when our credentials are refused', () => {
    const { reasons } = readiness(facts({ lastRun: ended(8, { credentialsRefused: true }) }));
    expect(reasons).toEqual([expect.stringMatching(/credentials are refused .* Verdict of 8\.$/)]);
  });

  it('names every reason, and the verdict of the last run once', () => {
    const lastRun = ended(8, { credentialsRefused: true });
    const { reasons } = readiness(facts({ stopping: true, lastRun, lastGoodRun: null, heldSinceMs: 0 }));
    expect(reasons).toHaveLength(4);
    expect(reasons.join().match(/Verdict/g)).toHaveLength(1);
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
