// Keeps to the quota that the API tells beside its answers (specification §9), so that it need not answer 429: once the
// requests that are left are on their way, everybody waits until there are more. Such headers are not documented for
// Workshop and others use them in other ways, so they slow a run down and never end it: that is left to the 429s.

import type { Quota } from '../contacts/contacts.ts';

export interface QuotaParts {
  readonly clock: { now(): number };
  /** Nobody's turn comes before this time. */
  readonly pauseUntil: (atMs: number) => void;
  /** What the run itself keeps to: a quota for each second that is no smaller is kept to already. */
  readonly requestsPerSecond: number;
}

export interface QuotaWatch {
  /** A request leaves now. */
  departing(): void;
  /** The `nth` request that left was answered, or failed. */
  answered(nth: number, told: { readonly quota: Quota | undefined; readonly isLimited: boolean }): void;
}

/** APIs count in whole seconds, and not all of them round up. */
const SECOND_MS = 1000;

/** Longer than this nobody waits for a header: then it is tried out whether it means what it seems to say. */
const LONGEST_PAUSE_MS = 60_000;

/** A header that allows fewer requests than this, and than it says, so many times in a row, is tried out as well. */
const THIN = 10;
const THIN_PAUSES = 3;

/** Follows the quota of one run. */
export function createQuotaWatch({ clock, pauseUntil, requestsPerSecond }: QuotaParts): QuotaWatch {
  let departed = 0;
  /** The newest request whose answer told the quota. */
  let newest = 0;
  /** How many more may leave before `resetAtMs`; null: nobody said. */
  let left: number | null = null;
  let resetAtMs = 0;
  let limit = Number.POSITIVE_INFINITY;
  let pausedUntilMs = 0;
  /** The request that tries out whether there is truly nothing left; null: none. */
  let trial: number | null = null;
  let wantsTrial = false;
  /** Answers since the last pause, and how many pauses in a row had hardly any before them. */
  let answeredCount = 0;
  let thinPauses = 0;
  let isBelieved = true;

  const waitIfUsedUp = (): void => {
    const nowMs = clock.now();
    if (left === null || left > 0 || nowMs >= resetAtMs) return;
    if (nowMs >= pausedUntilMs) {
      thinPauses = answeredCount < Math.min(THIN, limit / 2) ? thinPauses + 1 : 0;
      answeredCount = 0;
      wantsTrial = thinPauses > THIN_PAUSES;
      if (wantsTrial) return;
    }
    pausedUntilMs = Math.max(pausedUntilMs, Math.min(resetAtMs, nowMs + LONGEST_PAUSE_MS));
    pauseUntil(pausedUntilMs);
  };
  return {
    departing: () => {
      const nowMs = clock.now();
      departed += 1;
      if (left === null) return;
      if (nowMs >= resetAtMs) left = null;
      else if (left > 0) left -= 1;
      else if (nowMs >= pausedUntilMs || wantsTrial) trial ??= departed;
      wantsTrial = false;
      if (trial === null) waitIfUsedUp();
    },
    answered: (nth, { quota, isLimited }) => {
      answeredCount += 1;
      if (isLimited) isBelieved = true;
      // It went through although nothing was left: the header means something else here.
      else if (nth === trial) isBelieved = false;
      if (nth === trial) trial = null;
      if (!isBelieved) left = null;
      // Answers overtake each other; what an older one tells is known better already.
      if (quota === undefined || !isBelieved || nth < newest) return;
      newest = nth;
      const isEverySecond = quota.resetMs <= SECOND_MS;
      if (isEverySecond && quota.limit !== null && quota.limit >= requestsPerSecond) return;
      // Where a second is all that is asked for, a second is enough; else the one that may have been cut off is added.
      resetAtMs = clock.now() + SECOND_MS + (isEverySecond ? 0 : quota.resetMs);
      // Whoever left after this one has not been counted yet.
      left = quota.remaining - (departed - nth);
      limit = quota.limit ?? Number.POSITIVE_INFINITY;
      waitIfUsedUp();
    },
  };
}
