// Whatever roster follows whatever roster, Workshop ends as the file says, and on the way no email or phone number is
// claimed before it is given up (specification §7, "Unique values"): the emulator enforces it, over real HTTP.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOnce } from '../../src/commands/once.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';
import { silentLog } from '../../src/log.ts';
import { createProgress } from '../../src/progress.ts';
import { withOpenGuards } from '../support/guards.ts';
import { temporaryDirectory } from '../support/store.ts';
import { csv, type EmulatedContact, everydayConfiguration, type LoggedRequest, personRow } from '../support/trial.ts';

interface Person {
  readonly id: string;
  readonly email: string;
  readonly mobile: string;
  readonly office: string;
}

const IDS = Array.from({ length: 7 }, (_, index) => `E${index}`);
const EMAILS = Array.from({ length: 9 }, (_, index) => `mailbox${index}@example.com`);
const PHONES = ['', '', ...Array.from({ length: 6 }, (_, index) => `+1402555010${index}`)];

/** A few people with distinct emails and phone numbers out of small pools, so that successive rosters collide. */
const roster: fc.Arbitrary<Person[]> = fc
  .record({
    ids: fc.shuffledSubarray(IDS, { minLength: 1 }),
    emails: fc.shuffledSubarray(EMAILS, { minLength: IDS.length }),
    phones: fc.shuffledSubarray(PHONES, { minLength: IDS.length }),
    offices: fc.array(fc.constantFrom('Austin', 'Boston', ''), { minLength: IDS.length, maxLength: IDS.length }),
  })
  .map(({ ids, emails, phones, offices }) =>
    ids.map((id, index) => ({
      id,
      email: emails[index] ?? '',
      mobile: phones[index] ?? '',
      office: offices[index] ?? '',
    })),
  );

async function inAnEmptyWorkshop<Result>(body: (sync: Sync) => Promise<Result>): Promise<Result> {
  const emulator = await startEmulator();
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'outbound'));
  const file = join(directory, 'workshop-sync.yaml');
  const text = everydayConfiguration({ url: emulator.url, directory, state: join(directory, 'state') });
  writeFileSync(file, withOpenGuards(text.replace('phone: US }', 'phone: US, blank: clear }')));
  try {
    return await body((people) => syncRoster({ emulator, directory, file }, people));
  } finally {
    await emulator.close();
    rmSync(directory, { recursive: true });
  }
}

type Sync = (people: readonly Person[]) => ReturnType<typeof syncRoster>;

async function syncRoster(
  { emulator, directory, file }: { emulator: RunningEmulator; directory: string; file: string },
  people: readonly Person[],
) {
  const rows = people.map(({ id, ...changes }) => personRow(id, changes));
  writeFileSync(join(directory, 'outbound', 'employees.csv'), csv(...rows));
  const { report } = await runOnce({
    configuration: loadConfiguration(file, { WORKSHOP_API_KEY: emulator.apiKey }),
    // People may well swap both email and phone here; that it is people who do is for another test.
    options: { dryRun: false, force: new Set(['identity']), allowEmpty: false },
    log: silentLog,
    progress: createProgress(false),
    signal: new AbortController().signal,
    present: () => undefined,
  });
  const contacts = (await control(emulator, 'contacts')) as EmulatedContact[];
  const { requests } = (await control(emulator, 'requests')) as { requests: LoggedRequest[] };
  return { report, contacts, conflicts: requests.filter(({ status }) => status === 409 || status === 422) };
}

async function control(emulator: RunningEmulator, path: string): Promise<unknown> {
  return await (await fetch(`${emulator.url.replace(/\/api$/, '/_emulator')}/${path}`)).json();
}

function wanted(people: readonly Person[]) {
  return people
    .map(({ id, email, mobile, office }) => ({
      external_id: id,
      email,
      phone_number: mobile === '' ? null : mobile,
      office: office === '' ? null : office,
    }))
    .sort(byId);
}

function held(contacts: readonly EmulatedContact[]) {
  return contacts
    .map(({ external_id, email, phone_number, attributes }) => ({
      external_id: external_id ?? '',
      email,
      phone_number: phone_number ?? null,
      office: attributes.office ?? null,
    }))
    .sort(byId);
}

function byId(one: { external_id: string }, other: { external_id: string }): number {
  return one.external_id < other.external_id ? -1 : 1;
}

describe('any roster after any other', () => {
  it('is what Workshop has in the end, without a conflict on the way', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(roster, { minLength: 2, maxLength: 4 }), async (rosters) => {
        await inAnEmptyWorkshop(async (sync) => {
          for (const people of rosters) {
            const { report, contacts, conflicts } = await sync(people);
            expect(conflicts).toEqual([]);
            expect(held(contacts)).toEqual(wanted(people));
            expect(report).toMatchObject({ exit_code: 0, balanced: true, rejects: [] });
          }
        });
      }),
      { numRuns: 80, seed: 20261125 },
    );
  });
});
