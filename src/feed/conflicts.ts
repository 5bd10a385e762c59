// Rows that want an email or phone number of a contact that keeps it are rejected (specification §6 and §7): Workshop
// would refuse them, and whoever they would have made room for as well.

import { stuckLinks } from '../plan/order.ts';
import type { Reject } from '../roster/employee.ts';
import type { PlannedLink } from '../store/plan-order.ts';
import type { Taking } from './taking.ts';

/** Takes such operations out of the plan; gives how many of them were re-keys, whose contacts are kept. */
export function rejectConflicts({ parts, feed }: Taking): { readonly rekeys: number } {
  const { staging, planned, order } = parts.store;
  const names = parts.settings.feeds.map(({ name }) => name);
  const later = new Set(names.slice(names.indexOf(feed.name) + 1));
  // What a feed that is yet to be read gives up is known only once it is.
  const links = order.links(feed.name).filter(({ freer, ownerFeed }) => freer !== null || !later.has(ownerFeed));
  let rekeys = 0;
  for (const link of stuckLinks(links) as PlannedLink[]) {
    const operation = planned.find(link.claimer);
    if (operation.kind === 'rekey') rekeys += 1;
    staging.rejectEmployee({
      line: operation.line ?? 0,
      externalId: operation.body?.external_id ?? operation.externalId,
      ...conflict(link, staging.linesOf(link.ownerId)),
    });
    planned.withdraw(link.claimer);
  }
  return { rekeys };
}

function conflict(
  { field, ownerId }: PlannedLink,
  lines: readonly number[],
): Pick<Reject, 'field' | 'rule' | 'message'> {
  const where = lines.length === 0 ? 'who has no row in this file' : `whose row is line ${lines.join(' and ')}`;
  return {
    field,
    rule: field === 'email' ? 'duplicate_email' : 'duplicate_phone',
    message: `The same ${field} belongs to the contact ${ownerId} in Workshop, ${where} and who keeps it; Workshop takes it only once. Correct it in the HRIS.`,
  };
}
