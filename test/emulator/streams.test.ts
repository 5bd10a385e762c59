import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { streamAnswer } from '../../src/emulator/stream.ts';
import { type RawConnection, sendRaw } from './raw-connection.ts';
import { openWorkshop, person, type Workshop } from './workshop.ts';

const DRIP_MS = 100;
const LIST = 'GET /api/v1/contacts';
const CREATE = 'POST /api/v1/contacts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
  // The drips alone: the test moves them on, everything else takes its time.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await workshop.close();
});

/** Without an interval, because expect.poll moves stopped timers on by as much. */
const soon: typeof expect.poll = (actual) => expect.poll(actual, { interval: 0, timeout: 10_000 });

/** A request to an API under these rules, whose answer has begun to drip. */
async function dripping(rule: Record<string, unknown>, requestLine = LIST, body?: unknown): Promise<RawConnection> {
  await workshop.control('POST', 'faults', rule);
  const connection = await sendRaw(workshop.port, requestLine, body);
  await soon(() => vi.getTimerCount()).toBe(1);
  return connection;
}

async function externalIds(): Promise<string[]> {
  return ((await workshop.control('GET', 'contacts')) as { external_id: string }[]).map((each) => each.external_id);
}

async function loggedStatuses(): Promise<(number | null)[]> {
  const { requests } = (await workshop.control('GET', 'requests')) as { requests: { status: number | null }[] };
  return requests.map((each) => each.status);
}

test('slow headers trickle out a few bytes at a time and never finish', async () => {
  const connection = await dripping({ stream: 'slow_headers', status: 503, retry_after_s: 7 });
  expect(connection.text()).toBe('');
  const start = 'HTTP/1.1 503 Service Unavailable\r\n';
  vi.advanceTimersByTime(3 * DRIP_MS);
  await soon(() => connection.text()).toBe(start.slice(0, 12));
  vi.advanceTimersByTime(997 * DRIP_MS);
  await soon(() => connection.byteCount()).toBe(4000);
  expect(connection.text().startsWith(start)).toBe(true);
  expect(connection.text()).toContain('\r\ncontent-type: application/json; charset=utf-8\r\n');
  expect(connection.text()).toContain('\r\nretry-after: 7\r\n');
  expect(connection.text()).not.toContain('\r\n\r\n');
  expect(await loggedStatuses()).toEqual([503]);
});

test('a slow body follows its headers one blank at a time and never ends', async () => {
  const connection = await dripping({ stream: 'slow_body', status: 502, headers: { 'X-Request-Id': 'r1' } });
  await soon(() => connection.text()).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n.*\r\n\r\n$/s);
  const head = connection.text();
  expect(head).toMatch(/\r\nx-request-id: r1\r\n/);
  expect(head).toMatch(/\r\ntransfer-encoding: chunked\r\n/i);
  expect(head).not.toMatch(/content-length/i);
  vi.advanceTimersByTime(DRIP_MS);
  await soon(() => connection.text()).toBe(`${head}1\r\n \r\n`);
  vi.advanceTimersByTime(299 * DRIP_MS);
  await soon(() => connection.text()).toBe(head + '1\r\n \r\n'.repeat(300));
  expect(await loggedStatuses()).toEqual([502]);
});

test('an endless body comes as fast as it is read, and holds up nobody', async () => {
  await workshop.control('POST', 'faults', { stream: 'endless', count: 1 });
  const connection = await sendRaw(workshop.port, LIST);
  await soon(() => connection.byteCount()).toBeGreaterThan(30 * 1_048_576);
  expect(connection.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect((await workshop.api('GET', '/v1/contacts')).status).toBe(200);
  expect(await loggedStatuses()).toEqual([200, 200]);
  connection.socket.destroy();
});

test('a client that stops reading an endless body stops the emulator from sending', async () => {
  let answer: ServerResponse | undefined;
  const ended = vi.fn();
  const server = createServer((_, outgoing) => {
    answer = outgoing;
    streamAnswer(outgoing, { status: 200, body: {} }, 'endless').then(ended);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = await sendRaw((server.address() as AddressInfo).port, LIST);
  connection.socket.pause();
  await soon(() => answer?.writableNeedDrain).toBe(true);
  for (let count = 0; count < 500; count++) await turn();
  expect(answer?.writableLength).toBeLessThan(1_048_576);
  expect(ended).not.toHaveBeenCalled();

  connection.socket.destroy();
  await soon(() => ended.mock.calls.length).toBe(1);
  await new Promise((resolve) => server.close(resolve));
});

test.each(['slow_headers', 'slow_body', 'endless'])(
  '%s without a status carries the request out first',
  async (stream) => {
    await workshop.control('POST', 'faults', { stream });
    const connection = await sendRaw(workshop.port, CREATE, person('A'));
    await soon(loggedStatuses).toEqual([201]);
    expect(await externalIds()).toEqual(['A']);
    connection.socket.destroy();
  },
);

test.each(['slow_headers', 'slow_body', 'endless'])(
  '%s with a status carries nothing out, unless after_commit says so',
  async (stream) => {
    await workshop.control('POST', 'faults', [
      { stream, status: 500, external_id: 'A' },
      { stream, status: 503, external_id: 'B', after_commit: true },
    ]);
    const connections = [];
    for (const id of ['A', 'B']) connections.push(await sendRaw(workshop.port, CREATE, person(id)));
    await soon(loggedStatuses).toEqual(expect.arrayContaining([500, 503]));
    expect(await externalIds()).toEqual(['B']);
    for (const { socket } of connections) socket.destroy();
  },
);

test.each(['slow_headers', 'slow_body'])('%s stops when the client closes the connection', async (stream) => {
  const connection = await dripping({ stream });
  connection.socket.destroy();
  await soon(() => vi.getTimerCount()).toBe(0);
});

test('a client that left during the delay is sent nothing', async () => {
  await workshop.control('POST', 'faults', { stream: 'slow_body', delay_ms: 300 });
  const connection = await sendRaw(workshop.port, LIST);
  await soon(loggedStatuses).toEqual([null]);
  connection.socket.destroy();
  await soon(loggedStatuses).toEqual([200]);
  await soon(() => vi.getTimerCount()).toBe(0);
});

test('the emulator closes promptly in the middle of every kind of stream', async () => {
  const connections = [await dripping({ stream: 'slow_headers', count: 1 })];
  await workshop.control('POST', 'faults', [{ stream: 'slow_body', count: 1 }, { stream: 'endless' }]);
  for (let count = 0; count < 2; count++) connections.push(await sendRaw(workshop.port, LIST));
  await soon(loggedStatuses).toEqual([200, 200, 200]);
  expect(vi.getTimerCount()).toBe(2);
  const startedMs = performance.now();
  await workshop.close();
  await Promise.all(connections.map(({ closed }) => closed));
  expect(performance.now() - startedMs).toBeLessThan(2000);
  await soon(() => vi.getTimerCount()).toBe(0);
});

test.each(['slow_body', 'endless'])('%s finishes an answer that cannot have a body', async (stream) => {
  await workshop.control('POST', 'faults', { stream, status: 204, count: 1 });
  const connection = await sendRaw(workshop.port, LIST);
  await soon(() => connection.text()).toMatch(/^HTTP\/1\.1 204 No Content\r\n.*\r\n\r\n$/s);
  connection.socket.write('GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await soon(() => connection.text()).toContain('\r\n\r\nHTTP/1.1 401 Unauthorized\r\n');
  connection.socket.destroy();
});
