import { describe, expect, it } from 'vitest';
import { api, OK, paceOn, type Simulation, simulate } from './simulation.ts';

const WINDOW_MS = 60_000;
const DAY_MS = 24 * 60 * WINDOW_MS;

/** An API with so many requests in every window of a minute, which says after each how many are left. */
function withQuota(time: Simulation, most: number, options: { roundsUp?: boolean; untilMs?: number } = {}) {
  const startedMs = time.now();
  const counts = new Map<number, number>();
  let refusedCount = 0;
  const server = api(time, () => {
    const sinceMs = time.now() - startedMs;
    const window = Math.floor(sinceMs / WINDOW_MS);
    const count = (counts.get(window) ?? 0) + 1;
    const leftS = ((window + 1) * WINDOW_MS - sinceMs) / 1000;
    const resetMs = 1000 * (options.roundsUp === false ? Math.floor(leftS) : Math.ceil(leftS));
    if (count > most) {
      refusedCount += 1;
      return { kind: 'rate_limited', status: 429, retryAfterMs: null, quota: { remaining: 0, limit: most, resetMs } };
    }
    counts.set(window, count);
    return { ...OK, quota: { remaining: most - count, limit: most, resetMs } };
  });
  return { ...server, counts, refused: () => refusedCount };
}

describe('a quota that the API tells', () => {
  it.each([
    ['rounds up', true],
    ['cuts off', false],
  ])('is kept without a single 429, also when it %s the seconds, and used up in every window', async (_, roundsUp) => {
    const time = simulate();
    const server = withQuota(time, 40, { roundsUp });
    const pace = paceOn(time, { requestsPerSecond: 20, concurrency: 8 });
    const sent = await Promise.all(Array.from({ length: 200 }, () => pace.send(server.request)));
    expect(sent.every((each) => each.kind === 'answered' && each.answer.kind === 'ok')).toBe(true);
    expect(server.refused()).toBe(0);
    expect([...server.counts.values()]).toEqual([40, 40, 40, 40, 40]);
    expect(pace.stopped).toBeNull();
  });

  it('is no reason to wait while there is enough left', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = withQuota(time, 1000);
    await Promise.all(Array.from({ length: 100 }, () => paceOn(time).send(server.request)));
    expect(time.now() - startedMs).toBeLessThan(WINDOW_MS);
  });

  it('that is told for every second, and is no smaller than our own, costs no rate', async () => {
    for (const latencyMs of [20, 250, 400]) {
      const time = simulate();
      const startedMs = time.now();
      const server = perSecond(time, 5, latencyMs);
      const pace = paceOn(time, { requestsPerSecond: 5, concurrency: 4 });
      await Promise.all(Array.from({ length: 100 }, () => pace.send(server.request)));
      expect((time.now() - startedMs) / 20_000).toBeLessThan(1.1);
    }
  });

  it('that is told for every second, and is smaller than our own, is kept', async () => {
    const time = simulate();
    const server = perSecond(time, 5, 20);
    const pace = paceOn(time, { requestsPerSecond: 20, concurrency: 4 });
    await Promise.all(Array.from({ length: 60 }, () => pace.send(server.request)));
    expect(server.refused()).toBe(0);
  });

  it('ends no run that it lets through: when the last one is used up there is nothing to wait for', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, (index) => ({ ...OK, quota: { remaining: 11 - index, limit: 12, resetMs: DAY_MS } }));
    const pace = paceOn(time);
    const sent = await Promise.all(Array.from({ length: 12 }, () => pace.send(server.request)));
    expect(sent.every(({ kind }) => kind === 'answered')).toBe(true);
    expect(pace.stopped).toBeNull();
    expect(time.now() - startedMs).toBeLessThan(5000);
  });

  it('is disbelieved when requests go through although nothing is left: a header alone stops nobody', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => ({ ...OK, quota: { remaining: 0, limit: null, resetMs: DAY_MS } }));
    const pace = paceOn(time);
    await Promise.all(Array.from({ length: 100 }, () => pace.send(server.request)));
    expect(pace.stopped).toBeNull();
    expect(time.now() - startedMs).toBeLessThan(100_000);
  });

  it('is disbelieved also when it promises more every half a minute, and then has none', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => ({ ...OK, quota: { remaining: 0, limit: null, resetMs: WINDOW_MS / 2 } }));
    const pace = paceOn(time);
    await Promise.all(Array.from({ length: 200 }, () => pace.send(server.request)));
    expect(time.now() - startedMs).toBeLessThan(5 * WINDOW_MS);
  });

  it('that is truly used up until tomorrow ends the run once Workshop has said so with a 429', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, (index) => {
      const quota = { remaining: Math.max(0, 11 - index), limit: 12, resetMs: DAY_MS };
      return index < 12 ? { ...OK, quota } : { kind: 'rate_limited', status: 429, retryAfterMs: DAY_MS, quota };
    });
    const pace = paceOn(time);
    await Promise.all(Array.from({ length: 30 }, () => pace.send(server.request)));
    expect(pace.stopped?.exitCode).toBe(8);
    expect(server.arrivals.length).toBeLessThan(20);
    expect(time.now() - startedMs).toBeLessThan(3 * WINDOW_MS);
  });

  it('is not believed from an answer that was overtaken', async () => {
    const time = simulate();
    const startedMs = time.now();
    // The first answer takes long, and still speaks of one request that was left when it was asked.
    const server = api(
      time,
      (index) => ({ ...OK, quota: { remaining: index === 0 ? 0 : 500, limit: null, resetMs: WINDOW_MS } }),
      { latencyMs: (index) => (index === 0 ? 2000 : 20) },
    );
    const pace = paceOn(time);
    await Promise.all(Array.from({ length: 30 }, () => pace.send(server.request)));
    expect(time.now() - startedMs).toBeLessThan(WINDOW_MS);
  });
});

/** An API with so many requests in every second, which says after each how many are left of it. */
function perSecond(time: Simulation, most: number, latencyMs: number) {
  const counts = new Map<number, number>();
  let refusedCount = 0;
  const server = api(
    time,
    () => {
      const second = Math.floor(time.now() / 1000);
      const count = (counts.get(second) ?? 0) + 1;
      if (count > most) {
        refusedCount += 1;
        return {
          kind: 'rate_limited',
          status: 429,
          retryAfterMs: 1000,
          quota: { remaining: 0, limit: most, resetMs: 1000 },
        };
      }
      counts.set(second, count);
      return { ...OK, quota: { remaining: most - count, limit: most, resetMs: 1000 } };
    },
    { latencyMs },
  );
  return { ...server, refused: () => refusedCount };
}
