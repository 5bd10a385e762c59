// What the name of a sample says of the files to come: the pattern that they match, in which whatever changes from one
// delivery to the next is `*`, and whether they hold everybody or only the changes.

const DATE = '\\d{4}([-_. ]?)\\d{2}\\1\\d{2}|\\d{2}([-_.])\\d{2}\\2\\d{4}|\\d{8}';
const TIME = '[-_.T ]?(?:\\d{2}[-_.:]?\\d{2}(?:[-_.:]?\\d{2})?(?:\\d{3})?Z?)';
const DATED = new RegExp(`(?<!\\d)(?:${DATE})(?:${TIME})?(?!\\d)`, 'g');
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez)[a-z]*';
/** `05-Jan-2026`, `5Jan26`, `January 2026`, `2026-Jan-05`, `2026 January`. */
const IN_WORDS = new RegExp(
  `(?<![a-z\\d])(?:(?:\\d{1,2}[-_. ]?)?${MONTH}[-_., ]*\\d{4}|\\d{1,2}[-_. ]?${MONTH}[-_. ]?\\d{2}|\\d{4}[-_. ]?${MONTH}(?:[-_. ]?\\d{1,2})?)(?![a-z\\d])`,
  'gi',
);
const WEEK = /(?<![a-z\d])(?:\d{4}[-_. ]?)?(?:w|kw|cw|week|q)[-_. ]?\d{1,2}(?![a-z\d])/gi;
const SIX_DIGITS = /(?<=^|[-_. ])\d{6}(?=$|[-_. ])/g;
/** Long numbers, the year or number at the end of the name, and what a browser adds to a second download. */
const COUNTER = /(?<!\d)\d{9,}(?!\d)|(?<=[-_. ])\d+$|\s*\(\d+\)$/g;
/** A number beside a date counts something: the rows, or the deliveries of that day. */
const BESIDE_DATE = /(?<=^|[-_. ])\d+(?=[-_. ]\0)|(?<=\0[-_. ])\d+(?=$|[-_. ])/g;
/** What a pattern would take for more than itself, and what a file name cannot hold. */
const SPECIAL = /[?*[\]{}()!+@|\\/\u0001-\u001f\u007f-\u009f]/g;

/** `employees_20260105.csv` becomes `employees_*.csv`; a name without date, time and counter stays as it is. */
export function filePattern(name: string): string {
  const [stem, extension] = partsOf(name);
  if (isNothingButDate(name)) return `${escaped(stem.replace(/\d/g, '?'))}${escaped(extension)}`;
  return `${escaped(marked(stem)).replace(/\0(?:[-_. ]?\0)*/g, '*')}${escaped(extension)}`;
}

/** `changes` where the name says so, `delta_20260105.csv`; else every file is taken to list everybody. */
export function fileKind(name: string): 'full' | 'changes' {
  const words = name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').split(/[^\p{L}]+/u);
  return words.some((word) => CHANGES.test(word)) ? 'changes' : 'full';
}

const CHANGES = /^(deltas?|changes?|changed|modifications?|modified|incrementals?|anderungen|änderungen)$/i;

/** Sentences: what a person should look at in the pattern and the kind that a name gave. */
export function fileNameDoubts(name: string): string[] {
  const doubts: string[] = [];
  if (fileKind(name) === 'changes') {
    doubts.push(
      `The name ${name} says that the file holds only changes, so kind is changes, and nobody is removed for not being in it. If every file lists everybody, write kind: full.`,
    );
  }
  if (isNothingButDate(name)) {
    doubts.push(
      `The name ${name} is nothing but a date, so every file of such a name in the folder is taken for this one. Have the export put a word in front of the date, such as employees_*.`,
    );
  }
  return doubts;
}

function isNothingButDate(name: string): boolean {
  const left = marked(partsOf(name)[0]);
  return left.includes('\0') && !/[\p{L}\d]/u.test(left);
}

function partsOf(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

/** What changes from one delivery to the next, as `\0`. */
function marked(stem: string): string {
  return stem
    .replace(IN_WORDS, '\0')
    .replace(DATED, '\0')
    .replace(WEEK, '\0')
    .replace(SIX_DIGITS, (digits) => (isDate(digits) ? '\0' : digits))
    .replace(BESIDE_DATE, '\0')
    .replace(COUNTER, '\0');
}

/** `050126` and `260105`, in whatever order: a day or a year is anything, a month is up to 12. */
function isDate(digits: string): boolean {
  const [one = 0, two = 0, three = 0] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  const isDay = (day: number) => day >= 1 && day <= 31;
  const isMonth = (month: number) => month >= 1 && month <= 12;
  return (isDay(one) && isMonth(two)) || (isMonth(one) && isDay(two)) || (isMonth(two) && isDay(three));
}

function escaped(text: string): string {
  return text.replace(SPECIAL, '?');
}
