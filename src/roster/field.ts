// One field of the mapping language (specification §4), compiled once into a function over a record's cells.
// The steps come in this order: columns or template, values, pattern, date, phone, case, pad, default.

import { invariant } from '../invariant.ts';
import type { Cells, Column, Words } from './cells.ts';
import { lengthCheck } from './checks.ts';
import { compileDate } from './date.ts';
import type { DateMapping, FieldMapping, Mapping } from './mapping.ts';
import { PATTERN_LENGTH } from './pattern.ts';
import type { PhoneReader } from './phone.ts';
import { Problem, type Step } from './problem.ts';
import { canonicalText, quoted, titleCase } from './text.ts';

/** null: blank. */
export type FieldValue = string | null | Problem;
export type FieldReader = (fields: readonly string[]) => FieldValue;

/** What compiling a field needs besides its mapping. */
export interface FieldContext {
  readonly cells: Cells;
  /** The column of that name; every mapped name is there, the header was checked. */
  column(name: string): Column;
  readonly phones: ReadonlyMap<string, PhoneReader>;
}

export interface CompiledField {
  /** The columns as the file has them, for messages: `"Mobile" or "Work Phone"`. */
  readonly label: string;
  readonly read: FieldReader;
  /** What the field makes of a text, wherever it comes from. */
  readonly rewrite: (text: string) => FieldValue;
}

/** Compiles one field. `checks` are those of this particular field. */
export function compileField(mapping: FieldMapping, context: FieldContext, checks: FieldChecks = {}): CompiledField {
  const label = fieldColumns(mapping)
    .map((name) => quoted(context.column(name).name))
    .join(' or ');
  const replacements = mapping.values === null ? null : replacementsOf(mapping.values);
  const source = sourceOf(mapping, context, replacements);
  const steps = [...(checks.before?.(label) ?? []), ...stepsOf(mapping, replacements, context, label)];
  const lasts = [lengthCheck(label), ...(checks.after?.(label) ?? [])];
  const fallback = mapping.default === null ? null : canonicalText(mapping.default);
  const rewrite = (text: string): FieldValue => {
    const mapped = runSteps(text, steps);
    if (mapped instanceof Problem) return mapped;
    const value = mapped === '' ? fallback : mapped;
    return value === null || value === '' ? null : runSteps(value, lasts);
  };
  const read: FieldReader = (fields) => {
    const text = source(fields);
    return typeof text === 'string' ? rewrite(text) : text;
  };
  return { label, read, rewrite };
}

/** Checks of one particular field, given the label for their messages. */
export interface FieldChecks {
  /** On the text as read. */
  readonly before?: (label: string) => Step[];
  /** On the value as mapped, when it is not too long. */
  readonly after?: (label: string) => Step[];
}

/** Every column name that a field reads, in the order of the configuration. */
export function fieldColumns(mapping: FieldMapping): string[] {
  if (mapping.template === null) return [...mapping.columns];
  return [...new Set(Array.from(mapping.template.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))];
}

/** The default countries of a mapping's phone numbers, once each. */
export function fieldCountries({ phoneNumber, attributes, ...names }: Mapping): string[] {
  const fields = [
    names.externalId,
    names.firstName,
    names.lastName,
    names.email,
    phoneNumber,
    ...Object.values(attributes),
  ];
  return [...new Set(fields.flatMap((field) => field?.phone ?? []))];
}

const PLACEHOLDER = /\{([^{}]+)\}/g;

type Source = (fields: readonly string[]) => string | Problem;

/** A damaged cell is a problem, unless it is one of the values that the configuration replaces. */
function sourceOf({ columns, template }: FieldMapping, context: FieldContext, listed: Words | null): Source {
  return template === null ? firstOf(columns, context, listed) : filled(template, context, listed);
}

function firstOf(names: readonly string[], { cells, column }: FieldContext, listed: Words | null): Source {
  const [first, ...others] = names.map(column);
  invariant(first !== undefined, 'a field has a column or a template');
  return (fields) => {
    let text = cells.read(fields, first, listed);
    for (let next = 0; text === '' && next < others.length; next++) {
      const other = others[next];
      if (other !== undefined) text = cells.read(fields, other, listed);
    }
    return text;
  };
}

