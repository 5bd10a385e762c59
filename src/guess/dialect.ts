// What separates the fields of a sample and what encloses them: the reading under which most rows have the same,
// large number of fields.

import type { Dialect } from '../roster/split.ts';
import { beginning, fromLine, type SampleRecord, type SampleText, trySample } from './records.ts';

export interface DialectGuess {
  readonly dialect: Dialect;
  /** How many fields most rows have. */
  readonly width: number;
  /** The records of the beginning of the file, titles included. */
  readonly records: readonly SampleRecord[];
}

const DELIMITERS = [',', ';', '|', '\t', '~'];
const LOOKED_AT_BYTES = 1 << 16;
/** Lines of a title may hold a quote that is never closed. */
const MOST_TITLE_LINES = 10;
/** Fewer rows than this share that agree on their number of fields are no table. */
const LEAST_SHARE = 0.5;

/** The dialect of a sample; null when no delimiter makes a table of it. */
export async function guessDialect(sample: SampleText): Promise<DialectGuess | null> {
  const text = beginning(sample, LOOKED_AT_BYTES);
  let found: Scored | null = null;
  for (const way of QUOTINGS) {
    // A rarer way of quoting has to make clearly more sense.
    if (found?.isClean && found.score > LEAST_SHARE) break;
    const other = await best(text, way);
    if (other !== null && (found === null || other.score > found.score)) found = other;
  }
  return found;
}

/** The usual way first. A quote that opens nothing is rare, a file that never quotes is rarer. */
const QUOTINGS: readonly Omit<Dialect, 'delimiter'>[] = [
  { quote: '"', escape: 'double' },
  { quote: '"', escape: 'backslash' },
  { quote: null, escape: 'double' },
];

interface Scored extends DialectGuess {
  readonly score: number;
  readonly isClean: boolean;
}

async function best(text: SampleText, quoting: Omit<Dialect, 'delimiter'>): Promise<Scored | null> {
  let found: Scored | null = null;
  for (const delimiter of DELIMITERS) {
    const dialect: Dialect = { delimiter, ...quoting };
    const records = await firstReadable(text, dialect);
    if (records === null) continue;
    const scored = judge(dialect, records);
    if (scored !== null && (found === null || scored.score > found.score)) found = scored;
  }
  return found;
}

async function firstReadable(text: SampleText, dialect: Dialect): Promise<SampleRecord[] | null> {
  for (let title = 0; title <= MOST_TITLE_LINES; title++) {
    const records = await trySample(fromLine(text, text.firstLine + title), dialect);
    if (records !== null) return records;
  }
  return null;
}

function judge(dialect: Dialect, records: readonly SampleRecord[]): Scored | null {
  const sound = records.filter(({ isMalformed }) => !isMalformed);
  const counts = new Map<number, number>();
  for (const { fields } of sound) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  counts.delete(1);
  // Of widths that occur equally often, the wider: a short file has a title and a footer, too.
  const [width, count] = [...counts].sort(([w1, n1], [w2, n2]) => n2 - n1 || w2 - w1)[0] ?? [0, 0];
  if (width === 0) return null;
  const share = count / records.length;
  return { dialect, width, records, score: share * Math.log2(width), isClean: sound.length === records.length };
}
