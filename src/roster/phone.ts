// The door to libphonenumber-js: a number as people write it becomes E.164 (specification §4). Loaded only
// when the mapping asks for it, because its tables take longer to load than a small file takes to read.

import { UsageError } from '../errors.ts';

/** E.164 of a number as written, with the country of numbers that have no `+`; null when it is no number there. */
export type PhoneReader = (text: string) => string | null;

/**
 * Readers for these default countries (ISO 3166, two letters), by country.
 * Throws `UsageError` for a country without a numbering plan.
 */
export async function loadPhoneReaders(countries: readonly string[]): Promise<ReadonlyMap<string, PhoneReader>> {
  const readers = new Map<string, PhoneReader>();
  if (countries.length === 0) return readers;
  const { isSupportedCountry, parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  for (const country of countries) {
    if (!isSupportedCountry(country)) {
      throw new UsageError(`Reading phone numbers failed: "${country}" is no country with telephone numbers`, {
        hint: 'Give `phone` a two-letter country code in capitals, such as US or DE.',
      });
    }
    readers.set(country, (text) => {
      // `extract` would find a number inside other words, and the rest of the cell would be lost unseen.
      const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
      return number?.isValid() ? number.number : null;
    });
  }
  return readers;
}
