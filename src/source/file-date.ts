// The date in a file's name, which orders daily exports more reliably than a modification time that an upload
// may have changed. Only what the pattern's wildcards stand for is looked at.

import { isoTime } from '../clock.ts';

const DAY = '(?<!\\d)(?<year>\\d{4})(?<gap>[-_.]?)(?<month>\\d{2})\\k<gap>(?<day>\\d{2})';
const TIME = '(?:[T_. -]?(?<hour>\\d{2})(?<mark>[-_.:]?)(?<minute>\\d{2})(?:\\k<mark>(?<second>\\d{2}))?';
// An offset west of Greenwich only with its colon: `_0715-0001` is a number behind a time.
const ZONE = '(?<zone>[ _-]?(?:Z|GMT|UTC)(?![a-z])|\\+\\d{2}:?\\d{2}|-\\d{2}:\\d{2})?)?(?!\\d)';
const YEAR_FIRST = new RegExp(DAY + TIME + ZONE, 'gi');
const YEAR_LAST = /(?<!\d)(\d{2})([-_.])(\d{2})\2(\d{4})(?!\d)/g;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMED = new RegExp(`(?<!\\d)(\\d{1,2})([-_. ]?)(${MONTHS.join('|')})[a-z]{0,6}\\2(\\d{4})(?!\\d)`, 'gi');

/** Dates of a name, each as text that sorts by time: `20260105071500`, several joined by a blank. */
export interface NameDate {
  /** As it is written, whatever the time zone. */
  readonly written: string;
  /** The same in UTC; null when a date has no time zone, so that it can only be compared as written. */
  readonly instant: string | null;
}

/**
 * The dates in the part of `name` that the glob's wildcards matched; null when there is none, or only one that could
 * be read two ways (`03-04-2026`).
 */
export function datesInName(name: string, glob: string): NameDate | null {
  const part = wildcardPart(name, glob);
  const dates = [...part.matchAll(YEAR_FIRST)].flatMap(yearFirstDate);
  if (dates.length === 0) dates.push(...[...part.matchAll(MONTH_NAMED)].flatMap(monthNamedDate));
  if (dates.length > 0) {
    const instants = dates.map(({ instant }) => instant);
    return {
      written: dates.map(({ written }) => written).join(' '),
      instant: instants.includes(null) ? null : instants.join(' '),
    };
  }
  const others = [...part.matchAll(YEAR_LAST)].map(yearLastDate);
  return others.length > 0 && !others.includes(null) ? { written: others.join(' '), instant: null } : null;
}

/** The dates as they are written. */
export function dateInName(name: string, glob: string): string | null {
  return datesInName(name, glob)?.written ?? null;
}

function wildcardPart(name: string, glob: string): string {
  const before = /^[^*?[{(]*/.exec(glob)?.[0] ?? '';
  const after = /[^*?\]})]*$/.exec(glob)?.[0] ?? '';
  if (before === glob) return '';
  const from = name.startsWith(before) ? before.length : 0;
  const to = name.endsWith(after) ? name.length - after.length : name.length;
  return name.slice(from, Math.max(from, to));
}

function yearFirstDate({ groups = {} }: RegExpExecArray): NameDate[] {
  const { year = '', month = '', day = '', hour, minute, second = '00', zone } = groups;
  if (!isDate(year, month, day)) return [];
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!isTime) return [{ written: `${year}${month}${day}000000`, instant: null }];
  const written = `${year}${month}${day}${hour}${minute}${second}`;
  return [{ written, instant: zone === undefined ? null : inUtc(written, zone) }];
}

/** null when the offset is none that any place on earth has. */
function inUtc(written: string, zone: string): string | null {
  const offset = /([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (offset === null) return written;
  const [, sign, hours, minutes] = offset;
  if (Number(hours) > 14 || Number(minutes) > 59) return null;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const [year = 0, month = 1, day, hour, minute = 0, second] = numbersOf(written);
  const utc = isoTime(Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second));
  return utc.replace(/\D/g, '').slice(0, 14);
}

function numbersOf(written: string): number[] {
  return [written.slice(0, 4), ...(written.slice(4).match(/\d\d/g) ?? [])].map(Number);
}

function monthNamedDate([, day = '', , name = '', year = '']: RegExpExecArray): NameDate[] {
  const month = String(MONTHS.indexOf(name.toLowerCase()) + 1).padStart(2, '0');
  const twoDigits = day.padStart(2, '0');
  return isDate(year, month, twoDigits) ? [{ written: `${year}${month}${twoDigits}000000`, instant: null }] : [];
}

function yearLastDate([, first = '', , second = '', year = '']: RegExpExecArray): string | null {
  const dayFirst = isDate(year, second, first) ? `${year}${second}${first}000000` : null;
  const monthFirst = isDate(year, first, second) ? `${year}${first}${second}000000` : null;
  if (dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst) return null;
  return dayFirst ?? monthFirst;
}

function isDate(year: string, month: string, day: string): boolean {
  const [yearNumber, monthNumber, dayNumber] = [Number(year), Number(month), Number(day)];
  if (yearNumber < 1990 || yearNumber > 2199 || monthNumber < 1 || monthNumber > 12) return false;
  return dayNumber >= 1 && dayNumber <= daysIn(yearNumber, monthNumber);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
