// When the next request may leave: evenly spaced, and never more than the limit in any rolling second as the
// server counts them. p-queue's own interval counts from its own clock and lets more through (performance.md).

export interface RateOptions {
  readonly perSecond: number;
  readonly now: () => number;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

export interface Rate {
  /** Resolves when a request may leave, one caller after the other; rejects when the signal aborts. */
  turn(signal: AbortSignal): Promise<void>;
  /** Nobody's turn comes before this time; milliseconds since the epoch. */
  pauseUntil(atMs: number): void;
  pausedUntilMs(): number;
  /** After a 429: half the rate, which then climbs back. */
  halve(): void;
  /** After an answer that was no 429: a little faster again, at most as fast as configured. */
  recover(): void;
  allowedPerSecond(): number;
}

/**
 * Requests arrive later than they leave, and not all by the same time. So the limit is kept over a little more than
 * a second here, which keeps it over a second there. Measured in `bench/rate`.
 */
const WINDOW_MS = 1030;

/** How much of lost time may be made up for by sending closer together; the window holds all the same. */
const CATCH_UP_MS = 25;

const SLOWEST_PER_SECOND = 0.1;
/** A twentieth of the configured rate, once a second. */
const CLIMB = 0.05;
const CLIMB_EVERY_MS = 1000;

/** A limiter for one API. */
export function createRate({ perSecond, now, wait }: RateOptions): Rate {
  let allowed = perSecond;
  let pausedUntilMs = 0;
  let idealMs = now();
  let climbedAtMs = 0;
  let sent: number[] = [];
  let line: Promise<void> = Promise.resolve();

  const dueMs = (): number => {
    const capacity = Math.max(1, Math.floor(allowed));
    const oldest = sent.length < capacity ? undefined : sent[sent.length - capacity];
    return Math.max(idealMs, pausedUntilMs, oldest === undefined ? 0 : oldest + WINDOW_MS);
  };
  const takeTurn = async (signal: AbortSignal): Promise<void> => {
    for (let leftMs = dueMs() - now(); leftMs > 0; leftMs = dueMs() - now()) await wait(Math.ceil(leftMs), signal);
    signal.throwIfAborted();
    const nowMs = now();
    idealMs = Math.max(idealMs, nowMs - CATCH_UP_MS) + WINDOW_MS / allowed;
    sent.push(nowMs);
    if (sent.length > 2 * perSecond + 2) sent = sent.slice(-Math.max(1, Math.floor(perSecond)));
  };
  return {
    turn: (signal) => {
      const turn = line.then(() => takeTurn(signal));
      line = turn.catch(() => undefined);
      return turn;
    },
    pauseUntil: (atMs) => {
      pausedUntilMs = Math.max(pausedUntilMs, atMs);
    },
    pausedUntilMs: () => pausedUntilMs,
    halve: () => {
      allowed = Math.max(Math.min(SLOWEST_PER_SECOND, perSecond), allowed / 2);
      climbedAtMs = now();
    },
    recover: () => {
      if (allowed >= perSecond || now() - climbedAtMs < CLIMB_EVERY_MS) return;
      allowed = Math.min(perSecond, allowed + perSecond * CLIMB);
      climbedAtMs = now();
    },
    allowedPerSecond: () => allowed,
  };
}
