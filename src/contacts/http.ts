// The Workshop Contacts API over HTTP: the only place that knows methods, paths and headers, and the door to undici.
// Every reply, and every failure to get one, becomes an `Answer`; nothing is repeated or followed here.

import type { Dispatcher } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import type { Answer, Contacts, Quota } from './contacts.ts';
import { type Exchange, exchange } from './exchange.ts';
import { failureOf } from './failure.ts';
import { messageOf, readJson, shortened } from './message.ts';
import { contactFrom } from './payload.ts';
import { quotaFrom } from './quota.ts';

export interface ContactsOptions {
  /** With or without a slash at the end; https, or http to this machine. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Workshop-Version. */
  readonly version: string;
  /** For one request, from the connection to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** For Retry-After dates; the system's when not given. */
  readonly clock?: Clock;
}

/**
 * Opens the way to Workshop (specification §9, §15); no request is sent yet. Throws `UsageError` when the base URL
 * would show the key to others, or the key cannot be sent in a header.
 */
export async function openContacts(options: ContactsOptions): Promise<Contacts> {
  const baseUrl = checkedBaseUrl(options.baseUrl);
  checkApiKey(options.apiKey);
  // Loaded here, so that commands without a request start faster.
  const { Pool } = await import('undici');
  const pool = new Pool(baseUrl.origin, {
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxResponseSize: LARGEST_BODY_BYTES,
  });
  const line: Line = { pool, options, prefix: baseUrl.pathname.replace(/\/+$/, '') };
  return {
    find: (externalId) =>
      ask(line, { method: 'GET', path: pathOf(externalId), read: (json) => foundFrom(json, externalId) }),
    create: (body) => ask(line, { method: 'POST', path: '/v1/contacts', body }),
    update: (externalId, body) => ask(line, { method: 'PATCH', path: pathOf(externalId), body }),
    remove: (externalId) => ask(line, { method: 'DELETE', path: pathOf(externalId) }),
    check: () => ask(line, { method: 'GET', path: '/v1/contacts?limit=1', read: pageFrom }),
    close: () => pool.close(),
  };
}

const LARGEST_BODY_BYTES = 1024 * 1024;

interface Line {
  readonly pool: Dispatcher;
  readonly options: ContactsOptions;
  /** The path of the base URL, which every path follows. */
  readonly prefix: string;
}

interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** What the JSON of a good reply stands for; null when it cannot be that. Writes need none. */
  readonly read?: (json: unknown) => Answer | null;
}

function checkedBaseUrl(text: string): URL {
  const hint = 'Set workshop.base_url to an https address such as https://app.useworkshop.com/api.';
  if (!URL.canParse(text)) throw new UsageError('workshop.base_url is not an address.', { hint });
  const url = new URL(text);
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.[\d.]+$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return url;
  throw new UsageError(`workshop.base_url (${url.origin}) would send the API key unencrypted.`, { hint });
}

function checkApiKey(apiKey: string): void {
  if (/^[!-~]+$/.test(apiKey)) return;
  throw new UsageError('The API key is empty or has characters that no key has, such as a line break.', {
    hint: 'Copy it again from the settings of Workshop into workshop.api_key or the file of api_key_file.',
  });
}

/** The whole id is one segment, also when it has slashes or is made of dots, which a URL would take for a way up. */
function pathOf(externalId: string): string {
  invariant(externalId !== '', 'an empty external_id would address all contacts');
  const segment = encodeURIComponent(externalId.replace(/\p{Surrogate}/gu, '\ufffd'));
  return `/v1/contacts/${/^\.+$/.test(segment) ? segment.replaceAll('.', '%2E') : segment}?external`;
}

function foundFrom(json: unknown, externalId: string): Answer | null {
  const contact = contactFrom(json);
  return contact?.externalId === externalId ? { kind: 'ok', status: 200, contact } : null;
}

function pageFrom(json: unknown): Answer | null {
  const isPage = typeof json === 'object' && json !== null && 'data' in json && Array.isArray(json.data);
  return isPage ? { kind: 'ok', status: 200, contact: null } : null;
}

async function ask(line: Line, question: Question): Promise<Answer> {
  const { apiKey } = line.options;
  const hide = (text: string) => text.replaceAll(apiKey, '[API key]');
  // Whatever somebody echoes into an error page, the key is not shown: hidden before a message is cut short, lest a
  // part of it stays, and after its escapes are taken out, lest they had it in two parts.
  const got = await exchange(line.pool, requestOf(line, question), line.options.timeoutMs);
  const hidden = got.kind === 'reply' && got.body !== null ? { ...got, body: hide(got.body) } : got;
  const answer = { ...answerFrom(hidden, question, line.options), ...quotaOf(got, line.options) };
  return 'message' in answer ? { ...answer, message: shortened(hide(answer.message)) } : answer;
}

function requestOf({ options, prefix }: Line, { method, path, body }: Question) {
  const { apiKey, version, userAgent } = options;
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'workshop-version': version,
    'user-agent': userAgent,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return { method, path: prefix + path, headers, body: body === undefined ? null : JSON.stringify(body) };
}

function quotaOf(got: Exchange, { clock = systemClock }: ContactsOptions): { quota?: Quota } {
  const quota = got.kind === 'reply' ? quotaFrom(got.header, clock.now()) : null;
  return quota === null ? {} : { quota };
}

function answerFrom(
  got: Exchange,
  { method, read }: Question,
  { baseUrl, clock = systemClock }: ContactsOptions,
): Answer {
  const isWrite = method !== 'GET';
  if (got.kind === 'no_reply') {
    return { kind: 'transient', status: null, message: got.reason, ambiguous: isWrite && got.written };
  }
  const { status, body } = got;
  if (status < 200 || status > 299) {
    const reply = { status, body, retryAfter: got.header('retry-after'), location: got.header('location') };
    return failureOf(reply, { isWrite, baseUrl, nowMs: clock.now() });
  }
  // A write needs no body; one that is there and is no JSON did not come from the API.
  const json = isWrite && body?.trim() === '' ? {} : readJson(body ?? '');
  const answer = read === undefined ? writtenFrom(json, status) : read(json);
  return answer ?? { kind: 'transient', status, message: unreadable(status, body), ambiguous: isWrite };
}

/** Whether a write is confirmed: not by an answer that speaks of an error, or says that it will be carried out later. */
function writtenFrom(json: unknown, status: number): Answer | null {
  return isMessage(json) && status !== 202 ? { kind: 'ok', status, contact: null } : null;
}

function isMessage(json: unknown): boolean {
  if (json === undefined) return false;
  if (typeof json !== 'object' || json === null) return true;
  return !['error', 'errors'].some((key) => Object.hasOwn(json, key) && isFilled(Reflect.get(json, key)));
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function unreadable(status: number, body: string | null): string {
  if (status === 202) return 'the answer (202) says that it may be carried out later';
  if (body === null) return `the answer (${status}) broke off or was too long`;
  if (body.trim() === '') return `the answer (${status}) was empty`;
  if (readJson(body) !== undefined) return `the answer (${status}) is not what the Contacts API sends here`;
  return `the answer (${status}) could not be read: ${body.trimStart().startsWith('<') ? messageOf(body) : 'it is not whole JSON'}`;
}
