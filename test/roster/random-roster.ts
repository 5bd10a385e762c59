// Rosters and the ways in which they may be written, at random: for properties that hold whatever the file is.

import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { FileFormat, Trailer } from '../../src/roster/mapping.ts';
import { format } from './builders.ts';

export interface Person {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
}

export interface Shape {
  readonly people: readonly Person[];
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly bom: boolean;
  readonly namesEncoding: boolean;
  readonly delimiter: string;
  readonly namesDelimiter: boolean;
  readonly quoting: 'minimal' | 'all' | 'none';
  readonly escaping: 'double' | 'backslash';
  readonly lineEnds: readonly string[];
  readonly sepLine: boolean;
  readonly titles: readonly string[];
  readonly labels: boolean;
  /** What stands before each person: nothing, a blank line, blank fields, or the header again. */
  readonly between: readonly ('' | 'blank' | 'fields' | 'header')[];
  readonly trailer: 'none' | 'rows' | 'rows_and_header' | 'rows_and_trailer' | 'all' | 'last';
  readonly endsWithLineEnd: boolean;
  readonly chunkBytes: number;
}

const letter = fc.constantFrom(...'abz"\'\\,;|\t~\n\r =éßŒ1'.split(''));
const name = fc.string({ unit: letter, maxLength: 6 }).map((text) => `A${text}`);

const person: fc.Arbitrary<Person> = fc.record({
  id: fc.integer({ min: 1000, max: 99_999_999 }).map((id) => String(id).padStart(8, '0')),
  first: name,
  last: name,
  email: fc
    .string({ unit: fc.constantFrom('a', 'b', '.a', '-'), minLength: 1, maxLength: 5 })
    .map((text) => `x${text}y@example.com`),
});

export const shape: fc.Arbitrary<Shape> = fc
  .record({
    people: fc.uniqueArray(person, { maxLength: 8, selector: ({ id }) => id }),
    encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'),
    bom: fc.boolean(),
    namesEncoding: fc.boolean(),
    delimiter: fc.constantFrom(',', ';', '|', '\t', '~'),
    namesDelimiter: fc.boolean(),
    quoting: fc.constantFrom('minimal', 'all', 'none'),
    escaping: fc.constantFrom('double', 'backslash'),
    lineEnds: fc.oneof(
      fc.constantFrom(['\n'], ['\r\n'], ['\r']),
      fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 2, maxLength: 5 }),
    ),
    sepLine: fc.boolean(),
    titles: fc.array(fc.constantFrom('Workers "as of', '', 'A,b;c'), { maxLength: 2 }),
    labels: fc.boolean(),
    between: fc.array(fc.constantFrom('', '', 'blank', 'fields', 'header'), { minLength: 8, maxLength: 8 }),
    trailer: fc.constantFrom('none', 'rows', 'rows_and_header', 'rows_and_trailer', 'all', 'last'),
    endsWithLineEnd: fc.boolean(),
    chunkBytes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(1 << 17)),
  })
  .map((drawn) => {
    const changes = [
      ...(drawn.quoting === 'none' ? [new RegExp(`[\r\n\\${drawn.delimiter}]`, 'g')] : []),
      // `ßŒ` in Windows-1252 are the bytes of a letter in UTF-8: nobody could tell.
      ...(drawn.encoding === 'windows-1252' && !drawn.namesEncoding ? [/Œ/g] : []),
    ];
    const clean = (text: string) => changes.reduce((rest, unwanted) => rest.replaceAll(unwanted, ''), text);
    const people = drawn.people.map((one) => ({ ...one, first: clean(one.first), last: clean(one.last) }));
    return { ...drawn, people };
  });

/** The text of a file, and where the ids of its people stand in it. */
export interface WrittenRoster {
  readonly text: string;
  readonly ids: readonly { readonly start: number; readonly end: number }[];
}

const COLUMNS = ['ID', 'First', 'Last', 'Email'];

export function writeText(from: Shape): WrittenRoster {
  const lines: string[] = [];
  const idLines = new Map<number, string>();
  const row = (fields: readonly string[]) =>
    lines.push(fields.map((field) => writeField(field, from)).join(from.delimiter));
  if (from.sepLine) lines.push(`sep=${from.delimiter}`);
  lines.push(...from.titles);
  row(COLUMNS);
  if (from.labels) row(['Id', 'First name', 'Last name', 'Mail']);
  let extraRows = 0;
  from.people.forEach(({ id, first, last, email }, index) => {
    const before = from.between[index];
    if (before === 'blank') lines.push(' ');
    if (before === 'fields') lines.push(from.delimiter.repeat(3));
    if (before === 'header') extraRows += Math.sign(row(COLUMNS));
    idLines.set(lines.length, id);
    row([id, first, last, email]);
  });
  if (from.trailer === 'last') lines.push('Total', 'End of report');
  else if (from.trailer !== 'none') row(['T', String(trailerCount(from, extraRows))]);
  return joined(lines, idLines, from);
}

function trailerCount({ people, labels, trailer }: Shape, extraRows: number): number {
  const header = trailer === 'rows_and_header' || trailer === 'all' ? (labels ? 2 : 1) : 0;
  return people.length + extraRows + header + (trailer === 'rows_and_trailer' || trailer === 'all' ? 1 : 0);
}

function writeField(field: string, { quoting, escaping, delimiter }: Shape): string {
  if (quoting === 'none') return field;
  const needsQuotes = quoting === 'all' || /["\n\r]/.test(field) || field.includes(delimiter);
  if (!needsQuotes) return field;
  const inside = escaping === 'double' ? field.replaceAll('"', '""') : field.replaceAll(/["\\]/g, '\\$&');
  return `"${inside}"`;
}

function joined(lines: readonly string[], idLines: ReadonlyMap<number, string>, from: Shape): WrittenRoster {
  const ids: { start: number; end: number }[] = [];
  let text = '';
  lines.forEach((line, index) => {
    const id = idLines.get(index);
    const start = text.length + (id === undefined ? 0 : line.indexOf(id));
    if (id !== undefined) ids.push({ start, end: start + id.length });
    const isLast = index === lines.length - 1;
    text += line + (isLast && !from.endsWithLineEnd ? '' : (from.lineEnds[index % from.lineEnds.length] ?? ''));
  });
  return { text, ids };
}

export function encode(text: string, { encoding, bom }: Shape): Buffer {
  return iconv.encode(bom && encoding !== 'windows-1252' ? `\ufeff${text}` : text, encoding);
}

/** The configuration under which the file is read. */
export function formatOf(from: Shape): FileFormat {
  const line = from.titles.length + 1;
  const isBesideSep = from.sepLine && from.titles.length === 0;
  const trailer: Trailer | null =
    from.trailer === 'none'
      ? null
      : from.trailer === 'last'
        ? { kind: 'last', rows: 2 }
        : { kind: 'counted', startsWith: `T${from.delimiter}`, countColumn: 2, counts: from.trailer };
  return format({
    encoding: from.namesEncoding ? from.encoding : 'auto',
    delimiter: from.namesDelimiter ? from.delimiter : 'auto',
    quote: from.quoting === 'none' ? null : '"',
    escape: from.escaping,
    headerRow: from.sepLine && !isBesideSep ? line + 1 : line,
    skipRowsAfterHeader: from.labels ? 1 : 0,
    trailer,
  });
}
