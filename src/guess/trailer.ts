// What stands at the end of a sample and is nobody: totals and stamps of a report, or a row that counts the others.

import { isTrailerCode, looksLikeFooter } from '../roster/footer.ts';
import type { Trailer } from '../roster/mapping.ts';
import type { SampleRecord } from './records.ts';

export interface TrailerGuess {
  readonly trailer: Trailer | null;
  /** How many records at the end are no people. */
  readonly rowCount: number;
  readonly doubts: readonly string[];
}

const MOST_FOOTERS = 10;
/** Beyond this, fields that are filled are somebody's. */
const MOST_FILLED = 3;

const NONE: TrailerGuess = { trailer: null, rowCount: 0, doubts: [] };

/** Looks at the rows below the header; `lastLine` is the last line of the file as it stands. */
export function guessTrailer(rows: readonly SampleRecord[], width: number, lastLine: string): TrailerGuess {
  const last = rows.at(-1);
  if (last === undefined) return NONE;
  const counting = isCounting(last, width) ? countedTrailer(rows, last, lastLine) : null;
  if (counting !== null) return counting;
  let rowCount = 0;
  while (rowCount < MOST_FOOTERS && isFooter(rows.at(-1 - rowCount), width)) rowCount++;
  if (rowCount === 0 || rowCount === rows.length) return NONE;
  return { trailer: { kind: 'last', rows: rowCount }, rowCount, doubts: [] };
}

function isCounting({ fields }: SampleRecord, width: number): boolean {
  const filled = filledFields(fields);
  if (filled.some((field) => field.includes('@')) || !isTrailerCode(fields[0] ?? '')) return false;
  return fields.length !== width || filled.length <= MOST_FILLED;
}

/** null: the row has no number at all. */
function countedTrailer(
  rows: readonly SampleRecord[],
  { fields }: SampleRecord,
  lastLine: string,
): TrailerGuess | null {
  const numbers = fields.flatMap((field, index) =>
    index > 0 && /^\d{1,9}$/.test(field.trim()) ? [{ index, value: Number(field) }] : [],
  );
  const rowCount = rows.length - 1;
  const code = fields[0] ?? '';
  const isUnique = rows.filter((row) => row.fields[0] === code).length === 1;
  const startsWith = lastLine.slice(0, lastLine.indexOf(code) + code.length + (lastLine.startsWith('"') ? 2 : 1));
  for (const [extra, counts] of COUNTS) {
    const found = numbers.find(({ value }) => value === rowCount + extra);
    if (found === undefined || !isUnique) continue;
    const trailer: Trailer = { kind: 'counted', startsWith, countColumn: found.index + 1, counts };
    return { trailer, rowCount: 1, doubts: [] };
  }
  if (numbers.length === 0) return null;
  const doubt = `The last line looks like a trailer that counts the rows, but none of its numbers fits the ${rowCount} rows of this sample, so it is only left out. Where the whole file has the right count, use trailer: { starts_with, count_column, counts }: it tells a file that was cut off.`;
  return { trailer: { kind: 'last', rows: 1 }, rowCount: 1, doubts: [doubt] };
}

/** How many more than the rows a trailer counts. That with the header and that with itself are the same number. */
const COUNTS = [
  [0, 'rows'],
  [1, 'rows_and_header'],
  [2, 'all'],
] as const;

function isFooter(record: SampleRecord | undefined, width: number): boolean {
  if (record === undefined) return false;
  const filled = filledFields(record.fields);
  if (filled.length > MOST_FILLED || filled.length * 2 > Math.max(width, 4)) return false;
  if (looksLikeFooter(filled)) return true;
  return record.fields.length === 1 && width > 2 && !filled.some((field) => field.includes('@'));
}

function filledFields(fields: readonly string[]): string[] {
  return fields.map((field) => field.trim()).filter((field) => field !== '');
}
