// The only reader of the wall clock, so that the rest can be tested with any time.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that never jumps, for pacing: it starts anywhere. */
export const steadyClock: Clock = { now: () => performance.now() };

/** A monotonic reading in milliseconds, for measuring how long something took. */
export function elapsedClockMs(): number {
  return performance.now();
}

/** `2026-11-23T02:15:04.123Z`, as every timestamp of the report and the database is written. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Milliseconds since the epoch of an HTTP date or ISO timestamp; null when it is neither. */
export function parseTime(text: string): number | null {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? null : epochMs;
}
