// The shape of one rule of a fault script, and what is checked before it is taken.

import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isRecord } from './exchange.ts';
import { STREAMS, type Stream } from './stream.ts';

export interface FaultRule {
  /** Answer with this status. The request is not carried out, unless `after_commit`. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends Retry-After so many seconds ahead, as a number or as an HTTP date. */
  readonly retry_after_s?: number;
  readonly retry_after_as?: 'seconds' | 'date';
  /** Sent as Retry-After as it stands, also where it makes no sense. */
  readonly retry_after?: string;
  readonly delay_ms?: number;
  /** Close the connection without an answer, before or after the request was carried out. */
  readonly drop?: 'before' | 'after';
  readonly malformed?: 'json' | 'empty' | 'html';
  /** Deliver the answer so that it never ends. */
  readonly stream?: Stream;
  /** Carry the request out first, then delay, fail or drop. */
  readonly after_commit?: boolean;
  /** Hit at most so many requests. */
  readonly count?: number;
  /** Let so many matching requests pass first. */
  readonly skip?: number;
  readonly probability?: number;
  readonly method?: string;
  /** A part of the path and query as received, or a regular expression for it. */
  readonly path?: string;
  readonly external_id?: string;
}

/** Everything wrong with a rule, as sentences; empty when it can be used. */
export function ruleTroubles(rule: unknown): string[] {
  if (!isRecord(rule)) return ['must be an object'];
  const troubles: string[] = [];
  for (const [key, value] of Object.entries(rule)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof FaultRule] : undefined;
    if (check === undefined) troubles.push(`"${key}" is unknown; a rule has ${Object.keys(CHECKS).join(', ')}`);
    else if (!check.accepts(value)) troubles.push(`"${key}" must be ${check.expected}`);
  }
  if (troubles.length === 0 && !EFFECTS.some((key) => rule[key] !== undefined)) {
    troubles.push(`does nothing; give one of ${EFFECTS.join(', ')}`);
  }
  for (const [key, other] of EXCLUSIVE) {
    if (rule[key] !== undefined && rule[other] !== undefined) troubles.push(`"${key}" excludes "${other}"`);
  }
  return troubles;
}

const EFFECTS = [
  'status',
  'body',
  'headers',
  'retry_after_s',
  'retry_after',
  'delay_ms',
  'drop',
  'malformed',
  'stream',
] as const satisfies readonly (keyof FaultRule)[];

/** Pairs of which one would silently win. */
const EXCLUSIVE = [
  ['retry_after', 'retry_after_s'],
  ['retry_after', 'retry_after_as'],
  ['stream', 'drop'],
] as const satisfies readonly (readonly (keyof FaultRule)[])[];

interface Check {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

const wholeNumber: Check = {
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  expected: 'a whole number',
};
const text: Check = { accepts: (value) => typeof value === 'string' && value !== '', expected: 'text' };

const CHECKS: Readonly<Record<keyof FaultRule, Check>> = {
  status: {
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 200 && Number(value) <= 599,
    expected: 'an HTTP status from 200 to 599',
  },
  body: { accepts: (value) => value !== undefined, expected: 'any JSON value' },
  headers: { accepts: areHeaders, expected: 'an object of header names and text values' },
  retry_after_s: wholeNumber,
  retry_after_as: oneOf('seconds', 'date'),
  retry_after: {
    accepts: (value) => areHeaders({ 'retry-after': value }),
    expected: 'text that a header can carry',
  },
  delay_ms: {
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 3_600_000,
    expected: 'milliseconds from 0 to 3600000',
  },
  drop: oneOf('before', 'after'),
  malformed: oneOf('json', 'empty', 'html'),
  stream: oneOf(...STREAMS),
  after_commit: { accepts: (value) => typeof value === 'boolean', expected: 'true or false' },
  count: wholeNumber,
  skip: wholeNumber,
  probability: {
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    expected: 'a number from 0 to 1',
  },
  method: text,
  path: text,
  external_id: text,
};

function oneOf(...words: readonly string[]): Check {
  return {
    accepts: (value) => words.includes(value as string),
    expected: words.map((word) => `"${word}"`).join(' or '),
  };
}

function areHeaders(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return Object.entries(value).every(([name, each]) => {
    if (typeof each !== 'string') return false;
    try {
      validateHeaderName(name);
      validateHeaderValue(name, each);
      return true;
    } catch {
      return false;
    }
  });
}
