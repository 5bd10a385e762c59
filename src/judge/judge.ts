// What of the plan may go (specification §8): the guards hold what is risky, whatever depends on something held waits
// with it, what somebody approved is let through, and the rest is put in order.

import { type Withdrawn, withdrawAcrossFeeds } from '../feed/conflicts.ts';
import { withMore } from '../feed/facts.ts';
import { withMoves } from '../feed/owners.ts';
import type { TakenFeed } from '../feed/taking.ts';
import { invariant } from '../invariant.ts';
import type { OperationKind } from '../plan/operation.ts';
import { arrange, linksToHeld } from '../plan/order.ts';
import type { PlannedLink } from '../store/plan-order.ts';
import { suspectExchanges } from '../store/suspicions.ts';
import type { SyncOptions, SyncParts } from '../sync.ts';
import { decideHeld, holdAsBefore } from './decisions.ts';
import { guardFeed, withholding } from './guards.ts';
import { flaggedWarning } from './notes.ts';

/** Judges every feed that has a plan. Nothing is recorded yet; a dry run ends with the same verdicts. */
export function judge(parts: SyncParts, options: SyncOptions, taken: readonly TakenFeed[]): TakenFeed[] {
  const troubled = taken.filter(isWithoutFile).map(({ settings }) => settings.name);
  const full = taken.filter(({ settings }) => settings.kind === 'full').map(({ settings }) => settings.name);
  const withdrawn = withdrawAcrossFeeds(parts.store, { troubled: new Set(troubled), full });
  suspectExchanges(parts.store.database);
  const moves = parts.store.ownership.moved();
  const judged = taken
    .map((feed) => withMoves(feed, moves))
    .map((feed) => withoutWithdrawn(feed, withdrawn.get(feed.settings.name)))
    .map((feed) => (feed.facts.people === null ? feed : judgeFeed(parts, options, feed)));
  holdDependents(parts);
  const decided = decideHeld(parts, judged);
  for (const { settings, facts } of decided) {
    if (facts.people !== null) parts.store.parked.planGivingBack(settings.name);
  }
  putInOrder(parts);
  return decided.map((feed) => ({
    ...feed,
    facts: withMore(feed.facts, { warnings: flaggedWarning(parts.store.numbers, feed.settings.name) }),
  }));
}

/** Nothing was read or known of its file, also because it was archived: what its last file said of others still counts. */
function isWithoutFile({ facts, settings, wasRead, content }: TakenFeed): boolean {
  return facts.people === null || (settings.kind === 'full' && !wasRead && content === null);
}

/** Rows whose operations were taken out of the plan are rejects now, and their contacts are kept. */
function withoutWithdrawn(feed: TakenFeed, withdrawn: Withdrawn | undefined): TakenFeed {
  const { facts, acceptance } = feed;
  if (withdrawn === undefined || facts.people === null) return feed;
  const count = withdrawn.create + withdrawn.update + withdrawn.rekey;
  const rows = { ...facts.rows, accepted: facts.rows.accepted - count, rejected: facts.rows.rejected + count };
  const people = {
    ...facts.people,
    create: facts.people.create - withdrawn.create,
    update: facts.people.update - withdrawn.update,
    rekey: facts.people.rekey - withdrawn.rekey,
    delete: facts.people.delete - withdrawn.delete,
    kept: facts.people.kept + withdrawn.update + withdrawn.rekey + withdrawn.delete,
    leaversDeleted: facts.people.leaversDeleted - withdrawn.leaversDeleted,
    leaversWithoutContact: facts.people.leaversWithoutContact + withdrawn.leaversDeleted,
  };
  return {
    ...feed,
    isIncomplete: true,
    facts: { ...facts, rows, people },
    acceptance: acceptance === null ? null : { ...acceptance, rowCounts: rows },
  };
}

function judgeFeed(parts: SyncParts, { force }: SyncOptions, feed: TakenFeed): TakenFeed {
  const { store, settings, clock } = parts;
  const verdicts = guardFeed({ store, limits: settings.guards, force, nowMs: clock.now() }, feed);
  holdAsBefore(parts, feed, force);
  const rowCounts = { ...feed.facts.rows, aside: store.ownership.asideRows(feed.settings.name) };
  const acceptance = feed.acceptance === null ? null : { ...feed.acceptance, rowCounts };
  return { ...feed, acceptance, guards: [...feed.guards, ...verdicts], withheld: withholding(verdicts) };
}

const DOES: Readonly<Record<OperationKind, string>> = {
  create: 'create',
  update: 'update',
  rekey: 're-key',
  delete: 'delete',
};

/** Whatever claims a value that a held operation would give up has to wait for it. */
function holdDependents({ store }: SyncParts): void {
  const { order, holding, planned } = store;
  const links = order.links(null);
  const heldFreers = links.filter(({ freerState }) => freerState === 'held');
  const guardOf = new Map(heldFreers.map(({ freer, freerGuard }) => [freer ?? 0, freerGuard ?? '']));
  for (const link of linksToHeld(links, [...guardOf.keys()]) as PlannedLink[]) {
    const guard = guardOf.get(link.freer ?? 0) ?? '';
    guardOf.set(link.claimer, guard);
    const { freerKind, freerFeed, ownerId, field } = link;
    const where = freerFeed === planned.find(link.claimer).feed ? '' : ` (feed ${freerFeed})`;
    const what = `it needs the ${field} of ${ownerId}${where}, whose ${DOES[freerKind ?? 'update']} is held`;
    holding.holdDependent(link.claimer, guard, what);
  }
}

/** Of what is to be sent: who has to wait for whom. */
function putInOrder({ store }: SyncParts): void {
  const links = store.order.links(null);
  if (links.length === 0) return;
  invariant(
    links.every(({ freerState }) => freerState === 'pending'),
    'an operation is to be sent although the value that it needs is not given up',
  );
  store.order.arrange(arrange(links));
}
