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

/** No employee at all in a file is no company: only `--allow-empty` lets it through to the other guards. */
export function guardEmpty(feed: string, employeeCount: number, forced: boolean): GuardVerdict {
  return { name: 'empty', feed, actual: employeeCount, limit: 1, tripped: employeeCount === 0, forced };
}

/** Are these more deletes than anybody should wave through unseen? `percent` is of the feed's contacts. */
export function guardDeletes(
  feed: string,
  limits: DeletesLimit,
  numbers: { deleteCount: number; contactCount: number; forced: boolean },
): GuardVerdict {
  const { deleteCount, contactCount, forced } = numbers;
  const share = Math.floor((contactCount * limits.percent) / 100);
  const limit = Math.min(limits.cap, Math.max(limits.count, share));
  return { name: 'deletes', feed, actual: deleteCount, limit, tripped: deleteCount > limit, forced };
}
