// How a file writes dates (specification §4): a form made of tokens such as MM/dd/yyyy, compiled once into a reader
// and a writer.

const TOKEN = /yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|hh|h|mm|ss|a|'[^']*'|[^']/g;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Two-digit years from here on are of the last century: nobody at work was hired in 2070. */
const PIVOT_YEAR = 70;
const NOON = 12;

type Unit = 'year' | 'month' | 'day' | 'hour' | 'hourOfHalf' | 'half' | 'minute' | 'second';

/** A day of the calendar, with a time of day. */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

interface Token {
  readonly unit: Unit;
  readonly pattern: string;
  read(text: string): number;
  write(moment: Moment): string;
}

const TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['yyyy', digits('year', 4)],
  ['yy', { ...digits('year', 2), read: readShortYear, write: ({ year }) => padded(year % 100, 2) }],
  ['MMMM', monthName(MONTHS)],
  ['MMM', monthName(MONTHS.map((name) => name.slice(0, 3)))],
  ['MM', digits('month', 2)],
  ['M', oneOrTwoDigits('month')],
  ['dd', digits('day', 2)],
  ['d', oneOrTwoDigits('day')],
  ['HH', digits('hour', 2)],
  ['hh', { ...digits('hour', 2), unit: 'hourOfHalf', write: ({ hour }) => padded(hourOfHalf(hour), 2) }],
  ['h', { ...oneOrTwoDigits('hour'), unit: 'hourOfHalf', write: ({ hour }) => String(hourOfHalf(hour)) }],
  ['mm', digits('minute', 2)],
  ['ss', digits('second', 2)],
  ['a', { unit: 'half', pattern: '([AaPp][Mm])', read: readHalf, write: ({ hour }) => (hour < NOON ? 'AM' : 'PM') }],
]);

/** The tokens, as a message lists them. */
export const DATE_TOKENS = [...TOKENS.keys()];

/** What is wrong with a date form of the configuration, as a phrase; null when it can be used to read dates. */
export function dateFormProblem(form: string): string | null {
  const units: Unit[] = [];
  for (const part of partsOf(form)) {
    const token = TOKENS.get(part);
    if (token !== undefined) units.push(token.unit);
    else if (/[A-SU-Ya-z]/.test(part) && !part.startsWith("'")) return `has "${part}", which is no date token`;
  }
  if (new Set(units).size < units.length || (units.includes('hour') && units.includes('hourOfHalf'))) {
    return 'names the same part of the date twice';
  }
  const missing = (['year', 'month', 'day'] as const).find((unit) => !units.includes(unit));
  if (missing !== undefined) return `has no ${missing}`;
  return units.includes('hourOfHalf') === units.includes('half') ? null : 'must have both h and a, or HH alone';
}

/** A reader of one form. It gives null for what is no such date, and `zeros` for one that is zeros where digits are. */
export function compileReader(form: string): (text: string) => Moment | 'zeros' | null {
  const parts = partsOf(form);
  const tokens = parts.flatMap((part) => TOKENS.get(part) ?? []);
  const pattern = new RegExp(`^${parts.map((part) => TOKENS.get(part)?.pattern ?? literalPattern(part)).join('')}$`);
  return (text) => {
    const [, ...groups] = pattern.exec(text) ?? [];
    if (groups.length === 0) return null;
    const found: Record<Unit, number> = { ...MIDNIGHT };
    let zeros = true;
    tokens.forEach((token, index) => {
      const group = groups[index] ?? '';
      found[token.unit] = token.read(group);
      if (isOfDay(token.unit) && /[^0]/.test(group)) zeros = false;
    });
    return zeros ? 'zeros' : momentOf(found);
  };
}

/** A writer of one form. */
export function compileWriter(form: string): (moment: Moment) => string {
  const parts = partsOf(form).map((part) => TOKENS.get(part) ?? literal(part));
  return (moment) => parts.map((part) => (typeof part === 'string' ? part : part.write(moment))).join('');
}

// The noon of the first half day is 12, which is hour 0; without a half, the hour is that of the whole day.
const MIDNIGHT = { year: 0, month: 0, day: 0, hour: 0, hourOfHalf: NOON, half: 0, minute: 0, second: 0 };

function momentOf({ hourOfHalf, half, ...found }: Record<Unit, number>): Moment | null {
  if (hourOfHalf < 1 || hourOfHalf > NOON) return null;
  const moment = { ...found, hour: found.hour + (hourOfHalf % NOON) + half * NOON };
  return exists(moment) ? moment : null;
}

function exists({ year, month, day, hour, minute, second }: Moment): boolean {
  return day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60;
}

/** How many days a month has, the first being 1; none when the year has no such month. */
export function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 0);
}

function isOfDay(unit: Unit): boolean {
  return unit === 'year' || unit === 'month' || unit === 'day';
}

function partsOf(form: string): string[] {
  return form.match(TOKEN) ?? [];
}

function digits(unit: keyof Moment, width: number): Token {
  return { unit, pattern: `(\\d{${width}})`, read: Number, write: (moment) => padded(moment[unit], width) };
}

function oneOrTwoDigits(unit: keyof Moment): Token {
  return { unit, pattern: '(\\d{1,2})', read: Number, write: (moment) => String(moment[unit]) };
}

function monthName(names: readonly string[]): Token {
  const small = names.map((name) => name.toLowerCase());
  const pattern = `(${small.map((name) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join('|')})`;
  const read = (text: string) => small.indexOf(text.toLowerCase()) + 1;
  return { unit: 'month', pattern, read, write: ({ month }) => names[month - 1] ?? '' };
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function readShortYear(text: string): number {
  const year = Number(text);
  return year < PIVOT_YEAR ? 2000 + year : 1900 + year;
}

function readHalf(text: string): number {
  return /p/i.test(text) ? 1 : 0;
}

function hourOfHalf(hour: number): number {
  return hour % NOON === 0 ? NOON : hour % NOON;
}

function literalPattern(part: string): string {
  return literal(part).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function literal(part: string): string {
  return part.startsWith("'") && part.length > 1 ? part.slice(1, -1) : part;
}
