// Rows at the end of a report that are nobody, such as `Total` or `Page 1 of 1`. How they look is a guess, which
// makes the message of a reject say what to configure, and which `init` writes down as a trailer.

import { COUNTS, countedRows, parseCount } from './count.ts';
import type { Row } from './employee.ts';
import type { Trailer } from './mapping.ts';
import type { FileRecord } from './records.ts';
import { canonicalText } from './text.ts';

const FOOTERS: readonly RegExp[] = [
  /^((grand|sub|overall) ?)?totals?\b/i,
  /^((record|row|employee|worker|people|head|line) ?)?counts?\s*[:=#]?\s*\d/i,
  /^(number of )?(records|rows|employees|workers)( (exported|in (file|report)))?\s*[:=#]\s*\d/i,
  /^\d[\d,.]* (records?|rows?|employees?|workers|people|lines?)\b/i,
  /^(page|seite) \d+( (of|von|\/) \d+)?$/i,
  /^(report|file|data|list) (was )?(generated|created|run|exported|printed|produced|date)\b/i,
  /^(generated|created|printed|exported|produced)\b ?(on|at|by|from|:|\d|$)/i,
  /^(run (date|time|by)\b|as of\b.*\d)/i,
  /^end of (the )?(report|file|data|list|export|records)\b/i,
  /^(summe|gesamt|anzahl|insgesamt)\b/i,
  /^(trailer|trl|tlr|eof|footer)\b/i,
  /^(t|t90|t99|ff)\b[^\p{L}]*$/iu,
];

/** The first field of a row that counts the others: a code such as `T90`, or a word. */
const TRAILER_CODE =
  /^\W*(t|tr|trl|trlr|trailer|ff|ftr|footer|eof|end|totals?|count|record count|t\d{1,3}|z\d{0,2}|9{1,3})\W*$/i;

/** Whether these fields look like a footer: few of them, and words that footers begin with. */
export function looksLikeFooter(fields: readonly string[]): boolean {
  const filled = fields.map(canonicalText).filter((field) => field !== '');
  if (filled.length === 0 || filled.length > 4) return false;
  const text = filled.join(' ').replace(/^[^\p{L}\p{N}]+/u, '');
  return FOOTERS.some((footer) => footer.test(text));
}

/** Whether a row that begins with this field may count the others. Without such a count it is no proof of a footer. */
export function isTrailerCode(field: string): boolean {
  return TRAILER_CODE.test(field);
}

export interface FileEnd {
  /** The last records of the file, and their rows. */
  readonly records: readonly FileRecord[];
  readonly rows: readonly Row[];
  readonly trailer: Trailer | null;
  readonly delimiter: string;
  readonly recordCount: number;
  readonly headerCount: number;
}

/** The rows, with rejects that look like a footer saying so and how to configure a trailer. */
export function withFootersNamed(end: FileEnd): Row[] {
  const { records, rows } = end;
  const areFooters = rows.map((row, index) => row.kind === 'reject' && isFooter(records[index]));
  const run = areFooters.length - 1 - areFooters.lastIndexOf(false);
  const advice = adviceFor(run, end);
  return rows.map((row, index) => {
    if (row.kind !== 'reject' || areFooters[index] !== true) return row;
    const isLast = index >= rows.length - run;
    const message = `${row.reject.message} It looks like a footer${isLast ? advice : ' in the middle of the file'}.`;
    return { kind: 'reject', reject: { ...row.reject, message } };
  });
}

function isFooter(record: FileRecord | undefined): boolean {
  return record !== undefined && record.kind !== 'known' && looksLikeFooter(record.fields);
}

function adviceFor(run: number, end: FileEnd): string {
  const { trailer, records } = end;
  if (run === 0 || trailer?.kind === 'counted') return '';
  const last = records.at(-1);
  const counted =
    run === 1 && trailer === null && last !== undefined && last.kind !== 'known'
      ? countingAdvice(last.fields, end)
      : null;
  const lastRows = run + (trailer?.rows ?? 0);
  return `; if the file always ends so, set \`trailer: ${counted ?? `{ last_rows: ${lastRows} }`}\``;
}

/** How to check a trailer whose last number is a count; null when it has none. */
function countingAdvice(fields: readonly string[], { delimiter, recordCount, headerCount }: FileEnd): string | null {
  const [first = ''] = fields;
  const column = fields.findIndex((field, index) => index > 0 && parseCount(field) !== null);
  const behind = /^(\D*\s|\D+[:=#])(\d[\d,.]*)$/.exec(first);
  const count = column > 0 ? parseCount(fields[column] ?? '') : parseCount(behind?.[2] ?? '');
  if (count === null) return null;
  const beginning = column > 0 ? `${first}${delimiter}` : (behind?.[1] ?? '');
  const counts = COUNTS.find((each) => countedRows(each, recordCount - 1, headerCount) === count) ?? 'rows';
  return `{ starts_with: ${JSON.stringify(beginning)}, count_column: ${Math.max(column, 0) + 1}, counts: ${counts} }`;
}
