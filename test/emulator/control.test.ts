import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { EmulatorError } from '../../src/emulator/emulator-error.ts';
import { openWorkshop, person, type Workshop } from './workshop.ts';

let open: Workshop[] = [];
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'emulator-'));
});
afterEach(async () => {
  await Promise.all(open.map((workshop) => workshop.close()));
  open = [];
  await rm(directory, { recursive: true });
});

async function started(...options: Parameters<typeof openWorkshop>): Promise<Workshop> {
  const workshop = await openWorkshop(...options);
  open.push(workshop);
  return workshop;
}

interface Log {
  total: number;
  busiest_second: number;
  methods: Record<string, number>;
  requests: Record<string, unknown>[];
}

test('the log shows every API request as it arrived, without headers and without control requests', async () => {
  const workshop = await started();
  const beforeMs = Date.now();
  await workshop.api('POST', '/v1/contacts', { body: person('a/b') });
  await workshop.api('PATCH', '/v1/contacts/a%2Fb?external', { body: '{"first_name":' });
  await workshop.api('GET', '/v1/contacts?limit=1', { headers: { authorization: 'Bearer not-the-key' } });
  const reply = await workshop.controlReply('GET', 'requests');
  const log = reply.json as Log;
  expect(log).toMatchObject({ total: 3, busiest_second: 3, methods: { POST: 1, PATCH: 1, GET: 1 } });
  const at = expect.any(Number);
  expect(log.requests).toEqual([
    { at, method: 'POST', path: '/api/v1/contacts', external_id: 'a/b', status: 201, fault: null, body: person('a/b') },
    {
      at,
      method: 'PATCH',
      path: '/api/v1/contacts/a%2Fb?external',
      external_id: 'a/b',
      status: 400,
      fault: null,
      body: '{"first_name":',
    },
    { at, method: 'GET', path: '/api/v1/contacts?limit=1', external_id: null, status: 401, fault: null, body: null },
  ]);
  for (const request of log.requests) expect(Math.abs(Number(request.at) - beforeMs)).toBeLessThan(10_000);
  expect(reply.text).not.toMatch(/bearer|not-the-key/i);
});

test('limit shows the newest requests only; the totals stay', async () => {
  const workshop = await started();
  for (const id of ['A', 'B', 'C']) await workshop.api('POST', '/v1/contacts', { body: person(id) });
  const log = (await workshop.control('GET', 'requests?limit=2')) as Log;
  expect(log.total).toBe(3);
  expect(log.requests.map((request) => request.external_id)).toEqual(['B', 'C']);
  expect(((await workshop.control('GET', 'requests?limit=0')) as Log).requests).toEqual([]);
  expect((await workshop.controlReply('GET', 'requests?limit=few')).status).toBe(422);
});

test('above its limit the emulator answers 429 with Retry-After in the form that was asked for', async () => {
  const workshop = await started({ requestsPerSecond: 3 });
  const burst = async () => Promise.all(Array.from({ length: 5 }, () => workshop.api('GET', '/v1/contacts')));
  const replies = await burst();
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 200, 200, 429, 429]);
  expect(replies.find((reply) => reply.status === 429)?.headers['retry-after']).toBe('1');
  expect(((await workshop.control('GET', 'requests')) as Log).busiest_second).toBe(5);

  await workshop.control('POST', 'settings', { retry_after: 'date' });
  await workshop.control('POST', 'reset');
  const dated = (await burst()).find((reply) => reply.status === 429);
  expect(String(dated?.headers['retry-after'])).toMatch(/^\w{3}, \d\d \w{3} \d{4} .* GMT$/);

  await workshop.control('POST', 'settings', { retry_after: 'none' });
  await workshop.control('POST', 'reset');
  expect((await burst()).find((reply) => reply.status === 429)?.headers['retry-after']).toBeUndefined();

  await workshop.control('POST', 'settings', { requests_per_second: null });
  expect((await burst()).every((reply) => reply.status === 200)).toBe(true);
});

test('a request over the limit does not use up a fault', async () => {
  const workshop = await started({ requestsPerSecond: 1 });
  await workshop.control('POST', 'faults', { status: 500, count: 2 });
  const replies = await Promise.all(Array.from({ length: 3 }, () => workshop.api('GET', '/v1/contacts')));
  expect(replies.map((reply) => reply.status).sort()).toEqual([429, 429, 500]);
  expect(await workshop.control('GET', 'faults')).toMatchObject([{ hits: 1, matched: 1 }]);
});

test('latency delays every answer, side by side', async () => {
  const workshop = await started({ latencyMs: 150 });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => workshop.api('GET', '/v1/contacts')));
  const elapsedMs = performance.now() - startedMs;
  expect(elapsedMs).toBeGreaterThanOrEqual(145);
  expect(elapsedMs).toBeLessThan(1500);
});

test('contacts are shown in full, ordered by external_id, those without one last', async () => {
  const workshop = await started();
  const nobody = { email: 'new@example.com' };
  await workshop.control('POST', 'reset', { contacts: [nobody, person('b'), person('a', { attributes: { x: 1 } })] });
  const contacts = await workshop.control('GET', 'contacts');
  expect(contacts).toMatchObject([
    { external_id: 'a', attributes: { x: 1 } },
    { external_id: 'b', attributes: {} },
    { external_id: null, first_name: null, email: 'new@example.com', phone_number: null },
  ]);
});

