import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkshop, person, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop({ apiKey: 'secret' });
});
afterEach(() => workshop.close());

test('POST names every required field that is missing', async () => {
  const reply = await workshop.api('POST', '/v1/contacts', { body: {} });
  const required = ['is required'];
  expect([reply.status, reply.json]).toEqual([
    422,
    { error: { external_id: required, first_name: required, last_name: required, email: required } },
  ]);
});

test.each([
  ['external_id', 7],
  ['external_id', null],
  ['external_id', ' '],
  ['first_name', ''],
  ['last_name', 'x'.repeat(256)],
  ['first_name', 'a\u0000b'],
  ['email', 'ada'],
  ['email', 'ada@nowhere'],
  ['email', 'a b@example.com'],
  ['email', null],
  ['phone_number', 15_551_234],
  ['phone_number', 'call me'],
  ['phone_number', ''],
  ['attributes', 'Sales'],
  ['attributes', ['Sales']],
  ['attributes', null],
  ['attributes', { teams: ['a'] }],
  ['attributes', { office: { city: 'Austin' } }],
  ['attributes', { note: 'x'.repeat(256) }],
  ['attributes', { '': 'x' }],
])('%s: %j is refused by POST and by PATCH, and nothing changes', async (field, value) => {
  const posted = await workshop.api('POST', '/v1/contacts', { body: person('B', { [field]: value }) });
  expect([posted.status, posted.json]).toEqual([422, { error: { [field]: [expect.any(String)] } }]);

  await workshop.control('POST', 'contacts', person('A', { attributes: { office: 'Austin' } }));
  const before = await workshop.control('GET', 'contacts');
  const patched = await workshop.api('PATCH', '/v1/contacts/A?external', { body: { [field]: value } });
  expect([patched.status, patched.json]).toEqual([422, { error: { [field]: [expect.any(String)] } }]);
  expect(await workshop.control('GET', 'contacts')).toEqual(before);
});

test('values of 255 characters and attributes of every plain type are accepted', async () => {
  const attributes = { text: 'x'.repeat(255), blank: '', number: 1.5, yes: true, nothing: null };
  const body = person('A', { first_name: 'x'.repeat(255), attributes });
  expect((await workshop.api('POST', '/v1/contacts', { body })).status).toBe(201);
  const { nothing: _, ...kept } = attributes;
  expect((await workshop.api('GET', '/v1/contacts/A?external')).json).toMatchObject({ attributes: kept });
});

test('fields the API does not know are ignored', async () => {
  const body = person('A', { nickname: 'Addy', id: 'mine' });
  expect((await workshop.api('POST', '/v1/contacts', { body })).status).toBe(201);
  const reply = await workshop.api('GET', '/v1/contacts/A?external');
  expect(reply.text).not.toContain('Addy');
  expect(reply.json).not.toMatchObject({ id: 'mine' });
});

test.each(['{"external_id":', '[]', '"text"', 'null'])('the body %s is malformed', async (body) => {
  const reply = await workshop.api('POST', '/v1/contacts', { body });
  expect([reply.status, reply.json]).toEqual([400, { error: expect.any(String) }]);
});

test('a body that is not sent as JSON is refused', async () => {
  const headers = { 'content-type': 'text/plain' };
  expect((await workshop.api('POST', '/v1/contacts', { body: person('A'), headers })).status).toBe(400);
});

test('a body of more than a mebibyte is refused with 413', async () => {
  const body = person('A', { nickname: 'x'.repeat(1_100_000) });
  expect((await workshop.api('POST', '/v1/contacts', { body })).status).toBe(413);
  expect(await workshop.control('GET', 'contacts')).toEqual([]);
});

test.each(['Bearer wrong', 'Bearer', 'secret', 'Basic secret', 'Bearer secret x'])(
  'the authorization "%s" is refused with 401',
  async (authorization) => {
    const reply = await workshop.api('GET', '/v1/contacts', { headers: { authorization } });
    expect([reply.status, reply.json]).toEqual([401, { error: expect.any(String) }]);
  },
);

test('the key of the emulator is accepted, however the scheme is written', async () => {
  for (const authorization of ['Bearer secret', 'bearer secret']) {
    expect((await workshop.api('GET', '/v1/contacts', { headers: { authorization } })).status).toBe(200);
  }
});

test('other methods are refused with the allowed ones, other paths are not found', async () => {
  const put = await workshop.api('PUT', '/v1/contacts/A', { body: {} });
  expect([put.status, put.headers.allow]).toEqual([405, 'GET, PATCH, DELETE']);
  const patch = await workshop.api('PATCH', '/v1/contacts', { body: {} });
  expect([patch.status, patch.headers.allow]).toEqual([405, 'GET, POST']);
  expect((await workshop.api('GET', '/v1/people')).status).toBe(404);
});

test('a company that syncs from elsewhere can only read, and not by external_id', async () => {
  const placed = (await workshop.control('POST', 'contacts', person('A'))) as { id: string };
  await workshop.control('POST', 'settings', { sync_source: 'other' });
  expect((await workshop.api('POST', '/v1/contacts', { body: person('B') })).status).toBe(403);
  expect((await workshop.api('PATCH', `/v1/contacts/${placed.id}`, { body: {} })).status).toBe(403);
  expect((await workshop.api('DELETE', `/v1/contacts/${placed.id}`)).status).toBe(403);
  expect((await workshop.api('GET', '/v1/contacts/A?external')).status).toBe(404);
  expect((await workshop.api('GET', `/v1/contacts/${placed.id}`)).status).toBe(200);
});
