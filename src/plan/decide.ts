// The decision about one person (specification §7): what, if anything, must be sent so that the contact
// equals the employee. Pure, and the same for a dry run and a real run.

import type { Employee } from '../roster/employee.ts';
import type { Contact, ContactBody } from './operation.ts';

/**
 * ```
 *   employee   contact      →
 *   yes        none         create   (blank attributes are omitted)
 *   yes        same         nothing
 *   yes        different    update: only what differs; null removes an attribute
 * ```
 * `attributeKeys` are the keys that the configuration maps: a key of the contact that is no longer among them is
 * removed. Whether somebody without a row is deleted is a question about the whole roster, not about one person.
 */
export function decide(
  employee: Employee,
  contact: Contact | null,
  attributeKeys: ReadonlySet<string>,
): ContactBody | null {
  return contact === null ? bodyToCreate(employee) : bodyToUpdate(employee, contact, attributeKeys);
}

/** The POST body of a new contact. */
export function bodyToCreate(employee: Employee): ContactBody {
  const attributes = Object.entries(employee.attributes).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return {
    external_id: employee.externalId,
    first_name: employee.firstName,
    last_name: employee.lastName,
    email: employee.email,
    ...(typeof employee.phoneNumber === 'string' ? { phone_number: employee.phoneNumber } : {}),
    ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
  };
}

/** The POST body that makes a vanished contact anew, as it was confirmed plus what `body` changes. */
export function bodyToRecreate(contact: Contact): ContactBody {
  return {
    external_id: contact.externalId,
    first_name: contact.firstName,
    last_name: contact.lastName,
    email: contact.email,
    ...(contact.phoneNumber === null ? {} : { phone_number: contact.phoneNumber }),
    ...(Object.keys(contact.attributes).length > 0 ? { attributes: contact.attributes } : {}),
  };
}

function bodyToUpdate(employee: Employee, contact: Contact, attributeKeys: ReadonlySet<string>): ContactBody | null {
  const attributes = attributeChanges(employee, contact, attributeKeys);
  const body: ContactBody = {
    ...(employee.firstName === contact.firstName ? {} : { first_name: employee.firstName }),
    ...(employee.lastName === contact.lastName ? {} : { last_name: employee.lastName }),
    ...(employee.email === contact.email ? {} : { email: employee.email }),
    ...(employee.phoneNumber === undefined || employee.phoneNumber === contact.phoneNumber
      ? {}
      : { phone_number: employee.phoneNumber }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
  return Object.keys(body).length === 0 ? null : body;
}

function attributeChanges(
  employee: Employee,
  contact: Contact,
  attributeKeys: ReadonlySet<string>,
): Record<string, string | null> {
  const changes: [string, string | null][] = [];
  for (const [key, wanted] of Object.entries(employee.attributes)) {
    const current = ownValue(contact.attributes, key);
    if (wanted !== current) changes.push([key, wanted]);
  }
  for (const key of Object.keys(contact.attributes)) {
    if (!attributeKeys.has(key)) changes.push([key, null]);
  }
  return Object.fromEntries(changes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ownValue(attributes: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(attributes, key) ? (attributes[key] ?? null) : null;
}
