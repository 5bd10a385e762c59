// The date in a file's name, which orders daily exports more reliably than a modification time that an upload
// may have changed. Only what the pattern's wildcards stand for is looked at.

const YEAR_FIRST = /(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?:[T_. -]?(\d{2})([-_.:]?)(\d{2})(?:\6(\d{2}))?)?(?!\d)/g;
const YEAR_LAST = /(?<!\d)(\d{2})([-_.])(\d{2})\2(\d{4})(?!\d)/g;

/**
 * The dates in the part of `name` that the glob's wildcards matched, as text that sorts by time
 * (`20260105071500`, several joined by a blank); null when there is none, or only one that could be read two
 * ways (`03-04-2026`).
 */
export function dateInName(name: string, glob: string): string | null {
  const part = wildcardPart(name, glob);
  const dates = [...part.matchAll(YEAR_FIRST)].flatMap(yearFirstDate);
  if (dates.length > 0) return dates.join(' ');
  const others = [...part.matchAll(YEAR_LAST)].map(yearLastDate);
  return others.length > 0 && !others.includes(null) ? others.join(' ') : null;
}

function wildcardPart(name: string, glob: string): string {
  const before = /^[^*?[{(]*/.exec(glob)?.[0] ?? '';
  const after = /[^*?\]})]*$/.exec(glob)?.[0] ?? '';
  if (before === glob) return '';
  const from = name.startsWith(before) ? before.length : 0;
  const to = name.endsWith(after) ? name.length - after.length : name.length;
  return name.slice(from, Math.max(from, to));
}

function yearFirstDate([, year = '', , month = '', day = '', hour, , minute, second]: RegExpExecArray): string[] {
  if (!isDate(year, month, day)) return [];
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 60;
  return [`${year}${month}${day}${isTime ? `${hour}${minute}${second ?? '00'}` : '000000'}`];
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
