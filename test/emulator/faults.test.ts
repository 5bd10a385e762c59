import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkshop, person, type Reply, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop({ seed: 7 });
});
afterEach(() => workshop.close());

function post(externalId: string): Promise<Reply> {
  return workshop.api('POST', '/v1/contacts', { body: person(externalId) });
}

async function externalIds(): Promise<string[]> {
  return ((await workshop.control('GET', 'contacts')) as { external_id: string }[]).map((each) => each.external_id);
}

test('a status answers instead of the API, for as many requests as count says', async () => {
  await workshop.control('POST', 'faults', [{ status: 503, count: 2 }]);
  expect([(await post('A')).status, (await post('B')).status, (await post('C')).status]).toEqual([503, 503, 201]);
  expect(await externalIds()).toEqual(['C']);
  expect(await workshop.control('GET', 'faults')).toEqual([{ id: 1, hits: 2, matched: 2, status: 503, count: 2 }]);
});

test('after_commit carries the request out before it fails', async () => {
  await workshop.control('POST', 'faults', { status: 502, after_commit: true, count: 1 });
  expect((await post('A')).status).toBe(502);
  expect(await externalIds()).toEqual(['A']);
  expect((await post('A')).status).toBe(409);
});

test('a connection dropped before leaves nothing behind, one dropped after leaves the contact', async () => {
  await workshop.control('POST', 'faults', [
    { drop: 'before', external_id: 'A' },
    { drop: 'after', external_id: 'B' },
  ]);
  await expect(post('A')).rejects.toThrow();
  await expect(post('B')).rejects.toThrow();
  expect(await externalIds()).toEqual(['B']);
  const { requests } = (await workshop.control('GET', 'requests')) as { requests: unknown[] };
  expect(requests).toMatchObject([
    { external_id: 'A', status: null, fault: 1 },
    { external_id: 'B', status: null, fault: 2 },
  ]);
});

test.each([
  ['json', '{"message":"Contac', 'application/json; charset=utf-8'],
  ['empty', '', 'application/json; charset=utf-8'],
  ['html', '<!DOCTYPE html>', 'text/html; charset=utf-8'],
])('malformed %s spoils the answer of a request that was carried out', async (malformed, start, contentType) => {
  await workshop.control('POST', 'faults', { malformed });
  const reply = await post('A');
  expect([reply.status, reply.headers['content-type']]).toEqual([201, contentType]);
  expect(reply.text.startsWith(start)).toBe(true);
  expect(reply.json).toBeUndefined();
  expect(await externalIds()).toEqual(['A']);
});

test('malformed with a status is an answer of something in between, and nothing is carried out', async () => {
  await workshop.control('POST', 'faults', { malformed: 'html', status: 502 });
  const reply = await post('A');
  expect(reply.status).toBe(502);
  expect(reply.text).toContain('<h1>Bad Gateway</h1>');
  expect(await externalIds()).toEqual([]);
});

test('body and headers are sent as given', async () => {
  const body = { error: ['first', { code: 7 }] };
  await workshop.control('POST', 'faults', [
    { status: 429, body, headers: { 'Retry-After': 'Mon, 23 Nov 2026 02:15:05 GMT', 'X-Request-Id': 'r1' }, count: 1 },
    { status: 500, body: 'plain words', headers: { 'content-type': 'text/plain' } },
  ]);
  const first = await post('A');
  expect([first.status, first.json]).toEqual([429, body]);
  expect(first.headers).toMatchObject({ 'retry-after': 'Mon, 23 Nov 2026 02:15:05 GMT', 'x-request-id': 'r1' });
  const second = await post('A');
  expect([second.text, second.headers['content-type']]).toEqual(['plain words', 'text/plain']);
});

test('retry_after_s is sent as seconds or as a date that far ahead', async () => {
  await workshop.control('POST', 'faults', [
    { status: 429, retry_after_s: 3, count: 1 },
    { status: 429, retry_after_s: 3, retry_after_as: 'date', count: 1 },
    { status: 429, count: 1 },
  ]);
  expect((await post('A')).headers['retry-after']).toBe('3');
  const aheadMs = Date.parse(String((await post('A')).headers['retry-after'])) - Date.now();
  expect(aheadMs).toBeGreaterThan(2000);
  expect(aheadMs).toBeLessThanOrEqual(4000);
  expect((await post('A')).headers['retry-after']).toBeUndefined();
});

