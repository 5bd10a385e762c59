// What else becomes an attribute: the columns that are plainly of somebody's place at work. All the others stay out until a
// person decides, and say why.

import { isTooLong } from '../roster/validate.ts';
import { snakeCase } from './column-name.ts';
import { knownMatches, named, type SampleColumn } from './columns.ts';
import { isForCommunication } from './communication.ts';
import { DATE_TO, dayComesFirst, guessDateForm } from './date-form.ts';
import { counted, type FieldGuess, type LeftOut, type Written } from './guessed.ts';
import { ATTRIBUTES, FULL_NAME } from './known-columns.ts';
import { isOfOthers, sensitiveReason } from './known-words.ts';

export interface AttributesGuess {
  readonly attributes: readonly FieldGuess[];
  readonly leftOut: readonly LeftOut[];
  readonly doubts: readonly string[];
}

/** `Ana Ruiz (1001)`: a person and their id. */
const WITH_ID = /^.*\S\s*\([\w-]+\)$/;
const NAME_OF = '^(.+?)\\s*(?:\\([^()]*\\))?$';
/** `Cy Ng (On Leave) (1003)`: nobody's status is part of a name. */
const PERSON_OF = '^([^()]+?)\\s*(?:\\(|$)';
const ID_OF = '\\(([^()]+)\\)$|$';

/** `hasNames`: first and last name are known, so that whole names only repeat them. */
export function guessAttributes(columns: readonly SampleColumn[], hasNames: boolean): AttributesGuess {
  const keys = keysOf(columns);
  const wholeNames = new Set(hasNames ? knownMatches(columns, FULL_NAME).map(({ column }) => column) : []);
  const dayFirst = dayComesFirst(columns.map(({ values }) => values));
  const attributes: FieldGuess[] = [];
  const leftOut: LeftOut[] = [];
  const doubts: string[] = [];
  for (const column of columns) {
    const key = keys.get(column) ?? '';
    const reason = reasonToLeaveOut(column) ?? (wholeNames.has(column) && !isLiked(column) ? 'the name again' : null);
    const said: string[] = [];
    const fields = withIdGuesses(key, column) ?? [plainOrDate(key, column, { dayFirst, doubts: said })];
    if (reason !== null) leftOut.push({ column: column.name, reason, fields });
    else {
      attributes.push(...fields);
      doubts.push(...said);
    }
  }
  return { attributes, leftOut, doubts };
}

/** A whole name that says how somebody wants to be called. */
function isLiked({ words }: SampleColumn): boolean {
  return words.some((word) => word === 'display' || word === 'preferred');
}

function reasonToLeaveOut({ words, cells, values }: SampleColumn): string | null {
  const sensitive = sensitiveReason(words);
  if (sensitive !== null) return `private: ${sensitive}`;
  if (cells.length > 0 && values.length === 0) return 'blank in every row';
  const long = values.filter(isTooLong).length;
  if (long > 0) return `${counted(long, 'value')} longer than the 255 characters that Workshop takes`;
  return isForCommunication(words) ? null : 'not sure that Workshop should know it';
}

/** null: the values are no people with their ids. */
function withIdGuesses(key: string, { name, words, values }: SampleColumn): FieldGuess[] | null {
  if (values.length === 0 || !values.every((value) => WITH_ID.test(value))) return null;
  return [
    {
      field: key,
      written: { column: name, pattern: isOfOthers(words) ? PERSON_OF : NAME_OF },
      why: 'without the id in brackets',
    },
    { field: `${key}_id`, written: { column: name, pattern: ID_OF }, why: 'the id in brackets' },
  ];
}

function plainOrDate(
  key: string,
  column: SampleColumn,
  { dayFirst, doubts }: { dayFirst: boolean | null; doubts: string[] },
): FieldGuess {
  const { name, values } = column;
  const asIs = (why: string): FieldGuess => ({ field: key, written: name, why });
  const date = guessDateForm(values, dayFirst);
  // Eight digits are a date only where the name says so.
  if (date.kind === 'none' || (date.kind === 'form' && date.from === 'yyyyMMdd' && !isNamedDate(column)))
    return asIs('');
  if (date.kind === 'iso') return asIs('dates');
  if (date.kind === 'mixed') {
    doubts.push(`The dates of ${named(column)} are written in several ways. They go to Workshop as they are written.`);
    return asIs('dates, in several forms');
  }
  if (date.kind === 'unclear') {
    doubts.push(
      `The dates of ${named(column)} could be ${date.forms.join(' or ')}: no value tells. They go to Workshop as they are written; with { column, date: { from, to: ${DATE_TO} } } they can be sorted.`,
    );
    return asIs(`dates, as the file writes them: ${date.forms.join(' or ')}`);
  }
  const written: Written = { column: name, date: { from: date.from, to: DATE_TO } };
  return { field: key, written, why: `all ${counted(values.length, 'value')} fit` };
}

function isNamedDate({ words }: SampleColumn): boolean {
  return words.some((word) => /date|datum|day|since|start|hire/.test(word));
}

/** A name of its own for each column; the second `Cost Center` is `cost_center_2`. */
function keysOf(columns: readonly SampleColumn[]): Map<SampleColumn, string> {
  const keys = new Map<SampleColumn, string>();
  for (const [key, table] of Object.entries(ATTRIBUTES)) {
    const [match] = knownMatches(columns, table);
    if (match !== undefined) keys.set(match.column, key);
  }
  const taken = new Set(keys.values());
  columns.forEach((column, index) => {
    if (keys.has(column)) return;
    const wanted = snakeCase(column.name) || `column_${index + 1}`;
    let key = wanted;
    for (let count = 2; taken.has(key) || taken.has(`${key}_id`); count++) key = `${wanted}_${count}`;
    taken.add(key);
    keys.set(column, key);
  });
  return keys;
}
