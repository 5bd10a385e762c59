// First and last name: from columns of their own, the preferred one before the legal one, else out of a column that
// has both, such as "Ruiz, Ana" or "Ana Ruiz (1001)".

import { fullness, knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import { type FieldGuess, type Finding, NOTHING_FOUND } from './guessed.ts';
import {
  FIRST_NAME,
  FULL_NAME,
  type KnownNames,
  LAST_NAME,
  PREFERRED_FIRST_NAME,
  PREFERRED_LAST_NAME,
} from './known-columns.ts';
import { isOfOthers } from './known-words.ts';

/** How a column with the whole name is written, and how to take it apart. */
interface NameForm {
  readonly says: string;
  readonly whole: RegExp;
  readonly first: string;
  readonly last: string;
}

const NAME_FORMS: readonly NameForm[] = [
  {
    says: '"Last, First"',
    whole: /^[^,]+,\s*[^,\s][^,]*(,.*)?$/,
    first: '^[^,]+,\\s*([^,(]+?)\\s*(?:[,(]|$)',
    last: '^\\s*([^,()]+?)\\s*,',
  },
  {
    says: '"First Last"',
    whole: /^[^,\s]+\s+[^,]+$/,
    first: '^([^\\s()]+)\\s',
    // A word of status in brackets, or a number where the last name should be, is nobody's name: such a row is rejected.
    last: '^[^\\s()]+\\s+([^()]+?)\\s*(?:\\([^()]*\\))?$',
  },
];

/** A form that fewer values have is none. */
const LEAST_SHARE = 0.6;

/** First and last name, each where a column has it. */
export function guessNames(all: readonly SampleColumn[]): Finding {
  const columns = all.filter(({ words }) => !isOfOthers(words));
  const last = fromColumns(columns, 'last_name', LAST_NAMES);
  const first = fromColumns(columns, 'first_name', FIRST_NAMES, lastCells(columns));
  const found = [first, last].filter((finding) => finding.fields.length > 0);
  if (found.length === 2) return joined(found);
  const whole = fromWholeName(columns);
  if (whole === null) return joined(found);
  const missing = whole.fields.filter(({ field }) => !found.some(({ fields }) => fields[0]?.field === field));
  return joined([...found, { ...whole, fields: missing }]);
}

interface NameTables {
  readonly preferred: KnownNames;
  readonly legal: KnownNames;
  /** The word that Workshop's own importer looks for, beside "name". */
  readonly word: string;
}

const FIRST_NAMES: NameTables = { preferred: PREFERRED_FIRST_NAME, legal: FIRST_NAME, word: 'first' };
const LAST_NAMES: NameTables = { preferred: PREFERRED_LAST_NAME, legal: LAST_NAME, word: 'last' };

function fromColumns(
  columns: readonly SampleColumn[],
  field: 'first_name' | 'last_name',
  { preferred, legal, word }: NameTables,
  lastNames: readonly string[] = [],
): Finding {
  const liked = knownMatches(columns, preferred);
  const [chosen] = liked.filter(({ column }) => !isWholeName(column, lastNames));
  const [usual] = [...knownMatches(columns, legal), ...importerMatches(columns, word)].filter(
    ({ column }) => !liked.some((match) => match.column === column),
  );
  // A preferred name is blank for most people, so it never stands alone.
  if (usual === undefined) return NOTHING_FOUND;
  const used = [...(chosen === undefined ? [] : [chosen.column]), usual.column];
  const names = used.map(({ name }) => name);
  const guess: FieldGuess =
    chosen === undefined
      ? { field, written: usual.column.name, why: `${usual.why}; ${fullness(usual.column)}` }
      : { field, written: names, why: `the preferred name, else the other: ${chosen.why}, then ${usual.why}` };
  return { fields: [guess], used: names.map((name) => name.toLowerCase()), doubts: [] };
}

/** Workshop's own rule: the name contains "first" or "last", and "name". */
function importerMatches(columns: readonly SampleColumn[], word: string): Match[] {
  const others = new Set(knownMatches(columns, FULL_NAME).map(({ column }) => column));
  return columns
    .filter((column) => column.key.includes(word) && column.key.includes('name') && !others.has(column))
    .filter(({ words }) => !words.includes('contact'))
    .map((column) => ({
      column,
      why: `${named(column)}, in which Workshop's own importer finds "${word}" and "name"`,
    }));
}

function lastCells(columns: readonly SampleColumn[]): readonly string[] {
  return knownMatches(columns, LAST_NAME)[0]?.column.cells ?? [];
}

/** Some systems call a whole name the preferred one. */
function isWholeName({ cells, values }: SampleColumn, lastNames: readonly string[]): boolean {
  const whole = cells.filter((cell, row) => {
    const last = lastNames[row] ?? '';
    return last !== '' && cell.toLowerCase().endsWith(` ${last.toLowerCase()}`);
  });
  return whole.length * 2 > values.length;
}

function fromWholeName(columns: readonly SampleColumn[]): Finding | null {
  for (const { column, why } of knownMatches(columns, FULL_NAME)) {
    const form = NAME_FORMS.find(
      ({ whole }) =>
        column.values.filter((value) => whole.test(value)).length >= Math.max(1, column.values.length * LEAST_SHARE),
    );
    if (form === undefined) continue;
    const field = (name: 'first_name' | 'last_name', pattern: string): FieldGuess => ({
      field: name,
      written: { column: column.name, pattern },
      why: `out of ${why}; its values read ${form.says}`,
    });
    const doubt = `First and last name are taken out of ${named(column)}, which reads ${form.says}. Middle names and names of one word come out wrong or are rejected; two columns would be better.`;
    return {
      fields: [field('first_name', form.first), field('last_name', form.last)],
      used: [column.name.toLowerCase()],
      doubts: [doubt],
    };
  }
  return null;
}

function joined(findings: readonly Finding[]): Finding {
  return {
    fields: findings.flatMap(({ fields }) => fields),
    used: findings.flatMap(({ used }) => used),
    doubts: findings.flatMap(({ doubts }) => doubts),
  };
}
