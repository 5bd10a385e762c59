// Keeps to the quota that the API tells beside its answers (specification §9), so that it need not answer 429: once the
// requests that are left are on their way, everybody waits until there are more.

import type { Quota } from '../contacts/contacts.ts';
import { type OperatorError, UnreachableError } from '../errors.ts';

export interface QuotaParts {
  readonly clock: { now(): number };
  readonly pauseUntil: (atMs: number) => void;
  readonly stop: (reason: OperatorError) => void;
  /** A run does not wait longer than this for the next requests. */
  readonly longestMs: number;
}

export interface QuotaWatch {
  /** A request leaves now. */
  departing(): void;
  /** The `nth` request that left was answered, or failed. */
  answered(nth: number, quota: Quota | undefined): void;
}

/** APIs count in whole seconds, and not all of them round up. */
const SECOND_MS = 1000;

/** Follows the quota of one run. */
export function createQuotaWatch({ clock, pauseUntil, stop, longestMs }: QuotaParts): QuotaWatch {
  let underWay = 0;
  /** The newest request whose answer told the quota. */
  let newest = 0;
  /** How many more may leave before `resetAtMs`; null: nobody said. */
  let left: number | null = null;
  let resetAtMs = 0;
  const waitIfUsedUp = (): void => {
    const nowMs = clock.now();
    if (left === null || left > 0 || nowMs >= resetAtMs) return;
    if (resetAtMs - nowMs > longestMs) stop(usedUpFor(resetAtMs - nowMs));
    else pauseUntil(resetAtMs);
  };
  return {
    departing: () => {
      underWay += 1;
      if (left !== null) left = clock.now() < resetAtMs ? left - 1 : null;
      waitIfUsedUp();
    },
    answered: (nth, quota) => {
      underWay -= 1;
      // Answers overtake each other; what an older one tells is known better already.
      if (quota === undefined || nth < newest) return;
      newest = nth;
      // Where a second is all that is asked for, a second is enough; else the one that may have been cut off is added.
      resetAtMs = clock.now() + SECOND_MS + (quota.resetMs <= SECOND_MS ? 0 : quota.resetMs);
      // Whoever is under way may not have been counted yet.
      left = quota.remaining - underWay;
      waitIfUsedUp();
    },
  };
}

function usedUpFor(waitMs: number): UnreachableError {
  return new UnreachableError(
    `Workshop allows no more requests for the next ${Math.round(waitMs / 60_000)} minutes, which is longer than a run waits.`,
    {
      hint: 'The next run goes on. If this stays, look for another program that uses the same key, or ask Workshop for a larger quota.',
    },
  );
}
