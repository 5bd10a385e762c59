// Email and phone number are unique in Workshop (specification §7): what an operation claims of them, and what it
// gives up. Pure.

import { emailKey } from '../roster/employee.ts';
import type { Contact, Operation } from './operation.ts';

export type UniqueField = 'email' | 'phone_number';

/** A value as it is compared. */
export interface UniqueValue {
  readonly field: UniqueField;
  readonly key: string;
}

/** A claim on a value that another contact has in the snapshot. */
export interface OwnedClaim {
  readonly field: UniqueField;
  readonly owner: Contact;
}

/** The unique values that the contact has once the operation is applied, and had not before. */
export function claimsOf({ body, before }: Operation): UniqueValue[] {
  const claims: UniqueValue[] = [];
  if (body?.email !== undefined && keyOf('email', before) !== emailKey(body.email)) {
    claims.push({ field: 'email', key: emailKey(body.email) });
  }
  const phone = body?.phone_number ?? null;
  if (phone !== null && keyOf('phone_number', before) !== phone) claims.push({ field: 'phone_number', key: phone });
  return claims;
}

/** Does the operation give up the value that the contact had in this field? */
export function gives(field: UniqueField, { kind, body, before }: Operation): boolean {
  if (kind === 'create' || keyOf(field, before) === null) return false;
  if (body === null) return true;
  const after = body[field];
  return after !== undefined && keyOf(field, before) !== (field === 'email' && after ? emailKey(after) : after);
}

/** The value of a contact as it is compared; null when it has none. */
export function keyOf(field: UniqueField, contact: Contact | null): string | null {
  if (contact === null) return null;
  return field === 'email' ? emailKey(contact.email) : contact.phoneNumber;
}