function filled(template: string, { cells, column }: FieldContext, listed: Words | null): Source {
  const columns = new Map(Array.from(template.matchAll(PLACEHOLDER), ([all, name]) => [all, column(name ?? '')]));
  return (fields) => {
    let blank = true;
    let problem: Problem | null = null;
    const text = template.replace(PLACEHOLDER, (placeholder) => {
      const at = columns.get(placeholder);
      const value = at === undefined ? '' : cells.read(fields, at, listed);
      if (value !== '') blank = false;
      if (typeof value === 'string') return value;
      problem ??= value;
      return '';
    });
    return problem ?? (blank ? '' : canonicalText(text));
  };
}

function runSteps(start: string, steps: readonly Step[]): string | Problem {
  let text = start;
  for (let index = 0; text !== '' && index < steps.length; index++) {
    const next = steps[index]?.(text) ?? text;
    if (next instanceof Problem) return next;
    text = next;
  }
  return text;
}

function stepsOf(
  mapping: FieldMapping,
  replacements: Replacements | null,
  context: FieldContext,
  label: string,
): Step[] {
  const steps: Step[] = [];
  if (replacements !== null) steps.push(valuesStep(replacements, mapping.otherwise, label));
  if (mapping.pattern !== null) steps.push(patternStep(mapping.pattern, label));
  if (mapping.date !== null) steps.push(dateStep(mapping.date, context, label));
  if (mapping.phone !== null) steps.push(phoneStep(mapping.phone, context, label));
  if (mapping.case === 'lower') steps.push((text) => text.toLowerCase());
  if (mapping.case === 'upper') steps.push((text) => text.toUpperCase());
  if (mapping.case === 'title') steps.push(titleCase);
  const width = mapping.pad;
  if (width !== null) steps.push((text) => text.padStart(width, '0'));
  return steps;
}

type Replacements = ReadonlyMap<string, string>;

function replacementsOf(values: Readonly<Record<string, string>>): Replacements {
  return new Map(Object.entries(values).map(([from, to]) => [canonicalText(from), canonicalText(to)]));
}

function valuesStep(replacements: Replacements, otherwise: string, label: string): Step {
  return (text) => {
    const replacement = replacements.get(text);
    if (replacement !== undefined) return replacement;
    if (otherwise === 'keep') return text;
    if (otherwise === 'blank') return '';
    return new Problem('value', `${quoted(text)} in ${label} is not one of the values that the configuration lists.`);
  };
}

function patternStep(pattern: string, label: string): Step {
  const expression = new RegExp(pattern, 'u');
  return (text) => {
    if (text.length > PATTERN_LENGTH) {
      const message = `${quoted(text)} in ${label} is longer than the ${PATTERN_LENGTH} characters that a pattern may read.`;
      return new Problem('too_long', message);
    }
    const match = expression.exec(text);
    if (match === null)
      return new Problem(
        'pattern',
        `${quoted(text)} in ${label} does not match ${pattern}: correct it in the HRIS, or the pattern in the configuration.`,
      );
    return canonicalText((match.length > 1 ? match[1] : match[0]) ?? '');
  };
}

function dateStep({ from, to }: DateMapping, { cells }: FieldContext, label: string): Step {
  const rewrite = compileDate(from, to);
  return (text) => {
    const date = rewrite(text);
    if (date === '')
      cells.note('a date that stands for none, such as 12/31/9999, was read as blank in', label, { usual: true });
    return date ?? new Problem('date', `${quoted(text)} in ${label} is not a date of the form ${from.join(' or ')}.`);
  };
}

function phoneStep(country: string, { phones }: FieldContext, label: string): Step {
  const read = phones.get(country);
  invariant(read !== undefined, 'a reader is loaded for every country of the mapping');
  return (text) =>
    read(text) ??
    new Problem(
      'phone',
      `${quoted(text)} in ${label} is not a phone number (numbers without + are read as ${country}).`,
    );
}
