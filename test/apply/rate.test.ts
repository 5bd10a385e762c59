import { describe, expect, it } from 'vitest';
import {
  api,
  busiestSecond,
  gaps,
  inTurn,
  limited,
  OK,
  paceOn,
  type Simulation,
  simulate,
  transient,
} from './simulation.ts';

/** The same numbers from 0 up to 1 in every test run. */
function random(): () => number {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function sendAll(time: Simulation, perSecond: number, count: number, server: ReturnType<typeof api>) {
  const pace = paceOn(time, {
    requestsPerSecond: perSecond,
    concurrency: Math.max(4, perSecond / 5),
    random: random(),
  });
  const startedMs = time.now();
  await Promise.all(Array.from({ length: count }, () => pace.send(server.request)));
  return { ratio: (time.now() - startedMs) / ((count / perSecond) * 1000) };
}

describe.each([
  [5, 40],
  [50, 300],
  [200, 2000],
])('at %d requests a second', (perSecond, count) => {
  it('no rolling second holds more, and the whole takes hardly longer than it must', async () => {
    const next = random();
    const time = simulate(() => 1.5 * next());
    const server = api(time, () => OK, { delayMs: () => 8 * next() });
    const { ratio } = await sendAll(time, perSecond, count, server);
    expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(perSecond);
    expect(ratio).toBeLessThanOrEqual(1.05);
  });

  it('no rolling second holds more although the first requests have to open connections', async () => {
    const time = simulate();
    const server = api(time, () => OK, { delayMs: (index) => (index < 4 ? 300 : 5) });
    await sendAll(time, perSecond, count / 4, server);
    expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(perSecond);
  });

  it('no rolling second holds more on a machine whose timers fire late', async () => {
    const next = random();
    const time = simulate(() => (next() < 0.05 ? 150 * next() : 2 * next()));
    const server = api(time, () => OK, { delayMs: () => (next() < 0.02 ? 60 : 1) });
    await sendAll(time, perSecond, count / 4, server);
    expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(perSecond);
  });

  it('repeats pay for their place like any request', async () => {
    const next = random();
    const time = simulate();
    const server = api(time, () => (next() < 0.15 ? transient(false) : OK));
    await sendAll(time, perSecond, count / 4, server);
    expect(server.arrivals.length).toBeGreaterThan(count / 4);
    expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(perSecond);
  });
});

it.each([20, 100, 300])('an API that takes %d ms to answer costs no rate', async (latencyMs) => {
  const time = simulate();
  const server = api(time, () => OK, { latencyMs });
  const { ratio } = await sendAll(time, 5, 60, server);
  expect(busiestSecond(server.arrivals)).toBeLessThanOrEqual(5);
  expect(ratio).toBeLessThanOrEqual(1.08);
});

it('one request that hangs does not hold up the others for as long as it hangs', async () => {
  const time = simulate();
  const server = api(time, () => OK, { latencyMs: (index) => (index === 12 ? 30_000 : 20) });
  const startedMs = time.now();
  await sendAll(time, 5, 60, server);
  expect(Math.max(...server.arrivals) - startedMs).toBeLessThan(12_000 + 6_500);
});

it('starts evenly, without a burst', async () => {
  const time = simulate();
  const server = api(time, () => OK);
  await sendAll(time, 50, 40, server);
  expect(Math.min(...gaps(server.arrivals))).toBeGreaterThanOrEqual(19);
});

it('does not save up the time in which nothing was to be sent', async () => {
  const time = simulate();
  const server = api(time, () => OK);
  const pace = paceOn(time, { requestsPerSecond: 10, concurrency: 8 });
  await pace.send(server.request);
  await time.wait(5000);
  const startedMs = time.now();
  await Promise.all(Array.from({ length: 8 }, () => pace.send(server.request)));
  expect(time.now() - startedMs).toBeGreaterThanOrEqual(650);
});

it.each([
  [0.5, 2000],
  [0.1, 10_000],
])('keeps %d requests a second by the distance between them', async (perSecond, gapMs) => {
  const time = simulate();
  const server = api(time, () => OK);
  const { ratio } = await sendAll(time, perSecond, 8, server);
  expect(Math.min(...gaps(server.arrivals))).toBeGreaterThanOrEqual(gapMs);
  expect(ratio).toBeLessThanOrEqual(1.05);
});

it('sends no more at the same time than the concurrency allows', async () => {
  const time = simulate();
  let inFlight = 0;
  let most = 0;
  const pace = paceOn(time, { requestsPerSecond: 100, concurrency: 3 });
  const request = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await time.wait(500);
    inFlight -= 1;
    return OK;
  };
  await Promise.all(Array.from({ length: 9 }, () => pace.send(request)));
  expect(most).toBe(3);
});

it('tells what was sent, how often it was repeated and how long it took', async () => {
  const time = simulate();
  const server = api(time, inTurn(limited(1000), transient(false), OK), { latencyMs: 100 });
  const pace = paceOn(time);
  expect(pace.statistics()).toMatchObject({ requests: 0, p50Ms: null, p95Ms: null, achievedPerSecond: null });
  for (let count = 0; count < 30; count += 1) await pace.send(server.request);
  const statistics = pace.statistics();
  expect(statistics).toMatchObject({ requests: 32, retries: 2, rateLimited: 1, allowedPerSecond: 5 });
  expect(statistics.p50Ms).toBeGreaterThan(97);
  expect(statistics.p95Ms).toBeLessThan(103);
  expect(statistics.achievedPerSecond).toBeGreaterThan(2);
  expect(statistics.achievedPerSecond).toBeLessThanOrEqual(5);
});
