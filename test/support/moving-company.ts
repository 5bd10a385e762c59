// Eight people of whom the next file moves six, leaves out two, and adds two others: something of every kind to send.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { withOpenGuards } from './guards.ts';
import { csv, everydayConfiguration, newTrial, people, personRow, type Trial } from './trial.ts';

/** How many operations the next run plans. */
export const PLANNED = 10;
/** Who is in Workshop once it is through. */
export const AFTER = ['00001', '00002', '00003', '00004', '00005', '00006', '00009', '00010'];

/** The state and the contacts after the first file: synced once for a test file, since every trial starts from there. */
let first: { readonly state: string; readonly contacts: unknown } | null = null;
afterAll(() => first && rmSync(first.state, { recursive: true, force: true }));

/** A trial in step with the first file, with the next one in place; `change` is for the configuration from now on. */
export async function newMovingCompany(change: (configuration: string) => string = (text) => text): Promise<Trial> {
  const trial = await newTrial();
  trial.configure(everyday(trial));
  first ??= await syncFirst(trial);
  cpSync(first.state, trial.state, { recursive: true });
  await trial.control('POST', 'reset', { contacts: first.contacts });
  trial.configure(change(everyday(trial)));
  const moved = people(6).map((row) => row.replace('Austin', 'Boston'));
  trial.drop('employees.csv', csv(...moved, personRow('00009'), personRow('00010')));
  return trial;
}

/** The configuration of a trial before it is changed. */
export function everyday(trial: Trial): string {
  return withOpenGuards(everydayConfiguration({ ...trial, url: trial.emulator.url }));
}

async function syncFirst(trial: Trial): Promise<NonNullable<typeof first>> {
  trial.drop('employees.csv', csv(...people(8)));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  const state = mkdtempSync(join(tmpdir(), 'moving-company-'));
  cpSync(trial.state, state, { recursive: true });
  return { state, contacts: await trial.contacts() };
}
