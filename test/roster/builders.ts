// Builders for what a roster test needs: a mapping over a small header, a format, a file on disk.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedError } from '../../src/errors.ts';
import type { Row } from '../../src/roster/employee.ts';
import type { FieldMapping, FileFormat, Mapping } from '../../src/roster/mapping.ts';
import type { Recognise } from '../../src/roster/records.ts';
import { openRosterFile, type RosterFile } from '../../src/roster/roster-file.ts';

export function field(columns: string | string[], more: Partial<FieldMapping> = {}): FieldMapping {
  return {
    columns: Array.isArray(columns) ? columns : [columns],
    template: null,
    case: null,
    values: null,
    otherwise: 'keep',
    pattern: null,
    date: null,
    phone: null,
    pad: null,
    default: null,
    blank: 'keep',
    ...more,
  };
}

/** ID, First, Last and Email, as `header` and `row` write them. */
export function mapping(more: Partial<Mapping> = {}): Mapping {
  return {
    externalId: field('ID'),
    firstName: field('First'),
    lastName: field('Last'),
    email: field('Email'),
    phoneNumber: null,
    attributes: {},
    status: null,
    exclude: [],
    ...more,
  };
}

export function format(more: Partial<FileFormat> = {}): FileFormat {
  return {
    encoding: 'auto',
    delimiter: 'auto',
    quote: '"',
    escape: 'double',
    trailer: null,
    headerRow: 1,
    skipRowsAfterHeader: 0,
    nullWords: ['', 'NULL', 'N/A', 'nan', '-'],
    ...more,
  };
}

export const HEADER = 'ID,First,Last,Email';

/** A valid line for the header: `7,Ann7,Lee,ann7@example.com`. */
export function person(id: number | string, last = 'Lee'): string {
  return `${id},Ann${id},${last},ann${id}@example.com`;
}

const directory = mkdtempSync(join(tmpdir(), 'roster-'));
let fileCount = 0;

export function fileWith(content: string | Uint8Array): string {
  const path = join(directory, `employees-${fileCount++}.csv`);
  writeFileSync(path, content);
  return path;
}

export interface FileOptions {
  mapping?: Partial<Mapping>;
  format?: Partial<FileFormat>;
  chunkBytes?: number;
}

export function open(content: string | Uint8Array, options: FileOptions = {}): Promise<RosterFile> {
  return openRosterFile({
    path: fileWith(content),
    name: 'employees.csv',
    format: format(options.format),
    mapping: mapping(options.mapping),
    ...(options.chunkBytes === undefined ? {} : { chunkBytes: options.chunkBytes }),
  });
}

export async function rowsOf(file: RosterFile, recognise: Recognise | null = null): Promise<RowOfTheFile[]> {
  return (await allRowsOf(file, recognise)).filter(isOfTheFile);
}

type RowOfTheFile = Exclude<Row, { kind: 'left out' }>;

/** Labels and footers that were left out as well. */
export async function allRowsOf(file: RosterFile, recognise: Recognise | null = null): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of file.rows(recognise)) rows.push(...batch);
  return rows;
}

function isOfTheFile(row: Row): row is RowOfTheFile {
  return row.kind !== 'left out';
}

/** Opens and reads a file in one step. */
export async function read(content: string | Uint8Array, options: FileOptions = {}): Promise<RowOfTheFile[]> {
  return rowsOf(await open(content, options));
}

/** `employee 7`, `left 7`, `reject ragged 7 @3`: rows at a glance. */
export function glance(rows: readonly RowOfTheFile[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'employee') return `employee ${row.employee.externalId} @${row.line}`;
    if (row.kind === 'known') return `known ${row.contactId} @${row.line}`;
    if (row.kind === 'reject') return `reject ${row.reject.rule} ${row.reject.externalId} @${row.reject.line}`;
    return `${row.kind} ${row.externalId} @${row.line}`;
  });
}

/** The error with which a file is set aside. */
export async function refusal(reading: Promise<unknown>): Promise<FeedError> {
  const error = await reading.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof FeedError)) throw new Error(`the file was not refused: ${error}`);
  return error;
}
