import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type StoppedClock, stopClock } from './stopped-clock.ts';
import { openWorkshop, type Reply, type Workshop } from './workshop.ts';

let workshop: Workshop;
let clock: StoppedClock;
beforeEach(async () => {
  workshop = await openWorkshop();
  clock = stopClock();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await workshop.close();
});

function list(): Promise<Reply> {
  return workshop.api('GET', '/v1/contacts');
}

async function statuses(count: number): Promise<number[]> {
  const seen = [];
  for (let index = 0; index < count; index++) seen.push((await list()).status);
  return seen;
}

test('requests beyond the quota are answered with 429 until the end of the window', async () => {
  await workshop.control('POST', 'settings', { quota: 2, quota_window_s: 10 });
  expect(await statuses(3)).toEqual([200, 200, 429]);
  clock.advanceSeconds(9.5);
  const late = await list();
  expect([late.status, late.headers['retry-after']]).toEqual([429, '1']);
  clock.advanceSeconds(0.5);
  expect(await statuses(3)).toEqual([200, 200, 429]);
});

test('a window starts with the first request after the former one, not on a grid', async () => {
  await workshop.control('POST', 'settings', { quota: 1, quota_window_s: 10 });
  expect(await statuses(1)).toEqual([200]);
  clock.advanceSeconds(17);
  expect(await statuses(2)).toEqual([200, 429]);
  clock.advanceSeconds(9);
  expect(await statuses(1)).toEqual([429]);
  clock.advanceSeconds(1);
  expect(await statuses(1)).toEqual([200]);
});

test('no quota holds anybody until one is set, and the window is a minute unless said otherwise', async () => {
  expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
  await workshop.control('POST', 'settings', { quota: 1 });
  expect(await statuses(1)).toEqual([200]);
  expect((await list()).headers['retry-after']).toBe('60');
});

test('what the limit per second refuses does not use up quota', async () => {
  await workshop.control('POST', 'settings', { requests_per_second: 1, quota: 3, quota_headers: 'ratelimit' });
  expect(await statuses(3)).toEqual([200, 429, 429]);
  clock.advanceSeconds(1);
  expect((await list()).headers['ratelimit-remaining']).toBe('1');
});

test('what the quota refuses does not count towards the limit per second', async () => {
  await workshop.control('POST', 'settings', { requests_per_second: 2, quota: 1 });
  expect(await statuses(4)).toEqual([200, 429, 429, 429]);
  await workshop.control('POST', 'settings', { quota: 10 });
  expect(await statuses(2)).toEqual([200, 429]);
});

test('a request over the quota does not use up a fault', async () => {
  await workshop.control('POST', 'settings', { quota: 1 });
  await workshop.control('POST', 'faults', { status: 500, count: 2 });
  expect(await statuses(2)).toEqual([500, 429]);
  expect(await workshop.control('GET', 'faults')).toMatchObject([{ hits: 1, matched: 1 }]);
});

test('reset starts a new window', async () => {
  await workshop.control('POST', 'settings', { quota: 1 });
  expect(await statuses(2)).toEqual([200, 429]);
  clock.advanceSeconds(40);
  await workshop.control('POST', 'reset');
  expect(await statuses(1)).toEqual([200]);
  expect((await list()).headers['retry-after']).toBe('60');
});

test.each([
  ['ratelimit', { 'ratelimit-limit': '5', 'ratelimit-remaining': '3', 'ratelimit-reset': '8' }],
  ['ratelimit_fields', { ratelimit: '"default";r=3;t=8', 'ratelimit-policy': '"default";q=5;w=10' }],
  ['x_ratelimit', { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '8' }],
  ['none', {}],
])('the quota headers %s tell limit, what is left after this request, and seconds rounded up', async (form, told) => {
  await workshop.control('POST', 'settings', { quota: 5, quota_window_s: 10, quota_headers: form });
  await list();
  clock.advanceSeconds(2.4);
  expect(quotaHeadersOf(await list())).toEqual(told);
});

test('x_ratelimit_epoch tells the end of the window in seconds since 1970', async () => {
  await workshop.control('POST', 'settings', { quota: 5, quota_window_s: 10, quota_headers: 'x_ratelimit_epoch' });
  const end = String(Math.ceil(clock.nowMs() / 1000 + 10));
  await list();
  clock.advanceSeconds(3);
  expect(quotaHeadersOf(await list())).toEqual({
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '3',
    'x-ratelimit-reset': end,
  });
});

test('errors, faults, refusals and answers that never end tell about the quota too', async () => {
  await workshop.control('POST', 'settings', { quota: 5, quota_headers: 'ratelimit' });
  await workshop.control('POST', 'faults', [
    { status: 503, path: 'limit=1' },
    { stream: 'slow_body', path: 'limit=2' },
  ]);
  const left = async (path: string, headers = {}): Promise<unknown> => {
    const reply = await workshop.api('GET', path, { headers });
    return [reply.status, reply.headers['ratelimit-remaining']];
  };
  expect(await left('/v1/contacts/nobody?external')).toEqual([404, '4']);
  expect(await left('/v1/contacts', { authorization: 'Bearer wrong' })).toEqual([401, '3']);
  expect(await left('/v1/contacts?limit=1')).toEqual([503, '2']);
  const stop = new AbortController();
  const headers = { authorization: 'Bearer emulator-key' };
  const unending = await fetch(`${workshop.url}/v1/contacts?limit=2`, { headers, signal: stop.signal });
  expect([unending.status, unending.headers.get('ratelimit-remaining')]).toEqual([200, '1']);
  stop.abort();
  expect(await left('/v2/nothing')).toEqual([404, '0']);
  expect(await left('/v1/contacts')).toEqual([429, '0']);
  await workshop.control('POST', 'settings', { quota: 2 });
  expect(await left('/v1/contacts')).toEqual([429, '0']);
});

test.each([
  ['seconds', '60'],
  ['none', undefined],
  ['zero', '0'],
  ['garbage', 'soon'],
  ['day', '86400'],
])('with retry_after %s both limits send %s', async (form, expected) => {
  await workshop.control('POST', 'settings', { quota: 1, retry_after: form });
  await list();
  expect((await list()).headers['retry-after']).toBe(expected);
  await workshop.control('POST', 'settings', { quota: null, requests_per_second: 1 });
  await list();
  expect((await list()).headers['retry-after']).toBe(form === 'seconds' ? '1' : expected);
});

test.each([
  ['date', 60],
  ['past', -3600],
])('with retry_after %s a date is sent, %i seconds from now', async (form, aheadSeconds) => {
  await workshop.control('POST', 'settings', { quota: 1, retry_after: form });
  await list();
  const date = Date.parse(String((await list()).headers['retry-after']));
  expect(date).toBe(Math.ceil(clock.nowMs() / 1000 + aheadSeconds) * 1000);
});

test.each([
  { quota: 0 },
  { quota: 1.5 },
  { quota_window_s: 0 },
  { quota_window_s: 86_401 },
  { quota_window_s: 1.5 },
  { quota_headers: 'all' },
  { retry_after: 'soon' },
])('the setting %j is refused', async (setting) => {
  expect((await workshop.controlReply('POST', 'settings', setting)).status).toBe(422);
});

function quotaHeadersOf(reply: Reply): Record<string, unknown> {
  return Object.fromEntries(Object.entries(reply.headers).filter(([name]) => /ratelimit/.test(name)));
}
