// The intermediate update that breaks a cycle, such as two people who swap emails (specification §7, "Unique values").
// Pure.

import { createHash } from 'node:crypto';
import { invariant } from '../invariant.ts';
import type { ContactBody, Operation } from './operation.ts';
import type { UniqueField } from './unique.ts';

const TAG = /\+moving-[0-9a-f]{8}$/;
const TAG_LENGTH = '+moving-00000000'.length;
/** RFC 5321 allows 64 characters before the @, and Workshop 255 in all. */
const LOCAL_AT_MOST = 64;
const EMAIL_AT_MOST = 255;

/**
 * Takes these values from the contact until `operation` gives it the new ones: the email becomes a tagged form of the
 * same address, which reaches the same mailbox; of a phone number there is no such form, so there is none for a moment.
 */
export function toPark(operation: Operation, fields: readonly UniqueField[]): Operation {
  const { externalId, feed, line, before } = operation;
  invariant(before !== null, 'only a contact has values to park');
  const body = {
    ...(fields.includes('email') ? { email: parkedEmail(before.email, externalId) } : {}),
    ...(fields.includes('phone_number') ? { phone_number: null } : {}),
  };
  return { kind: 'update', externalId, feed, line, body, before, fingerprint: null };
}

/** Does this intermediate update take something, or does it give something back? */
export function isTaking({ email, phone_number: phone }: Pick<ContactBody, 'email' | 'phone_number'>): boolean {
  return phone === null || (email !== undefined && TAG.test(email.slice(0, email.lastIndexOf('@'))));
}

/** Another address for the same mailbox, always another one than `email` and than anybody else's. */
function parkedEmail(email: string, externalId: string): string {
  const at = email.lastIndexOf('@');
  const room = Math.min(LOCAL_AT_MOST, EMAIL_AT_MOST - (email.length - at)) - TAG_LENGTH;
  const local = email.slice(0, at).replace(TAG, '').slice(0, Math.max(1, room));
  const tag = createHash('sha256').update(`${externalId}\n${email}`).digest('hex').slice(0, 8);
  return `${local}+moving-${tag}${email.slice(at)}`;
}
