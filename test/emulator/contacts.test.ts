import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkshop, person, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const notFound = { error: 'Contact with the given ID was not found.' };

async function create(externalId: string, more: Record<string, unknown> = {}): Promise<void> {
  expect((await workshop.api('POST', '/v1/contacts', { body: person(externalId, more) })).status).toBe(201);
}

test('a created contact is answered with a message alone and read back by external_id and by id', async () => {
  const body = person('ABC-123', { phone_number: '+12345678910', attributes: { department: 'Sales', floor: 3 } });
  const created = await workshop.api('POST', '/v1/contacts', { body });
  expect(created.status).toBe(201);
  expect(created.json).toEqual({ message: 'Contact created successfully' });

  const found = await workshop.api('GET', '/v1/contacts/ABC-123?external');
  expect(found.status).toBe(200);
  const { id } = found.json as { id: string };
  expect(found.json).toEqual({ object: 'contact', id, ...body, urls: { details: `/v1/contacts/${id}` } });
  expect((await workshop.api('GET', `/v1/contacts/${id}`)).json).toEqual(found.json);
});

test('an id is not found by external_id and an external_id is not found by id', async () => {
  await create('A');
  expect((await workshop.api('GET', '/v1/contacts/A')).json).toEqual(notFound);
  const { id } = (await workshop.api('GET', '/v1/contacts/A?external')).json as { id: string };
  const reply = await workshop.api('GET', `/v1/contacts/${id}?external`);
  expect([reply.status, reply.json]).toEqual([404, notFound]);
});

test('a contact without phone number and attributes shows null and an empty object', async () => {
  await create('A');
  expect((await workshop.api('GET', '/v1/contacts/A?external')).json).toMatchObject({
    phone_number: null,
    attributes: {},
  });
});

test.each(['?external', '?external=true', '?external=1', '?external=TRUE'])(
  '%s looks up by external_id',
  async (flag) => {
    await create('A');
    expect((await workshop.api('GET', `/v1/contacts/A${flag}`)).status).toBe(200);
  },
);

test.each(['', '?external=false', '?external=0'])('"%s" looks up by id', async (flag) => {
  await create('A');
  expect((await workshop.api('GET', `/v1/contacts/A${flag}`)).status).toBe(404);
});

test('external in the body of GET, PATCH and DELETE counts as well', async () => {
  await create('A');
  const body = { external: true };
  expect((await workshop.api('GET', '/v1/contacts/A', { body })).status).toBe(200);
  expect((await workshop.api('PATCH', '/v1/contacts/A', { body: { ...body, first_name: 'Bea' } })).status).toBe(200);
  expect((await workshop.api('DELETE', '/v1/contacts/A', { body })).status).toBe(200);
  expect((await workshop.api('GET', '/v1/contacts/A', { body })).status).toBe(404);
});

test.each([
  ['GET', '?external=maybe', undefined],
  ['PATCH', '?external=2', {}],
  ['DELETE', '', { external: 'yes' }],
  ['GET', '', { external: null }],
] as const)('%s with an external that is no boolean is refused', async (method, query, body) => {
  await create('A');
  const reply = await workshop.api(method, `/v1/contacts/A${query}`, body === undefined ? {} : { body });
  expect([reply.status, reply.json]).toEqual([422, { error: { external: ['must be a boolean'] } }]);
});

test('PATCH leaves what is not sent, merges attributes and removes those that are null', async () => {
  await create('A', { phone_number: '+12345678910', attributes: { department: 'Sales', office: 'Austin' } });
  const reply = await workshop.api('PATCH', '/v1/contacts/A?external', {
    body: { last_name: 'King', attributes: { office: null, floor: 3, gone: null } },
  });
  expect([reply.status, reply.json]).toEqual([200, { message: 'Contact updated successfully' }]);
  expect((await workshop.api('GET', '/v1/contacts/A?external')).json).toMatchObject({
    first_name: 'Ada',
    last_name: 'King',
    phone_number: '+12345678910',
    attributes: { department: 'Sales', floor: 3 },
  });
  const { attributes } = (await workshop.api('GET', '/v1/contacts/A?external')).json as { attributes: object };
  expect(Object.keys(attributes)).toEqual(['department', 'floor']);
});

test('an attribute called __proto__ is an attribute like any other', async () => {
  const body = JSON.stringify(person('A')).replace('}', ',"attributes":{"__proto__":"x","constructor":"y"}}');
  expect((await workshop.api('POST', '/v1/contacts', { body })).status).toBe(201);
  const reply = await workshop.api('GET', '/v1/contacts/A?external');
  expect(reply.text).toContain('"attributes":{"__proto__":"x","constructor":"y"}');
});

test('phone_number null clears the number', async () => {
  await create('A', { phone_number: '+12345678910' });
  await workshop.api('PATCH', '/v1/contacts/A?external', { body: { phone_number: null } });
  expect((await workshop.api('GET', '/v1/contacts/A?external')).json).toMatchObject({ phone_number: null });
});

