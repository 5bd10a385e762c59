// Which column holds the address at work: by the names that systems use, then by Workshop's own rule, and always by
// the values.

import { isEmail } from '../roster/validate.ts';
import { capital, fullness, knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import { counted, type Finding, NOTHING_FOUND } from './guessed.ts';
import { PERSONAL_EMAIL, WORK_EMAIL } from './known-columns.ts';
import { isOfOthers } from './known-words.ts';

const PRIVATE = /\b(personal|privat\w*|home)\b|^(personal|private|home)e?mail/;
const SECOND =
  /\b(alternat\w*|alt|secondary|second|other|additional|backup|old|former|previous|[2-9]|weitere\w*|zweite\w*)\b/;
/** A column with fewer addresses among its values holds something else. */
const LEAST_SHARE = 0.5;

/** The column of the address; null when there is none. */
export function emailColumn(columns: readonly SampleColumn[]): Match | null {
  return candidates(columns)[0] ?? null;
}

/** The address, and what is wrong with the column that has it. */
export function guessEmail(columns: readonly SampleColumn[]): Finding {
  const [chosen, ...others] = candidates(columns);
  if (chosen === undefined) return NOTHING_FOUND;
  const { column, why } = chosen;
  const rivals = others.filter((other) => !isPrivate(other.column) && saysElse(other.column, column));
  const doubts = rivals.length > 0 ? [severalDoubt([chosen, ...rivals])] : [];
  if (isPrivate(column)) {
    doubts.unshift(
      `Only private addresses were found, in ${named(column)}. Ask for the address at work, unless people are to be written to at home.`,
    );
  }
  const wrong = column.values.filter((value) => !isEmail(value)).length;
  if (wrong > 0)
    doubts.push(`${capital(named(column))} has ${counted(wrong, 'value')} that cannot be an address: rejected.`);
  const blank = column.cells.length - column.values.length;
  if (blank > 0)
    doubts.push(
      `${capital(named(column))} is blank in ${counted(blank, 'row')}: rejected, as Workshop takes nobody without an address.`,
    );
  return {
    fields: [{ field: 'email', written: { column: column.name, case: 'lower' }, why: `${why}; ${fullness(column)}` }],
    used: [column.name.toLowerCase()],
    doubts,
  };
}

function severalDoubt(matches: readonly Match[]): string {
  return `Several columns hold an address: ${matches.map(({ column }) => `"${column.name}"`).join(', ')}. The first is used: please check that it is the one at work.`;
}

/** Whether the two columns differ: a login is often the address once more. */
function saysElse(one: SampleColumn, other: SampleColumn): boolean {
  if (one.cells.length === 0) return true;
  return one.cells.some((cell, row) => cell !== '' && cell.toLowerCase() !== other.cells[row]?.toLowerCase());
}

/** Work before what only begins so, before what only looks so, before a second address, before private. */
function candidates(columns: readonly SampleColumn[]): Match[] {
  const own = columns.filter(({ words }) => !isOfOthers(words) && !words.includes('hr'));
  const work = own.filter((column) => !isPrivate(column));
  const found = [
    ...knownMatches(work, WORK_EMAIL),
    ...work
      .filter(({ key }) => key.startsWith('email'))
      .map((column) => ({
        column,
        why: `${named(column)}, which begins with "email" as Workshop's own importer wants it`,
      })),
    ...work.filter(isAllAddresses).map((column) => ({ column, why: `${named(column)}, whose values are addresses` })),
    ...knownMatches(own, PERSONAL_EMAIL),
    ...own.filter(isAllAddresses).map((column) => ({ column, why: `${named(column)}, whose values are addresses` })),
  ];
  const once = found.filter((match, index) => found.findIndex(({ column }) => column === match.column) === index);
  const order = ({ column }: Match) => (isPrivate(column) ? 2 : SECOND.test(column.words.join(' ')) ? 1 : 0);
  return once.filter(({ column }) => holdsAddresses(column)).toSorted((one, other) => order(one) - order(other));
}

function holdsAddresses({ cells, values }: SampleColumn): boolean {
  if (cells.length === 0) return true;
  return values.length > 0 && values.filter(isEmail).length >= values.length * LEAST_SHARE;
}

function isAllAddresses({ values }: SampleColumn): boolean {
  return values.length > 0 && values.every(isEmail);
}

function isPrivate({ words }: SampleColumn): boolean {
  return PRIVATE.test(words.join(' '));
}
