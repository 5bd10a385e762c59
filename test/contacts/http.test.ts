import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contacts } from '../../src/contacts/contacts.ts';
import { type ContactsOptions, openContacts } from '../../src/contacts/http.ts';
import { UsageError } from '../../src/errors.ts';
import { reply, type ScriptedServer, startServer } from './server.ts';

const API_KEY = 'wk_live_0123456789';
const NOW_MS = Date.UTC(2026, 10, 23, 2, 15, 0);
const BODY = { external_id: 'A', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' };
const LONG_TIMEOUT_MS = 20_000;

let server: ScriptedServer;
let contacts: Contacts;

function open(changes: Partial<ContactsOptions> = {}): Promise<Contacts> {
  return openContacts({
    baseUrl: `${server.url}/api`,
    apiKey: API_KEY,
    version: '1.2',
    timeoutMs: LONG_TIMEOUT_MS,
    userAgent: 'workshop-sync/9.9.9',
    clock: { now: () => NOW_MS },
    ...changes,
  });
}

beforeEach(async () => {
  server = await startServer();
  contacts = await open();
});

afterEach(async () => {
  await contacts.close();
  await server.close();
});

describe('a request', () => {
  it('says who asks, with which key and for which version', async () => {
    await contacts.create(BODY);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/contacts',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'workshop-version': '1.2',
        'user-agent': 'workshop-sync/9.9.9',
        'content-type': 'application/json',
      },
    });
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(BODY);
  });

  it.each([
    ['a/b', '/api/v1/contacts/a%2Fb?external'],
    ['100%', '/api/v1/contacts/100%25?external'],
    ['ü x', '/api/v1/contacts/%C3%BC%20x?external'],
    ['.', '/api/v1/contacts/%2E?external'],
    ['..', '/api/v1/contacts/%2E%2E?external'],
    ['a\ud800', '/api/v1/contacts/a%EF%BF%BD?external'],
  ])('addresses %j as one segment with the bare external flag', async (externalId, path) => {
    await contacts.update(externalId, { first_name: 'Eve' });
    await contacts.remove(externalId);
    await contacts.find(externalId);
    expect(server.received.map((each) => [each.method, each.path])).toEqual([
      ['PATCH', path],
      ['DELETE', path],
      ['GET', path],
    ]);
  });

  it('is never sent for an empty external_id, which would address everybody', () => {
    expect(() => contacts.remove('')).toThrow('empty external_id');
    expect(server.received).toEqual([]);
  });

  it('asks one harmless question to check the key', async () => {
    server.answer = (response) => reply(response, 200, { object: 'array', data: [] });
    expect((await contacts.check()).kind).toBe('ok');
    expect(server.received[0]).toMatchObject({ method: 'GET', path: '/api/v1/contacts?limit=1' });
  });
});

describe('opening', () => {
  it.each(['http://workshop.example.com/api', 'ftp://127.0.0.1/', 'nonsense'])('refuses %s', async (baseUrl) => {
    await expect(open({ baseUrl })).rejects.toThrow(UsageError);
  });

  it.each(['', 'two\nlines', 'schlüssel'])('refuses the key %j, which no header can carry', async (apiKey) => {
    await expect(open({ apiKey })).rejects.toThrow(UsageError);
  });
});

describe('a good answer', () => {
  it.each([
    [200, { error: 'something went wrong' }],
    [202, { message: 'queued' }],
    [202, ''],
    [200, { errors: { email: ['is bad'] } }],
  ])('to a write does not confirm it with %j %j', async (status, body) => {
    server.answer = (response) => reply(response, status, body);
    expect(await contacts.create(BODY)).toMatchObject({ kind: 'transient', status, ambiguous: true });
  });

  it.each([
    ['a message', { message: 'Contact created successfully' }],
    ['nothing', ''],
    ['another message', { status: 'ok', error: null, errors: [] }],
    ['other JSON', ['ok']],
  ])('to a write may hold %s', async (_, body) => {
    server.answer = (response) => reply(response, 201, body);
    expect(await contacts.create(BODY)).toEqual({ kind: 'ok', status: 201, contact: null });
  });

  it.each([
    ['cut-off JSON', '{"message":"Conta'],
    ['a web page', '<!DOCTYPE html><title>Log in</title>'],
  ])('to a write that holds %s is not believed, and leaves the write in doubt', async (_, body) => {
    server.answer = (response) => reply(response, 200, body);
    expect(await contacts.update('A', {})).toMatchObject({ kind: 'transient', status: 200, ambiguous: true });
  });

  it.each([
    ['another contact', { id: '1', external_id: 'B' }],
    ['a list', []],
    ['a web page', '<html>'],
    ['nothing', ''],
  ])('to a look-up that holds %s tells nothing', async (_, body) => {
    server.answer = (response) => reply(response, 200, body);
    expect(await contacts.find('A')).toMatchObject({ kind: 'transient', ambiguous: false });
  });

  it('that is no page of contacts does not pass the check', async () => {
    server.answer = (response) => reply(response, 200, { hello: 'world' });
    expect(await contacts.check()).toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('Contacts API'),
    });
  });

  it('longer than a mebibyte is not read to its end', async () => {
    server.answer = (response) => reply(response, 200, JSON.stringify({ message: 'x'.repeat(1024 * 1024) }));
    expect(await contacts.remove('A')).toMatchObject({ kind: 'transient', ambiguous: true });
    server.answer = (response) => reply(response, 422, 'x'.repeat(3 * 1024 * 1024));
    expect(await contacts.remove('A')).toMatchObject({ kind: 'refused', status: 422 });
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with status %d to another host ends the run and takes no key there',
    async (status) => {
      const other = await startServer();
      server.answer = (response) => reply(response, status, '', { location: `${other.url}/api/v1/contacts` });
      const answer = await contacts.create(BODY);
      expect(answer).toMatchObject({
        kind: 'fatal',
        status,
        message: expect.stringContaining('the key does not leave'),
      });
      expect([other.received, server.received.length]).toEqual([[], 1]);
      await other.close();
    },
  );

  it.each(['/api/v2/contacts', null])('on the same host (%s) says what to check', async (location) => {
    server.answer = (response) => reply(response, 301, '', location === null ? {} : { location });
    const answer = await contacts.find('A');
    expect(answer).toMatchObject({ kind: 'fatal', message: expect.stringContaining('Check workshop.base_url') });
    expect(server.received).toHaveLength(1);
  });
});

