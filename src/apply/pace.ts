// The way every request takes to the API, and the door to p-queue and p-retry: retry outside, queue inside, so that
// every attempt pays for its slot. Knows when to slow down, when to try again, and when the run has to stop.

import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import type { Answer } from '../contacts/contacts.ts';
import type { OperatorError } from '../errors.ts';
import { createQuotaWatch } from './quota.ts';
import { createRate } from './rate.ts';
import { createRateLimit } from './rate-limit.ts';
import { type ApiStatistics, createStatistics } from './statistics.ts';
import { createStopRules, type Meaning } from './stop-rules.ts';

export interface PaceOptions {
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  /** Requests for one send, 429s not counted. */
  readonly attempts: number;
  /** Milliseconds of a clock that never jumps; where it starts does not matter. */
  readonly clock: { now(): number };
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** How long a run waits for 429s in all before it ends. */
  readonly rateLimitBudgetMs?: number;
}

export interface SendOptions {
  /** Asked before a request is repeated that may have been carried out; an answer ends the repeating. */
  readonly beforeRepeat?: (last: Answer) => Promise<Answer | null>;
  /** What an answer says about how well Workshop is, where the kind alone does not tell. */
  readonly meaning?: (answer: Answer) => Meaning;
}

export type Sent =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly attempts: number }
  | { readonly kind: 'not_sent' };

export interface Pace {
  /** Sends a request until it is answered for good (specification §9). Never throws for what the API does. */
  send(request: () => Promise<Answer>, options?: SendOptions): Promise<Sent>;
  /** Waits, or until the run is stopped. */
  rest(delayMs: number): Promise<void>;
  /** Nothing new is sent from now on; what is in flight is still answered. */
  stop(reason: OperatorError): void;
  readonly stopped: OperatorError | null;
  statistics(): ApiStatistics;
}

const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MOST_MS = 60_000;
const RATE_LIMIT_BUDGET_MS = 30 * 60_000;

/** A transient failure, thrown to p-retry and caught here. */
class TransientFailure extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('transient');
    this.answer = answer;
  }
}

/** The run stopped before this request's turn came. */
class NotSent extends Error {}

/** The pace of one run. */
export function createPace(options: PaceOptions): Pace {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let stopped: OperatorError | null = null;
  const stop = (reason: OperatorError): void => {
    stopped ??= reason;
    stopping.abort(reason);
  };
  const { attempt, statistics } = createSlots(options, stopping.signal, stop);
  const rest = (delayMs: number) => options.wait(delayMs, stopping.signal).catch(() => undefined);
  const backOff = async (failureCount: number): Promise<void> => {
    const mostMs = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** failureCount);
    await rest(Math.round(mostMs * options.random()));
  };
  return {
    send: async (request, sendOptions = {}) => {
      const trial = createTrial(request, sendOptions, { attempt, most: options.attempts });
      try {
        const answer = await pRetry(trial.tryOnce, {
          retries: options.attempts - 1,
          minTimeout: 0,
          shouldRetry: ({ error }) => error instanceof TransientFailure && stopped === null,
          onFailedAttempt: async ({ error, retriesConsumed, retriesLeft }) => {
            if (error instanceof TransientFailure && retriesLeft > 0) await backOff(retriesConsumed);
          },
        });
        return { kind: 'answered', answer, attempts: trial.attempts() };
      } catch (error) {
        return trial.ended(error, stopped !== null);
      }
    },
    rest,
    stop,
    get stopped() {
      return stopped;
    },
    statistics,
  };
}

type Attempt = (request: () => Promise<Answer>, isRetry: boolean, meaning: SendOptions['meaning']) => Promise<Answer>;

/** The queue: a slot and a turn for every request, whoever asks. */
function createSlots(options: PaceOptions, stopping: AbortSignal, stop: (reason: OperatorError) => void) {
  const { clock, wait } = options;
  const queue = new PQueue({ concurrency: options.concurrency });
  const budgetMs = options.rateLimitBudgetMs ?? RATE_LIMIT_BUDGET_MS;
  const pauseUntil = (atMs: number) => rate.pauseUntil(atMs);
  const { requestsPerSecond } = options;
  const quota = createQuotaWatch({ clock, pauseUntil, requestsPerSecond });
  const rate = createRate({ perSecond: requestsPerSecond, now: clock.now, wait, departing: quota.departing });
  const statistics = createStatistics();
  const rules = createStopRules(stop);
  const rateLimit = createRateLimit({ clock, rate, stop, budgetMs });
  const inSlot = async (request: () => Promise<Answer>, isRetry: boolean): Promise<Answer> => {
    const { nth, answered } = await rate.turn(stopping).catch(notSent);
    const sentAtMs = clock.now();
    statistics.sent(sentAtMs, isRetry);
    let answer: Answer | null = null;
    try {
      answer = await request();
      statistics.answered(clock.now() - sentAtMs, answer.kind === 'rate_limited');
      return answer;
    } finally {
      answered();
      quota.answered(nth, answer ?? { kind: 'transient' });
    }
  };
  const attempt: Attempt = async (request, isRetry, meaning) => {
    const answer = await queue.add(() => inSlot(request, isRetry));
    if (answer.kind !== 'rate_limited') {
      rateLimit.over();
      rules.judge(answer, meaning?.(answer) ?? 'as it is');
      return answer;
    }
    rateLimit.pause(answer.retryAfterMs);
    // Everybody waits for the same turn, and no attempt is used up.
    return stopping.aborted ? answer : await attempt(request, true, meaning);
  };
  return { attempt, statistics: () => statistics.read(rate.allowedPerSecond()) };
}

/** One send: its attempts, and the doubt that an attempt without a clear answer leaves. */
function createTrial(
  request: () => Promise<Answer>,
  { beforeRepeat, meaning }: SendOptions,
  { attempt, most }: { attempt: Attempt; most: number },
) {
  let attempts = 0;
  let last: (Answer & { kind: 'transient' }) | null = null;
  return {
    attempts: () => attempts,
    tryOnce: async (): Promise<Answer> => {
      const found = last?.ambiguous === true ? await beforeRepeat?.(last) : null;
      if (found) return found;
      const answer = await attempt(request, attempts > 0, meaning);
      attempts += 1;
      if (answer.kind !== 'transient') return answer;
      // Once an attempt may have been carried out, the doubt stays whatever the later ones say.
      last = { ...answer, ambiguous: answer.ambiguous || last?.ambiguous === true };
      throw new TransientFailure(last);
    },
    /** How a send ended that was not answered for good. */
    ended: (error: unknown, isStopped: boolean): Sent => {
      if (!(error instanceof TransientFailure || error instanceof NotSent)) throw error;
      // Cut short by the end of the run, and surely not carried out: unsent work is no failure.
      const isUnsent = last === null || (isStopped && attempts < most && !last.ambiguous);
      return isUnsent || last === null ? { kind: 'not_sent' } : { kind: 'answered', answer: last, attempts };
    },
  };
}

function notSent(): never {
  throw new NotSent('the run stopped');
}
