import { describe, expect, it } from 'vitest';
import type { Sent } from '../../src/apply/pace.ts';
import { UnreachableError } from '../../src/errors.ts';
import { api, busiestSecond, gaps, inTurn, limited, OK, paceOn, simulate } from './simulation.ts';

const MINUTE_MS = 60_000;

describe('a 429', () => {
  it('makes everybody wait as long as it asks', async () => {
    const time = simulate();
    const server = api(time, inTurn(limited(7000), OK));
    const pace = paceOn(time);
    const sent = await Promise.all([1, 2, 3].map(() => pace.send(server.request)));
    expect(sent.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered']);
    expect(gaps(server.arrivals)[0]).toBeGreaterThanOrEqual(7000);
    expect(server.arrivals).toHaveLength(4);
  });

  it('without Retry-After makes everybody wait twice as long each time, up to a minute', async () => {
    const time = simulate();
    const server = api(time, (index) => (index < 8 ? limited(null) : OK), { latencyMs: 0 });
    await paceOn(time, { requestsPerSecond: 1000 }).send(server.request);
    const waited = gaps(server.arrivals).map((gapMs) => Math.floor(gapMs / 1000));
    expect(waited).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('never uses up an attempt', async () => {
    const time = simulate();
    const server = api(time, (index) => (index < 20 ? limited(1000) : OK));
    expect(await paceOn(time, { attempts: 1 }).send(server.request)).toEqual({
      kind: 'answered',
      answer: OK,
      attempts: 1,
    });
  });

  it('halves the rate once, however many requests in flight meet it, and the rate climbs back', async () => {
    const time = simulate();
    const server = api(time, (index) => (index >= 20 && index < 22 ? limited(1000) : OK), { latencyMs: 100 });
    const pace = paceOn(time, { requestsPerSecond: 20, concurrency: 8 });
    await Promise.all(Array.from({ length: 1200 }, () => pace.send(server.request)));
    const [pausedAtMs = 0] = server.arrivals.slice(21);
    const rateBetween = (fromS: number, toS: number) =>
      server.arrivals.filter((at) => at >= pausedAtMs + fromS * 1000 && at < pausedAtMs + toS * 1000).length /
      (toS - fromS);
    expect(rateBetween(3, 6)).toBeGreaterThan(8);
    expect(rateBetween(3, 6)).toBeLessThan(15);
    expect(rateBetween(40, 50)).toBeGreaterThan(17);
    expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(20);
  });

  it('is lived through for ten minutes', async () => {
    const time = simulate();
    const untilMs = time.now() + 10 * MINUTE_MS;
    const server = api(time, () => (time.now() < untilMs ? limited(10_000) : OK));
    const pace = paceOn(time);
    const sent = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pace.send(server.request)));
    expect(sent.every((each) => each.kind === 'answered' && each.answer === OK)).toBe(true);
    expect(pace.stopped).toBeNull();
  });

  it.each([[60_000], [0], [null]])('with Retry-After %j for ever ends the run', async (retryAfterMs) => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => limited(retryAfterMs));
    const pace = paceOn(time);
    const sent = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pace.send(server.request)));
    expect(sent.some(wentThrough)).toBe(false);
    expect(pace.stopped).toBeInstanceOf(UnreachableError);
    expect(pace.stopped?.message).toContain('30 minutes');
    expect(time.now() - startedMs).toBeLessThan(35 * MINUTE_MS);
  });

  it('that asks for longer than a run may wait ends the run at once', async () => {
    const time = simulate();
    const startedMs = time.now();
    const server = api(time, () => limited(24 * 60 * MINUTE_MS));
    const pace = paceOn(time);
    expect(wentThrough(await pace.send(server.request))).toBe(false);
    expect(pace.stopped?.exitCode).toBe(8);
    expect(time.now() - startedMs).toBeLessThan(MINUTE_MS);
  });

  it('counts only the waiting towards the limit, over the whole run', async () => {
    const time = simulate();
    const server = api(time, (index) => (index % 2 === 0 ? limited(4 * MINUTE_MS) : OK));
    const pace = paceOn(time);
    const sent = [];
    for (let count = 0; count < 8; count += 1) sent.push(wentThrough(await pace.send(server.request)));
    expect(sent).toEqual([...Array.from({ length: 7 }, () => true), false]);
  });
});

function wentThrough(sent: Sent): boolean {
  return sent.kind === 'answered' && sent.answer.kind !== 'rate_limited';
}
