import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type StoppedClock, stopClock } from './stopped-clock.ts';
import { type Asked, type Method, openWorkshop, person, type Workshop } from './workshop.ts';

let workshop: Workshop;
let clock: StoppedClock;
beforeEach(async () => {
  workshop = await openWorkshop();
  clock = stopClock();
  await workshop.control('POST', 'settings', { lookup_lag_ms: 5000 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await workshop.close();
});

async function statusOf(method: Method, path: string, body?: unknown): Promise<number> {
  const asked: Asked = body === undefined ? {} : { body };
  return (await workshop.api(method, path, asked)).status;
}

function create(externalId: string, more: Record<string, unknown> = {}): Promise<number> {
  return statusOf('POST', '/v1/contacts', person(externalId, more));
}

test('a contact just created is not found by external_id until the lag is over', async () => {
  expect(await create('A')).toBe(201);
  clock.advanceSeconds(4.999);
  const reply = await workshop.api('GET', '/v1/contacts/A?external');
  expect([reply.status, reply.json]).toEqual([404, { error: 'Contact with the given ID was not found.' }]);
  expect(await statusOf('PATCH', '/v1/contacts/A?external', { first_name: 'Bea' })).toBe(404);
  expect(await statusOf('PATCH', '/v1/contacts/A', { external: true, first_name: 'Bea' })).toBe(404);
  expect(await statusOf('DELETE', '/v1/contacts/A?external')).toBe(404);
  expect(await workshop.control('GET', 'contacts')).toMatchObject([{ external_id: 'A', first_name: 'Ada' }]);

  clock.advanceSeconds(0.001);
  expect(await statusOf('GET', '/v1/contacts/A?external')).toBe(200);
  expect(await statusOf('PATCH', '/v1/contacts/A?external', { first_name: 'Bea' })).toBe(200);
  expect(await statusOf('DELETE', '/v1/contacts/A?external')).toBe(200);
});

test('while the lookup lags behind, the contact is there for everything else', async () => {
  await create('A', { phone_number: '+12345678910' });
  expect(await create('A', { email: 'other@example.com' })).toBe(409);
  expect(await create('B', { email: 'A@example.com' })).toBe(422);
  expect(await create('B', { phone_number: '+1 234 567 89 10' })).toBe(422);
  const page = (await workshop.api('GET', '/v1/contacts')).json as { data: { id: string }[] };
  expect(page.data).toMatchObject([{ external_id: 'A' }]);
  expect(await statusOf('GET', `/v1/contacts/${page.data[0]?.id}`)).toBe(200);
});

test('contacts put in place are found at once, also over one just created', async () => {
  await workshop.control('POST', 'contacts', person('A'));
  expect(await statusOf('GET', '/v1/contacts/A?external')).toBe(200);
  await create('B');
  await workshop.control('POST', 'contacts', person('B'));
  expect(await statusOf('GET', '/v1/contacts/B?external')).toBe(200);
});

test('a contact that changes its external_id is found under it at once', async () => {
  await workshop.control('POST', 'contacts', person('A'));
  expect(await statusOf('PATCH', '/v1/contacts/A?external', { external_id: 'A2' })).toBe(200);
  expect(await statusOf('GET', '/v1/contacts/A2?external')).toBe(200);
});

test('a contact deleted and created anew lags anew', async () => {
  await create('A');
  clock.advanceSeconds(5);
  expect(await statusOf('DELETE', '/v1/contacts/A?external')).toBe(200);
  expect(await create('A')).toBe(201);
  expect(await statusOf('GET', '/v1/contacts/A?external')).toBe(404);
});

test('without the setting nothing lags', async () => {
  await workshop.control('POST', 'settings', { lookup_lag_ms: 0 });
  await create('A');
  expect(await statusOf('GET', '/v1/contacts/A?external')).toBe(200);
});

test.each([-1, 3_600_001, '5'])('a lag of %j is refused', async (lag) => {
  expect((await workshop.controlReply('POST', 'settings', { lookup_lag_ms: lag })).status).toBe(422);
});
