// The trailer of a roster file (specification §6): rows at the end that are nobody. One that counts the rows is
// the only proof inside a file that all of it arrived; one that does not must not cost the last person.

import { COUNTS, countedRows, parseCount } from './count.ts';
import type { Row } from './employee.ts';
import { looksLikeFooter } from './footer.ts';
import { LineTally } from './line-tally.ts';
import type { Trailer } from './mapping.ts';
import { hasAddress } from './mentions.ts';
import { quarantined } from './quarantine.ts';
import type { FileRecord } from './records.ts';
import { canonicalText } from './text.ts';

/** What taking the trailer needs to know of the file. */
export interface TrailerContext {
  readonly fileName: string;
  readonly delimiter: string;
  readonly quote: string | null;
  /** Records below the header that are not blank, with the trailer. */
  readonly recordCount: number;
  /** Rows of the header, with those skipped after it. */
  readonly headerCount: number;
  /** What the record would be if it were no trailer. */
  rowOf(record: FileRecord): Row;
  hasAllFields(record: FileRecord): boolean;
}

type Counted = Extract<Trailer, { kind: 'counted' }>;

interface WithoutTrailer {
  readonly rest: readonly FileRecord[];
  /** Left out although it cannot be told that they are nobody. */
  readonly leftOut: readonly ParsedRecord[];
  readonly notes: readonly string[];
}

type ParsedRecord = Exclude<FileRecord, { kind: 'known' }>;

/**
 * Takes the trailer off the last records of a file. Throws `FeedError` (quarantined) when a trailer that counts is
 * missing or counts something else, or when a row that would be dropped is a person.
 */
export function takeTrailer(trailer: Trailer, records: readonly FileRecord[], context: TrailerContext): WithoutTrailer {
  return trailer.kind === 'last' ? dropLast(trailer.rows, records, context) : takeCounted(trailer, records, context);
}

function dropLast(rowCount: number, records: readonly FileRecord[], context: TrailerContext): WithoutTrailer {
  const footers = records.slice(-rowCount);
  const person = footers.find((record) => isPerson(record, context));
  if (person !== undefined) {
    throw quarantined(
      context.fileName,
      `line ${person.line} is a person, and \`trailer\` says that the last ${rowCount === 1 ? 'row is a footer' : `${rowCount} rows are footers`}`,
      'The footer is missing: ask whether the file is complete. If it has no footer any more, take `trailer` out of the configuration.',
    );
  }
  const tally = new LineTally();
  for (const { line } of footers) tally.add(line);
  const leftOut = footers.filter(
    (record) => record.kind !== 'known' && !looksLikeFooter(record.fields),
  ) as ParsedRecord[];
  return { rest: records.slice(0, records.length - footers.length), leftOut, notes: tally.leftOut('of the footer') };
}

/**
 * Also one that would be rejected or excluded, or that was cut off: such a person would otherwise be missing from the file.
 * What looks like nobody and like no footer either is left out, and whoever it may speak of stays.
 */
function isPerson(record: FileRecord, { rowOf, hasAllFields }: TrailerContext): boolean {
  const row = rowOf(record);
  if (record.kind === 'known' || row.kind === 'employee' || row.kind === 'left') return true;
  if (hasAddress(record.fields)) return true;
  const filled = record.fields.filter((field) => canonicalText(field) !== '').length;
  return hasAllFields(record) && filled >= 3 && filled * 2 >= record.fields.length && !looksLikeFooter(record.fields);
}

function takeCounted(trailer: Counted, records: readonly FileRecord[], context: TrailerContext): WithoutTrailer {
  const { fileName, recordCount, headerCount } = context;
  const last = records.at(-1);
  const count = last === undefined ? undefined : countIn(last, trailer, context);
  if (last === undefined || count === undefined) throw missingTrailer(trailer, last, fileName);
  if (count === null) {
    const reason = `field ${trailer.countColumn} of its trailer (line ${last.line}) holds no count`;
    throw quarantined(fileName, reason, 'Check `count_column`: the first field of the trailer row is 1.');
  }
  const rowCount = recordCount - 1;
  const counted = countedRows(trailer.counts, rowCount, headerCount);
  if (count !== counted)
    throw wrongCount({ fileName, line: last.line, count, counted, trailer, rowCount, headerCount });
  const note = `the trailer (line ${last.line}) counts ${count}, and all are there`;
  return { rest: records.slice(0, -1), leftOut: [], notes: [note] };
}

/** undefined: not the trailer; null: the trailer, without a count. */
function countIn(record: FileRecord, trailer: Counted, context: TrailerContext): number | null | undefined {
  if (record.kind === 'known' || hasAddress(record.fields)) return undefined;
  const { delimiter, quote } = context;
  // The raw text may be quoted, and so may the beginning that somebody copied from it into the configuration.
  const withoutQuotes = (text: string) => (quote === null ? text : text.replaceAll(quote, ''));
  const beginning = withoutQuotes(trailer.startsWith);
  if (!withoutQuotes(record.fields.join(delimiter)).startsWith(beginning)) return undefined;
  const field = record.fields[trailer.countColumn - 1] ?? '';
  const isBehindBeginning = trailer.countColumn === 1 && field.startsWith(beginning);
  return parseCount(field) ?? (isBehindBeginning ? parseCount(field.slice(beginning.length)) : null);
}

function missingTrailer({ startsWith }: Counted, last: FileRecord | undefined, fileName: string) {
  const found =
    last === undefined
      ? 'it has no rows and no trailer'
      : `its last row (line ${last.line}) does not begin with ${JSON.stringify(startsWith)}, so its trailer is missing`;
  return quarantined(
    fileName,
    `${found}: the file was probably cut off`,
    'Ask for the file again. If the export gives no trailer any more, take `trailer` out of the configuration.',
  );
}

interface CountMismatch {
  readonly fileName: string;
  readonly line: number;
  readonly count: number;
  readonly counted: number;
  readonly trailer: Counted;
  readonly rowCount: number;
  readonly headerCount: number;
}

function wrongCount({ fileName, line, count, counted, trailer, rowCount, headerCount }: CountMismatch) {
  const what = trailer.counts === 'rows' ? '' : ` (\`counts: ${trailer.counts}\`)`;
  const meaning =
    count > counted ? 'the file was probably cut off' : 'rows were added, or the count is of something else';
  const other = COUNTS.find((counts) => countedRows(counts, rowCount, headerCount) === count);
  const otherwise = other === undefined ? '' : ` With \`counts: ${other}\` the two would agree.`;
  return quarantined(
    fileName,
    `its trailer (line ${line}) counts ${count} rows and the file has ${counted}${what}: ${meaning}`,
    `Ask for the file again.${otherwise}`,
  );
}
