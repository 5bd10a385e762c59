// The door to prom-client: the numbers of the runs for Prometheus. Ids and values of people are no labels.

import type { RunOutcome } from './daemon.ts';

export interface Metrics {
  /** `finishedAtMs` in milliseconds since the epoch. */
  record(outcome: MeasuredRun, finishedAtMs: number): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** A run that ended with an error has an exit code and a duration, and no numbers. */
export interface MeasuredRun {
  readonly exitCode: RunOutcome['exitCode'];
  readonly durationMs: number;
  readonly good: boolean;
  readonly numbers: Pick<RunOutcome, 'people' | 'operations' | 'api' | 'rejects' | 'contacts'> | null;
}

/** Counters count since the start of the process; gauges tell of the last run that has the number. */
export async function createMetrics(version: string): Promise<Metrics> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `workshop_sync_${name}`, help, labelNames, registers: [registry] });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `workshop_sync_${name}`, help, labelNames, registers: [registry] });

  const runs = counter('runs_total', 'Finished syncs, by exit code.', ['exit_code']);
  const lastRun = gauge('last_run_timestamp_seconds', 'When the last sync finished.');
  const lastSuccess = gauge(
    'last_success_timestamp_seconds',
    'When the last good sync (exit code 0, 3 or 4) finished.',
  );
  const duration = gauge('last_run_duration_seconds', 'How long the last sync took.');
  const operations = counter('operations_total', 'Operations that were sent or given up.', ['kind', 'outcome']);
  const held = gauge('held', 'Operations that wait for approval.', ['kind']);
  const people = gauge('people', 'What the last sync decided, by decision.', ['decision']);
  const contacts = gauge('contacts', 'Contacts that are kept in step.');
  const rejects = gauge('rejects', 'Rows of the last roster files that were rejected.');
  const requests = counter('api_requests_total', 'Requests to the Workshop API.');
  const retries = counter('api_retries_total', 'Requests that were repeated.');
  const rateLimited = counter('api_rate_limited_total', 'Answers with status 429.');
  gauge('build_info', 'Always 1; the labels tell what is running.', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );

  const recordNumbers = (numbers: NonNullable<MeasuredRun['numbers']>): void => {
    held.reset();
    for (const { kind, outcome, count } of numbers.operations) {
      // Held and planned ones come back run after run: a sum of them would mean nothing.
      if (outcome === 'held') held.inc({ kind }, count);
      else if (outcome !== 'planned') operations.inc({ kind, outcome }, count);
    }
    for (const [decision, count] of Object.entries(numbers.people)) people.set({ decision }, count);
    contacts.set(numbers.contacts);
    rejects.set(numbers.rejects);
    requests.inc(numbers.api?.requests ?? 0);
    retries.inc(numbers.api?.retries ?? 0);
    rateLimited.inc(numbers.api?.rate_limited ?? 0);
  };
  return {
    record({ exitCode, durationMs, good, numbers }, finishedAtMs) {
      runs.inc({ exit_code: String(exitCode) });
      lastRun.set(finishedAtMs / 1000);
      if (good) lastSuccess.set(finishedAtMs / 1000);
      duration.set(durationMs / 1000);
      if (numbers !== null) recordNumbers(numbers);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