test.each(['soon', '0', '-5', '86400', '1.5', '', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
  'retry_after "%s" is sent as it stands',
  async (text) => {
    await workshop.control('POST', 'faults', { status: 429, retry_after: text });
    expect((await post('A')).headers['retry-after']).toBe(text);
  },
);

test('a delayed request is carried out after the delay, or before it with after_commit, and holds up nobody', async () => {
  await workshop.control('POST', 'faults', [
    { delay_ms: 1000, external_id: 'late' },
    { delay_ms: 1000, external_id: 'early', after_commit: true },
  ]);
  const late = post('late');
  const early = post('early');
  expect((await post('other')).status).toBe(201);
  expect(await externalIds()).toEqual(['early', 'other']);
  expect([(await late).status, (await early).status]).toEqual([201, 201]);
  expect(await externalIds()).toEqual(['early', 'late', 'other']);
});

test('method, path and external_id choose the requests, and the first rule that fits strikes', async () => {
  await workshop.control('POST', 'contacts', [person('A1'), person('B/2'), person('C')]);
  await workshop.control('POST', 'faults', [
    { status: 500, method: 'delete' },
    { status: 501, path: 'contacts\\?limit=\\d+$' },
    { status: 502, path: '/A1?external' },
    { status: 503, external_id: 'B/2' },
  ]);
  const status = async (method: 'GET' | 'DELETE', path: string) => (await workshop.api(method, path)).status;
  expect(await status('DELETE', '/v1/contacts/A1?external')).toBe(500);
  expect(await status('GET', '/v1/contacts?limit=20')).toBe(501);
  expect(await status('GET', '/v1/contacts')).toBe(200);
  expect(await status('GET', '/v1/contacts/A1?external')).toBe(502);
  expect(await status('GET', '/v1/contacts/B%2F2?external')).toBe(503);
  expect(await status('GET', '/v1/contacts/C?external')).toBe(200);
});

test('a rule by external_id also strikes requests that name the contact by id', async () => {
  const placed = (await workshop.control('POST', 'contacts', person('A'))) as { id: string };
  await workshop.control('POST', 'faults', { status: 500, external_id: 'A' });
  expect((await workshop.api('GET', `/v1/contacts/${placed.id}`)).status).toBe(500);
});

test('skip lets the first matching requests pass', async () => {
  await workshop.control('POST', 'faults', { status: 500, skip: 2, count: 1 });
  const statuses = [];
  for (const id of ['A', 'B', 'C', 'D']) statuses.push((await post(id)).status);
  expect(statuses).toEqual([201, 201, 500, 201]);
});

test('a probability strikes about that often, and the same requests again with the same seed', async () => {
  const strikes = async (): Promise<number[]> => {
    await workshop.control('POST', 'reset');
    await workshop.control('POST', 'faults', { status: 500, probability: 0.3 });
    const statuses: number[] = [];
    for (let index = 0; index < 200; index++) statuses.push((await workshop.api('GET', '/v1/contacts')).status);
    return statuses;
  };
  const first = await strikes();
  const struck = first.filter((status) => status === 500).length;
  expect(struck).toBeGreaterThan(35);
  expect(struck).toBeLessThan(85);
  expect(await strikes()).toEqual(first);
});

test('rules are added to those in force until they are deleted', async () => {
  await workshop.control('POST', 'faults', { status: 500, method: 'GET' });
  await workshop.control('POST', 'faults', { status: 502, method: 'POST' });
  expect([(await workshop.api('GET', '/v1/contacts')).status, (await post('A')).status]).toEqual([500, 502]);
  expect(await workshop.control('DELETE', 'faults')).toEqual([]);
  expect((await post('A')).status).toBe(201);
});

test.each([
  [{ stauts: 500 }, '"stauts" is unknown'],
  [{ status: 99 }, '"status" must be'],
  [{ drop: 'now' }, '"drop" must be "before" or "after"'],
  [{ status: 500, probability: 2 }, '"probability" must be'],
  [{ status: 500, headers: { 'bad name': 'x' } }, '"headers" must be'],
  [{ status: 500, headers: { ok: 'a\nb' } }, '"headers" must be'],
  [{ status: 429, retry_after: 5 }, '"retry_after" must be text'],
  [{ status: 429, retry_after: 'a\nb' }, '"retry_after" must be text'],
  [{ status: 429, retry_after: 'soon', retry_after_s: 1 }, '"retry_after" excludes "retry_after_s"'],
  [{ status: 429, retry_after: 'soon', retry_after_as: 'date' }, '"retry_after" excludes "retry_after_as"'],
  [{ stream: 'fast' }, '"stream" must be "slow_headers" or "slow_body" or "endless"'],
  [{ stream: 'endless', drop: 'after' }, '"stream" excludes "drop"'],
  [{ count: 1 }, 'does nothing'],
  ['oops', 'must be an object'],
])('the rule %j is refused with the reason, and none of the script is taken', async (rule, reason) => {
  const reply = await workshop.controlReply('POST', 'faults', [{ status: 500 }, rule]);
  expect([reply.status, reply.json]).toEqual([422, { error: [expect.stringContaining(`Rule 2: ${reason}`)] }]);
  expect(await workshop.control('GET', 'faults')).toEqual([]);
});
