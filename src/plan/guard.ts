// A guard compares a number with a limit and says both (specification §8). Pure.

/** At most `count`, or `percent` of the feed's contacts if that is more; and never more than `cap`. */
export interface DeletesLimit {
  readonly percent: number;
  readonly count: number;
  readonly cap: number;
}

export interface GuardLimits {
  readonly deletes: DeletesLimit;
}

export const GUARDS = ['empty', 'deletes'] as const;
export type GuardName = (typeof GUARDS)[number];

export interface GuardVerdict {
  readonly name: GuardName;
  readonly feed: string;
  readonly actual: number;
  readonly limit: number;
  readonly tripped: boolean;
  /** Tripped, but let through by `--force` for this run. */
  readonly forced: boolean;
}

/** Would `deleteCount` deletes out of `contactCount` contacts be more than a person should wave through unseen? */
export function deletesLimit(limits: DeletesLimit, contactCount: number): number {
  return Math.min(limits.cap, Math.max(limits.count, Math.floor((contactCount * limits.percent) / 100)));
}
