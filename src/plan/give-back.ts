// The PATCH that takes an intermediate update back. Pure.

import type { Contact, ContactBody } from './operation.ts';
import type { UniqueField } from './unique.ts';

/** Every field that `parking` changed, as it was before. */
export function bodyToTakeBack(before: Contact, parking: Pick<ContactBody, 'email' | 'phone_number'>): ContactBody {
  return {
    ...(parking.email === undefined ? {} : { email: before.email }),
    ...(parking.phone_number === undefined ? {} : { phone_number: before.phoneNumber }),
  };
}

/** What a contact had before an exchange that was cut short; null: that was not taken. */
export interface TakenValues {
  readonly email: string | null;
  readonly phoneNumber: string | null;
}

/**
 * What is to be given back of it, because the contact's own operation (`given`, the body that is to be sent, if any) gives
 * it nothing new in that field, and nobody else has or wants the former value; null when there is nothing.
 */
export function bodyToGiveBack(
  { email, phoneNumber }: TakenValues,
  given: ContactBody | null,
  isFree: (field: UniqueField, value: string) => boolean,
): ContactBody | null {
  const body: ContactBody = {
    ...(email !== null && given?.email === undefined && isFree('email', email) ? { email } : {}),
    ...(phoneNumber !== null && given?.phone_number === undefined && isFree('phone_number', phoneNumber)
      ? { phone_number: phoneNumber }
      : {}),
  };
  return Object.keys(body).length === 0 ? null : body;
}
