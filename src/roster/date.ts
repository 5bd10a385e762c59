// Rewrites a date from the forms of a file into the one that Workshop shall have (specification §4). A date that
// the calendar does not have is no date, and one that stands for "none" is blank.

import { compileReader, compileWriter, dateFormProblem, daysIn, type Moment } from './date-form.ts';

/** The form of the day numbers that a spreadsheet keeps dates as. */
const EXCEL = 'excel';
const MAX_REMEMBERED = 10_000;
/** From this year on a date means "never": 12/31/9999 and 2999-12-31 are what systems write for no end. */
const NEVER = 2999;
/** Up to the first day of this year a date means "unknown": systems and spreadsheets count from there. */
const UNKNOWN = 1900;

/** What is wrong with one form of the configuration, as a phrase; null when dates can be read by it. */
export function dateFormatProblem(form: string): string | null {
  return form === EXCEL ? null : dateFormProblem(form);
}

/**
 * A function that rewrites a date of one of the forms, the first that fits, into the form `to`. It gives null for what
 * is no such date, and nothing ('') for one that stands for "none": all zeros, or a date up to 1 January 1900 or from
 * 2999 on, so that nobody can have such a birthday or last day. A form is made of tokens or is `excel`.
 */
export function compileDate(from: readonly string[], to: string): (text: string) => string | null {
  const readers = from.map((form) => (form === EXCEL ? readDayNumber : compileReader(form)));
  const write = compileWriter(to);
  return remembered((text) => {
    for (const read of readers) {
      const moment = read(text);
      if (moment === 'zeros') return '';
      if (moment !== null) return standsForNone(moment) ? '' : write(moment);
    }
    return null;
  });
}

/** A text that two of the forms read as different days, as a phrase; null when each text has one meaning. */
export function dateAmbiguity(forms: readonly string[]): string | null {
  const tokenForms = forms.filter((form) => form !== EXCEL);
  for (const form of tokenForms) {
    for (const other of forms) {
      const text = SAMPLES.map(compileWriter(form)).find((written) => differ(written, form, other));
      if (text !== undefined) {
        const [one, two] = [form, other].map((read) => compileDate([read], 'd MMMM yyyy')(text) || 'none');
        return `gives "${text}" two meanings: ${one} by ${form}, ${two} by ${other}. Keep the form that the file has`;
      }
    }
  }
  return null;
}

/** Days whose parts can stand for each other, and whose first digits are no zero. */
const SAMPLES: readonly Moment[] = [
  { year: 2021, month: 2, day: 3, hour: 4, minute: 5, second: 6 },
  { year: 2012, month: 11, day: 10, hour: 9, minute: 8, second: 7 },
];

function differ(text: string, form: string, other: string): boolean {
  const [one, two] = [form, other].map((read) => compileDate([read], 'yyyy-MM-dd')(text));
  return two !== null && one !== two;
}

function standsForNone({ year, month, day }: Moment): boolean {
  return year >= NEVER || year < UNKNOWN || (year === UNKNOWN && month === 1 && day === 1);
}

/** Many people share a few thousand dates, and finding one again is ten times cheaper than reading it. */
function remembered(rewrite: (text: string) => string | null): (text: string) => string | null {
  const known = new Map<string, string | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const result = rewrite(text);
    known.set(text, result);
    return result;
  };
}

/** A day number of a spreadsheet, from 1 (1 January 1900) to 2958465 (31 December 9999); the time of day is dropped. */
function readDayNumber(text: string): Moment | 'zeros' | null {
  const number = Number(/^(0|[1-9]\d{0,6})(?:\.\d+|,(?!\d{3}$)\d+)?$/.exec(text)?.[1] ?? Number.NaN);
  if (number === 0) return 'zeros';
  // Spreadsheets have a 29 February 1900, day 60, which the calendar does not.
  if (Number.isNaN(number) || number > 2_958_465 || number === 60) return null;
  return dayOf(number < 60 ? number : number - 1);
}

/** The day with this number, 1 being 1 January 1900. */
function dayOf(number: number): Moment {
  let year = 1900;
  let month = 1;
  let day = number;
  for (let length = daysIn(year, month); day > length; length = daysIn(year, month)) {
    day -= length;
    month++;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return { year, month, day, hour: 0, minute: 0, second: 0 };
}
