// Builds the parts of one sync, runs the story, writes the report. Shared by every command that syncs.

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPace } from '../apply/pace.ts';
import { type Clock, isoTime, steadyClock, systemClock } from '../clock.ts';
import type { LoadedConfiguration } from '../config/load.ts';
import { openContacts } from '../contacts/http.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import type { OperationRecord, RunFacts } from '../report/facts.ts';
import { pruneReports } from '../report/prune.ts';
import { buildReport } from '../report/report.ts';
import type { Report } from '../report/shape.ts';
import { writeReport } from '../report/write.ts';
import { openPatiently } from '../source/again.ts';
import { openSource } from '../source/open.ts';
import { unpack } from '../source/unpack.ts';
import { asDatabaseError } from '../store/database.ts';
import { takeLock } from '../store/lock.ts';
import { openStore, type Store } from '../store/store.ts';
import { requireDirectory, requireWritable } from '../store/volume.ts';
import { type SyncOptions, type SyncParts, sync } from '../sync.ts';
import { PROGRAM_VERSION, USER_AGENT } from '../version.ts';
import { withTemporaryDirectory } from './temporary.ts';

export interface OnceParts {
  readonly configuration: LoadedConfiguration;
  readonly options: SyncOptions;
  readonly log: Log;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Sees the report while the rows behind it can still be read. */
  readonly present: (finished: FinishedRun) => void;
}

export interface FinishedRun {
  readonly report: Report;
  readonly operations: () => Iterable<OperationRecord>;
  /** Where the files of the report are; null after a dry run. */
  readonly directory: string | null;
  /** Contacts in the snapshot now. */
  readonly contactCount: number;
  readonly heldSinceMs: number | null;
}

/**
 * One sync from the lock to the report. Throws `LockedError` (6) and `DatabaseError` (9); every other trouble of an
 * operator's is in the report.
 */
export async function runOnce(parts: OnceParts): Promise<FinishedRun> {
  const { dryRun } = parts.options;
  return await withSyncParts(parts, { dryRun }, async (syncParts) => {
    const { store, run } = syncParts;
    if (!dryRun) store.runs.start({ id: run, processId: process.pid, startedAtMs: systemClock.now() });
    parts.log.info({ run, mode: dryRun ? 'dry-run' : 'run' }, 'run started');
    return await finish(parts, store, await sync(syncParts, parts.options));
  });
}

/** What a command brings along to the parts of a sync. */
export type Surroundings = Pick<OnceParts, 'configuration' | 'log' | 'progress' | 'signal'>;

/** Runs `body` with the parts of one sync, under the lock. Throws `LockedError` (6) and `DatabaseError` (9). */
export async function withSyncParts<Result>(
  surroundings: Surroundings,
  { dryRun }: { readonly dryRun: boolean },
  body: (parts: SyncParts) => Promise<Result>,
): Promise<Result> {
  const { stateDirectory } = surroundings.configuration.settings;
  try {
    requireDirectory(stateDirectory);
    requireWritable(stateDirectory);
    if (!dryRun) mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    const lock = takeLock(stateDirectory, { create: !dryRun });
    try {
      return await withWorkDirectory(stateDirectory, dryRun, (workDirectory) =>
        withStore({ stateDirectory, workDirectory, untouched: dryRun }, async (store) => {
          const run = newRunId(store, systemClock, dryRun);
          return await withContacts(surroundings, { store, run, workDirectory }, body);
        }),
      );
    } finally {
      lock.release();
    }
  } catch (error) {
    throw asDatabaseError(error, stateDirectory, dryRun ? tmpdir() : stateDirectory);
  }
}

/** The downloaded file and the staged roster live here, and nowhere else; it is gone after the run. */
async function withWorkDirectory<Result>(
  stateDirectory: string,
  dryRun: boolean,
  body: (directory: string) => Promise<Result>,
): Promise<Result> {
  if (dryRun) return await withTemporaryDirectory(body);
  const directory = join(stateDirectory, 'work');
  // What a killed run left behind; nobody else is at work here while we hold the lock.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    return await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withStore<Result>(
  options: Parameters<typeof openStore>[0],
  body: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = openStore(options);
  try {
    return await body(store);
  } finally {
    store.close();
  }
}

async function withContacts<Result>(
  { configuration, log, progress, signal }: Surroundings,
  own: Pick<SyncParts, 'store' | 'run' | 'workDirectory'>,
  body: (parts: SyncParts) => Promise<Result>,
): Promise<Result> {
  const { settings, secrets } = configuration;
  const { workshop } = settings;
  const wait = async (delayMs: number, until?: AbortSignal) =>
    void (await delay(delayMs, undefined, until ? { signal: until } : {}));
  const contacts = await openContacts({ ...workshop, apiKey: secrets.apiKey, userAgent: USER_AGENT });
  try {
    return await body({
      ...own,
      programVersion: PROGRAM_VERSION,
      settings,
      openSource: ({ name, source }) =>
        openPatiently(() => openSource(source, secrets.sftp[name] ?? null, { signal }), {
          wait,
          signal,
          onTrouble: ({ message }, delayMs) => log.warn({ feed: name, delayMs }, `${message} Trying again.`),
        }),
      unpack: (feed, file) => unpack({ file, feed, keys: secrets.pgp[feed.name] ?? null, signal }),
      contacts,
      pace: createPace({ ...workshop, clock: steadyClock, wait, random: Math.random }),
      clock: systemClock,
      wait,
      log,
      progress,
      signal,
    });
  } finally {
    await contacts.close();
  }
}

async function finish(
  { configuration, options, log, present }: OnceParts,
  store: Store,
  facts: RunFacts,
): Promise<FinishedRun> {
  const report = buildReport(facts);
  const directory = options.dryRun ? null : reportDirectory(configuration.settings.stateDirectory, report.run);
  if (directory !== null) {
    store.requirePresent();
    await writeReport(directory, report, facts);
    pruneReports(dirname(directory), configuration.settings.reports.keepMs, facts.finishedAtMs);
    store.runs.finish({
      id: report.run,
      finishedAtMs: facts.finishedAtMs,
      exitCode: report.exit_code,
      verdict: report.verdict,
    });
  }
  const finished: FinishedRun = {
    report,
    operations: facts.operations,
    directory,
    contactCount: store.snapshot.count(),
    heldSinceMs: options.dryRun ? null : store.runs.heldSinceMs(),
  };
  present(finished);
  log.info({ run: report.run, exitCode: report.exit_code, durationMs: report.duration_ms }, 'run finished');
  return finished;
}

/** Where the report of a run is kept. */
export function reportDirectory(stateDirectory: string, run: string): string {
  return join(stateDirectory, 'reports', run);
}

/** `2026-11-23T02-15-04Z`: sorts by time, and is the name of a directory everywhere. */
function newRunId(store: Store, clock: Clock, dryRun: boolean): string {
  const second = isoTime(clock.now())
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  if (dryRun) return `plan-${second}`;
  let id = second;
  for (let attempt = 2; store.runs.exists(id); attempt += 1) id = `${second}-${attempt}`;
  return id;
}
