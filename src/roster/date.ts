// Reads a date by the tokens of the configuration and writes it by others (specification §4). A date that
// the calendar does not have is no date.

const TOKEN = /yyyy|yy|MMM|MM|M|dd|d|HH|mm|ss|'[^']*'|[^']/g;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Two-digit years from here on are of the last century: nobody at work was hired in 2070. */
const PIVOT_YEAR = 70;

const MAX_REMEMBERED = 10_000;

type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
type Moment = Record<Unit, number>;

interface Token {
  readonly unit: Unit;
  readonly pattern: string;
  read(text: string): number;
  write(value: number): string;
}

const TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['yyyy', digits('year', 4)],
  ['yy', { ...digits('year', 2), read: readShortYear, write: (value) => padded(value % 100, 2) }],
  ['MMM', { unit: 'month', pattern: '([A-Za-z]{3})', read: readMonthName, write: writeMonthName }],
  ['MM', digits('month', 2)],
  ['M', oneOrTwoDigits('month')],
  ['dd', digits('day', 2)],
  ['d', oneOrTwoDigits('day')],
  ['HH', digits('hour', 2)],
  ['mm', digits('minute', 2)],
  ['ss', digits('second', 2)],
]);

/** What is wrong with a date format of the configuration, as a phrase; null when it can be used to read dates. */
export function dateFormatProblem(format: string): string | null {
  const units: Unit[] = [];
  for (const part of partsOf(format)) {
    const token = TOKENS.get(part);
    if (token !== undefined) units.push(token.unit);
    else if (/[A-SU-Ya-z]/.test(part) && !part.startsWith("'")) return `has "${part}", which is no date token`;
  }
  if (new Set(units).size < units.length) return 'names the same part of the date twice';
  const missing = (['year', 'month', 'day'] as const).find((unit) => !units.includes(unit));
  return missing === undefined ? null : `has no ${missing}`;
}

/** A function that rewrites a date of one format into the other; it gives null for what is no such date. */
export function compileDate(from: string, to: string): (text: string) => string | null {
  const parts = partsOf(from);
  const tokens = parts.flatMap((part) => TOKENS.get(part) ?? []);
  const pattern = new RegExp(`^${parts.map((part) => TOKENS.get(part)?.pattern ?? literalPattern(part)).join('')}$`);
  const output = partsOf(to);
  return remembered((text) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const moment: Moment = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    tokens.forEach((token, index) => {
      moment[token.unit] = token.read(match[index + 1] ?? '');
    });
    return exists(moment) ? output.map((part) => writePart(part, moment)).join('') : null;
  });
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

function partsOf(format: string): string[] {
  return format.match(TOKEN) ?? [];
}

function digits(unit: Unit, width: number): Token {
  return { unit, pattern: `(\\d{${width}})`, read: Number, write: (value) => padded(value, width) };
}

function oneOrTwoDigits(unit: Unit): Token {
  return { unit, pattern: '(\\d{1,2})', read: Number, write: String };
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function readShortYear(text: string): number {
  const year = Number(text);
  return year < PIVOT_YEAR ? 2000 + year : 1900 + year;
}

function readMonthName(text: string): number {
  return MONTHS.indexOf(text.toLowerCase()) + 1;
}

function writeMonthName(month: number): string {
  const name = MONTHS[month - 1] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function literalPattern(part: string): string {
  return literal(part).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function literal(part: string): string {
  return part.startsWith("'") && part.length > 1 ? part.slice(1, -1) : part;
}

function writePart(part: string, moment: Moment): string {
  const token = TOKENS.get(part);
  return token === undefined ? literal(part) : token.write(moment[token.unit]);
}

function exists({ year, month, day, hour, minute, second }: Moment): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lastDay = month === 2 && !leap ? 28 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= lastDay && hour < 24 && minute < 60 && second < 60;
}
