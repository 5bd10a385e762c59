// When the next request may leave: evenly spaced, and never more than the limit in any rolling second as the
// server counts them. p-queue's own interval counts from its own clock and lets more through (performance.md).

export interface RateOptions {
  readonly perSecond: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** A request leaves: called before anybody else's turn comes. */
  readonly departing?: () => void;
}

/** A request that leaves now. */
export interface Departed {
  /** Its number, counted from 1. */
  readonly nth: number;
  /** To be called once it was answered, or failed. */
  readonly answered: () => void;
}

export interface Rate {
  /** Resolves when a request may leave, one caller after the other; rejects when the signal aborts. */
  turn(signal: AbortSignal): Promise<Departed>;
  /** Nobody's turn comes before this time, on the clock of `now`. */
  pauseUntil(atMs: number): void;
  /** After a 429: half the rate, which then climbs back. */
  halve(): void;
  /** After an answer that was no 429: a little faster again, at most as fast as configured. */
  recover(): void;
  allowedPerSecond(): number;
}

/** One request: when it left, and when it was answered, once it is. */
interface Departure {
  readonly sentAtMs: number;
  answeredAtMs: number | null;
  readonly answered: Promise<void>;
}

/**
 * A second, and two milliseconds for clocks that count in whole ones. It runs from the latest arrival of one request
 * to the departure of the one that is `perSecond` places later. A request has arrived at the latest when it is
 * answered; whatever it took longer than the fastest one so far, it may have spent on the way there.
 */
const WINDOW_MS = 1002;

/** Before so many answers, the fastest one tells nothing: the first requests also open connections. */
const ANSWERS_TO_TRUST = 10;

/** A request without an answer for so long is no longer on its way there: one that hangs must not hold up the rest. */
const LATEST_ARRIVAL_MS = 5000;

/** How much of lost time may be made up for by sending closer together; the window holds all the same. */
const CATCH_UP_MS = 50;

const SLOWEST_PER_SECOND = 0.1;
/** A twentieth of the configured rate, once a second. */
const CLIMB = 0.05;
const CLIMB_EVERY_MS = 1000;

/** A limiter for one API. */
export function createRate({ perSecond, now, wait, departing }: RateOptions): Rate {
  let allowed = perSecond;
  let pausedUntilMs = 0;
  let climbedAtMs = 0;
  const line = createLine({
    now,
    wait,
    allowed: () => allowed,
    pausedUntilMs: () => pausedUntilMs,
    departing: departing ?? (() => undefined),
  });
  return {
    turn: line.turn,
    pauseUntil: (atMs) => {
      pausedUntilMs = Math.max(pausedUntilMs, atMs);
    },
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

interface LineOptions extends Required<Omit<RateOptions, 'perSecond'>> {
  readonly allowed: () => number;
  readonly pausedUntilMs: () => number;
}

/** The waiting line: whoever comes first leaves first. */
function createLine({ now, wait, allowed, pausedUntilMs, departing }: LineOptions) {
  let nextMs = now();
  let departures: Departure[] = [];
  let line: Promise<unknown> = Promise.resolve();
  let fastestMs = Number.POSITIVE_INFINITY;
  let answeredCount = 0;
  let waitingCount = 0;
  let departedCount = 0;

  const dueMs = async (): Promise<number> => {
    const capacity = Math.max(1, Math.floor(allowed()));
    const before = departures[departures.length - capacity];
    if (before === undefined) return Math.max(nextMs, pausedUntilMs());
    await answeredOrArrived(before);
    const answeredAtMs = before.answeredAtMs ?? before.sentAtMs + LATEST_ARRIVAL_MS;
    const arrivedMs = answeredAtMs - (answeredCount < ANSWERS_TO_TRUST ? 0 : fastestMs);
    return Math.max(nextMs, pausedUntilMs(), arrivedMs + WINDOW_MS);
  };
  const answeredOrArrived = async ({ answered, answeredAtMs, sentAtMs }: Departure): Promise<void> => {
    const leftMs = sentAtMs + LATEST_ARRIVAL_MS - now();
    if (answeredAtMs !== null || leftMs <= 0) return;
    const patience = new AbortController();
    await Promise.race([answered, wait(leftMs, patience.signal).catch(() => undefined)]);
    patience.abort();
  };
  const leave = async (signal: AbortSignal, wasIdle: boolean): Promise<Departed> => {
    // Time in which nobody wanted to send is not lost, and not made up for.
    if (wasIdle) nextMs = Math.max(nextMs, now());
    for (let due = await dueMs(); due > now() && !signal.aborted; due = await dueMs()) await wait(due - now(), signal);
    signal.throwIfAborted();
    nextMs = Math.max(nextMs, now() - CATCH_UP_MS) + 1000 / allowed();
    const { departure, answered } = depart(now, (latencyMs) => {
      fastestMs = Math.min(fastestMs, latencyMs);
      answeredCount += 1;
    });
    departures.push(departure);
    departedCount += 1;
    departing();
    const most = Math.max(1, Math.floor(allowed()));
    if (departures.length > 2 * most) departures = departures.slice(-most);
    return { nth: departedCount, answered };
  };
  return {
    turn: (signal: AbortSignal): Promise<Departed> => {
      const wasIdle = waitingCount === 0;
      waitingCount += 1;
      const turn = line
        .then(() => leave(signal, wasIdle))
        .finally(() => {
          waitingCount -= 1;
        });
      line = turn.catch(() => undefined);
      return turn;
    },
  };
}

function depart(now: () => number, learn: (latencyMs: number) => void) {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  const departure: Departure = { sentAtMs: now(), answeredAtMs: null, answered: promise };
  const answered = (): void => {
    departure.answeredAtMs = now();
    learn(departure.answeredAtMs - departure.sentAtMs);
    resolve();
  };
  return { departure, answered };
}
