// The header line (specification §6): which columns the mapping finds, and for one that is missing the
// header that most likely replaced it. A wrong guess here would map somebody's data to the wrong field,
// so a guess is only ever shown.

import { nearest } from '../nearest.ts';
import type { Column } from './cells.ts';
import { columnKey, findColumns } from './column-names.ts';
import { fieldColumns } from './field.ts';
import type { Mapping } from './mapping.ts';
import { quarantined } from './quarantine.ts';
import { canonicalText, quoted } from './text.ts';

/** Every column name that the mapping reads, once each, in the order of the configuration. */
export function mappedColumns(mapping: Mapping): string[] {
  const { externalId, firstName, lastName, email, phoneNumber, attributes, status, exclude } = mapping;
  const fields = [externalId, firstName, lastName, email, ...(phoneNumber === null ? [] : [phoneNumber])];
  const names = [
    ...[...fields, ...Object.values(attributes)].flatMap(fieldColumns),
    ...(status === null ? [] : [status.column]),
    ...exclude.map(({ column }) => column),
  ];
  return [...new Map(names.map((name) => [columnKey(name), name])).values()];
}

/** How many of these columns the header has: what tells a right delimiter from a wrong one. */
export function foundColumns(header: readonly string[], names: readonly string[]): number {
  return [...findColumns(header, names).values()].filter((found) => found.length > 0).length;
}

/** A header that has every mapped column, once. */
export interface MatchedHeader {
  /** The names as the file has them, canonical. */
  readonly names: readonly string[];
  /** Those that the mapping does not read. */
  readonly unmapped: readonly string[];
  column(name: string): Column;
}

export interface HeaderSource {
  readonly fileName: string;
  /** 1-based line of the header in the file. */
  readonly line: number;
}

/**
 * Finds the mapped columns in the header. Throws `FeedError` (quarantined) that names every column which is
 * missing, each with the header that may have replaced it, or that occurs twice.
 */
export function matchHeader(header: readonly string[], mapping: Mapping, source: HeaderSource): MatchedHeader {
  const names = header.map(canonicalText);
  const mapped = mappedColumns(mapping);
  const found = findColumns(names, mapped);
  const read = new Set([...found.values()].flat());
  const unmapped = names.filter((name, index) => name !== '' && !read.has(index));
  const missing = mapped.filter((name) => found.get(name)?.length === 0);
  if (missing.length > 0) throw missingColumns(missing, unmapped, { ...source, mappedCount: mapped.length });
  const twice = mapped.filter((name) => (found.get(name)?.length ?? 0) > 1);
  if (twice.length > 0) throw repeatedColumns(twice, source);
  const columns = new Map<string, Column>();
  for (const [name, [index = -1]] of found) columns.set(columnKey(name), { index, name: names[index] ?? name });
  return { names, unmapped, column: (name) => columns.get(columnKey(name)) ?? { index: -1, name } };
}

function missingColumns(
  missing: readonly string[],
  unmapped: readonly string[],
  { fileName, line, mappedCount }: HeaderSource & { readonly mappedCount: number },
) {
  const candidates = unmapped.filter(looksLikeName);
  const sentences: string[] = [];
  for (const name of missing) {
    const [only] = missing.length === 1 && candidates.length === 1 ? candidates : [];
    const suggestion = likelyReplacement(name, candidates) ?? only;
    if (suggestion !== undefined) candidates.splice(candidates.indexOf(suggestion), 1);
    const question = suggestion === undefined ? '' : `; did ${quoted(suggestion)} replace it?`;
    sentences.push(`${quoted(name)} is missing${question}`);
  }
  const none = missing.length === mappedCount ? `line ${line} has none of the mapped columns: ` : '';
  const hint =
    missing.length === mappedCount
      ? 'Check `header_row` and `delimiter`, and that this is the right file for the feed.'
      : 'Have the export give the column under its old name again, or change the name in the configuration.';
  return quarantined(fileName, `${none}${sentences.join(', ')}`.replaceAll('?,', '?'), hint);
}

function repeatedColumns(twice: readonly string[], { fileName, line }: HeaderSource) {
  const names = twice.map((name) => quoted(name)).join(', ');
  return quarantined(
    fileName,
    `${names} ${twice.length === 1 ? 'occurs' : 'occur'} more than once in the header (line ${line})`,
    'Have the export name each column once: nobody can tell which of them is meant.',
  );
}

/** A first line of data instead of a header must not put a person's name or address into an error. */
function looksLikeName(header: string): boolean {
  return !header.includes('@') && !/\d{4}/.test(header);
}

/** The header that most likely stands where the missing name stood; undefined when none is close. */
function likelyReplacement(missing: string, candidates: readonly string[]): string | undefined {
  const words = nameWords(missing);
  const same = candidates.find((candidate) => nameWords(candidate).join('') === words.join(''));
  return (
    same ?? nearest(missing, candidates) ?? candidates.find((candidate) => sharesHalf(words, nameWords(candidate)))
  );
}

/** `Legal_Name_-_First_Name` and `legalNameFirstName` are the same words. */
function nameWords(name: string): string[] {
  return canonicalText(name)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function sharesHalf(words: readonly string[], others: readonly string[]): boolean {
  const shared = words.filter((word) => others.includes(word)).length;
  return shared > 0 && shared * 2 >= Math.max(words.length, others.length);
}
