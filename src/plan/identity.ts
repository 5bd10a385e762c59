// Who is who (specification §7 "Re-key" and §8 "identity"): does a row still mean the person whom its id meant
// before? Pure.

import { type Contact, contactAfter, type Operation } from './operation.ts';
import { keyOf, type OwnedClaim } from './unique.ts';

/**
 * Why an operation may concern another person than it seems to.
 *
 * - `another`: under its id the row now carries what another contact has: a swap, or a column that has shifted.
 * - `ambiguous`: a leaver and joiners with one email, of whom it cannot be told who is who.
 * - `changed`: so many of email, full name and phone changed at once that it may be somebody else.
 * - `took_email`: it takes over the email of a person who stays.
 * - `rekeyed`: the person appears under another id.
 */
export const SUSPICIONS = ['another', 'ambiguous', 'changed', 'took_email', 'rekeyed'] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

/** Suspicions of which a single one is too many; of the others the guard counts. */
export const GRAVE_SUSPICIONS: readonly Suspicion[] = ['another', 'ambiguous'];

/** What is suspicious about an update or a re-key. `fields`: how many of the three have to speak for another person. */
export function suspicionOf(operation: Operation, claims: readonly OwnedClaim[], fields: number): Suspicion | null {
  const { kind, before, body, externalId } = operation;
  if (before === null || body === null) return null;
  const after = contactAfter(before, externalId, body);
  const owners = claims.map(({ owner }) => owner);
  if (owners.some((owner) => changedTowards(owner, before, after) >= fields)) return 'another';
  if (changedFields(before, after) >= fields) return 'changed';
  return kind === 'rekey' ? 'rekeyed' : null;
}

/** How many of email, full name and phone are others than before. A phone number for the first time is no change. */
function changedFields(before: Contact, after: Contact): number {
  const changes = [
    keyOf('email', before) !== keyOf('email', after),
    fullName(before) !== fullName(after),
    before.phoneNumber !== null && after.phoneNumber !== null && before.phoneNumber !== after.phoneNumber,
  ];
  return changes.filter(Boolean).length;
}

/** How many of the three were changed to what the other contact has. */
function changedTowards(other: Contact, before: Contact, after: Contact): number {
  const taken = (read: (contact: Contact) => string | null) =>
    read(after) !== null && read(after) === read(other) && read(after) !== read(before);
  return [
    taken((contact) => keyOf('email', contact)),
    taken(fullName),
    taken((contact) => keyOf('phone_number', contact)),
  ].filter(Boolean).length;
}

/** Names written in capitals are no other names. */
function fullName({ firstName, lastName }: Contact): string {
  return `${firstName} ${lastName}`.toLowerCase();
}
