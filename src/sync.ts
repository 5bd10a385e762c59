// THE STORY: one run, top to bottom, one call per phase. Nothing is constructed here; `commands/` builds the parts.
//
// recover → for every feed: get the file, read it, plan → judge the plan: guards, approvals, order → open the plan → is it
// our Workshop? → apply → finish the feeds → report

import { setImmediate as nextCheck } from 'node:timers/promises';
import { applyPlan } from './apply/apply.ts';
import type { Pace } from './apply/pace.ts';
import { type Recovered, recover } from './apply/recover.ts';
import { checkAnswer, confirmTenant } from './apply/tenant.ts';
import { type Clock, elapsedClockMs } from './clock.ts';
import type { FeedSettings, Settings } from './config/settings.ts';
import type { Contacts } from './contacts/contacts.ts';
import { InterruptedError, UnreachableError } from './errors.ts';
import { managedFields } from './feed/configuration.ts';
import { finishFeed } from './feed/finish.ts';
import { inReadingOrder } from './feed/owners.ts';
import { takeFeed } from './feed/take.ts';
import type { TakenFeed } from './feed/taking.ts';
import { gatherFacts, isAny } from './gather.ts';
import { judge } from './judge/judge.ts';
import type { Log } from './log.ts';
import type { GuardName } from './plan/guard.ts';
import type { Progress } from './progress.ts';
import type { FeedFacts, Phase, RunFacts } from './report/facts.ts';
import type { Retrieved } from './source/retrieve.ts';
import type { Source } from './source/source.ts';
import type { Unpacked } from './source/unpack.ts';
import type { Store } from './store/store.ts';

export interface SyncParts {
  readonly run: string;
  readonly programVersion: string;
  readonly settings: Settings;
  readonly store: Store;
  readonly openSource: (feed: FeedSettings) => Promise<Source>;
  /** From the file as delivered to the table in it, also a local file. */
  readonly unpack: (feed: FeedSettings, file: Retrieved) => Promise<Unpacked>;
  readonly contacts: Contacts;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted with the reason `SIGTERM` or `SIGINT`. */
  readonly signal: AbortSignal;
  readonly workDirectory: string;
  /** Sees every feed while its rows are staged, after it was planned or found in trouble. */
  readonly watch?: (feed: string) => void;
}

export interface SyncOptions {
  readonly dryRun: boolean;
  /** Guards that are let through for this run. */
  readonly force: ReadonlySet<GuardName>;
  readonly allowEmpty: boolean;
  /** Reads and maps every row of every file, also what was read before and would be recognised. */
  readonly everyRow?: boolean;
}

/**
 * One run (specification §5 to §11): what it did, or in a dry run what it would do, as the facts of its report.
 * Trouble with a feed or with the API is in the facts; thrown are only errors of the database and our bugs.
 */
export async function sync(parts: SyncParts, options: SyncOptions): Promise<RunFacts> {
  const startedAtMs = parts.clock.now();
  const phases: Phase[] = [];
  const stopOnSignal = () => parts.pace.stop(interruption(parts.signal));
  parts.signal.addEventListener('abort', stopOnSignal, { once: true });
  if (parts.signal.aborted) stopOnSignal();
  try {
    const recovered = await measured(phases, 'recover', () => recoverOrStop(parts, options));
    const read = parts.pace.stopped === null ? await takeFeeds(parts, options, phases) : [];
    // Asked to stop meanwhile: what was read is not opened, so it is not judged either.
    const isGoingOn = parts.pace.stopped === null;
    const taken = isGoingOn ? await measured(phases, 'judge', async () => judge(parts, options, read)) : read;
    const feeds = options.dryRun ? await checkFeeds(parts, taken, phases) : await carryOut(parts, taken, phases);
    return gatherFacts(parts, options, { startedAtMs, phases, recovered, taken, feeds });
  } finally {
    parts.signal.removeEventListener('abort', stopOnSignal);
  }
}

/** Operations in doubt are asked about before anything is planned; if nobody answers, nothing is planned. */
async function recoverOrStop(parts: SyncParts, { dryRun }: SyncOptions): Promise<Recovered[]> {
  const { store, clock, run } = parts;
  const recovered = await stopUnless(parts, () =>
    recover({ ...lineOf(parts), journal: store.journal, now: clock.now }),
  );
  if (recovered !== null && !dryRun) store.journal.supersedeUnsent(run);
  return recovered ?? [];
}