describe('a failure', () => {
  it('with 429 says how long to wait, counted from our clock', async () => {
    server.answer = (response) => reply(response, 429, '', { 'retry-after': 'Mon, 23 Nov 2026 02:15:30 GMT' });
    expect(await contacts.find('A')).toEqual({ kind: 'rate_limited', status: 429, retryAfterMs: 30_000 });
  });

  it('never shows the key, whoever echoes it', async () => {
    server.answer = (response, { headers }) => reply(response, 400, { error: `bad ${headers.authorization}` });
    expect(await contacts.create(BODY)).toMatchObject({ kind: 'refused', message: 'bad Bearer [API key]' });
    const filler = 'x'.repeat(495 - 'Bearer '.length);
    server.answer = (response, { headers }) => reply(response, 400, { error: `${filler}${headers.authorization}` });
    expect(JSON.stringify(await contacts.create(BODY))).not.toContain('wk_');
  });

  it('before the request was written leaves nothing in doubt', async () => {
    const closed = await startServer();
    await closed.close();
    const nowhere = await open({ baseUrl: closed.url });
    expect(await nowhere.create(BODY)).toEqual({
      kind: 'transient',
      status: null,
      message: 'the connection was refused (ECONNREFUSED)',
      ambiguous: false,
    });
    await nowhere.close();
  });

  it('of TLS leaves nothing in doubt', async () => {
    const wrong = await open({ baseUrl: `https://127.0.0.1:${server.port}` });
    expect(await wrong.create(BODY)).toMatchObject({ kind: 'transient', status: null, ambiguous: false });
    await wrong.close();
  });

  it('to get an answer in time leaves a write in doubt, and a look-up not', async () => {
    server.answer = () => {};
    const hasty = await open({ timeoutMs: 50 });
    expect(await hasty.create(BODY)).toMatchObject({ kind: 'transient', status: null, ambiguous: true });
    expect(await hasty.remove('A')).toMatchObject({ ambiguous: true, message: 'no whole answer within 0.05 s' });
    expect(await hasty.find('A')).toMatchObject({ kind: 'transient', ambiguous: false });
    await hasty.close();
  });

  it('to get the whole answer in time counts as well, however steadily it drips', async () => {
    let dripping: NodeJS.Timeout | undefined;
    server.answer = (response) => {
      response.writeHead(200);
      dripping = setInterval(() => response.write(' '), 5);
    };
    const hasty = await open({ timeoutMs: 50 });
    expect(await hasty.update('A', {})).toMatchObject({ kind: 'transient', status: 200, ambiguous: true });
    clearInterval(dripping);
    await hasty.close();
  });

  it('to connect in time leaves nothing in doubt', async () => {
    // Accepts connections and never speaks TLS.
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const hasty = await open({ baseUrl: `https://127.0.0.1:${port}`, timeoutMs: 50 });
    expect(await hasty.create(BODY)).toMatchObject({ kind: 'transient', status: null, ambiguous: false });
    await hasty.close();
    silent.close();
  });

  it('of the connection after the request was written leaves a write in doubt', async () => {
    server.answer = (response) => response.destroy();
    expect(await contacts.create(BODY)).toMatchObject({ kind: 'transient', status: null, ambiguous: true });
    expect(await contacts.find('A')).toMatchObject({ kind: 'transient', ambiguous: false });
    expect(server.received).toHaveLength(2);
  });
});
