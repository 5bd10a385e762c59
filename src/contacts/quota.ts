// What an API says of its quota beside an answer, so that a 429 need not happen (specification §9). Nobody documents it for
// Workshop, so the common forms are read. Pure: the same headers, the same quota.

import { parseTime } from '../clock.ts';
import type { Quota } from './contacts.ts';

/**
 * The quota that the headers of an answer tell, the smallest if there are several; null when they tell none that can be
 * understood. Read are `RateLimit: "default";r=9;t=30` and `RateLimit: limit=10, remaining=9, reset=30` (the drafts of the
 * IETF), and `RateLimit-Remaining` with `RateLimit-Reset`, also with `X-` or as `X-Rate-Limit-…`.
 */
export function quotaFrom(header: (name: string) => string | null, nowMs: number): Quota | null {
  const fields = fromFields(header('ratelimit') ?? '', header('ratelimit-policy') ?? '');
  const quotas = [fields, ...PREFIXES.map((prefix) => fromPair(header, prefix, nowMs))];
  const known = quotas.filter((quota) => quota !== null);
  return known.sort((one, other) => one.remaining - other.remaining)[0] ?? null;
}

const PREFIXES = ['ratelimit', 'x-ratelimit', 'x-rate-limit'];

/** Nobody said when there is more: a second is the shortest time that anybody counts in. */
const UNTOLD_RESET_MS = 1000;

/** Numbers from here on are no durations but times: seconds, or milliseconds, since 1970. */
const EPOCH_S = 1_000_000_000;
const EPOCH_MS = EPOCH_S * 1000;

function fromPair(header: (name: string) => string | null, prefix: string, nowMs: number): Quota | null {
  const remaining = wholeNumber(header(`${prefix}-remaining`));
  if (remaining === null) return null;
  const limit = wholeNumber(header(`${prefix}-limit`));
  return { remaining, limit, resetMs: resetMs(header(`${prefix}-reset`)?.trim() ?? '', nowMs) };
}

function fromFields(text: string, policyText: string): Quota | null {
  const told = numberOf(policyText, 'q');
  // The older draft has one policy whose parts are divided by commas, the newer one may have several.
  const policies = /\bremaining\s*=/i.test(text) ? [text] : text.split(',');
  const quotas = policies.flatMap((policy) => {
    const remaining = numberOf(policy, 'r|remaining');
    const seconds = numberOf(policy, 't|reset');
    if (remaining === null) return [];
    const limit = numberOf(policy, 'limit') ?? told;
    return [{ remaining, limit, resetMs: seconds === null ? UNTOLD_RESET_MS : seconds * 1000 }];
  });
  return quotas.sort((one, other) => one.remaining - other.remaining)[0] ?? null;
}

/** The number of `name=number` among parameters; `names` are alternatives of a regular expression. */
function numberOf(text: string, names: string): number | null {
  return wholeNumber(new RegExp(`(?:^|[;,\\s])(?:${names})\\s*=\\s*(\\d+)`, 'i').exec(text)?.[1] ?? null);
}

function resetMs(text: string, nowMs: number): number {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  if (number === null) {
    const atMs = parseTime(text);
    return atMs === null ? UNTOLD_RESET_MS : Math.max(0, atMs - nowMs);
  }
  if (number < EPOCH_S) return Math.ceil(number * 1000);
  return Math.max(0, Math.ceil(number < EPOCH_MS ? number * 1000 : number) - nowMs);
}

function wholeNumber(text: string | null): number | null {
  const digits = /^\s*(\d{1,15})(\.0*)?\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