test('external_id in a PATCH renames: the old name finds nobody and is free again', async () => {
  await create('old');
  const rename = { body: { external_id: 'new' } };
  expect((await workshop.api('PATCH', '/v1/contacts/old?external', rename)).status).toBe(200);
  expect((await workshop.api('GET', '/v1/contacts/old?external')).status).toBe(404);
  expect((await workshop.api('GET', '/v1/contacts/new?external')).status).toBe(200);
  await create('old', { email: 'other@example.com' });
});

test('an external_id that somebody else has is refused with 409, on POST and on rename', async () => {
  await create('A');
  await create('B');
  const again = await workshop.api('POST', '/v1/contacts', { body: person('A') });
  expect([again.status, again.json]).toEqual([409, { error: 'Contact with the same external_id already exists' }]);
  expect((await workshop.api('PATCH', '/v1/contacts/B?external', { body: { external_id: 'A' } })).status).toBe(409);
  expect((await workshop.api('PATCH', '/v1/contacts/B?external', { body: { external_id: 'B' } })).status).toBe(200);
});

test('a contact without external_id must be given one by the first PATCH', async () => {
  const placed = (await workshop.control('POST', 'contacts', { first_name: 'Old', email: 'old@example.com' })) as {
    id: string;
    external_id: null;
  };
  expect(placed.external_id).toBeNull();
  const refused = await workshop.api('PATCH', `/v1/contacts/${placed.id}`, { body: { last_name: 'Hand' } });
  expect(refused.status).toBe(422);
  expect(refused.json).toEqual({ error: { external_id: [expect.stringContaining('is required')] } });
  const body = { external_id: 'A', last_name: 'Hand' };
  expect((await workshop.api('PATCH', `/v1/contacts/${placed.id}`, { body })).status).toBe(200);
  expect((await workshop.api('GET', '/v1/contacts/A?external')).json).toMatchObject({ id: placed.id, ...body });
});

test('DELETE removes the contact, and its external_id, email and phone are free again', async () => {
  await create('A', { phone_number: '+12345678910' });
  const gone = await workshop.api('DELETE', '/v1/contacts/A?external');
  expect([gone.status, gone.json]).toEqual([200, { message: 'Contact deleted successfully' }]);
  const again = await workshop.api('DELETE', '/v1/contacts/A?external');
  expect([again.status, again.json]).toEqual([404, notFound]);
  await create('A', { phone_number: '+12345678910' });
});

test.each(['a/b', '100%', '%2F', 'Müller 7', '東京', 'x?external#y', 'a+b', '{"q":1}'])(
  'the external_id %s works in every request',
  async (externalId) => {
    await create(externalId);
    const path = `/v1/contacts/${encodeURIComponent(externalId)}?external`;
    expect((await workshop.api('GET', path)).json).toMatchObject({ external_id: externalId });
    expect((await workshop.api('PATCH', path, { body: { first_name: 'Bea' } })).status).toBe(200);
    expect((await workshop.api('DELETE', path)).status).toBe(200);
  },
);

test('an id that is not percent-encoded properly is refused, not taken for an unknown contact', async () => {
  expect((await workshop.api('GET', '/v1/contacts/100%?external')).status).toBe(400);
  expect((await workshop.api('GET', '/v1/contacts/a/b?external')).status).toBe(400);
});

test('email and phone are unique, compared without case and punctuation', async () => {
  await create('A', { email: 'Ada@Example.com', phone_number: '+1 (234) 567-8910' });
  const taken = ['has already been taken'];
  const twin = person('B', { email: 'ada@example.COM', phone_number: '+12345678910' });
  const refused = await workshop.api('POST', '/v1/contacts', { body: twin });
  expect([refused.status, refused.json]).toEqual([422, { error: { email: taken, phone_number: taken } }]);

  await create('B');
  const claim = { body: { email: 'ADA@example.com' } };
  expect((await workshop.api('PATCH', '/v1/contacts/B?external', claim)).json).toEqual({ error: { email: taken } });
  expect((await workshop.api('PATCH', '/v1/contacts/A?external', claim)).status).toBe(200);

  await workshop.api('PATCH', '/v1/contacts/A?external', { body: { email: 'moved@example.com' } });
  expect((await workshop.api('PATCH', '/v1/contacts/B?external', claim)).status).toBe(200);
});

test('uniqueness can be switched off and on again', async () => {
  await workshop.control('POST', 'settings', { unique_emails: false, unique_phones: false });
  const shared = { email: 'same@example.com', phone_number: '+12345678910' };
  await create('A', shared);
  await create('B', shared);
  await workshop.control('POST', 'settings', { unique_emails: true });
  const refused = await workshop.api('POST', '/v1/contacts', { body: person('C', shared) });
  expect(refused.json).toEqual({ error: { email: ['has already been taken'] } });
  await workshop.api('DELETE', '/v1/contacts/A?external');
  expect((await workshop.api('POST', '/v1/contacts', { body: person('C', shared) })).status).toBe(422);
  await workshop.api('DELETE', '/v1/contacts/B?external');
  expect((await workshop.api('POST', '/v1/contacts', { body: person('C', shared) })).status).toBe(201);
});
