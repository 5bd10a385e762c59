// Time that passes as fast as nobody does anything: a clock, its wait, a pace on both, and an API that answers as told.

import { createPace, type Pace, type PaceOptions } from '../../src/apply/pace.ts';
import type { Answer } from '../../src/contacts/contacts.ts';

export const OK: Answer = { kind: 'ok', status: 200, contact: null };
export const REFUSED: Answer = { kind: 'refused', status: 422, message: 'email: is invalid' };
export const NOT_FOUND: Answer = { kind: 'not_found', status: 404, message: 'nobody' };
export const UNAUTHORIZED: Answer = { kind: 'fatal', status: 401, message: 'the key is not accepted' };

export function transient(ambiguous: boolean): Answer {
  return { kind: 'transient', status: ambiguous ? 503 : null, message: 'no luck', ambiguous };
}

export function limited(retryAfterMs: number | null): Answer {
  return { kind: 'rate_limited', status: 429, retryAfterMs };
}

export interface Simulation {
  now(): number;
  wait(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** `lateMs` is by how much a timer fires too late. */
export function simulate(lateMs: () => number = () => 0): Simulation {
  const timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  let nowMs = 1_000_000;
  let isTicking = false;
  const tick = () => {
    timers.sort((a, b) => a.atMs - b.atMs);
    const next = timers.shift();
    isTicking = next !== undefined;
    if (next === undefined) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.fire();
    setImmediate(tick);
  };
  return {
    now: () => nowMs,
    wait: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          const index = timers.findIndex((timer) => timer.fire === fire);
          if (index >= 0) timers.splice(index, 1);
          reject(signal?.reason);
        };
        const fire = () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        timers.push({ atMs: nowMs + delayMs + lateMs(), fire });
        // Everything that is ready runs first; then time goes on to the next timer.
        if (!isTicking) setImmediate(tick);
        isTicking = true;
      }),
  };
}

export interface Api {
  /** When each request arrived. */
  readonly arrivals: number[];
  /** One request: answered with the answers in turn, the last one for ever. */
  readonly request: () => Promise<Answer>;
}

export interface ApiOptions {
  readonly latencyMs?: number | ((index: number) => number);
  /** How long the request that is the nth (from 0) to leave takes to get there. */
  readonly delayMs?: (index: number) => number;
}

export function api(time: Simulation, answers: (index: number) => Answer, options: ApiOptions = {}): Api {
  const arrivals: number[] = [];
  let left = 0;
  const request = async () => {
    const index = left;
    left += 1;
    await time.wait(options.delayMs?.(index) ?? 0);
    arrivals.push(time.now());
    const answer = answers(index);
    const { latencyMs = 20 } = options;
    await time.wait(typeof latencyMs === 'number' ? latencyMs : latencyMs(index));
    return answer;
  };
  return { arrivals, request };
}

/** Answers in turn; the last one for ever. */
export function inTurn(...answers: Answer[]): (index: number) => Answer {
  return (index) => answers[Math.min(index, answers.length - 1)] ?? OK;
}

export function paceOn(time: Simulation, options: Partial<PaceOptions> = {}): Pace {
  return createPace({
    requestsPerSecond: 5,
    concurrency: 4,
    attempts: 5,
    clock: time,
    wait: time.wait,
    random: () => 1,
    ...options,
  });
}

/** The most requests that arrived in any rolling second. */
export function busiestSecond(arrivals: readonly number[]): number {
  const sorted = arrivals.toSorted((a, b) => a - b);
  const counts = sorted.map((fromMs, from) => sorted.slice(from).filter((atMs) => atMs < fromMs + 1000).length);
  return Math.max(0, ...counts);
}

/** The time between one arrival and the next. */
export function gaps(arrivals: readonly number[]): number[] {
  return arrivals.slice(1).map((atMs, index) => atMs - (arrivals[index] ?? 0));
}
