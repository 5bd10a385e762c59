// What is left to do for a feed once its operations are settled: remember that nothing is open, and
// archive or delete the source file when it was wholly applied.

import { OperatorError } from '../errors.ts';
import type { FeedFacts, FileFacts, OutcomeCount, PeopleFacts } from '../report/facts.ts';
import type { SyncParts } from '../sync.ts';
import { withMore } from './facts.ts';
import { parkedWarning } from './notes.ts';
import type { TakenFeed } from './taking.ts';

/** Finishes one feed; a source that cannot be tidied is a warning, because everything was applied. */
export async function finishFeed(
  parts: SyncParts,
  taken: TakenFeed,
  outcomes: readonly OutcomeCount[],
): Promise<FeedFacts> {
  const { settings, content } = taken;
  const parked = parts.store.parked.ofFeed(settings.name).map(({ externalId }) => externalId);
  const facts = withMore(taken.facts, { warnings: parkedWarning(parked) });
  finishApproval(parts, taken, outcomes);
  const { people } = facts;
  if (content === null || people === null) return facts;
  const own = outcomes.filter((outcome) => outcome.feed === facts.name);
  const whollyApplied = own.every((outcome) => outcome.state === 'applied');
  // A row that Workshop refuses each time does not make the first run last for ever.
  const isThrough = own.every(({ state }) => state === 'applied' || state === 'refused');
  if (isThrough) parts.store.files.setWhollyApplied(facts.name);
  // What was known without being read is still so.
  if (taken.wasRead)
    rememberSettled(
      parts,
      { ...taken, facts },
      { content, people, whollyApplied: whollyApplied || isDropped(taken, own) },
    );
  const isDone = whollyApplied && !taken.isIncomplete && isThroughWith(parts, { ...taken, facts }, people);
  if (!isDone || settings.after === 'keep') return facts;
  let tidied = facts;
  for (const each of facts.files) {
    if (!parts.signal.aborted) tidied = await tidySource(parts, { ...taken, facts: tidied }, each);
  }
  return tidied;
}

/** Whom another feed keeps now may be this one's tomorrow, and whom it has taken may be this one's again: a full file is read for them. */
function isShared({ ownership }: SyncParts['store'], feed: string): boolean {
  return ownership.setAsideCount(feed) > 0 || ownership.hasLost(feed);
}

/** The file is needed no more: nobody waits for `delete_after`, and it has nobody whom another feed has as well. */
function isThroughWith({ store }: SyncParts, { settings, facts }: TakenFeed, people: PeopleFacts): boolean {
  if (settings.kind === 'changes') return facts.rows.rejected === 0;
  const { files, hours } = settings.deleteAfter;
  const isWaiting = settings.missing === 'delete' && (files > 1 || hours !== null) && people.kept > 0;
  return !isWaiting && !isShared(store, facts.name);
}

/** Somebody rejected what a file of changes asks for, and everything else of it was applied. */
function isDropped({ settings, heldSet }: TakenFeed, own: readonly OutcomeCount[]): boolean {
  const isRejected = settings.kind === 'changes' && heldSet?.held?.rejected != null;
  return isRejected && own.every(({ state }) => state === 'applied' || state === 'superseded');
}

interface Settling {
  readonly content: string;
  readonly people: PeopleFacts;
  readonly whollyApplied: boolean;
}

/** What need not be read again: a full file while it is the newest, files of changes for ever. */
function rememberSettled(parts: SyncParts, { settings, facts, isIncomplete }: TakenFeed, settling: Settling): void {
  const { files } = parts.store;
  const { content, people, whollyApplied } = settling;
  const isClear = whollyApplied && facts.rows.rejected === 0 && !isIncomplete;
  if (settings.kind === 'changes') {
    if (isClear) files.setDone(facts.name, facts.files);
    return;
  }
  const waiting = settings.missing === 'delete' ? people.kept - parts.store.ownership.outdatedCount(facts.name) : 0;
  const nothingOpen = isClear && waiting === 0 && !isShared(parts.store, facts.name);
  files.setSettled(facts.name, nothingOpen ? { content, people: settledPeople(people) } : null);
}

/** An approval is used up once everything that it let through is settled; what a cut-off run did not send stays approved. */
function finishApproval(parts: SyncParts, { heldSet, facts }: TakenFeed, outcomes: readonly OutcomeCount[]): void {
  const isOpen = ({ feed, guard, state }: OutcomeCount) =>
    feed === facts.name && guard !== null && (state === 'superseded' || state === 'abandoned');
  if (heldSet?.used && !outcomes.some(isOpen)) parts.store.heldSets.finishUse(heldSet.used);
}

function settledPeople(people: PeopleFacts) {
  return {
    unchanged: people.create + people.update + people.rekey + people.unchanged,
    kept: people.kept,
    leaversWithoutContact: people.leaversDeleted + people.leaversWithoutContact,
  };
}

async function tidySource(parts: SyncParts, { facts, settings }: TakenFeed, file: FileFacts): Promise<FeedFacts> {
  const { name } = file;
  try {
    const source = await parts.openSource(settings);
    // An abort closes the source, since nothing else ends what it is doing.
    const closeSource = (): void => void source.close();
    parts.signal.addEventListener('abort', closeSource, { once: true });
    try {
      parts.signal.throwIfAborted();
      const listing = (await source.list()).find((each) => each.name === name);
      // A newer file of the same name came meanwhile: nobody has read it yet.
      if (listing?.size !== file.size || listing.modifiedAtMs !== file.modifiedAtMs) return facts;
      if (settings.after === 'archive') await source.archive(name, settings.archiveDirectory);
      else await source.remove(name);
      parts.store.files.setDone(facts.name, [file]);
    } finally {
      parts.signal.removeEventListener('abort', closeSource);
      await source.close();
    }
    const done = settings.after === 'archive' ? `moved to ${settings.archiveDirectory}` : 'deleted from the source';
    return { ...facts, notes: [...facts.notes, `${name} was wholly applied and ${done}`] };
  } catch (error) {
    if (parts.signal.aborted) return facts;
    if (!(error instanceof OperatorError)) throw error;
    const warning = `${name} was wholly applied but could not be tidied away: ${error.message} ${error.hint}`;
    return { ...facts, warnings: [...facts.warnings, warning] };
  }
}
