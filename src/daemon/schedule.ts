// The door to node-cron: calls `tick` at the times of a cron expression, in a time zone, never two at once.

import { systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import type { Log } from '../log.ts';

export interface ScheduleOptions {
  readonly cron: string;
  /** An IANA name such as `America/Chicago`. */
  readonly timezone: string;
  readonly tick: () => Promise<void>;
  readonly log: Log;
}

export interface Schedule {
  /** A tick outside the schedule; like any other it is left out while one runs. Resolves when it has ended. */
  tickNow(): Promise<void>;
  /** Milliseconds since the epoch; null when stopped. */
  nextRunAtMs(): number | null;
  /** The next `count` ticks, in milliseconds since the epoch. */
  nextRunsAtMs(count: number): number[];
  /** No more ticks; resolves when the one that runs has ended. */
  stop(): Promise<void>;
}

/**
 * Starts ticking (specification §12). A tick that falls due while one runs is left out; ticks that were missed
 * because the machine slept are made up by a single one; when the clock is set back, nobody waits for the former time.
 * A tick that rejects is logged, and the next one comes.
 *
 * Throws `UsageError` when the cron expression or the time zone is not one.
 */
export async function startSchedule(options: ScheduleOptions): Promise<Schedule> {
  const { cron, timezone, log } = options;
  const { schedule, validateDetailed } = await import('node-cron');
  checkTimezone(timezone);
  const problem = validateDetailed(cron).errors[0];
  if (problem !== undefined) throw unusableCron(cron, problem.message);

  const once = oneAtATime(options);
  const task = schedule(cron, once.tick, { timezone, logger: cronLogger(log) });
  task.on('execution:missed', () => void once.tick());
  const watch = watchClock(() => {
    log.warn({}, 'the clock of this machine was set back; the schedule goes by the new time');
    void task.stop();
    void task.start();
  });
  let stopped = false;
  return {
    tickNow: once.tick,
    nextRunAtMs: () => (stopped ? null : (task.getNextRun()?.getTime() ?? null)),
    nextRunsAtMs: (count) => task.getNextRuns(count).map((at) => at.getTime()),
    async stop() {
      stopped = true;
      watch.end();
      await task.destroy();
      await once.ended();
    },
  };
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    throw new UsageError(`Cannot schedule syncs: schedule.timezone "${timezone}" is not a known time zone.`, {
      hint: 'Use an IANA name, such as America/Chicago or UTC.',
      cause,
    });
  }
}

function unusableCron(cron: string, reason: string): UsageError {
  return new UsageError(`Cannot schedule syncs: schedule.cron "${cron}" is not a cron expression: ${reason}.`, {
    hint: 'Use five fields: minute, hour, day of month, month, day of week. "*/15 * * * *" is every 15 minutes.',
  });
}

/** A clock that is set back by less is only waited for. */
const LOOK_EVERY_MS = 60_000;

// node-cron works out the next time and waits until the clock says so, for years if it was years ahead.
function watchClock(onSetBack: () => void): { end(): void } {
  let seenMs = systemClock.now();
  const look = (): void => {
    const nowMs = systemClock.now();
    if (nowMs < seenMs) onSetBack();
    seenMs = nowMs;
    timer.refresh();
  };
  const timer = setTimeout(look, LOOK_EVERY_MS);
  return { end: () => clearTimeout(timer) };
}

interface OneAtATime {
  /** Never rejects. */
  tick(): Promise<void>;
  ended(): Promise<void>;
}

// The overlap guard of node-cron knows only its own ticks, and not the one at the start or the ones made up.
function oneAtATime({ tick, log }: ScheduleOptions): OneAtATime {
  let running: Promise<void> | null = null;
  return {
    async tick() {
      if (running !== null) {
        log.info({}, 'a scheduled sync was left out: the one before it is still running');
        return;
      }
      running = Promise.resolve()
        .then(tick)
        .catch((err: unknown) => log.error({ err }, 'a scheduled sync failed unexpectedly'))
        .finally(() => {
          running = null;
        });
      await running;
    },
    ended: async () => {
      await running;
    },
  };
}

// Otherwise it writes to the console by itself.
function cronLogger(log: Log) {
  const told = (message: string | Error): string => (message instanceof Error ? message.message : message);
  return {
    debug: (message: string | Error) => log.debug({}, told(message)),
    info: (message: string) => log.debug({}, message),
    warn: (message: string) => log.warn({}, message),
    error: (message: string | Error, err?: Error) => log.error(err === undefined ? {} : { err }, told(message)),
  };
}
