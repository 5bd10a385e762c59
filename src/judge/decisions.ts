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
export function holdAsBefore(parts: SyncParts, { settings, facts }: TakenFeed, force: ReadonlySet<GuardName>): void {
  const { heldSets, holding } = parts.store;
  const before = heldSets.open(settings.name);
  if (before === null || differences(parts, before, settings, facts.file?.sha256).length > 0) return;
  holding.holdAgain(settings.name, before.run, force);
}

/** Lets an approved set through, leaves a rejected one out, and says what waits now. */
export function decideHeld(parts: SyncParts, feed: TakenFeed): TakenFeed {
  const { holding, heldSets } = parts.store;
  const { name } = feed.settings;
  const held = heldNow(parts, feed);
  const before = heldSets.open(name);
  const objections = held !== null && before?.state === 'approved' ? voidReasons(parts, before, held, feed) : null;
  if (before !== null && objections?.length === 0) {
    return asApproved(parts, feed, before);
  }
  if (before !== null && held !== null && before.state === 'rejected' && before.digest === held.digest) {
    return asRejected(parts, feed, before, held);
  }
  const warnings =
    before?.state === 'approved' ? [voidWarning(before, objections ?? ['nothing of it is held any more'])] : [];
  const heldSet = { feed: name, used: null, held };
  return { ...withoutAcceptance(feed), facts: withMore(feed.facts, { warnings }), heldSet };
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
  const notes = [
    `what run ${before.run} held was rejected by ${decision(before)}: it is left out until the file, the configuration or the set changes`,
  ];
  const heldSet = { feed: name, used: null, held: { ...held, rejected } };
  return { ...withoutAcceptance(feed), withheld: null, facts: withMore(feed.facts, { notes }), heldSet };
}

/** A file that is not credible proves nothing as long as nobody has approved it. */
function withoutAcceptance(feed: TakenFeed): TakenFeed {
  return feed.withheld === null ? feed : { ...feed, acceptance: null, content: null };
}

/** null: nothing of the feed is held. */
function heldNow({ store, settings }: SyncParts, { settings: feed, facts, withheld }: TakenFeed): NewHeldSet | null {
  const operationCount = store.holding.held(feed.name).length;
  if (operationCount === 0 && withheld === null) return null;
  const sha256 = facts.file?.sha256 ?? '';
  const configuration = configurationOf(feed, settings.guards);
  const digest = store.holding.digest(feed.name, [sha256, configuration, withheld ?? '']);
  return { feed: feed.name, digest, sha256, configuration, operationCount, rejected: null };
}

/** Why an approval does not hold for this set; none: it does. */
function voidReasons(parts: SyncParts, approved: HeldSet, held: NewHeldSet, { settings }: TakenFeed): string[] {
  const reasons = differences(parts, approved, settings, held.sha256);
  if (reasons.length > 0) return reasons;
  if (approved.snapshotVersion !== parts.store.heldSets.snapshotVersion()) return ['the snapshot changed'];
  return approved.digest === held.digest ? [] : ['the operations are others'];
}

function differences(parts: SyncParts, before: HeldSet, feed: FeedSettings, sha256: string | undefined): string[] {
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