test('reset forgets contacts, faults and the log', async () => {
  const workshop = await started();
  await workshop.api('POST', '/v1/contacts', { body: person('A') });
  await workshop.control('POST', 'faults', { status: 500 });
  expect(await workshop.control('POST', 'reset')).toEqual({ contacts: 0 });
  expect(await workshop.control('GET', 'contacts')).toEqual([]);
  expect(await workshop.control('GET', 'faults')).toEqual([]);
  expect(await workshop.control('GET', 'requests')).toEqual({ total: 0, busiest_second: 0, methods: {}, requests: [] });
  expect((await workshop.api('POST', '/v1/contacts', { body: person('A') })).status).toBe(201);
});

test('a contact put in place replaces the one with its external_id as a whole and keeps the id', async () => {
  const workshop = await started();
  await workshop.control('POST', 'contacts', person('A', { phone_number: '+12345678910', attributes: { x: '1' } }));
  const [before] = (await workshop.control('GET', 'contacts')) as [{ id: string }];
  const after = await workshop.control('POST', 'contacts', person('A', { first_name: 'Bea' }));
  expect(after).toMatchObject({ id: before.id, first_name: 'Bea', phone_number: null, attributes: {} });
  expect(await workshop.control('GET', 'contacts')).toHaveLength(1);
});

test('a contact is taken away by external_id, or by id when it has none', async () => {
  const workshop = await started();
  await workshop.control('POST', 'contacts', person('a/b'));
  const { id } = (await workshop.control('POST', 'contacts', { email: 'x@example.com' })) as { id: string };
  await workshop.control('DELETE', 'contacts/a%2Fb');
  await workshop.control('DELETE', `contacts/${id}`);
  expect(await workshop.control('GET', 'contacts')).toEqual([]);
  expect((await workshop.controlReply('DELETE', 'contacts/nobody')).status).toBe(404);
});

test('contacts that make no sense are refused before anything is reset', async () => {
  const workshop = await started();
  await workshop.control('POST', 'contacts', person('A'));
  for (const contact of [{ email: 7 }, { attributes: [] }, { attributes: { x: {} } }, 'A']) {
    expect((await workshop.controlReply('POST', 'reset', { contacts: [contact] })).status).toBe(422);
  }
  expect(await workshop.control('GET', 'contacts')).toHaveLength(1);
});

test('an unknown or wrong setting is refused and changes nothing', async () => {
  const workshop = await started();
  const before = await workshop.control('GET', 'settings');
  const reply = await workshop.controlReply('POST', 'settings', { latency_ms: 5, retry_after: 'soon', colour: 'red' });
  expect(reply.status).toBe(422);
  expect(reply.json).toMatchObject({ error: { retry_after: [expect.any(String)], colour: [expect.any(String)] } });
  expect(await workshop.control('GET', 'settings')).toEqual(before);
});

test('with a state file the contacts, their ids and the cursors survive a restart', async () => {
  const stateFile = join(directory, 'deeper', 'state.json');
  const first = await openWorkshop({ stateFile });
  for (const id of ['A', 'B', 'C']) {
    await first.api('POST', '/v1/contacts', { body: person(id, { attributes: { office: 'Austin' } }) });
  }
  await first.api('DELETE', '/v1/contacts/A?external');
  const { next } = (await first.api('GET', '/v1/contacts?limit=1')).json as { next: string };
  const contacts = await first.control('GET', 'contacts');
  await first.close();
  expect(await readdir(join(directory, 'deeper'))).toEqual(['state.json']);
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);

  const second = await started({ stateFile });
  expect(await second.control('GET', 'contacts')).toEqual(contacts);
  expect((await second.api('GET', next)).json).toMatchObject({ data: [{ external_id: 'C' }] });
  expect((await second.api('POST', '/v1/contacts', { body: person('B') })).status).toBe(409);
  expect((await second.api('POST', '/v1/contacts', { body: person('D') })).status).toBe(201);
  const page = (await second.api('GET', next)).json as { next: string };
  expect((await second.api('GET', page.next)).json).toMatchObject({ data: [{ external_id: 'D' }], next: null });
});

test('a change reaches the state file while the emulator runs', async () => {
  const stateFile = join(directory, 'state.json');
  const workshop = await started({ stateFile });
  await workshop.api('POST', '/v1/contacts', { body: person('A') });
  await expect.poll(() => readFile(stateFile, 'utf8'), { timeout: 10_000 }).toContain('"external_id":"A"');
});

test('a damaged state file stops the start, with what to do, and is left as it is', async () => {
  const stateFile = join(directory, 'state.json');
  await writeFile(stateFile, '{"version":1,"contacts":[');
  await expect(startEmulator({ stateFile })).rejects.toThrow(EmulatorError);
  expect(await readFile(stateFile, 'utf8')).toBe('{"version":1,"contacts":[');
});

test('a port in use is said plainly', async () => {
  const workshop = await started();
  await expect(startEmulator({ port: workshop.port })).rejects.toThrow(/the port is in use/);
});

test('an option that makes no sense is refused', async () => {
  await expect(startEmulator({ requestsPerSecond: 0 })).rejects.toThrow(/requests_per_second must be/);
});
