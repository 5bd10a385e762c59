// What a 429 does to everybody (specification §9): pause, half the rate, and in the end the run stops rather than
// wait for ever.

import { type OperatorError, UnreachableError } from '../errors.ts';
import type { Rate } from './rate.ts';

/** Without a Retry-After the pauses double from the first to the longest. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export interface RateLimitParts {
  readonly clock: { now(): number };
  readonly rate: Rate;
  readonly stop: (reason: OperatorError) => void;
  readonly budgetMs: number;
}

/** Counts the 429s of one run and what they cost. */
export function createRateLimit({ clock, rate, stop, budgetMs }: RateLimitParts) {
  let waitedMs = 0;
  let inARow = 0;
  /** As far as 429s asked for it; the quota may have paused everybody for longer. */
  let pausedUntilMs = 0;
  return {
    pause: (retryAfterMs: number | null) => {
      const nowMs = clock.now();
      // Answers to requests that were in flight together are one event: it counts and halves once.
      const isNew = nowMs >= pausedUntilMs;
      if (isNew) {
        inARow += 1;
        rate.halve();
      }
      // "At once" is no pause: an API that keeps saying so is given more and more time all the same.
      const pauseMs = retryAfterMs || Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inARow - 1));
      const untilMs = nowMs + Math.max(pauseMs, 1);
      // At the slowest rate, the distance to the next request is waiting too.
      const spacingMs = isNew ? 1000 / rate.allowedPerSecond() : 0;
      waitedMs += Math.max(spacingMs, untilMs - Math.max(nowMs, pausedUntilMs), 0);
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
      rate.pauseUntil(untilMs);
      if (waitedMs > budgetMs) stop(tooLongLimited(budgetMs));
    },
    over: () => {
      inARow = 0;
      rate.recover();
    },
  };
}

function tooLongLimited(budgetMs: number): UnreachableError {
  return new UnreachableError(
    `Workshop answered "too many requests" (429) for longer than the ${Math.round(budgetMs / 60_000)} minutes that a run waits.`,
    {
      hint: 'The next run goes on. If this stays, lower workshop.requests_per_second or look for another program that uses the same key.',
    },
  );
}