function lineOf({ contacts, pace, settings, store }: SyncParts) {
  const { sample } = store.snapshot;
  const { isKnown: refusedBefore } = store.refusals;
  return {
    contacts,
    pace,
    sample,
    refusedBefore,
    managedFields: (feed: string) => managedFields(settings.feeds, feed),
  };
}

/** Trouble with Workshop ends the sending, not the run: the report tells it. null: there was trouble. */
async function stopUnless<Result>({ pace }: SyncParts, ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    pace.stop(error);
    return null;
  }
}

async function takeFeeds(parts: SyncParts, options: SyncOptions, phases: Phase[]): Promise<TakenFeed[]> {
  const taken: TakenFeed[] = [];
  for (const feed of inReadingOrder(parts.settings.feeds)) {
    if (parts.pace.stopped !== null) break;
    const at = { feed, before: [...taken] };
    taken.push(await takeFeed(parts, options, at, (name, body) => measured(phases, name, body)));
    parts.watch?.(feed.name);
  }
  return taken;
}

/** The plan goes into the journal, together with what the files proved; then it is applied. */
async function carryOut(parts: SyncParts, taken: readonly TakenFeed[], phases: Phase[]): Promise<FeedFacts[]> {
  const { store, run, pace, clock, settings } = parts;
  // Asked to stop before anything was opened: nothing is planned after all.
  if (pace.stopped !== null) return taken.map(({ facts }) => ({ ...facts, people: null }));
  const given = <Part>(parts: readonly (Part | null)[]) => parts.filter((part) => part !== null);
  await measured(phases, 'journal', async () =>
    store.openPlan({
      run,
      nowMs: clock.now(),
      acceptances: given(taken.map(({ acceptance }) => acceptance)),
      heldSets: given(taken.map(({ heldSet }) => heldSet)),
      configured: settings.feeds,
    }),
  );
  await checkTenant(parts, phases);
  await measured(phases, 'apply', () => applyOpened(parts));
  store.journal.supersedePending(run);
  const outcomes = store.journal.outcomes(run);
  // Nothing got through: is that these operations, or is it not the API that answers? A dry run asks the same.
  const gotThrough = isAny(outcomes, 'applied') || !(isAny(outcomes, 'abandoned') || isAny(outcomes, 'refused'));
  if (!gotThrough) await stopUnless(parts, () => checkAnswer(parts));
  const finished: FeedFacts[] = [];
  for (const feed of taken) finished.push(await measured(phases, 'finish', () => finishFeed(parts, feed, outcomes)));
  return finished;
}

/** Before anything is sent: is this still our Workshop? */
async function checkTenant(parts: SyncParts, phases: Phase[]): Promise<void> {
  if (!isAny(parts.store.planned.outcomes(), 'pending')) return;
  const doubtful = new Set(parts.store.journal.inDoubt().map(({ externalId }) => externalId));
  await measured(phases, 'check', () => stopUnless(parts, () => confirmTenant(lineOf(parts), new Set(), doubtful)));
}

async function applyOpened(parts: SyncParts): Promise<void> {
  const { run, store, clock, progress, settings } = parts;
  progress.start('applying', store.planned.count());
  try {
    await applyPlan({
      ...lineOf(parts),
      run,
      journal: store.journal,
      commit: store.commit.write,
      now: clock.now,
      concurrency: settings.workshop.concurrency,
      onSettled: progress.update,
    });
  } finally {
    progress.stop();
  }
}

/** A dry run asks one harmless question, so that it ends as the real run would: with a key that does not work, exit 8. */
async function checkFeeds(parts: SyncParts, taken: readonly TakenFeed[], phases: Phase[]): Promise<FeedFacts[]> {
  const { planned, snapshot } = parts.store;
  await checkTenant(parts, phases);
  const isFirst = isAny(planned.outcomes(), 'pending') && snapshot.count() === 0;
  if (isFirst) await measured(phases, 'check', () => stopUnless(parts, () => checkAnswer(parts)));
  return taken.map(({ facts }) => facts);
}

function interruption(signal: AbortSignal): InterruptedError {
  return new InterruptedError(signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
}

async function measured<Result>(phases: Phase[], name: string, body: () => Promise<Result>): Promise<Result> {
  const startedMs = elapsedClockMs();
  try {
    return await body();
  } finally {
    phases.push({ name, ms: elapsedClockMs() - startedMs });
    await hear();
  }
}

/** Once round the event loop: a signal that came while a phase was busy is heard before the next one begins. */
async function hear(): Promise<void> {
  await nextCheck();
  await nextCheck();
}
