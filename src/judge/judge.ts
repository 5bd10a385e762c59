// What of the plan may go (specification §8): the guards hold what is risky, whatever depends on something held waits
// with it, what somebody approved is let through, and the rest is put in order.

import { withMore } from '../feed/facts.ts';
import type { TakenFeed } from '../feed/taking.ts';
import { arrange, linksToHeld } from '../plan/order.ts';
import type { PlannedLink } from '../store/plan-order.ts';
import type { SyncOptions, SyncParts } from '../sync.ts';
import { decideHeld, holdAsBefore } from './decisions.ts';
import { guardFeed, withholding } from './guards.ts';
import { flaggedWarning } from './notes.ts';

/** Judges every feed that has a plan. Nothing is recorded yet; a dry run ends with the same verdicts. */
export function judge(parts: SyncParts, options: SyncOptions, taken: readonly TakenFeed[]): TakenFeed[] {
  const judged = taken.map((feed) => (feed.facts.people === null ? feed : judgeFeed(parts, options, feed)));
  holdDependents(parts);
  const decided = judged.map((feed) => (feed.facts.people === null ? feed : decideHeld(parts, feed)));
  putInOrder(parts);
  return decided.map((feed) => ({
    ...feed,
    facts: withMore(feed.facts, { warnings: flaggedWarning(parts.store.numbers, feed.settings.name) }),
  }));
}

function judgeFeed(parts: SyncParts, { force }: SyncOptions, feed: TakenFeed): TakenFeed {
  const { store, settings, clock } = parts;
  const verdicts = guardFeed({ store, limits: settings.guards, force, nowMs: clock.now() }, feed);
  holdAsBefore(parts, feed, force);
  return { ...feed, guards: [...feed.guards, ...verdicts], withheld: withholding(verdicts) };
}

/** Whatever claims a value that a held operation would give up has to wait for it. */
function holdDependents({ store }: SyncParts): void {
  const { order, holding, planned } = store;
  const links = order.links(null);
  const held = holding.held(null);
  const guardOf = new Map(held.map(({ ordinal, guard }) => [ordinal, guard]));
  const kept = links.filter(({ freer }) => freer === null);
  for (const { claimer, field, ownerId } of kept) {
    if (guardOf.has(claimer)) continue;
    guardOf.set(claimer, 'identity');
    holding.holdOne(claimer, 'identity', `the contact ${ownerId} of another feed keeps this ${field}`);
  }
  for (const link of linksToHeld(links, [...guardOf.keys()]) as PlannedLink[]) {
    const guard = guardOf.get(link.freer ?? 0) ?? 'identity';
    guardOf.set(link.claimer, guard);
    const { kind } = planned.find(link.freer ?? 0);
    const what = kind === 'delete' ? 'delete' : kind === 'rekey' ? 're-key' : 'update';
    holding.holdOne(
      link.claimer,
      guard,
      `it needs the ${link.field} of ${link.ownerId}, whose ${what} is held and would give it up`,
    );
  }
}

/** Of what is not held: who has to wait for whom. */
function putInOrder({ store }: SyncParts): void {
  const { order, holding } = store;
  const held = new Set(holding.held(null).map(({ ordinal }) => ordinal));
  const links = order.links(null).filter(({ claimer, freer }) => !held.has(claimer) && freer !== null);
  if (links.length > 0) order.arrange(arrange(links));
}
