// Rosters that follow each other, synced in this process against an emulator: for properties over many of them.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { runOnce } from '../../src/commands/once.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';
import { silentLog } from '../../src/log.ts';
import type { GuardName } from '../../src/plan/guard.ts';
import { createProgress } from '../../src/progress.ts';
import { operationLines } from '../../src/report/operation-line.ts';
import type { OperationLine } from '../../src/report/shape.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createHeldSets } from '../../src/store/held-sets.ts';
import { temporaryDirectory } from './store.ts';
import { csv, type EmulatedContact, everydayConfiguration, type LoggedRequest, personRow } from './trial.ts';

export interface RosterPerson {
  readonly id: string;
  readonly email: string;
  readonly mobile: string;
  readonly office: string;
}

/** `count` or fewer people with distinct emails and phone numbers out of small pools, so that successive rosters collide. */
export function rosterOf(count: number): fc.Arbitrary<RosterPerson[]> {
  const numbers = (many: number) => Array.from({ length: many }, (_, index) => index);
  const ids = numbers(count).map((index) => `E${index}`);
  const emails = numbers(count + 2).map((index) => `mailbox${index}@example.com`);
  const phones = numbers(count + 1).map((index) => (index < 2 ? '' : `+140255501${String(index).padStart(2, '0')}`));
  const offices = fc.array(fc.constantFrom('Austin', 'Boston', ''), { minLength: count, maxLength: count });
  return fc
    .record({
      ids: fc.shuffledSubarray(ids, { minLength: 1 }),
      emails: fc.shuffledSubarray(emails, { minLength: count }),
      phones: fc.shuffledSubarray(phones, { minLength: count }),
      offices,
    })
    .map((drawn) =>
      drawn.ids.map((id, index) => ({
        id,
        email: drawn.emails[index] ?? '',
        mobile: drawn.phones[index] ?? '',
        office: drawn.offices[index] ?? '',
      })),
    );
}

/** One run: its report, its operations in order, what the emulator holds then, and which of its answers were conflicts. */
export interface Synced {
  readonly report: Awaited<ReturnType<typeof runOnce>>['report'];
  readonly operations: readonly OperationLine[];
  readonly contacts: readonly EmulatedContact[];
  readonly conflicts: readonly LoggedRequest[];
  readonly writes: number;
}

export interface Successive {
  readonly directory: string;
  write(people: readonly RosterPerson[]): void;
  run(options?: { dryRun?: boolean; force?: readonly GuardName[] }): Promise<Synced>;
  faults(rules: readonly object[]): Promise<void>;
  /** Approves or rejects what the last run held. */
  decide(decision: 'approve' | 'reject'): void;
}

/** Gives `body` an empty Workshop and a feed that clears what is blank; `adapt` changes the configuration. */
export async function inAnEmptyWorkshop(
  adapt: (configuration: string) => string,
  body: (successive: Successive) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator();
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  mkdirSync(join(directory, 'outbound'));
  const file = join(directory, 'workshop-sync.yaml');
  const text = everydayConfiguration({ url: emulator.url, directory, state });
  writeFileSync(file, adapt(text.replace('phone: US }', 'phone: US, blank: clear }')));
  try {
    await body({
      directory,
      write: (people) => {
        const rows = people.map(({ id, ...changes }) => personRow(id, changes));
        writeFileSync(join(directory, 'outbound', 'employees.csv'), csv(...rows));
      },
      run: (options = {}) => sync(emulator, file, options),
      faults: async (rules) => void (await control(emulator, 'faults', rules)),
      decide: (decision) => decideHeld(state, decision),
    });
  } finally {
    await emulator.close();
    rmSync(directory, { recursive: true });
  }
}

async function sync(
  emulator: RunningEmulator,
  file: string,
  { dryRun = false, force = [] }: { dryRun?: boolean; force?: readonly GuardName[] },
): Promise<Synced> {
  let operations: readonly OperationLine[] = [];
  const { report } = await runOnce({
    configuration: loadConfiguration(file, { WORKSHOP_API_KEY: emulator.apiKey }),
    options: { dryRun, force: new Set(force), allowEmpty: false },
    log: silentLog,
    progress: createProgress(false),
    signal: new AbortController().signal,
    present: (finished) => {
      operations = [...operationLines(finished.operations())];
    },
  });
  const contacts = (await control(emulator, 'contacts')) as EmulatedContact[];
  const { requests } = (await control(emulator, 'requests')) as { requests: LoggedRequest[] };
  return {
    report,
    operations,
    contacts,
    conflicts: requests.filter(({ status }) => status === 409 || status === 422),
    writes: requests.filter(({ method }) => method !== 'GET').length,
  };
}

async function control(emulator: RunningEmulator, path: string, body?: unknown): Promise<unknown> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const url = `${emulator.url.replace(/\/api$/, '/_emulator')}/${path}`;
  return await (await fetch(url, body === undefined ? {} : post)).json().catch(() => null);
}

function decideHeld(state: string, decision: 'approve' | 'reject'): void {
  const database = openDatabase(state);
  try {
    const sets = createHeldSets(database);
    for (const set of sets.allOpen()) sets[decision](set, 'a test', 1);
  } finally {
    database.close();
  }
}
