// What separates the fields of a sample and what encloses them: the reading under which most rows have the same,
// large number of fields.

import type { Dialect } from '../roster/split.ts';
import { beginning, fromLine, type SampleRecord, type SampleText, trySample } from './records.ts';

export interface DialectGuess {
  readonly dialect: Dialect;
  /** Quotes inside a quoted field come after a backslash. */
  readonly isBackslashed: boolean;
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
  const isBackslashed = /(^|[^\\"])\\"[^,;|\t~\r\n]/m.test(beginning(sample, LOOKED_AT_BYTES).bytes.toString());
  const text = beginning(isBackslashed ? withDoubledQuotes(sample) : sample, LOOKED_AT_BYTES);
  const quoted = await best(text, '"');
  // A quote that opens nothing is rare, a file that never quotes is rarer: it has to make clearly more sense.
  const bare = quoted !== null && quoted.score > LEAST_SHARE && quoted.isClean ? null : await best(text, null);
  const chosen = bare !== null && (quoted === null || bare.score > quoted.score) ? bare : quoted;
  return chosen === null ? null : { ...chosen, isBackslashed: isBackslashed && chosen.dialect.quote !== null };
}

/** `\"` as `""`: what the rest of the guessing reads. */
export function withDoubledQuotes(text: SampleText): SampleText {
  const doubled = text.bytes.toString().replace(/\\(["\\])/g, (_, escaped: string) => (escaped === '"' ? '""' : '\\'));
  return { ...text, bytes: Buffer.from(doubled) };
}

type Scored = Omit<DialectGuess, 'isBackslashed'> & { readonly score: number; readonly isClean: boolean };

async function best(text: SampleText, quote: string | null): Promise<Scored | null> {
  let found: Scored | null = null;
  for (const delimiter of DELIMITERS) {
    const dialect: Dialect = { delimiter, quote, escape: 'double' };
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
