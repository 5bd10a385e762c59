// What people decided about what is held (specification §8): an approval or a rejection is bound to exactly the
// operations, the file, the snapshot and the configuration that were there, and is void once any of them is another.

import { createHash } from 'node:crypto';
import { isoTime } from '../clock.ts';
import type { FeedSettings } from '../config/settings.ts';
import { configurationHash } from '../feed/configuration.ts';
import { withMore } from '../feed/facts.ts';
import type { TakenFeed } from '../feed/taking.ts';
import type { GuardName } from '../plan/guard.ts';
import type { HeldSet, NewHeldSet } from '../store/held-sets.ts';
import type { SyncParts } from '../sync.ts';

/** What was held of this very file under this very configuration stays held, although the guards' numbers may differ now. */
export function holdAsBefore(parts: SyncParts, { settings, sha256 }: TakenFeed, force: ReadonlySet<GuardName>): void {
  const { heldSets, holding } = parts.store;
  const before = heldSets.open(settings.name);
  if (before === null || differences(parts, before, settings, sha256).length > 0) return;
  holding.holdAgain(settings.name, before, force);
}

/** Lets approved sets through, leaves rejected ones out, and says what waits now; of every feed that has a plan. */
export function decideHeld(parts: SyncParts, feeds: readonly TakenFeed[]): TakenFeed[] {
  const weighed = feeds.map((feed) => weigh(parts, feed));
  if (feeds.length > 1) voidByOthers(weighed, parts.store.order.heldAcross());
  return feeds.map((feed, index) => {
    const weighing = weighed[index];
    return weighing === undefined || feed.facts.people === null ? feed : decideFeed(parts, feed, weighing);
  });
}

/** What is held of a feed now, what was held before, and what speaks against an approval. */
interface Weighing {
  readonly feed: string;
  readonly held: NewHeldSet | null;
  readonly before: HeldSet | null;
  /** null: it was not approved. None: the approval holds. */
  objections: string[] | null;
}

function weigh(parts: SyncParts, feed: TakenFeed): Weighing {
  const { name } = feed.settings;
  if (feed.facts.people === null) return { feed: name, held: null, before: null, objections: null };
  const held = heldNow(parts, feed);
  const before = parts.store.heldSets.open(name);
  const objections = held !== null && before?.state === 'approved' ? voidReasons(parts, before, held, feed) : null;
  return { feed: name, held, before, objections };
}

/** What waits for something that stays held in another feed cannot be let through yet, whoever approved it. */
function voidByOthers(weighed: readonly Weighing[], across: readonly { feed: string; freerFeed: string }[]): void {
  const holds = (name: string) => weighed.some(({ feed, objections }) => feed === name && objections?.length === 0);
  const next = across.find(({ feed, freerFeed }) => holds(feed) && !holds(freerFeed));
  if (next === undefined) return;
  const approved = weighed.find(({ feed }) => feed === next.feed);
  approved?.objections?.push(`it waits for what is held of the feed ${next.freerFeed}`);
  voidByOthers(weighed, across);
}

function decideFeed(parts: SyncParts, feed: TakenFeed, { held, before, objections }: Weighing): TakenFeed {
  if (before !== null && objections?.length === 0) return asApproved(parts, feed, before);
  if (before !== null && held !== null && isRejected(parts, before, held)) {
    return asRejected(parts, feed, before, held);
  }
  const isVoid = before?.state === 'approved' && (held !== null || before.usedByRun === null);
  const warnings = isVoid ? [voidWarning(before, objections ?? ['nothing of it is held any more'])] : [];
  const heldSet = { feed: feed.settings.name, used: null, held };
  return { ...withoutAcceptance(feed), facts: withMore(feed.facts, { warnings }), heldSet };
}

/** Exactly this set was rejected, or what was left of it when a run that applied it was cut short. */
function isRejected({ store }: SyncParts, before: HeldSet, held: NewHeldSet): boolean {
  if (before.state !== 'rejected') return false;
  if (before.usedByRun === null) return before.digest === held.digest;
  const isSameFile = before.sha256 === held.sha256 && before.configuration === held.configuration;
  return isSameFile && store.holding.isRest(held.feed, before.usedByRun);
}

