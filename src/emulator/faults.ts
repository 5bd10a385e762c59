// The fault script: which rule hits a request, and what it makes of the answer.

import { STATUS_CODES } from 'node:http';
import { epochMs, httpDate } from './clock.ts';
import { type Answer, type ApiRequest, failure } from './exchange.ts';
import type { FaultRule } from './fault-rule.ts';

/** A rule in force, with how often it matched and how often it struck. */
export interface ActiveFault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly pattern: RegExp | null;
  readonly random: () => number;
  matched: number;
  hits: number;
}

export class Faults {
  #active: ActiveFault[] = [];
  #nextId = 1;
  readonly #seed: number | null;

  /** With a seed, the same requests are struck by the same probabilities every time. */
  constructor(seed: number | null) {
    this.#seed = seed;
  }

  /** Appends rules that ruleTroubles found nothing wrong with. */
  add(rules: readonly FaultRule[]): void {
    for (const rule of rules) {
      const id = this.#nextId++;
      // A stream per rule: how often one rule rolls does not change what another one rolls.
      const random = this.#seed === null ? Math.random : seededRandom(this.#seed + id * 0x9e3779b9);
      this.#active.push({ id, rule, pattern: patternOf(rule.path), random, matched: 0, hits: 0 });
    }
  }

  clear(): void {
    this.#active = [];
    this.#nextId = 1;
  }

  /** The first rule that matches, is past its `skip`, within its `count` and lucky. It counts as hit. */
  strike(request: ApiRequest, externalId: string | null): ActiveFault | null {
    for (const fault of this.#active) {
      const { rule } = fault;
      if (fault.hits >= (rule.count ?? Number.POSITIVE_INFINITY) || !matches(fault, request, externalId)) continue;
      fault.matched++;
      if (fault.matched <= (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && fault.random() >= rule.probability) continue;
      fault.hits++;
      return fault;
    }
    return null;
  }

  summary(): Record<string, unknown>[] {
    return this.#active.map(({ id, matched, hits, rule }) => ({ id, hits, matched, ...rule }));
  }
}

/** Is the request carried out before the wait and the fault, after the wait, or not at all? */
export function commitOf(rule: FaultRule): 'before the fault' | 'after the wait' | 'never' {
  if (rule.after_commit === true || rule.drop === 'after') return 'before the fault';
  return rule.status !== undefined || rule.drop === 'before' ? 'never' : 'after the wait';
}

/** The answer as the rule wants it, made of the real one when the request was carried out. */
export function faultyAnswer(rule: FaultRule, real: Answer | null): Answer {
  const status = rule.status ?? real?.status ?? 500;
  const plain = rule.status === undefined && real !== null ? real : failure(status, STATUS_CODES[status] ?? 'Failed');
  const answer: Answer = { ...plain, ...('body' in rule ? { body: rule.body } : {}) };
  const headers = { ...answer.headers, ...retryAfter(rule), ...lowerCased(rule.headers) };
  if (rule.malformed === undefined) return { ...answer, headers };
  return { status, body: malformedBody(rule.malformed, answer), headers: { ...malformedType(rule), ...headers } };
}

function matches({ rule, pattern }: ActiveFault, request: ApiRequest, externalId: string | null): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) return false;
  if (rule.external_id !== undefined && rule.external_id !== externalId) return false;
  if (rule.path === undefined) return true;
  return request.target.includes(rule.path) || (pattern?.test(request.target) ?? false);
}

/** null for text that is no regular expression: then it only matches as text. */
function patternOf(path: string | undefined): RegExp | null {
  if (path === undefined) return null;
  try {
    return new RegExp(path);
  } catch {
    return null;
  }
}

function retryAfter(rule: FaultRule): Record<string, string> {
  if (rule.retry_after !== undefined) return { 'retry-after': rule.retry_after };
  if (rule.retry_after_s === undefined) return {};
  if (rule.retry_after_as !== 'date') return { 'retry-after': String(rule.retry_after_s) };
  return { 'retry-after': httpDate(epochMs() + rule.retry_after_s * 1000) };
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function malformedBody(kind: 'json' | 'empty' | 'html', answer: Answer): string {
  if (kind === 'empty') return '';
  if (kind === 'html') return `<!DOCTYPE html><html><body><h1>${STATUS_CODES[answer.status] ?? ''}</h1></body></html>`;
  const whole = JSON.stringify(answer.body);
  return whole.slice(0, Math.max(1, Math.floor(whole.length / 2)));
}

function malformedType(rule: FaultRule): Record<string, string> {
  return rule.malformed === 'html' ? { 'content-type': 'text/html; charset=utf-8' } : {};
}

/** mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
