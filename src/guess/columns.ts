// The columns of a sample, each with its values, and finding one by a name that HR systems use.

import { nameKey, nameWords } from './column-name.ts';
import type { FormGuess } from './form.ts';
import { counted, type LeftOut } from './guessed.ts';
import type { KnownNames } from './known-columns.ts';

export interface SampleColumn {
  /** As the header writes it, canonical. */
  readonly name: string;
  /** For matching: without what stands in brackets behind the name. */
  readonly key: string;
  /** For judging what the column is about: with the brackets. */
  readonly words: readonly string[];
  /** One for each row; empty when blank. */
  readonly cells: readonly string[];
  /** The cells that are not blank. */
  readonly values: readonly string[];
}

/** A column and why it was chosen. */
export interface Match {
  readonly column: SampleColumn;
  readonly why: string;
}

export interface SampleColumns {
  readonly columns: readonly SampleColumn[];
  /** Those that no mapping could name. */
  readonly unnameable: readonly LeftOut[];
}

/** The columns that can be mapped: those that have a name, and have it alone. */
export function columnsOf({ header, rows, nullWords }: FormGuess): SampleColumns {
  const blanks = new Set(nullWords);
  const counts = new Map<string, number>();
  for (const name of header) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  const columns: SampleColumn[] = [];
  const unnameable = new Map<string, string>();
  header.forEach((name, index) => {
    const count = counts.get(name.toLowerCase()) ?? 0;
    if (name === '') unnameable.set('', `${counted(count, 'column')} without a name`);
    else if (count > 1)
      unnameable.set(name, `the header has this name ${count} times, so nobody can tell which is meant`);
    else {
      const cells = rows.map((row) => (blanks.has(row[index] ?? '') ? '' : (row[index] ?? '')));
      const values = cells.filter((cell) => cell !== '');
      columns.push({ name, key: nameKey(name), words: nameWords(name), cells, values });
    }
  });
  return { columns, unnameable: [...unnameable].map(([column, reason]) => ({ column, reason, fields: [] })) };
}

/** The columns with a name of the table, in the order of the table; `Email (Work)` is `email work` before it is `email`. */
export function knownMatches(columns: readonly SampleColumn[], table: KnownNames): Match[] {
  const ranks = new Map<string, { rank: number; system: string }>();
  Object.entries(table).forEach(([name, system], rank) => {
    const key = nameKey(name);
    if (!ranks.has(key)) ranks.set(key, { rank, system });
  });
  return columns
    .flatMap((column) => {
      const found = ranks.get(column.words.join('')) ?? ranks.get(column.key);
      return found === undefined ? [] : [{ column, ...found }];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ column, system }) => ({ column, why: `${named(column)}, ${nameReason(system)}` }));
}

/** `column "Employee ID"`. */
export function named({ name }: SampleColumn): string {
  return `column "${name}"`;
}

/** For the beginning of a sentence. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** How full a column is, as a phrase. */
export function fullness({ cells, values }: SampleColumn): string {
  const blank = cells.length - values.length;
  if (cells.length === 0) return 'there are no rows to check it against';
  if (blank === 0) return 'every row has it';
  return `${counted(blank, 'row')} of ${cells.length} ${blank === 1 ? 'has' : 'have'} none`;
}

function nameReason(system: string): string {
  if (system === '') return 'a usual name';
  return `a name that ${system} ${system.includes(' and ') ? 'use' : 'uses'}`;
}
