// Keeps to the quota that the API tells beside its answers (specification §9), so that it need not answer 429: once the
// requests that are left are on their way, everybody waits until there are more. Such headers are not documented for
// Workshop and others use them in other ways, so they slow a run down and never end it: that is left to the 429s.

import type { Answer, Quota } from '../contacts/contacts.ts';

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
  answered(nth: number, answer: { readonly quota?: Quota; readonly kind: Answer['kind'] }): void;
}

/** APIs count in whole seconds, and not all of them round up. */
const SECOND_MS = 1000;

/** Longer than this nobody waits for a header: then it is tried out whether it means what it seems to say. */
const LONGEST_PAUSE_MS = 60_000;

/** A header that allows fewer requests than this, so many times in a row, is tried out once as well. */
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
  /** The same without what is added to be safe: before it, nothing should go through. */
  let toldResetAtMs = 0;
  let isEverySecond = false;
  let pausedUntilMs = 0;
  /** The request that tries out whether there is truly nothing left; null: none. */
  let trial: number | null = null;
  let wantsTrial = false;
  /** Answers since the last pause, and how many pauses in a row had hardly any before them. */
  let answeredCount = 0;
  let thinPauses = 0;
  let isBelieved = true;
  /** It was tried out, and there was truly nothing left. */
  let isProved = false;

  const waitIfUsedUp = (): void => {
    const nowMs = clock.now();
    if (left === null || left > 0 || nowMs >= resetAtMs) return;
    if (nowMs >= pausedUntilMs) {
      thinPauses = answeredCount < THIN && !isEverySecond ? thinPauses + 1 : 0;
      answeredCount = 0;
      wantsTrial = thinPauses > THIN_PAUSES && !isProved;
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
      else if ((nowMs >= pausedUntilMs || wantsTrial) && nowMs < toldResetAtMs) trial ??= departed;
      wantsTrial = false;
      if (trial === null) waitIfUsedUp();
    },
    answered: (nth, { quota, kind }) => {
      answeredCount += 1;
      // What goes through although nothing was left shows that the header means something else here.
      if (kind === 'rate_limited') isBelieved = true;
      else if (nth === trial && kind === 'ok') isBelieved = false;
      if (nth === trial) {
        isProved ||= kind === 'rate_limited';
        trial = null;
      }
      if (!isBelieved) left = null;
      // Answers overtake each other; what an older one tells is known better already.
      if (quota === undefined || !isBelieved || nth < newest) return;
      newest = nth;
      isEverySecond = quota.resetMs <= SECOND_MS;
      if (isEverySecond && quota.limit !== null && quota.limit >= requestsPerSecond) return;
      // Where a second is all that is asked for, a second is enough; else the one that may have been cut off is added.
      toldResetAtMs = clock.now() + quota.resetMs;
      resetAtMs = isEverySecond ? clock.now() + SECOND_MS : toldResetAtMs + SECOND_MS;
      // Whoever left after this one has not been counted yet.
      left = quota.remaining - (departed - nth);
      waitIfUsedUp();
    },
  };
}
