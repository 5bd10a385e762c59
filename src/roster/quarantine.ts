// The one sentence shape of a file that is set aside whole, because it cannot be trusted (specification §6).

import { FeedError } from '../errors.ts';

/** `employees.csv was set aside: <reason>.` with what to do about it. */
export function quarantined(fileName: string, reason: string, hint: string): FeedError {
  return new FeedError('quarantined', `${fileName} was set aside: ${reason}`, { hint });
}
