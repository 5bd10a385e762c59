// `approve [RUN]` and `reject [RUN]`: what a person decides about what a run held (specification §8).

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isoTime, systemClock } from '../clock.ts';
import { loadConfiguration } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { plain } from '../report/plain.ts';
import { counted } from '../report/units.ts';
import { asDatabaseError, databasePath, openDatabase } from '../store/database.ts';
import { createHeldSets, type HeldSet, type HeldSets } from '../store/held-sets.ts';
import { takeLock } from '../store/lock.ts';
import { createRuns } from '../store/runs.ts';
import { requireDirectory } from '../store/volume.ts';
import type { CommonFlags, Io } from './io.ts';

export interface DecideFlags extends CommonFlags {
  /** Who decides, for the record. */
  readonly by?: string;
  readonly now?: boolean;
}

type Decision = 'approved' | 'rejected';

/**
 * Lets what the run held through once: with `--now` in a run that starts at once and whose exit code this is, else in the
 * next one. Throws `UsageError` (7) when nothing waits, `LockedError` (6) while a run is at work.
 */
export async function approveCommand(run: string | undefined, flags: DecideFlags, io: Io): Promise<ExitCode> {
  const sets = decide('approved', run, flags);
  if (flags.now !== true) {
    tell(sets, 'approved', flags, io);
    return EXIT.inSync;
  }
  if (flags.json !== true) io.err(`${wordsOf(sets, 'approved')}\n`);
  const { runCommand } = await import('./run.ts');
  return await runCommand({ ...flags, once: true }, io);
}

/** Drops what the run held. Throws as `approveCommand` does. */
export async function rejectCommand(run: string | undefined, flags: DecideFlags, io: Io): Promise<ExitCode> {
  tell(decide('rejected', run, flags), 'rejected', flags, io);
  return EXIT.inSync;
}

function decide(decision: Decision, run: string | undefined, flags: DecideFlags): HeldSet[] {
  const { stateDirectory } = loadConfiguration(flags.config).settings;
  const by = flags.by ?? userName();
  if (by.trim() === '') throw new UsageError('--by needs a name.', { hint: 'Say who decides: --by "Jane Roe".' });
  requireDirectory(stateDirectory);
  if (!existsSync(databasePath(stateDirectory))) throw nothingWaits(stateDirectory);
  const lock = takeLock(stateDirectory, { create: true });
  try {
    const database = openDatabase(stateDirectory);
    try {
      const heldSets = createHeldSets(database);
      const runs = createRuns(database);
      if (run !== undefined && !runs.exists(run)) throw unknownRun(run);
      const sets = setsOf(heldSets, run, stateDirectory);
      const unseen = sets.find((set) => runs.find(set.run)?.finishedAtMs === null);
      if (unseen !== undefined) throw cutShort(unseen.run);
      const write = decision === 'approved' ? heldSets.approve : heldSets.reject;
      database.transaction(() => {
        for (const set of sets) if (set.state !== decision) write(set, by, systemClock.now());
      })();
      return sets.map((set) => (set.state === decision ? set : { ...set, decidedBy: by }));
    } finally {
      database.close();
    }
  } catch (error) {
    throw asDatabaseError(error, stateDirectory);
  } finally {
    lock.release();
  }
}

/** In a container the user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError('This machine has no name for the user who decides.', {
      hint: 'Say who decides: --by "Jane Roe".',
      cause: error,
    });
  }
}

/**
 * The open sets that the run held, by default those of the latest run that holds something. A set that a later run met
 * again unchanged is the same set.
 */
function setsOf(heldSets: HeldSets, run: string | undefined, stateDirectory: string): HeldSet[] {
  const open = heldSets.allOpen();
  if (run === undefined) {
    const waiting = open.filter(({ state }) => state === 'waiting');
    const candidates = waiting.length > 0 ? waiting : open;
    const [latest] = candidates;
    if (latest === undefined) throw nothingWaits(stateDirectory);
    return candidates.filter((set) => set.run === latest.run);
  }
  const asked = heldSets.ofRun(run);
  if (asked.length === 0) throw heldNothing(run);
  const same = open.filter((set) => asked.some(({ feed, digest }) => feed === set.feed && digest === set.digest));
  if (same.length === 0) throw notOpen(run, asked);
  return same;
}

function tell(sets: readonly HeldSet[], decision: Decision, flags: DecideFlags, io: Io): void {
  if (flags.json !== true) {
    io.out(`${wordsOf(sets, decision)}\n${NEXT[decision]}\n`);
    return;
  }
  const told = sets.map(({ run, feed, operationCount, decidedBy }) => ({
    run,
    feed,
    operations: operationCount,
    decision,
    by: decidedBy,
  }));
  io.out(`${JSON.stringify(told, null, 2)}\n`);
}

const NEXT: Readonly<Record<Decision, string>> = {
  approved:
    'The next run lets exactly this through, once: `workshop-sync run --once`. A newer file, another configuration or a changed snapshot voids it.',
  rejected:
    'It is left out of the next runs, until the file, the configuration or the operations are others. `workshop-sync approve` takes this back.',
};

function wordsOf(sets: readonly HeldSet[], decision: Decision): string {
  return sets
    .map(({ run, feed, operationCount, decidedBy }) =>
      plain(
        `${counted(operationCount, 'operation')} of feed ${feed}, held by run ${run}: ${decision} by ${decidedBy}.`,
      ),
    )
    .join('\n');
}

function nothingWaits(stateDirectory: string): UsageError {
  return new UsageError(`Nothing is held in ${stateDirectory}.`, {
    hint: 'Type `workshop-sync history` for the runs that there were, and `workshop-sync plan` for what a run would hold.',
  });
}

function unknownRun(run: string): UsageError {
  return new UsageError(`There was no run "${run}".`, {
    hint: 'Type `workshop-sync history` for the runs that there were; without a name the latest held run is meant.',
  });
}

function cutShort(run: string): UsageError {
  return new UsageError(`The run ${run} was cut short before it could report what it holds, so nobody has seen it.`, {
    hint: 'Type `workshop-sync run --once` for a report of what is held now, and then decide.',
  });
}

function heldNothing(run: string): UsageError {
  return new UsageError(`The run ${run} held nothing.`, {
    hint: 'Type `workshop-sync history`: runs that held something ended with exit 3.',
  });
}

function notOpen(run: string, sets: readonly HeldSet[]): UsageError {
  const used = sets.find(({ state }) => state === 'used');
  const why =
    used === undefined
      ? 'a later run made another plan, because the file, the configuration or the snapshot changed'
      : `${used.decidedBy} approved it at ${isoTime(used.decidedAtMs ?? 0)}, and run ${used.usedByRun} applied it`;
  return new UsageError(`What run ${run} held is not waiting any more: ${why}.`, {
    hint: 'Type `workshop-sync report` for what is held now.',
  });
}
