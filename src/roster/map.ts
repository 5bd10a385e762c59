// Compiles a mapping once, by column position, and turns each record into a row: an employee, a leaver, an
// excluded row or a reject (specification §4 and §6). Pure but for the notes that it counts.

import { Cells, type Column } from './cells.ts';
import { decimalCheck, emailCheck, lostLetterCheck, scientificCheck } from './checks.ts';
import type { Employee, Reject, Row } from './employee.ts';
import { type CompiledField, compileField, type FieldContext, type FieldReader, type FieldValue } from './field.ts';
import type { Exclusion, FieldMapping, Mapping, StatusMapping } from './mapping.ts';
import type { PhoneReader } from './phone.ts';
import { Problem } from './problem.ts';
import { canonicalText, quoted } from './text.ts';

/** The header's side of the mapping. */
export interface MappingContext {
  /** The column of a mapped name; every mapped name is there, the header was checked. */
  column(name: string): Column;
  readonly nullWords: readonly string[];
  /** By country, for every country of the mapping. */
  readonly phones: ReadonlyMap<string, PhoneReader>;
}

/** A mapping compiled for one header. */
export interface RowMapper {
  /** The row of a record that has as many fields as the header. */
  map(fields: readonly string[], line: number, fingerprint: string): Row;
  /** Whose record this is, as far as broken fields tell; null when they do not. */
  readExternalId(fields: readonly string[], line: number): string | null;
  /** The id that the mapping makes of a text; null when it makes none. */
  idOf(text: string): string | null;
  /** What was cleaned so far, a sentence for each kind. */
  warnings(): string[];
}

type Status = 'employed' | 'left' | Problem;
type Scope = 'in' | 'out' | Problem;

interface NamedReader {
  readonly field: string;
  readonly read: FieldReader;
}

/** Compiles the mapping for a header. */
export function compileMapping(mapping: Mapping, { column, nullWords, phones }: MappingContext): RowMapper {
  const cells = new Cells(nullWords);
  const compiled = compileReaders(mapping, { cells, column, phones });
  return {
    map: (fields, line, fingerprint) => mapRecord(compiled, fields, { line, fingerprint }),
    readExternalId: (fields, line) => {
      cells.startRecord(line);
      const id = compiled.externalId.read(fields);
      return id instanceof Problem ? (id.id?.meant[0] ?? id.id?.text ?? null) : id;
    },
    idOf: (text) => {
      const id = compiled.externalId.rewrite(text);
      return typeof id === 'string' ? id : null;
    },
    warnings: () => cells.warnings(),
  };
}

interface CompiledMapping {
  readonly cells: Cells;
  readonly externalId: NamedReader & Pick<CompiledField, 'rewrite'>;
  readonly firstName: NamedReader;
  readonly lastName: NamedReader;
  readonly email: NamedReader;
  readonly phoneNumber: NamedReader | null;
  readonly phoneBlank: null | undefined;
  readonly attributes: readonly (NamedReader & { readonly key: string; readonly clear: boolean })[];
  readonly status: (fields: readonly string[]) => Status;
  readonly scope: (fields: readonly string[]) => Scope;
}

function compileReaders(mapping: Mapping, context: FieldContext): CompiledMapping {
  const externalId = compileField(mapping.externalId, context, {
    before: (label) => [scientificCheck(label)],
    after: (label) => [decimalCheck(label, mapping.externalId.pad)],
  });
  const name = { after: (label: string) => [lostLetterCheck(label)] };
  const email = compileField(mapping.email, context, { after: (label) => [emailCheck(label)] });
  const phone = mapping.phoneNumber;
  return {
    cells: context.cells,
    externalId: { ...required('external_id', externalId), rewrite: externalId.rewrite },
    firstName: required('first_name', compileField(mapping.firstName, context, name)),
    lastName: required('last_name', compileField(mapping.lastName, context, name)),
    email: required('email', email),
    phoneNumber: phone === null ? null : { field: 'phone_number', read: compileField(phone, context).read },
    phoneBlank: phone?.blank === 'clear' ? null : undefined,
    attributes: Object.entries(mapping.attributes).map(([key, field]) => attribute(key, field, context)),
    status: compileStatus(mapping.status, context),
    scope: compileExclusions(mapping.exclude, context),
  };
}

function attribute(key: string, field: FieldMapping, context: FieldContext) {
  const { read } = compileField(field, context);
  return { key, field: `attributes.${key}`, read, clear: field.blank === 'clear' };
}

/** The API takes no contact without these four, so a blank one is never "leave it as it is". */
function required(field: string, { label, read }: CompiledField): NamedReader {
  const missing = new Problem('missing', `${label} is blank, and every person needs ${NEEDED[field] ?? field}.`);
  return { field, read: (fields) => read(fields) ?? missing };
}

const NEEDED: Readonly<Record<string, string>> = {
  external_id: 'an id',
  first_name: 'a first name',
  last_name: 'a last name',
  email: 'an email address',
};

