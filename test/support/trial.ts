// One whole installation for a system test: a feed folder, a configuration, a state directory, an emulator,
// and the built program driven as an operator would, through its command line.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { OperationLine, Report } from '../../src/report/shape.ts';
import { type Ended, type Running, type Strike, startProgram, struckBy } from './program.ts';
import { temporaryDirectory } from './store.ts';

export type { Ended } from './program.ts';

export interface EmulatedContact {
  readonly external_id: string | null;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone_number: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LoggedRequest {
  readonly method: string;
  readonly external_id: string | null;
  readonly status: number | null;
  readonly body: unknown;
}

export interface Trial {
  readonly directory: string;
  readonly state: string;
  readonly emulator: RunningEmulator;
  /** Writes a file into the feed folder. */
  drop(name: string, content: string | Uint8Array): void;
  configure(text: string): void;
  run(...args: string[]): Promise<Ended>;
  /** Starts the program and gives control before it ends. */
  start(...args: string[]): Running;
  /** The same, struck at a point of its own doing (support/strike.mjs). */
  startStruck(strike: Strike, ...args: string[]): Running;
  contacts(): Promise<EmulatedContact[]>;
  requests(): Promise<LoggedRequest[]>;
  /** The requests that would change something. */
  writes(): Promise<LoggedRequest[]>;
  faults(rules: readonly object[]): Promise<void>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The newest report. */
  report(): Report;
  operations(): OperationLine[];
  reportFile(name: string): string;
}

/** Columns that every trial maps, unless it configures otherwise. */
export const HEADER = 'Employee ID,First,Last,Email,Mobile,Department,Office';

export interface TrialOptions {
  readonly emulator?: EmulatorOptions;
  /** On top of the environment of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it keeps its state, if not beside everything else. */
  readonly state?: string;
  readonly configuration?: (facts: { url: string; directory: string; state: string }) => string;
}

/** A trial that is taken down when the test ends. */
export async function newTrial(options: TrialOptions = {}): Promise<Trial> {
  const directory = temporaryDirectory();
  const state = options.state ?? join(directory, 'state');
  const outbound = join(directory, 'outbound');
  mkdirSync(outbound);
  const emulator = await startEmulator(options.emulator);
  onTestFinished(() => emulator.close());
  const file = join(directory, 'workshop-sync.yaml');
  const configure = (text: string) => writeFileSync(file, text);
  configure((options.configuration ?? everydayConfiguration)({ url: emulator.url, directory, state }));
  const control = async (method: string, path: string, body?: unknown) => {
    const url = `${emulator.url.replace(/\/api$/, '/_emulator')}/${path}`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return (await response.json().catch(() => null)) as unknown;
  };
  const startIn = (environment: Readonly<Record<string, string>>, args: readonly string[]) =>
    startProgram(['--config', file, ...args], {
      WORKSHOP_API_KEY: emulator.apiKey,
      ...options.environment,
      ...environment,
    });
  const start = (...args: string[]) => startIn({}, args);
  const requests = async () => ((await control('GET', 'requests')) as { requests: LoggedRequest[] }).requests;
  const reports = () => join(state, 'reports');
  const newest = () => readdirSync(reports()).sort().at(-1) ?? '';
  const reportFile = (name: string) => readFileSync(join(reports(), newest(), name), 'utf8');
  return {
    directory,
    state,
    emulator,
    configure,
    control,
    start,
    startStruck: (strike, ...args) => startIn(struckBy(strike), args),
    reportFile,
    // Whole or not at all: somebody may be reading.
    drop: (name, content) => {
      const unfinished = join(outbound, `.${name}`);
      writeFileSync(unfinished, content);
      renameSync(unfinished, join(outbound, name));
    },
    run: (...args) => start(...args).ended,
    contacts: async () => (await control('GET', 'contacts')) as EmulatedContact[],
    requests,
    writes: async () => (await requests()).filter(({ method }) => method !== 'GET'),
    faults: async (rules) => void (await control('POST', 'faults', rules)),
    report: () => JSON.parse(reportFile('report.json')),
    operations: () =>
      reportFile('operations.jsonl')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
}

/** A file with the header of every trial. */
export function csv(...rows: string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** A row of an ordinary person. */
export function personRow(
  id: string,
  changes: { last?: string; email?: string; department?: string; office?: string; mobile?: string } = {},
): string {
  const { last = 'Ruiz', email = `p${id}@example.com`, department = 'Sales', office = 'Austin', mobile = '' } = changes;
  return [id, 'Ana', last, email, mobile, department, office].join(',');
}

/** `count` rows with ids from `from` on. */
export function people(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => personRow(String(from + index).padStart(5, '0')));
}

/** The same rows, with everybody of Austin in Boston: updates. */
export function inBoston(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace('Austin', 'Boston'));
}

/**
 * What must hold after every run: the snapshot equals what the emulator holds, nothing is in flight or in doubt,
 * and the report balances.
 */
export async function checkTrial(trial: Trial): Promise<void> {
  const database = new Sqlite(join(trial.state, 'workshop-sync.db'));
  try {
    const open = database
      .prepare("SELECT count(*) FROM operation WHERE state IN ('pending', 'in_flight') OR in_doubt = 1")
      .pluck();
    expect(open.get(), 'operations that are pending, in flight or in doubt').toBe(0);
    const rows = database.prepare('SELECT * FROM contact ORDER BY external_id').all() as Record<
      string,
      string | null
    >[];
    const snapshot = rows.map((row) => ({
      external_id: row.external_id,
      first_name: row.first_name,
      last_name: row.last_name,
      email: row.email,
      phone_number: row.phone_number,
      attributes: JSON.parse(row.attributes ?? '{}'),
    }));
    const held = (await trial.contacts()).map(
      ({ external_id, first_name, last_name, email, phone_number, attributes }) => ({
        external_id,
        first_name,
        last_name,
        email,
        phone_number: phone_number ?? null,
        attributes,
      }),
    );
    expect(snapshot).toEqual(held);
  } finally {
    database.close();
  }
  if (existsSync(join(trial.state, 'reports')))
    expect(trial.report()).toMatchObject({ balanced: true, imbalances: [] });
}

/** A folder feed with the columns of `HEADER`. */
export function everydayConfiguration({
  url,
  directory,
  state,
}: {
  url: string;
  directory: string;
  state: string;
}): string {
  return `
workshop:
  base_url: ${url}
  api_key: \${WORKSHOP_API_KEY}
  requests_per_second: 500
  concurrency: 8
  timeout: 5s
feeds:
  - name: employees
    source: { type: folder, directory: ${directory}/outbound }
    file: "employees*.csv"
    kind: full
    missing: delete
    ready: { settle: 0s }
    contact:
      external_id: Employee ID
      first_name: First
      last_name: Last
      email: { column: Email, case: lower }
      phone_number: { column: Mobile, phone: US }
      attributes:
        department: Department
        office: Office
state_directory: ${state}
server: null
`;
}
