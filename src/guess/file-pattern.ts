// The pattern of a sample's name: what changes from one delivery to the next becomes `*`, the rest stays.

const DATE = '\\d{4}([-_. ]?)\\d{2}\\1\\d{2}|\\d{2}([-_.])\\d{2}\\2\\d{4}|\\d{8}';
const TIME = '[-_.T ]?(?:\\d{2}[-_.:]?\\d{2}(?:[-_.:]?\\d{2})?(?:\\d{3})?Z?)';
const DATED = new RegExp(`(?<!\\d)(?:${DATE})(?:${TIME})?(?!\\d)`, 'g');
/** Long numbers, the year or number at the end of the name, and what a browser adds to a second download. */
const COUNTER = /(?<!\d)\d{9,}(?!\d)|(?<=[-_. ])\d{1,4}$|\s*\(\d+\)$/g;
/** What a pattern would take for more than itself, and what a file name cannot hold. */
const SPECIAL = /[?*[\]{}()!+@|\\/\u0001-\u001f\u007f-\u009f]/g;

/** `employees_20260105.csv` becomes `employees_*.csv`; a name without date, time and counter stays as it is. */
export function filePattern(name: string): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const marked = stem.replace(DATED, '\0').replace(COUNTER, '\0');
  const pattern = escaped(marked).replace(/\0(?:[-_. ]?\0)*/g, '*');
  // A name of nothing but a date would become a pattern for anything.
  return `${pattern}${escaped(extension)}`;
}

function escaped(text: string): string {
  return text.replace(SPECIAL, '?');
}
