import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkshop, person, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

interface Page {
  object: string;
  has_more: boolean;
  next: string | null;
  limit: number;
  size: number;
  data: { external_id: string; attributes?: unknown }[];
}

async function seed(count: number): Promise<void> {
  const contacts = Array.from({ length: count }, (_, index) => person(`E${index + 1}`, { attributes: { n: index } }));
  await workshop.control('POST', 'reset', { contacts });
}

async function page(path: string, version?: string): Promise<Page> {
  const reply = await workshop.api(
    'GET',
    path,
    version === undefined ? {} : { headers: { 'workshop-version': version } },
  );
  expect(reply.status).toBe(200);
  return reply.json as Page;
}

function ids({ data }: Page): string[] {
  return data.map((contact) => contact.external_id);
}

test('following next to the end shows every contact once, in the order they were added', async () => {
  await seed(12);
  const seen: string[] = [];
  let path: string | null = '/v1/contacts?limit=5';
  const sizes: number[] = [];
  while (path !== null) {
    const each: Page = await page(path);
    expect(each).toMatchObject({ object: 'array', limit: 5, size: each.data.length, has_more: each.next !== null });
    if (each.next !== null) expect(each.next).toMatch(/^\/v1\/contacts\?cursor=/);
    seen.push(...ids(each));
    sizes.push(each.size);
    path = each.next;
  }
  expect(sizes).toEqual([5, 5, 2]);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `E${index + 1}`));
});

test('a limit beside the cursor wins over the one the cursor remembers', async () => {
  await seed(6);
  const first = await page('/v1/contacts?limit=2');
  expect(ids(await page(`${first.next}&limit=3`))).toEqual(['E3', 'E4', 'E5']);
});

test('the last full page has no next', async () => {
  await seed(4);
  const second = await page((await page('/v1/contacts?limit=2')).next ?? '');
  expect(second).toMatchObject({ size: 2, has_more: false, next: null });
});

test('contacts deleted and added between pages shift nobody', async () => {
  await seed(6);
  const first = await page('/v1/contacts?limit=3');
  for (const gone of ['E1', 'E3', 'E4']) await workshop.api('DELETE', `/v1/contacts/${gone}?external`);
  await workshop.api('POST', '/v1/contacts', { body: person('E7') });
  await workshop.api('PATCH', '/v1/contacts/E5?external', { body: { external_id: 'E5b' } });
  expect(ids(await page(first.next ?? ''))).toEqual(['E5b', 'E6', 'E7']);
});

test('pages stay right while most contacts are deleted', async () => {
  await seed(300);
  const first = await page('/v1/contacts?limit=10');
  for (let index = 1; index <= 290; index++) await workshop.api('DELETE', `/v1/contacts/E${index}?external`);
  expect(ids(await page(first.next ?? ''))).toEqual(Array.from({ length: 10 }, (_, index) => `E${291 + index}`));
});

test('a page shows summaries: everything but the attributes', async () => {
  await seed(1);
  const { data } = await page('/v1/contacts');
  const details = (await workshop.api('GET', '/v1/contacts/E1?external')).json as Record<string, unknown>;
  const { attributes, ...summary } = details;
  expect(attributes).toEqual({ n: 0 });
  expect(data).toEqual([summary]);
});

test.each(['0', '101', '-1', '5.5', 'all', ''])('the limit "%s" is refused', async (limit) => {
  const reply = await workshop.api('GET', `/v1/contacts?limit=${limit}`);
  expect([reply.status, reply.json]).toEqual([422, { error: { limit: [expect.any(String)] } }]);
});

test('limits of 1 and 100 are accepted', async () => {
  await seed(101);
  expect((await page('/v1/contacts?limit=1')).size).toBe(1);
  expect((await page('/v1/contacts?limit=100')).size).toBe(100);
});

test.each(['nonsense', '', 'eyJhZnRlciI6IngifQ'])('the cursor "%s" is refused', async (cursor) => {
  const reply = await workshop.api('GET', `/v1/contacts?cursor=${cursor}`);
  expect([reply.status, reply.json]).toEqual([422, { error: { cursor: ['is invalid'] } }]);
});

test.each([
  ['1.0', 'list', 5],
  ['1.1', 'array', 50],
  ['1.2', 'array', 50],
])('version %s calls a page "%s" and shows %i contacts by default', async (version, object, limit) => {
  await seed(60);
  expect(await page('/v1/contacts', version)).toMatchObject({ object, limit, size: limit });
});

test.each(['1.0', '1.1'])(
  'before 1.2, in %s, PATCH replaces all attributes and external is unknown',
  async (version) => {
    await workshop.control('POST', 'contacts', person('A', { attributes: { department: 'Sales', office: 'Austin' } }));
    const headers = { 'workshop-version': version };
    const [{ id }] = (await workshop.control('GET', 'contacts')) as [{ id: string }];
    const body = { attributes: { floor: '3', office: null } };
    expect((await workshop.api('PATCH', `/v1/contacts/${id}`, { body, headers })).status).toBe(200);
    expect(await workshop.control('GET', 'contacts')).toMatchObject([{ attributes: { floor: '3' } }]);
    const [contact] = (await workshop.control('GET', 'contacts')) as [{ attributes: object }];
    expect(contact.attributes).toEqual({ floor: '3' });

    expect((await workshop.api('GET', '/v1/contacts/A?external', { headers })).status).toBe(404);
    expect((await workshop.api('GET', `/v1/contacts/${id}?external=maybe`, { headers })).status).toBe(200);
  },
);

test('without a version the pinned one answers', async () => {
  await seed(60);
  expect(await page('/v1/contacts')).toMatchObject({ object: 'array', limit: 50 });
  await workshop.control('POST', 'settings', { pinned_version: '1.0' });
  expect(await page('/v1/contacts')).toMatchObject({ object: 'list', limit: 5 });
  expect(await page('/v1/contacts', '1.2')).toMatchObject({ object: 'array', limit: 50 });
});

test.each(['2.0', '1', 'latest', '1.2.0', 'v1.2'])('the version "%s" is refused', async (version) => {
  const reply = await workshop.api('GET', '/v1/contacts', { headers: { 'workshop-version': version } });
  expect([reply.status, reply.json]).toEqual([400, { error: expect.stringContaining('1.0, 1.1, 1.2') }]);
});
