// The PATCH that takes an intermediate update back. Pure.

import type { Contact, ContactBody } from './operation.ts';

/** Every field that `parking` changed, as it was before. */
export function bodyToTakeBack(before: Contact, parking: Pick<ContactBody, 'email' | 'phone_number'>): ContactBody {
  return {
    ...(parking.email === undefined ? {} : { email: before.email }),
    ...(parking.phone_number === undefined ? {} : { phone_number: before.phoneNumber }),
  };
}