function compileStatus(status: StatusMapping | null, { cells, column }: FieldContext) {
  if (status === null) return (): Status => 'employed';
  const at = column(status.column);
  const words = new Map<string, Status>();
  for (const word of status.employed) words.set(canonicalText(word), 'employed');
  for (const word of status.left) words.set(canonicalText(word), 'left');
  return (fields: readonly string[]): Status => {
    const word = cells.readWord(fields, at, words);
    if (word instanceof Problem) return word;
    const known = words.get(word) ?? (cells.isBlank(word) ? words.get('') : undefined);
    return known ?? new Problem('status', unknownStatus(word, quoted(at.name), words));
  };
}

function unknownStatus(word: string, label: string, words: ReadonlyMap<string, Status>): string {
  if (word === '') return `${label} is blank, and a blank is neither an employed nor a left status.`;
  const close = [...words.keys()].find((known) => known.toLowerCase() === word.toLowerCase());
  const remark = close === undefined ? '' : ` (it differs from ${quoted(close)} by case alone)`;
  return `${quoted(word)} in ${label} is neither an employed nor a left status${remark}.`;
}

function compileExclusions(exclusions: readonly Exclusion[], { cells, column }: FieldContext) {
  const compiled = exclusions.map((exclusion) => ({
    at: column(exclusion.column),
    words: new Set(exclusion.is.map(canonicalText)),
  }));
  return (fields: readonly string[]): Scope => {
    let scope: Scope = 'in';
    for (const { at, words } of compiled) {
      const word = cells.readWord(fields, at, words);
      if (word instanceof Problem) scope = word;
      else if (words.has(word) || (words.has('') && cells.isBlank(word))) return 'out';
    }
    return scope;
  };
}

interface Origin {
  readonly line: number;
  readonly fingerprint: string;
}

function mapRecord(compiled: CompiledMapping, fields: readonly string[], { line, fingerprint }: Origin): Row {
  const { cells, externalId } = compiled;
  cells.startRecord(line);
  const id = externalId.read(fields);
  const scope = compiled.scope(fields);
  if (scope === 'out') return excluded(line, id);
  const status = compiled.status(fields);
  if (status === 'left' && scope === 'in' && typeof id === 'string') return { kind: 'left', line, externalId: id };
  const problems = new Problems();
  problems.keep(externalId.field, id);
  const employee = status === 'left' ? null : mapEmployee(compiled, fields, id, problems);
  problems.keep('status', status);
  problems.keep('exclude', scope);
  if (employee !== null && problems.first === null) {
    return { kind: 'employee', line, employee, fingerprint: cells.noted ? null : fingerprint };
  }
  const reject = problems.reject(line, id);
  return employee === null || employee.email === ''
    ? { kind: 'reject', reject }
    : { kind: 'reject', reject: { ...reject, email: employee.email } };
}

/** Of a row whose id is damaged, the ids that it may mean are told. */
function excluded(line: number, id: FieldValue): Row {
  if (typeof id === 'string') return { kind: 'excluded', line, externalId: id };
  const meant = id instanceof Problem ? (id.id?.meant ?? []) : [];
  return { kind: 'excluded', line, externalId: null, mentions: meant };
}

function mapEmployee(
  compiled: CompiledMapping,
  fields: readonly string[],
  id: FieldValue,
  problems: Problems,
): Employee {
  const text = ({ field, read }: NamedReader): string => problems.keep(field, read(fields)) ?? '';
  const externalId = typeof id === 'string' ? id : '';
  const firstName = text(compiled.firstName);
  const lastName = text(compiled.lastName);
  const email = text(compiled.email);
  const phone = compiled.phoneNumber;
  const phoneNumber =
    phone === null ? undefined : (problems.keep(phone.field, phone.read(fields)) ?? compiled.phoneBlank);
  const attributes: Record<string, string | null> = {};
  for (const { key, field, read, clear } of compiled.attributes) {
    const value = problems.keep(field, read(fields));
    if (value !== null || clear) attributes[key] = value;
  }
  return { externalId, firstName, lastName, email, phoneNumber, attributes };
}

/** The first problem of a record, and in which fields there are more. */
class Problems {
  first: { readonly field: string; readonly problem: Problem } | null = null;
  readonly #more: string[] = [];

  /** Gives the value back; a problem becomes blank and is kept. */
  keep(field: string, value: FieldValue): string | null {
    if (!(value instanceof Problem)) return value;
    if (this.first === null) this.first = { field, problem: value };
    else this.#more.push(field);
    return null;
  }

  reject(line: number, id: FieldValue): Reject {
    const more = this.#more.length === 0 ? '' : ` Also wrong in this row: ${this.#more.join(', ')}.`;
    return {
      line,
      externalId: id instanceof Problem ? (id.id?.text ?? null) : id,
      field: this.first?.field ?? null,
      rule: this.first?.problem.rule ?? 'malformed',
      message: `${this.first?.problem.message ?? ''}${more}`,
      ...(id instanceof Problem && id.id !== null ? { mentions: id.id.meant } : {}),
    };
  }
}
