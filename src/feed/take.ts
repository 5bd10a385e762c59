// One feed, from its source to its plan: get the file, read it into the staged roster, plan, guard.
// Trouble with the feed becomes part of its facts, so that the other feeds go on.

import type { FeedSettings } from '../config/settings.ts';
import { CredentialsError, FeedError, OperatorError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { InvariantError } from '../invariant.ts';
import { guardEmpty } from '../plan/guard.ts';
import type { FileFacts } from '../report/facts.ts';
import type { AcceptedFile, SettledPeople } from '../store/files.ts';
import type { Acceptance } from '../store/open-plan.ts';
import type { SyncOptions, SyncParts } from '../sync.ts';
import { configurationHash } from './configuration.ts';
import { type Delivery, getDelivery, type Waiting } from './delivery.ts';
import { headerNotes, supersededNote } from './notes.ts';
import { planRoster } from './plan.ts';
import { readDelivery } from './read.ts';
import { learn, type Measure, startTaking, type TakenFeed, type Taking, taken } from './taking.ts';

/** Takes one feed as far as its plan; `before` are those that were taken already. Throws only errors that end the whole run. */
export async function takeFeed(
  parts: SyncParts,
  options: SyncOptions,
  { feed, before }: { feed: FeedSettings; before: readonly TakenFeed[] },
  measure: Measure,
): Promise<TakenFeed> {
  if (!options.dryRun) parts.store.files.enrol(feed.name);
  parts.store.staging.startFeed(feed.name);
  const taking = startTaking(parts, options, { feed, before, measure });
  try {
    return await take(taking);
  } catch (error) {
    // Asked to end: no trouble of the feed's, and nothing of it is planned.
    if (parts.signal.aborted && !isOurs(error)) return interrupted(taking);
    return inTrouble(taking, error);
  }
}

async function take(taking: Taking): Promise<TakenFeed> {
  const { parts, feed, measure } = taking;
  const last = parts.store.files.lastAccepted(feed.name);
  const delivery = await measure('download', () => getDelivery(taking, last));
  const newest = delivery.files.at(-1);
  if (newest === undefined) return nothingNew(taking, last, delivery.waiting);
  const unchanged = delivery.files.every(({ acceptedAtMs }) => acceptedAtMs !== null);
  const decided = parts.store.heldSets.open(feed.name);
  if (decided?.state === 'approved' && decided.sha256 === delivery.sha256) taking.allowsEmpty = true;
  learn(taking, {
    file: fileFacts(newest, unchanged),
    files: delivery.files.map((file) => fileFacts(file, file.acceptedAtMs !== null)),
    notes: delivery.files.flatMap(supersededNote),
    warnings: delivery.files.flatMap(({ warnings }) => warnings),
  });
  const configuration = configurationHash(feed);
  const content = `${delivery.sha256} ${configuration}`;
  const settled = settledBefore(taking, { last, unchanged, content });
  if (settled !== null) return taken(taking, { content, sha256: delivery.sha256 });
  return await takeRows(taking, { last, delivery, configuration, content, unchanged });
}

/** Every file of changes is done, or none is left; or the file of a full feed was archived or deleted once it was applied. */
function nothingNew(taking: Taking, last: AcceptedFile | null, waiting: Waiting | null): TakenFeed {
  const kept = taking.parts.store.ownership.count(taking.feed.name);
  taking.spoken = { feed: taking.feed.name, spoken: 0, contacts: kept, oldRejects: 0 };
  const people = { create: 0, update: 0, rekey: 0, delete: 0, unchanged: 0, kept };
  learn(taking, {
    file: last === null ? null : fileFacts(last, true),
    people: { ...people, leaversDeleted: 0, leaversWithoutContact: 0 },
    notes: [taking.feed.kind === 'changes' ? 'no new file of changes' : `no new file since ${last?.name} was applied`],
  });
  return taken(taking, waited(taking, waiting));
}

interface Met {
  readonly last: AcceptedFile | null;
  readonly unchanged: boolean;
  /** Content and configuration. */
  readonly content: string;
}

/** Nothing was left open when this content was met before: it need not be read again. null: it has to be. */
function settledBefore(taking: Taking, { last, unchanged, content }: Met): SettledPeople | null {
  const { parts, options, feed } = taking;
  const { files, ownership } = parts.store;
  const settled = files.settled(feed.name, content);
  const isSame = feed.kind === 'full' && unchanged && !ownership.hasLost(feed.name);
  if (!isSame || last === null || settled === null || options.everyRow === true) return null;
  const people = { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0, ...settled };
  learn(taking, { rows: last.rowCounts, people });
  taking.guards.push(guardEmpty(feed.name, last.rowCounts.accepted + (last.rowCounts.aside ?? 0), true));
  return settled;
}

interface Reading extends Met {
  readonly delivery: Delivery;
  readonly configuration: string;
}

async function takeRows(taking: Taking, reading: Reading): Promise<TakenFeed> {
  const { parts, feed, measure } = taking;
  const { last, delivery, configuration, content, unchanged } = reading;
  const { roster, files, waiting } = await measure('read', () => readDelivery(taking, delivery, configuration));
  const facts = files.map((file) => fileFacts(file, file.acceptedAtMs !== null));
  learn(taking, { file: facts.at(-1) ?? null, files: facts, notes: headerNotes(last, roster) });
  parts.signal.throwIfAborted();
  await measure('plan', async () => planRoster(taking, unchanged));
  const acceptance: Acceptance = {
    feed: feed.name,
    files: files
      .filter(({ acceptedAtMs }) => feed.kind === 'full' || acceptedAtMs === null)
      .map(({ name, size, modifiedAtMs, sha256 }) => ({ name, size, modifiedAtMs, sha256 })),
    configuration,
    layout: roster.layout,
    header: roster.header,
    rowCounts: taking.facts.rows,
    countsAsFile: feed.kind === 'full' && !unchanged,
  };
  const { sha256 } = delivery;
  return taken(taking, { acceptance, content, sha256, wasRead: true, ...waited(taking, waiting) });
}

/** Files of changes that wait are trouble of the feed's, although everything before them is taken. */
function waited(taking: Taking, waiting: Waiting | null): { exitCode?: ExitCode } {
  if (waiting === null) return {};
  const { count, reason } = waiting;
  const others =
    count === 1 ? '' : count === 2 ? ' The file after it waits.' : ` The ${count - 1} files after it wait.`;
  const { trouble: kind, message, hint } = reason;
  learn(taking, { trouble: { kind, message: `${message}${others}`, hint, isPartial: true } });
  return { exitCode: EXIT.feed };
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

function fileFacts(file: Pick<FileFacts, 'name' | 'size' | 'modifiedAtMs' | 'sha256'>, unchanged: boolean): FileFacts {
  const { name, size, modifiedAtMs, sha256 } = file;
  return { name, size, modifiedAtMs, sha256, unchanged };
}
