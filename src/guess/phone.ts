// Which column holds the phone number at work, and of which country its numbers are.

import { loadPhoneReaders } from '../roster/phone.ts';
import { nameKey } from './column-name.ts';
import { capital, fullness, knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import { counted, type Finding, NOTHING_FOUND, type Written } from './guessed.ts';
import { COUNTRY, PHONE } from './known-columns.ts';

/** The country is believed when it makes numbers of so many values. */
const LEAST_SHARE = 0.9;
/** Reading a number is dear, and so many tell the country; the trial reads them all. */
const LOOKED_AT = 2000;
/** More rows than this share that a phone number would get rejected are too dear for it. */
const MOST_REJECTED = 0.05;

const OF_OTHERS = /\b(home|personal|private|emergency|manager|supervisor|fax|ext\w*|country|type)\b/;

/** `emails`, the addresses row by row, may tell the country, and whose number it is. */
export async function guessPhone(columns: readonly SampleColumn[], emails: readonly string[]): Promise<Finding> {
  const match = candidates(columns)[0];
  if (match === undefined) return NOTHING_FOUND;
  const { column, why } = match;
  const used = [column.name.toLowerCase()];
  const shared = sharedCount(column.cells, emails);
  if (shared > column.cells.length * MOST_REJECTED) {
    const doubt = `The phone numbers of ${named(column)} are left out: in ${counted(shared, 'row')} it is somebody else's as well, and Workshop takes every number once. Have the export leave switchboards and placeholders blank.`;
    return { fields: [], used, doubts: [doubt] };
  }
  const { written, reason, doubts } = await formOf(column, { columns, emails });
  const sharing =
    shared === 0
      ? []
      : [
          `${capital(named(column))} has a number that is somebody else's as well in ${counted(shared, 'row')}: rejected.`,
        ];
  return {
    fields: [{ field: 'phone_number', written, why: `${why}; ${fullness(column)}; ${reason}` }],
    used,
    doubts: [...doubts, ...sharing],
  };
}

function candidates(columns: readonly SampleColumn[]): Match[] {
  const work = columns.filter(({ words }) => !OF_OTHERS.test(words.join(' ')));
  const begins = work
    .filter(({ key }) => key.startsWith('phone'))
    .map((column) => ({
      column,
      why: `${named(column)}, which begins with "phone" as Workshop's own importer wants it`,
    }));
  const filled = [...knownMatches(work, PHONE), ...begins].filter(({ column }) => column.values.length > 0);
  return filled.filter(({ column }) => column.values.filter(isNumberLike).length * 2 > column.values.length);
}

function isNumberLike(value: string): boolean {
  return /^[+(\d]/.test(value) && value.replace(/\D/g, '').length >= 5;
}

/** Rows whose number stands in a row of somebody else, too. */
function sharedCount(cells: readonly string[], emails: readonly string[]): number {
  const owners = new Map<string, Set<string>>();
  const numbers = cells.map((cell) => cell.replace(/\D/g, ''));
  numbers.forEach((number, row) => {
    if (number !== '') owners.set(number, (owners.get(number) ?? new Set()).add(emails[row] || String(row)));
  });
  return numbers.filter((number) => (owners.get(number)?.size ?? 0) > 1).length;
}

interface Surroundings {
  readonly columns: readonly SampleColumn[];
  readonly emails: readonly string[];
}

interface PhoneForm {
  readonly written: Written;
  readonly reason: string;
  readonly doubts: readonly string[];
}

async function formOf(column: SampleColumn, surroundings: Surroundings): Promise<PhoneForm> {
  const asWritten = column.name;
  if (column.values.every((value) => value.startsWith('+'))) {
    return { written: asWritten, reason: 'its numbers are international already', doubts: [] };
  }
  for (const { country, evidence } of countries(column, surroundings)) {
    const read = (await loadPhoneReaders([country])).get(country);
    const looked = column.values.slice(0, LOOKED_AT);
    const unreadable = looked.filter((value) => read?.(value) === null).length;
    if (unreadable > looked.length * (1 - LEAST_SHARE) || unreadable > column.cells.length * MOST_REJECTED) continue;
    const doubts = [
      `That numbers without + are of the country ${country} is a guess (${evidence}). Please check the two letters after phone.`,
    ];
    if (unreadable > 0)
      doubts.push(
        `${capital(named(column))} has ${counted(unreadable, 'value')} that cannot be a number of ${country}: rejected.`,
      );
    return {
      written: { column: column.name, phone: country },
      reason: `national numbers of ${country}, guessed: ${evidence}`,
      doubts,
    };
  }
  const doubt = `The country of the numbers in ${named(column)} could not be told, so they go to Workshop as they are written. With phone_number: { column, phone: US } (two letters of a country) they become international numbers.`;
  return { written: asWritten, reason: 'as the file writes it', doubts: [doubt] };
}

/** What speaks for a country, the strongest evidence first. */
function countries(column: SampleColumn, { columns, emails }: Surroundings) {
  const found: { country: string; evidence: string }[] = [];
  for (const { column: land } of knownMatches(columns, COUNTRY)) {
    const country = COUNTRIES[nameKey(agreed(land.values) ?? '')];
    if (country !== undefined) found.push({ country, evidence: `${named(land)} says so in every row` });
  }
  const ending =
    agreed(
      emails.filter((email) => email !== '').map((email) => email.slice(email.lastIndexOf('.') + 1).toLowerCase()),
    ) ?? '';
  const home = ENDINGS.has(ending) ? COUNTRIES[ending] : undefined;
  if (home !== undefined) found.push({ country: home, evidence: `the addresses end in .${ending}` });
  if (column.values.some((value) => AMERICAN.test(value))) {
    found.push({ country: 'US', evidence: 'they are written as in North America' });
  }
  return found;
}

/** A national number of the US or Canada: which of them is all the same for reading it. */
const AMERICAN = /^(1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?\d{3}[-. ]?\d{4}$/;

function agreed(values: readonly string[]): string | null {
  const distinct = new Set(values.map((value) => value.toLowerCase()));
  return distinct.size === 1 ? ([...distinct][0] ?? null) : null;
}

const COUNTRIES: Readonly<Record<string, string>> = {
  ...{ us: 'US', usa: 'US', unitedstates: 'US', unitedstatesofamerica: 'US', ca: 'CA', canada: 'CA' },
  ...{ uk: 'GB', gb: 'GB', unitedkingdom: 'GB', greatbritain: 'GB', ie: 'IE', ireland: 'IE' },
  ...{ de: 'DE', germany: 'DE', deutschland: 'DE', at: 'AT', austria: 'AT', osterreich: 'AT' },
  ...{ ch: 'CH', switzerland: 'CH', schweiz: 'CH', fr: 'FR', france: 'FR', es: 'ES', spain: 'ES', espana: 'ES' },
  ...{
    it: 'IT',
    italy: 'IT',
    italia: 'IT',
    nl: 'NL',
    netherlands: 'NL',
    be: 'BE',
    belgium: 'BE',
    pl: 'PL',
    poland: 'PL',
  },
  ...{ se: 'SE', sweden: 'SE', dk: 'DK', denmark: 'DK', no: 'NO', norway: 'NO', au: 'AU', australia: 'AU' },
  ...{ nz: 'NZ', newzealand: 'NZ', in: 'IN', india: 'IN', mx: 'MX', mexico: 'MX', br: 'BR', brazil: 'BR' },
};

/** Of an address; `.in`, `.us`, `.be` and the like are as often fashion as home. */
const ENDINGS: ReadonlySet<string> = new Set('uk ie de at ch fr es it nl pl se dk au nz ca'.split(' '));
