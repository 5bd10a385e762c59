// What a reply that is no success means: for this operation alone, for everybody for a while, or for the whole run
// (specification §9). Pure: the same status, headers and body, the same answer.

import { STATUS_CODES } from 'node:http';
import { parseTime } from '../clock.ts';
import type { Answer } from './contacts.ts';
import { messageOf, readJson } from './message.ts';

/** A reply as far as it says why. */
export interface FailedReply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  /** null when it could not be read. */
  readonly body: string | null;
}

export interface Asked {
  /** A write may have been carried out although no good answer came. */
  readonly isWrite: boolean;
  /** The base URL that was asked. */
  readonly baseUrl: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The answer that a status outside 200 to 299 stands for. */
export function failureOf(reply: FailedReply, asked: Asked): Answer {
  const { status } = reply;
  if (status >= 300 && status < 400) return redirect(reply, asked);
  const message = said(reply);
  switch (status) {
    case 401:
      return { kind: 'fatal', status, message: `Workshop does not accept the API key (401): ${message}` };
    case 403:
      return { kind: 'fatal', status, message: `Workshop does not allow this with the API key (403): ${message}` };
    case 404:
    case 410:
      return { kind: 'not_found', status, message };
    case 408:
      return { kind: 'transient', status, message, ambiguous: asked.isWrite };
    case 409:
      return { kind: 'conflict', status, message };
    case 422:
      return { kind: isTaken(reply.body) ? 'conflict' : 'refused', status, message };
    case 425:
      // The server says that it did not dare to look at the request.
      return { kind: 'transient', status, message, ambiguous: false };
    case 429:
      return { kind: 'rate_limited', status, retryAfterMs: retryAfterMs(reply.retryAfter, asked.nowMs) };
  }
  if (status >= 400 && status < 500) return { kind: 'refused', status, message };
  return { kind: 'transient', status, message, ambiguous: asked.isWrite };
}

/**
 * Milliseconds that a Retry-After header asks to wait, from seconds or an HTTP date; 0 when that is past, null when
 * there is no header or it is neither.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Math.max(0, Math.ceil(Number(text) * 1000));
  const dateMs = httpDateMs(text);
  return dateMs === null ? null : Math.max(0, dateMs - nowMs);
}

function redirect({ status, location }: FailedReply, { baseUrl }: Asked): Answer {
  const target = location !== null && URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : null;
  const elsewhere = target !== null && target.origin !== new URL(baseUrl).origin;
  const message = elsewhere
    ? `Workshop redirects to another address (${status}, ${target.origin}); this is not followed, because the key does not leave its host. Check workshop.base_url`
    : `Workshop answers with a redirect (${status}), which is not followed. Check workshop.base_url: the API may have moved`;
  return { kind: 'fatal', status, message };
}

function said({ status, body }: FailedReply): string {
  return messageOf(body) ?? `no reason given (${[status, STATUS_CODES[status]].filter(Boolean).join(' ')})`;
}

/** Which status says that an email or phone belongs to somebody else is not documented; the words are all there is. */
function isTaken(body: string | null): boolean {
  const json = readJson(body ?? '');
  if (typeof json !== 'object' || json === null) return false;
  return TAKEN.test(messageOf(body) ?? '');
}

const TAKEN =
  /\b(already (been )?(taken|exists?|used|in use|registered|assigned)|taken|must be unique|not unique|duplicate)\b/i;

/** The three forms of HTTP: `Mon, 23 Nov 2026 02:15:04 GMT`, the same with a long day name, and that of asctime. */
const HTTP_DATE = /^[a-z]+, \d{1,2}[ -][a-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} (gmt|utc)$/i;
const ASCTIME = /^[a-z]{3} [a-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/i;

function httpDateMs(text: string): number | null {
  if (HTTP_DATE.test(text)) return parseTime(text);
  return ASCTIME.test(text) ? parseTime(`${text} GMT`) : null;
}
