// Who is who (specification §7 "Re-key" and §8 "identity"): does a row still mean the person whom its id meant
// before? Pure.

import { type Contact, contactAfter, type Operation } from './operation.ts';
import { keyOf, type OwnedClaim } from './unique.ts';

/**
 * Why an operation may concern another person than it seems to.
 *
 * - `another`: it carries what another contact has, or gives that up to somebody: a swap, or a column that has shifted.
 * - `ambiguous`: somebody leaves and somebody comes with one email, and it cannot be told whether they are one person.
 * - `changed`: so many of email, full name and phone changed at once that it may be somebody else.
 * - `took`: it takes over an email, phone number or full name from somebody else.
 * - `gave`: somebody else took one of its values; not counted, but held with those who took.
 * - `rekeyed`: the person appears under another id.
 */
export const SUSPICIONS = ['another', 'ambiguous', 'changed', 'took', 'gave', 'rekeyed'] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

/** Suspicions of which a single one is too many; of the others the guard counts. */
export const GRAVE_SUSPICIONS: readonly Suspicion[] = ['another', 'ambiguous'];

export interface Suspected {
  readonly suspicion: Suspicion | null;
  /** What makes it suspicious, where the word alone does not say it. */
  readonly reason: string | null;
}

/** What is suspicious about an operation by itself. `fields`: how many of the three have to speak for another person. */
export function suspect(operation: Operation, claims: readonly OwnedClaim[], fields: number): Suspected {
  const { kind, before, body, externalId } = operation;
  if (body === null) return { suspicion: null, reason: null };
  const after = contactAfter(before, externalId, body);
  const other = claims.find(({ owner }) => changedTowards(owner, before, after) >= fields)?.owner;
  if (other !== undefined) {
    return { suspicion: 'another', reason: `it carries the values of ${other.externalId}` };
  }
  if (before === null) return { suspicion: null, reason: null };
  if (kind === 'rekey' && hasOtherNames(before, after)) {
    return { suspicion: 'ambiguous', reason: `it has the email of ${externalId}, and neither of the names` };
  }
  if (changedFields(before, after) >= fields) return { suspicion: 'changed', reason: null };
  return { suspicion: kind === 'rekey' ? 'rekeyed' : null, reason: null };
}

/** The full name that an update or re-key changes, as it is compared: from whom to whom; null when it stays. */
export function nameChange({ before, body, externalId }: Operation): { from: string; to: string } | null {
  if (before === null || body === null) return null;
  const from = fullName(before);
  const to = fullName(contactAfter(before, externalId, body));
  return from === to ? null : { from, to };
}

function hasOtherNames(before: Contact, after: Contact): boolean {
  const differ = (one: string, other: string) => one.toLowerCase() !== other.toLowerCase();
  return differ(before.firstName, after.firstName) && differ(before.lastName, after.lastName);
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

/** How many of the three are what the other contact has, and were not before. */
function changedTowards(other: Contact, before: Contact | null, after: Contact): number {
  const taken = (read: (contact: Contact) => string | null) =>
    read(after) !== null && read(after) === read(other) && (before === null || read(after) !== read(before));
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