/** The set goes, once; what it proves counts from now on. */
function asApproved({ store }: SyncParts, feed: TakenFeed, before: HeldSet): TakenFeed {
  const { name } = feed.settings;
  store.holding.release(name);
  const notes = [`what run ${before.run} held was approved by ${decision(before)} and is let through once`];
  const approved = `approved by ${before.decidedBy}`;
  const guards = feed.guards.map((guard) =>
    guard.tripped && !guard.forced
      ? { ...guard, note: guard.note === null ? approved : `${guard.note}; ${approved}` }
      : guard,
  );
  const heldSet = { feed: name, used: before, held: null };
  return { ...feed, guards, withheld: null, facts: withMore(feed.facts, { notes }), heldSet };
}

/** The set is left out of this run without anybody having to say so again. */
function asRejected({ store }: SyncParts, feed: TakenFeed, before: HeldSet, held: NewHeldSet): TakenFeed {
  const { name } = feed.settings;
  const rejected = { by: before.decidedBy ?? '', atMs: before.decidedAtMs ?? 0 };
  store.holding.drop(name, `rejected by ${decision(before)}`);
  const outcome =
    feed.settings.kind === 'changes'
      ? 'its files are done'
      : 'it is left out until the file, the configuration or the set changes';
  const notes = [`what run ${before.run} held was rejected by ${decision(before)}: ${outcome}`];
  const heldSet = { feed: name, used: null, held: { ...held, rejected } };
  // What a file of changes says once and nobody wants is done with; a full file says it again tomorrow.
  const kept = feed.settings.kind === 'changes' ? asVoid(feed) : withoutAcceptance(feed);
  return { ...kept, withheld: null, facts: withMore(feed.facts, { notes }), heldSet };
}

/** Where the whole file waited, what it says of people counts for nothing. */
function asVoid(feed: TakenFeed): TakenFeed {
  if (feed.withheld === null || feed.acceptance === null) return feed;
  return { ...feed, acceptance: { ...feed.acceptance, isVoid: true } };
}

/** A file that is not credible proves nothing as long as nobody has approved it. */
function withoutAcceptance(feed: TakenFeed): TakenFeed {
  return feed.withheld === null ? feed : { ...feed, acceptance: null, content: null };
}

/** null: nothing of the feed is held. */
function heldNow({ store, settings }: SyncParts, { settings: feed, sha256, withheld }: TakenFeed): NewHeldSet | null {
  const operationCount = store.holding.heldCount(feed.name);
  if (operationCount === 0 && withheld === null) return null;
  const configuration = configurationOf(feed, settings.guards);
  const digest = store.holding.digest(feed.name, [sha256, configuration, withheld ?? '']);
  return { feed: feed.name, digest, sha256, configuration, operationCount, rejected: null };
}

/** Why an approval does not hold for this set; none: it does. */
function voidReasons(parts: SyncParts, approved: HeldSet, held: NewHeldSet, { settings }: TakenFeed): string[] {
  const reasons = differences(parts, approved, settings, held.sha256);
  if (reasons.length > 0) return reasons;
  // A run that was cut short applied a part of the set; what it did not get to is still approved.
  if (approved.usedByRun !== null) {
    return parts.store.holding.isRest(settings.name, approved.usedByRun) ? [] : ['the operations are others'];
  }
  if (approved.snapshotVersion !== parts.store.heldSets.snapshotVersion()) return ['the snapshot changed'];
  return approved.digest === held.digest ? [] : ['the operations are others'];
}

function differences(parts: SyncParts, before: HeldSet, feed: FeedSettings, sha256: string): string[] {
  if (before.sha256 !== sha256) return ['there is another file'];
  return before.configuration === configurationOf(feed, parts.settings.guards) ? [] : ['the configuration changed'];
}

/** Whatever of the configuration decides what is planned and what is held. */
function configurationOf(feed: FeedSettings, guards: SyncParts['settings']['guards']): string {
  return createHash('sha256')
    .update(JSON.stringify([configurationHash(feed), guards]))
    .digest('hex');
}

function voidWarning(approved: HeldSet, reasons: readonly string[]): string {
  return `the approval of run ${approved.run} by ${decision(approved)} is void: ${reasons.join(', ')}`;
}

function decision({ decidedBy, decidedAtMs }: HeldSet): string {
  return `${decidedBy} at ${isoTime(decidedAtMs ?? 0)}`;
}
