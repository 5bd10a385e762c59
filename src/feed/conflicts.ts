// Rows that want an email or phone number that somebody else keeps are rejected (specification §6 and §7): Workshop
// would refuse them, and whoever they would have made room for as well.

import type { OperationKind } from '../plan/operation.ts';
import { stuckLinks } from '../plan/order.ts';
import type { Reject } from '../roster/employee.ts';
import { lineWords } from '../roster/line.ts';
import type { JournalEntry } from '../store/journal.ts';
import type { PlannedLink } from '../store/plan-order.ts';
import { inReadingOrder } from './owners.ts';
import type { Taking } from './taking.ts';

/** Takes such operations of a feed out of its plan; gives how many of them were re-keys, whose contacts are kept. */
export function rejectConflicts({ parts, feed }: Taking): { readonly rekeys: number } {
  const { staging, planned, order } = parts.store;
  const names = inReadingOrder(parts.settings.feeds).map(({ name }) => name);
  const place = names.indexOf(feed.name);
  const rivals = place === 0 ? [] : order.rivals(feed.name);
  if (rivals.length === 0 && !order.hasStuck()) return { rekeys: 0 };
  // What a feed that is yet to be read gives up is known only once it is.
  const later = new Set(names.slice(place + 1));
  const links = order.links(feed.name).filter(({ freer, ownerFeed }) => freer !== null || !later.has(ownerFeed));
  let rekeys = 0;
  for (const link of stuckLinks([...rivals, ...links]) as PlannedLink[]) {
    const operation = planned.find(link.claimer);
    if (operation.kind === 'rekey') rekeys += 1;
    staging.rejectEmployee(conflict(operation, link, ownerWords(parts.store, feed.name, link)));
    planned.withdraw(link.claimer);
  }
  return { rekeys };
}

/** How many operations of a feed were taken out of its plan once every feed had one. */
export interface Withdrawn extends Record<OperationKind, number> {
  leaversDeleted: number;
}

/**
 * What only the plans of all feeds show: claims on values that people of other feeds keep are rejected, and whoever a
 * rejected row of another feed speaks of is not deleted. Gives what was taken out, by feed. `troubled`: feeds without a plan.
 */
export function withdrawAcrossFeeds(
  { staging, planned, order }: Taking['parts']['store'],
  { troubled, full }: { readonly troubled: ReadonlySet<string>; readonly full: readonly string[] },
): Map<string, Withdrawn> {
  const withdrawn = new Map<string, Withdrawn>();
  const withdraw = ({ ordinal, feed, kind, line }: JournalEntry) => {
    const counts = withdrawn.get(feed) ?? { create: 0, update: 0, rekey: 0, delete: 0, leaversDeleted: 0 };
    counts[kind] += 1;
    if (kind === 'delete' && line !== null) counts.leaversDeleted += 1;
    withdrawn.set(feed, counts);
    planned.withdraw(ordinal);
  };
  for (const ordinal of order.deletesSpokenFor(troubled, full)) withdraw(planned.find(ordinal));
  if (!order.hasStuck()) return withdrawn;
  for (const link of stuckLinks(order.links(null)) as PlannedLink[]) {
    const operation = planned.find(link.claimer);
    const owner = troubled.has(link.ownerFeed)
      ? `who belongs to the feed "${link.ownerFeed}", which could not be taken now,`
      : `who belongs to the feed "${link.ownerFeed}"`;
    staging.rejectLater(operation.feed, conflict(operation, link, owner));
    withdraw(operation);
  }
  return withdrawn;
}

function ownerWords({ staging }: Taking['parts']['store'], feed: string, { ownerId, ownerFeed }: PlannedLink): string {
  if (ownerFeed !== feed) return `who belongs to the feed "${ownerFeed}"`;
  const lines = staging.linesOf(ownerId);
  if (lines.length > 0) return `whose row is line ${lines.map(lineWords).join(' and ')}`;
  return staging.isAbsent(ownerId) ? MISSING : 'who has no row in this file';
}

const MISSING = 'who is missing from this file and not removed yet,';

function conflict(operation: JournalEntry, { field, ownerId }: PlannedLink, owner: string): Reject {
  // Nobody has to correct what solves itself.
  const remedy = owner.endsWith(',')
    ? 'This may solve itself with one of the next files; until then this person stays as they are.'
    : 'Correct it in the HRIS.';
  return {
    line: operation.line ?? 0,
    ...(operation.body?.email === undefined ? {} : { email: operation.body.email }),
    externalId: operation.body?.external_id ?? operation.externalId,
    field,
    rule: field === 'email' ? 'duplicate_email' : 'duplicate_phone',
    message: `The same ${field} belongs to ${ownerId}, ${owner} and who keeps it; Workshop takes it only once. ${remedy}`,
  };
}
