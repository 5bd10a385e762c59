// The form of a sample: dialect, header, labels, trailer, and the people between them.

import type { FileFormat } from '../roster/mapping.ts';
import { quarantined } from '../roster/quarantine.ts';
import { canonicalText } from '../roster/text.ts';
import { type DialectGuess, guessDialect } from './dialect.ts';
import { findHeader, isFamiliar, isLabelRow } from './header.ts';
import { DEFAULT_NULL_WORDS, FURTHER_NULL_WORDS } from './known-words.ts';
import { fromLine, readSample, type SampleRecord, type SampleText } from './records.ts';
import { guessTrailer } from './trailer.ts';

export interface FormGuess {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly escape: FileFormat['escape'];
  readonly headerRow: number;
  readonly skipRowsAfterHeader: number;
  readonly trailer: FileFormat['trailer'];
  readonly nullWords: readonly string[];
  /** The column names, canonical. */
  readonly header: readonly string[];
  /** The rows between header and trailer that have as many fields as the header, canonical. */
  readonly rows: readonly (readonly string[])[];
  /** Rows between header and trailer, however they look. */
  readonly rowCount: number;
  readonly doubts: readonly string[];
}

/** Throws `FeedError` (quarantined) for a text that is no table with a header. */
export async function guessForm(sample: SampleText): Promise<FormGuess> {
  const guess = await guessDialect(sample);
  if (guess === null) throw noTable(sample.fileName);
  const { dialect, width } = guess;
  const headerAt = findHeader(guess.records, width);
  const headerRow = headerAt === null ? undefined : guess.records[headerAt]?.line;
  if (headerRow === undefined) throw noHeader(sample.fileName, guess);
  const text = fromLine(sample, headerRow);
  // Rows of nothing but delimiters are left out wherever they stand.
  const [header, ...below] = (await readSample(text, dialect)).filter(hasText);
  const names = header?.fields ?? [];
  const hasLabels = below[0] !== undefined && isLabelRow(names, below[0].fields, below.slice(1));
  const rows = hasLabels ? below.slice(1) : below;
  const end = guessTrailer(rows, names.length, lastLineOf(text.bytes));
  const people = rows.slice(0, rows.length - end.rowCount);
  const table = tableOf(people, names.map(canonicalText));
  return {
    ...dialect,
    headerRow,
    skipRowsAfterHeader: hasLabels ? 1 : 0,
    trailer: end.trailer,
    nullWords: nullWordsOf(table),
    header: names.map(canonicalText),
    rows: table,
    rowCount: people.length,
    doubts: end.doubts,
  };
}

function hasText({ fields }: SampleRecord): boolean {
  return fields.some((field) => field.trim() !== '');
}

/** The rows that may be people: whole, and not the header once more. */
function tableOf(records: readonly SampleRecord[], header: readonly string[]): string[][] {
  return records
    .filter(({ fields, isMalformed }) => !isMalformed && fields.length === header.length)
    .map(({ fields }) => fields.map(canonicalText))
    .filter((row) => row.some((cell, index) => cell !== header[index]));
}

/** The usual words for blank, and those others that occur. */
function nullWordsOf(rows: readonly (readonly string[])[]): string[] {
  const further = new Set<string>();
  for (const row of rows) for (const cell of row) if (FURTHER.has(cell)) further.add(cell);
  return [...DEFAULT_NULL_WORDS, ...FURTHER_NULL_WORDS.filter((word) => further.has(word))];
}

const FURTHER: ReadonlySet<string> = new Set(FURTHER_NULL_WORDS);

function lastLineOf(bytes: Buffer): string {
  const lines = bytes
    .subarray(-4096)
    .toString()
    .split(/\r\n|\n|\r/);
  return lines.findLast((line) => line.trim() !== '') ?? '';
}

function noTable(fileName: string) {
  return quarantined(
    fileName,
    'no delimiter (comma, semicolon, |, tab or ~) makes a table of it',
    'Give init a CSV file with a line of column names and a few people, as the HR system exports it.',
  );
}

function noHeader(fileName: string, { records, width }: DialectGuess) {
  const header = records.find(({ fields, isMalformed }) => !isMalformed && isFamiliar(fields));
  if (header !== undefined && header.fields.length !== width) {
    return quarantined(
      fileName,
      `line ${header.line} names ${header.fields.length} columns, and most rows have ${width} fields`,
      'Have the export give every row as many fields as there are columns; a delimiter at the end of each row is one too many.',
    );
  }
  return quarantined(
    fileName,
    'none of its first lines looks like the names of its columns',
    'Have the export write a header: people are mapped by the names of the columns, never by their order.',
  );
}
