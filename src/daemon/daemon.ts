// The long-running form: a sync at the start, then by the schedule, until a signal or until going on is pointless.

import { type Clock, elapsedClockMs, isoTime } from '../clock.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Log } from '../log.ts';
import { plain } from '../report/plain.ts';
import type { ReportApi, ReportOutcome, ReportPeople } from '../report/shape.ts';
import { type HealthFacts, isGoodRun, overdueAtMs, readiness } from './health.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Schedule, startSchedule } from './schedule.ts';
import { startServer } from './server.ts';

/** How one sync ended, in numbers: nothing personal. */
export interface RunOutcome {
  readonly exitCode: ExitCode;
  /** One line for people, without names or values. */
  readonly verdict: string;
  /** The run's id, as `report RUN` takes it. */
  readonly run: string;
  readonly durationMs: number;
  readonly people: ReportPeople;
  readonly operations: readonly Pick<ReportOutcome, 'kind' | 'outcome' | 'count'>[];
  /** Rows of the roster files that were rejected. */
  readonly rejects: number;
  /** Contacts in the snapshot after the run. */
  readonly contacts: number;
  readonly api: Pick<ReportApi, 'requests' | 'retries' | 'rate_limited'> | null;
  /** When the oldest open hold began, in milliseconds since the epoch; null when nothing is held. */
  readonly heldSinceMs: number | null;
  /** SFTP or Workshop refused our credentials. */
  readonly credentialsRefused: boolean;
}

export interface DaemonOptions {
  readonly schedule: Settings['schedule'];
  readonly server: Settings['server'];
  /** Of this program, for `/metrics`. */
  readonly version: string;
  /** Drains and returns (or throws) soon after the signal aborts. */
  readonly syncOnce: (signal: AbortSignal) => Promise<RunOutcome>;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted with the reason `SIGTERM` or `SIGINT`. */
  readonly signal: AbortSignal;
}

/**
 * Runs until the signal aborts, then lets the running sync drain: 143 for SIGTERM, 130 for SIGINT. Survives every
 * failed sync, except those that no later one can mend: configuration (7) and database (9) (specification §12).
 *
 * Throws `UsageError` when the schedule or the server's address is unusable, and what a sync threw with 7 or 9.
 */
export async function runDaemon(options: DaemonOptions): Promise<ExitCode> {
  const { signal, log } = options;
  const watch = await createWatch(options);
  const ending = endOf(signal);
  const schedule = await startSchedule({
    ...options.schedule,
    log,
    tick: async () => {
      if (ending.happened()) return;
      const sync = await runSync(options);
      watch.record(sync, schedule);
      tellSync(sync, schedule, log);
      if (isFatal(sync.exitCode)) ending.because(sync);
    },
  });
  let server: { stop(): Promise<void> } | null = null;
  try {
    server = await watch.serve();
    void schedule.tickNow();
    await ending.reached;
    log.info({}, 'stopping: no new sync is started, the running one is drained');
  } finally {
    await schedule.stop();
    await server?.stop();
  }
  const fatal = ending.cause();
  if (fatal?.error instanceof OperatorError) throw fatal.error;
  return fatal?.exitCode ?? (signal.reason === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
}

/** A sync that ended, with its outcome or with an error. */
interface FinishedSync {
  readonly exitCode: ExitCode;
  readonly durationMs: number;
  readonly outcome: RunOutcome | null;
  readonly error: unknown;
}

async function runSync({ syncOnce, signal }: DaemonOptions): Promise<FinishedSync> {
  const startedMs = elapsedClockMs();
  try {
    const outcome = await syncOnce(signal);
    return { exitCode: outcome.exitCode, durationMs: outcome.durationMs, outcome, error: null };
  } catch (error) {
    const exitCode = error instanceof OperatorError ? error.exitCode : EXIT.bug;
    return { exitCode, durationMs: elapsedClockMs() - startedMs, outcome: null, error };
  }
}

// No later sync can mend these: a person has to.
function isFatal(exitCode: ExitCode): boolean {
  return exitCode === EXIT.usage || exitCode === EXIT.database;
}

function tellSync({ exitCode, durationMs, outcome, error }: FinishedSync, schedule: Schedule, log: Log): void {
  // It ends the daemon and is told there, once.
  if (isFatal(exitCode) && error !== null) return;
  const nextMs = schedule.nextRunAtMs();
  const fields = {
    run: outcome?.run,
    exitCode,
    durationMs: Math.round(durationMs),
    nextRunAt: nextMs === null ? undefined : isoTime(nextMs),
    ...(error === null ? {} : { err: error }),
  };
  const message = outcome?.verdict ?? 'the sync failed; the next one goes on';
  if (exitCode === EXIT.inSync || exitCode === EXIT.interrupted || exitCode === EXIT.terminated) {
    log.info(fields, message);
  } else if (exitCode === EXIT.bug || isFatal(exitCode)) log.error(fields, message);
  else log.warn(fields, message);
}

interface Ending {
  readonly reached: Promise<void>;
  happened(): boolean;
  because(sync: FinishedSync): void;
  cause(): FinishedSync | null;
}

function endOf(signal: AbortSignal): Ending {
  let fatal: FinishedSync | null = null;
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return {
    reached,
    happened: () => signal.aborted || fatal !== null,
    because: (sync) => {
      fatal = sync;
      reach();
    },
    cause: () => fatal,
  };
}

/** Why a sync ended as it did, for everybody who may ask: the message of a bug might quote anybody, so it stays in the log. */
function verdictOf({ outcome, error }: FinishedSync): string {
  if (outcome !== null) return plain(outcome.verdict);
  return error instanceof OperatorError ? plain(error.message) : 'a bug in workshop-sync; the log has its stack';
}

interface Watch {
  record(sync: FinishedSync, schedule: Schedule): void;
  /** null: the configuration wants no server. */
  serve(): Promise<{ stop(): Promise<void> } | null>;
}

// What the probes are answered from.
async function createWatch({ server, version, clock, log, signal }: DaemonOptions): Promise<Watch> {
  const metrics: Metrics = await createMetrics(version);
  let facts: Omit<HealthFacts, 'nowMs' | 'stopping'> = { lastRun: null, lastGoodRun: null, heldSinceMs: null };
  return {
    record(sync, schedule) {
      const { exitCode, durationMs, outcome } = sync;
      const good = isGoodRun(exitCode);
      const finishedAtMs = clock.now();
      metrics.record({ exitCode, durationMs, good, numbers: outcome }, finishedAtMs);
      const goodRun = { finishedAtMs, overdueAtMs: overdueAtMs(finishedAtMs, schedule.nextRunsAtMs(2)) };
      facts = {
        lastRun: { exitCode, verdict: verdictOf(sync), credentialsRefused: outcome?.credentialsRefused ?? false },
        lastGoodRun: good ? goodRun : facts.lastGoodRun,
        // A sync that ended with an error does not know what is held.
        heldSinceMs: outcome === null ? facts.heldSinceMs : outcome.heldSinceMs,
      };
    },
    async serve() {
      if (server === null) return null;
      const readinessNow = () => readiness({ ...facts, nowMs: clock.now(), stopping: signal.aborted });
      const started = await startServer({ ...server, metrics, readiness: readinessNow });
      log.info({ host: server.host, port: started.port }, 'serving /healthz, /readyz and /metrics');
      return started;
    },
  };
}
