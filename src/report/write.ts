// The files of a report, `report.json`, `operations.jsonl`, `rejects.csv` and `removals.csv`: written row by row
// so that memory stays flat, and read again to show a stored report. They hold names, so only their owner may look.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseError, UsageError } from '../errors.ts';
import { fileOfLine, lineInFile } from '../roster/line.ts';
import type { OperationRecord, RunFacts } from './facts.ts';
import { lineOf } from './operation-line.ts';
import { csvLine, plainJson } from './plain.ts';
import { type OperationLine, REPORT_SCHEMA, type Report } from './shape.ts';

export interface StoredReport {
  readonly report: Report;
  /** Read from the file as they are asked for. */
  readonly operations: Iterable<OperationLine>;
}

const FILES = {
  report: 'report.json',
  operations: 'operations.jsonl',
  rejects: 'rejects.csv',
  removals: 'removals.csv',
} as const;
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const BUFFER_BYTES = 1 << 16;
const LINES_IN_ONE_GO = 1000;

/**
 * Writes the files of specification §11 into `directory`, which appears whole or not at all; a report of the
 * same run that is there already is replaced. Throws `DatabaseError` (exit 9) when the disk does not take them.
 *
 * The operations of a large run take longer than everything else that is done in one go, so that a turn of the event loop
 * is given up now and then: a signal is heard, and a health probe answered.
 */
export async function writeReport(
  directory: string,
  report: Report,
  rows: Pick<RunFacts, 'operations' | 'rejects'>,
): Promise<void> {
  const unfinished = `${directory}.tmp`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(directory), { recursive: true, mode: DIRECTORY_MODE });
    mkdirSync(unfinished, { mode: DIRECTORY_MODE });
    await writeOperations(unfinished, rows.operations());
    await writeLines(join(unfinished, FILES.rejects), async (write) => {
      write(csvLine(['feed', 'line', 'external_id', 'field', 'rule', 'message', 'file']));
      for (const { feed, line, externalId, field, rule, message } of rows.rejects()) {
        write(csvLine([feed, lineInFile(line), externalId, field, rule, message, fileOfLine(line) + 1]));
      }
    });
    await writeLines(join(unfinished, FILES.report), async (write) => write(`${plainJson(report, 2)}\n`));
    rmSync(directory, { recursive: true, force: true });
    renameSync(unfinished, directory);
  } catch (cause) {
    discard(unfinished);
    if (!isFileSystemError(cause)) throw cause;
    throw new DatabaseError(`Cannot write the report to ${directory}: ${cause.message}.`, {
      hint: 'Free space in the state directory and check who owns it. What Workshop confirmed is remembered all the same.',
      cause,
    });
  }
}

/**
 * A report as it was stored. Throws `UsageError` (exit 7) when there is none, or one of a newer version, and
 * `DatabaseError` (exit 9) when its files are damaged.
 */
export function readReport(directory: string): StoredReport {
  const path = join(directory, FILES.report);
  if (!existsSync(path)) {
    throw new UsageError(`Cannot show the report: there is none in ${directory}.`, {
      hint: 'Type `workshop-sync history` for the runs that there were; old reports are removed after `reports.keep`.',
    });
  }
  const report = parse(readText(path), path) as Report;
  if (report.schema !== REPORT_SCHEMA) {
    throw new UsageError(
      `Cannot show the report in ${directory}: its schema is ${report.schema}, not ${REPORT_SCHEMA}.`,
      {
        hint: 'It was written by another version of workshop-sync; read it with that one.',
      },
    );
  }
  return { report, operations: { [Symbol.iterator]: () => readOperations(join(directory, FILES.operations)) } };
}

async function writeOperations(directory: string, operations: Iterable<OperationRecord>): Promise<void> {
  let count = 0;
  await writeLines(join(directory, FILES.removals), async (writeRemoval) => {
    writeRemoval(csvLine(['external_id', 'name', 'email', 'feed', 'outcome', 'reason']));
    await writeLines(join(directory, FILES.operations), async (writeOperation) => {
      for (const operation of operations) {
        const line = lineOf(operation);
        writeOperation(`${plainJson(line)}\n`);
        if (line.kind === 'delete') writeRemoval(removalLine(line));
        count += 1;
        if (count % LINES_IN_ONE_GO === 0) await nextTurn();
      }
    });
  });
}

function removalLine({ external_id: id, before, feed, line, file, outcome, guard, reason }: OperationLine): string {
  const name = before === null ? '' : `${before.first_name} ${before.last_name}`;
  const why =
    line === null ? 'no longer in the file' : `left (line ${line}${(file ?? 1) > 1 ? ` of file ${file}` : ''})`;
  const notes = [why, ...(guard === null ? [] : [`guard ${guard}`]), ...(reason === null ? [] : [reason])];
  return csvLine([id, name, before?.email ?? null, feed, outcome, notes.join('; ')]);
}

async function writeLines(path: string, lines: (write: (text: string) => void) => Promise<void>): Promise<void> {
  const file = openSync(path, 'wx', FILE_MODE);
  try {
    let buffered = '';
    await lines((text) => {
      buffered += text;
      if (buffered.length < BUFFER_BYTES) return;
      writeAll(file, buffered);
      buffered = '';
    });
    writeAll(file, buffered);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  // A nearly full disk can take a part of it without an error.
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function* readOperations(path: string): Generator<OperationLine> {
  for (const line of readLines(path)) yield parse(line, path) as OperationLine;
}

function* readLines(path: string): Generator<string> {
  const file = openStored(path);
  try {
    const decoder = new StringDecoder('utf8');
    const bytes = Buffer.alloc(BUFFER_BYTES);
    let rest = '';
    for (let count = readSync(file, bytes); count > 0; count = readSync(file, bytes)) {
      const lines = (rest + decoder.write(bytes.subarray(0, count))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function openStored(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): DatabaseError {
  return new DatabaseError(`Cannot read the report: ${path} is damaged or cannot be opened.`, {
    hint: 'The report of a newer run tells how things stand now; this one can only come back from a backup.',
    cause,
  });
}

/** A disk that does not take the report may not let go of its remains either; the next attempt removes them. */
function discard(unfinished: string): void {
  try {
    rmSync(unfinished, { recursive: true, force: true });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
}

function isFileSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
