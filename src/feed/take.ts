// One feed, from its source to its plan: get the file, read it into the staged roster, plan, guard.
// Trouble with the feed becomes part of its facts, so that the other feeds go on.

import type { FeedSettings } from '../config/settings.ts';
import { CredentialsError, FeedError, OperatorError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { InvariantError } from '../invariant.ts';
import { guardEmpty } from '../plan/guard.ts';
import type { FileFacts } from '../report/facts.ts';
import type { RosterFile } from '../roster/roster-file.ts';
import { type Retrieved, retrieve } from '../source/retrieve.ts';
import type { AcceptedFile } from '../store/files.ts';
import type { Acceptance } from '../store/open-plan.ts';
import type { SyncOptions, SyncParts } from '../sync.ts';
import { configurationHash } from './configuration.ts';
import { headerNotes, supersededNote } from './notes.ts';
import { planRoster } from './plan.ts';
import { readRoster } from './read.ts';
import { learn, type Measure, startTaking, type TakenFeed, type Taking, taken } from './taking.ts';

/** Takes one feed as far as its plan. Throws only errors that end the whole run. */
export async function takeFeed(
  parts: SyncParts,
  options: SyncOptions,
  feed: FeedSettings,
  measure: Measure,
): Promise<TakenFeed> {
  if (!options.dryRun) parts.store.files.enrol(feed.name);
  parts.store.staging.startFeed(feed.name);
  const taking = startTaking(parts, options, feed, measure);
  try {
    return await take(taking);
  } catch (error) {
    // Asked to end: no trouble of the feed's, and nothing of it is planned.
    if (parts.signal.aborted && !isOurs(error)) return interrupted(taking);
    return inTrouble(taking, error);
  }
}

async function take(taking: Taking): Promise<TakenFeed> {
  const { parts, options, feed, measure } = taking;
  const { files } = parts.store;
  const last = files.lastAccepted(feed.name);
  const file = await measure('download', () => getFile(taking, last));
  const configuration = configurationHash(feed);
  const unchanged = last?.sha256 === file.sha256;
  const decided = parts.store.heldSets.open(feed.name);
  if (decided?.state === 'approved' && decided.sha256 === file.sha256) taking.allowsEmpty = true;
  learn(taking, { file: fileFacts(file, unchanged), notes: supersededNote(file), warnings: file.warnings });
  const content = `${file.sha256} ${configuration}`;
  const settled = files.settled(feed.name, content);
  if (unchanged && last !== null && settled !== null && options.everyRow !== true) {
    const people = { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0, ...settled };
    learn(taking, { rows: last.rowCounts, people });
    taking.guards.push(guardEmpty(feed.name, last.rowCounts.accepted, true));
    return taken(taking, { content });
  }
  const roster = await measure('read', () => readOrQuarantine(taking, file, configuration));
  learn(taking, { notes: headerNotes(last, roster), warnings: roster.warnings });
  parts.signal.throwIfAborted();
  await measure('plan', async () => planRoster(taking, unchanged));
  const { name, size, modifiedAtMs, sha256 } = file;
  const acceptance: Acceptance = {
    feed: feed.name,
    file: { name, size, modifiedAtMs, sha256 },
    configuration,
    layout: roster.layout,
    header: roster.header,
    rowCounts: taking.facts.rows,
    countsAsFile: !unchanged,
  };
  return taken(taking, { acceptance, content });
}

async function getFile({ parts, options, feed }: Taking, last: AcceptedFile | null): Promise<Retrieved> {
  const { store, clock, wait, signal, workDirectory, progress } = parts;
  const source = await parts.openSource(feed);
  let isShown = false;
  try {
    return await retrieve({
      source,
      feed,
      lastAccepted: last,
      // A dry run looks at what was seen before, and notes nothing.
      sightings: options.dryRun ? { firstSeenMs: store.files.firstSeenMs, see: () => undefined } : store.files,
      clock,
      wait,
      directory: workDirectory,
      signal,
      onProgress: (bytes, total) => {
        if (!isShown) progress.start('downloading', total);
        isShown = true;
        progress.update(bytes);
      },
    });
  } finally {
    progress.stop();
    await source.close();
  }
}

/**
 * A file that cannot be trusted is remembered, and named again rather than read again while neither it nor the
 * configuration changes; except by a run that is told to let an empty one through.
 */
async function readOrQuarantine(taking: Taking, file: Retrieved, configuration: string): Promise<RosterFile> {
  const { parts, options, feed } = taking;
  const { files } = parts.store;
  const before = files.quarantined(feed.name, file.sha256, configuration);
  if (before !== null && !taking.allowsEmpty && options.everyRow !== true) {
    const hint = `${before.hint} It was read before, and not again now: \`workshop-sync report ${before.run}\` shows what was found.`;
    throw new FeedError('quarantined', before.message, { hint });
  }
  try {
    return await readRoster(taking, file);
  } catch (error) {
    if (error instanceof FeedError && error.trouble === 'quarantined' && !options.dryRun && before === null) {
      const { name, size, modifiedAtMs, sha256 } = file;
      const { message, hint } = error;
      const quarantined = { name, size, modifiedAtMs, sha256, configuration, message, hint };
      files.quarantine(feed.name, parts.run, quarantined, parts.clock.now());
    }
    throw error;
  }
}

function interrupted(taking: Taking): TakenFeed {
  taking.parts.store.staging.forgetRejects(taking.feed.name);
  learn(taking, { rows: { read: 0, accepted: 0, rejected: 0, excluded: 0, duplicate: 0 }, people: null });
  return taken(taking, {});
}

/** A bug, or the state database: never to be taken for the end of an interrupted run. */
function isOurs(error: unknown): boolean {
  return error instanceof InvariantError || (error instanceof OperatorError && error.exitCode === EXIT.database);
}

/** Whatever was read of a feed in trouble is not taken at its word. Throws what ends the whole run. */
function inTrouble(taking: Taking, error: unknown): TakenFeed {
  if (!(error instanceof OperatorError) || error.exitCode === EXIT.database) throw error;
  const kind =
    error instanceof FeedError ? error.trouble : error instanceof CredentialsError ? 'credentials' : 'unreachable';
  if (taking.facts.rows.read === 0) taking.parts.store.staging.forgetRejects(taking.feed.name);
  learn(taking, { trouble: { kind, message: error.message, hint: error.hint }, people: null });
  return taken(taking, { exitCode: error.exitCode });
}

function fileFacts(file: Retrieved, unchanged: boolean): FileFacts {
  const { name, size, modifiedAtMs, sha256 } = file;
  return { name, size, modifiedAtMs, sha256, unchanged };
}
