// What of a contact is ours, and what it takes to turn a contact that was there before into the one that is wanted.
// Pure: what others wrote into a contact is neither compared nor removed nor remembered.

import type { FoundContact } from '../contacts/contacts.ts';
import { decide } from '../plan/decide.ts';
import type { Contact, ContactBody } from '../plan/operation.ts';
import type { Employee } from '../roster/employee.ts';

/** What a blank in the file means for a field of the contact. */
type Blank = 'clear' | 'keep';

/** The fields that a feed writes and that may be blank. */
export interface ManagedFields {
  readonly phoneNumber: Blank;
  /** By attribute key. */
  readonly attributes: ReadonlyMap<string, Blank>;
}

/** The contact as Workshop has it, with the attributes that are ours. */
export function managedPart(found: FoundContact, keys: Iterable<string>): Contact {
  const { externalId, firstName, lastName, email, phoneNumber } = found;
  const held = [...new Set(keys)].filter((key) => Object.hasOwn(found.attributes, key));
  const attributes = Object.fromEntries(held.map((key) => [key, found.attributes[key] ?? '']));
  return { externalId, firstName, lastName, email, phoneNumber, attributes };
}

/** The attribute keys that the feed, the snapshot or the operation speaks of. */
export function managedKeys(
  fields: ManagedFields,
  { body, before }: { readonly body: ContactBody | null; readonly before: Contact | null },
): Set<string> {
  return new Set([
    ...fields.attributes.keys(),
    ...Object.keys(before?.attributes ?? {}),
    ...Object.keys(body?.attributes ?? {}),
  ]);
}

/**
 * The smallest PATCH that gives a contact that is there already the state that the POST of `body` asked for; null
 * when it has it. A POST leaves out what is blank: where a blank clears, it has to be removed.
 */
export function bodyToConverge(held: Contact, body: ContactBody, fields: ManagedFields): ContactBody | null {
  const cleared = [...fields.attributes].filter(([, blank]) => blank === 'clear').map(([key]) => [key, null] as const);
  const wanted: Employee = {
    externalId: held.externalId,
    firstName: body.first_name ?? held.firstName,
    lastName: body.last_name ?? held.lastName,
    email: body.email ?? held.email,
    phoneNumber: body.phone_number ?? (fields.phoneNumber === 'clear' ? null : undefined),
    attributes: { ...Object.fromEntries(cleared), ...body.attributes },
  };
  return decide(wanted, held, new Set(Object.keys(held.attributes)));
}

/** Whether two contacts have the same values. */
export function isSame(one: Contact, other: Contact): boolean {
  return canonical(one) === canonical(other);
}

function canonical(contact: Contact): string {
  const attributes = Object.entries(contact.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const { externalId, firstName, lastName, email, phoneNumber } = contact;
  return JSON.stringify([externalId, firstName, lastName, email, phoneNumber, attributes]);
}
