// Which column tells people apart: one that has a name for it, is filled in every row, and is everybody's own.

import { isScientific } from '../roster/validate.ts';
import { capital, fullness, knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import { counted, type Finding, NOTHING_FOUND } from './guessed.ts';
import { EXTERNAL_ID, FULL_NAME } from './known-columns.ts';
import { isOfOthers, sensitiveReason } from './known-words.ts';

interface Judged extends Match {
  readonly blank: number;
  /** Ids that stand in rows of different people. */
  readonly shared: number;
  /** Ids that stand in several rows, whoever's they are. */
  readonly repeated: number;
}

/** `emails` tells the rows of one person from those of two: the cells of the email column, where there is one. */
export function guessExternalId(all: readonly SampleColumn[], emails: readonly string[] | null): Finding {
  const columns = all.filter(({ words }) => !isOfOthers(words));
  const byName = knownMatches(columns, EXTERNAL_ID).map((match) => judge(match, emails));
  // A wrong id is worse than none: without a known name, a column has to be flawless.
  const others = columns
    .filter(looksLikeId)
    .map((column) => judge({ column, why: `${named(column)}, by its name` }, emails));
  const chosen = least(byName) ?? others.find(({ blank, repeated }) => blank === 0 && repeated === 0);
  if (chosen === undefined) return fromBrackets(columns);
  const { column, why } = chosen;
  const passed =
    byName[0] !== undefined && byName[0] !== chosen ? `; ${named(byName[0].column)} is not everybody's own` : '';
  return {
    fields: [{ field: 'external_id', written: column.name, why: `${why}; ${uniqueness(chosen)}${passed}` }],
    used: [column.name.toLowerCase()],
    doubts: [...doubtsOf(chosen), ...(byName.length === 0 ? [unfamiliar(column)] : [])],
  };
}

/** `Ana Ruiz (1001)`, as Workday writes a worker. The column may still give the name. */
function fromBrackets(columns: readonly SampleColumn[]): Finding {
  for (const { column, why } of knownMatches(columns, FULL_NAME)) {
    const ids = column.values.map((value) => /\(([\w-]+)\)$/.exec(value)?.[1] ?? '');
    if (ids.length === 0 || new Set(ids).size < column.cells.length || ids.includes('')) continue;
    const written = { column: column.name, pattern: '\\(([^()]+)\\)$' };
    return {
      fields: [{ field: 'external_id', written, why: `in brackets in ${why}; all are different` }],
      used: [],
      doubts: [],
    };
  }
  return NOTHING_FOUND;
}

function unfamiliar(column: SampleColumn): string {
  return `Nothing but its values says that ${named(column)} is the employee number. It must never change and never be given to somebody else: please check.`;
}

/** The first without a flaw; else the one with the fewest. */
function least(judged: readonly Judged[]): Judged | undefined {
  const flaws = ({ blank, shared }: Judged) => blank + shared;
  return judged.toSorted((one, other) => flaws(one) - flaws(other))[0];
}

function judge(match: Match, emails: readonly string[] | null): Judged {
  const { cells, values } = match.column;
  const owners = new Map<string, Set<string>>();
  cells.forEach((id, row) => {
    if (id === '') return;
    const known = owners.get(id) ?? new Set();
    owners.set(id, known.add(emails === null ? String(row) : (emails[row] ?? '').toLowerCase()));
  });
  const counts = new Map<string, number>();
  for (const id of values) counts.set(id, (counts.get(id) ?? 0) + 1);
  return {
    ...match,
    blank: cells.length - values.length,
    shared: [...owners.values()].filter((people) => people.size > 1).length,
    repeated: [...counts.values()].filter((count) => count > 1).length,
  };
}

function looksLikeId({ words, values }: SampleColumn): boolean {
  if (values.length === 0 || sensitiveReason(words) !== null) return false;
  const isNamed = /^(id|number|no|nr|code|key|guid|uuid|nummer|kennung)$/.test(words.at(-1) ?? '');
  const isOther = /phone|mobile|fax|manager|supervisor|position|job|department|cost|location|company|postal|zip/.test(
    words.join(' '),
  );
  return isNamed && !isOther && values.every((value) => /^[\w.-]{1,64}$/.test(value));
}

function uniqueness({ column, blank, repeated }: Judged): string {
  if (blank > 0) return fullness(column);
  const { length } = column.cells;
  if (length === 0) return fullness(column);
  return repeated === 0
    ? length === 1
      ? 'its one value is there'
      : `all ${length} values are there and different`
    : `all ${length} values are there, ${repeated} of them more than once`;
}

function doubtsOf({ column, blank, shared, repeated }: Judged): string[] {
  const at = capital(named(column));
  const doubts: string[] = [];
  if (blank > 0) doubts.push(`${at} is blank in ${counted(blank, 'row')}: rejected, as nobody knows whose they are.`);
  if (shared > 0) {
    doubts.push(
      `${at} gives ${counted(shared, 'id')} to more than one person. All rows of such an id are rejected: nobody can tell whose it is.`,
    );
  } else if (repeated > 0) {
    doubts.push(
      `${at} has ${counted(repeated, 'id')} in several rows of one person, one for each position perhaps. Where such rows differ, all of them are rejected: have the export give one row for each person.`,
    );
  }
  const spoilt = column.values.filter(isScientific).length;
  if (spoilt > 0)
    doubts.push(
      `${at} has ${counted(spoilt, 'value')} like 1.2E+07: a spreadsheet has spoilt the id, and the row is rejected. Take the file as the HR system exports it.`,
    );
  const width = paddedWidth(column.values);
  if (width !== null) {
    doubts.push(
      `${at} has ids of ${width} digits with zeros in front, and some shorter ones: a spreadsheet may have taken their zeros away. If so, external_id: { column: ..., pad: ${width} } gives them back.`,
    );
  }
  return doubts;
}

/** The number of digits that most ids have, where some have lost their zeros; else null. */
function paddedWidth(values: readonly string[]): number | null {
  const digits = values.filter((value) => /^\d+$/.test(value));
  const padded = digits.filter((value) => value.startsWith('0'));
  const width = padded[0]?.length ?? 0;
  if (width < 2 || padded.some((value) => value.length !== width)) return null;
  const full = digits.filter((value) => value.length === width).length;
  const short = digits.filter((value) => value.length < width).length;
  return short > 0 && full > short ? width : null;
}
