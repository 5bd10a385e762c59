// Everything that is needed to look into a violation, kept where the test does not remove it.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactsOf } from './checks.ts';
import type { Options } from './options.ts';
import type { Account, Round } from './round.ts';
import type { Installation } from './run.ts';

/** Copies the installation and writes down what happened in the round; gives the report for whoever is to find out why. */
export async function keepEvidence(
  { trial }: Installation,
  { people, seed }: Options,
  { number, round, account }: { number: number; round: Round; account: Account },
): Promise<string> {
  const kept = join(tmpdir(), `workshop-sync-soak-${seed}-${number}`);
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  cpSync(trial.directory, kept, { recursive: true });
  const { file, expected, present, ...step } = round.step;
  const write = (name: string, value: unknown) => writeFileSync(join(kept, name), JSON.stringify(value, null, 1));
  write('step.json', step);
  write('expected.json', [...expected.values()]);
  write('contacts.json', await contactsOf(trial));
  write('runs.json', account.runs);
  write('troubles.json', account.troubles);
  return [
    `in round ${number} of the soak with seed ${seed} and ${people} people: ${round.step.words}`,
    ...account.troubles.map(({ words }, index) => `  run ${index + 1}: ${words}`),
    `  the runs ended with ${account.runs.map(({ end }) => end).join(' ')}`,
    `  kept in ${kept}: file, state, contacts, requests and output of every run of the round`,
    `  again: npm run soak -- --people ${people} --seed ${seed} --runs ${number}`,
  ].join('\n');
}
