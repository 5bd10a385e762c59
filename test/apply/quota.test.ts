import { describe, expect, it } from 'vitest';
import { api, OK, paceOn, type Simulation, simulate } from './simulation.ts';

const WINDOW_MS = 60_000;

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
      return { kind: 'rate_limited', status: 429, retryAfterMs: null, quota: { remaining: 0, resetMs } };
    }
    counts.set(window, count);
    return { ...OK, quota: { remaining: most - count, resetMs } };
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

  it('that refills all the time never holds anybody up', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => ({ ...OK, quota: { remaining: 9, resetMs: 1000 } }));
    const pace = paceOn(time, { requestsPerSecond: 50, concurrency: 4 });
    await Promise.all(Array.from({ length: 500 }, () => pace.send(server.request)));
    expect(time.now() - startedMs).toBeLessThan(10_500);
  });

  it('that is used up until tomorrow ends the run at once, with 8', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => ({ ...OK, quota: { remaining: 0, resetMs: 24 * 60 * WINDOW_MS } }));
    const pace = paceOn(time);
    const sent = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pace.send(server.request)));
    expect(sent.some(({ kind }) => kind === 'not_sent')).toBe(true);
    expect(pace.stopped).toMatchObject({ exitCode: 8, message: expect.stringContaining('1440 minutes') });
    expect(time.now() - startedMs).toBeLessThan(5000);
  });

  it('is not believed from an answer that was overtaken', async () => {
    const time = simulate();
    const startedMs = time.now();
    // The first answer takes long, and still speaks of one request that was left when it was asked.
    const server = api(time, (index) => ({ ...OK, quota: { remaining: index === 0 ? 0 : 500, resetMs: WINDOW_MS } }), {
      latencyMs: (index) => (index === 0 ? 2000 : 20),
    });
    const pace = paceOn(time);
    await Promise.all(Array.from({ length: 30 }, () => pace.send(server.request)));
    expect(time.now() - startedMs).toBeLessThan(WINDOW_MS);
  });
});
