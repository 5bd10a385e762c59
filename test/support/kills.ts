// Kills of a run at the transitions of its journal, made from the list of them (specification §9, "Crash").

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRANSITIONS } from '../../src/plan/operation.ts';
import { type CrashCompany, newCrashCompany } from './crash-company.ts';
import type { Strike } from './program.ts';

/** How an operation comes into the journal, and everything that can become of it. */
export const MOVES: readonly (readonly [from: string, to: string])[] = [['', 'pending'], ['', 'held'], ...TRANSITIONS];

const MOST_OF_A_KIND = 12;
const SLOW = { timeout: 240_000 };

/** One test for each transition: the program is killed before, or right after, several of its occurrences. */
export function describeKills(when: 'before' | 'after', leastKills: number): void {
  let killCount = 0;
  describe(`a run of four hundred operations that is killed right ${when} an operation moves`, () => {
    it.each(MOVES)('from "%s" to %s converges in the next run', SLOW, async (from, to) => {
      const company = await newCrashCompany();
      const occurrences = (await census(company))[`${from}>${to}`] ?? 0;
      expect(occurrences, `the run never moved an operation from "${from}" to ${to}`).toBeGreaterThan(0);
      for (const nth of spread(occurrences)) {
        await company.restore();
        if (await isKilled(company, { transition: [from, to], when, nth })) killCount += 1;
        // The order of the answers decides how often some of them occur, but not whether they do.
        else expect(nth).toBeGreaterThan(1);
        await company.converge();
      }
    });

    it(`was killed ${leastKills} times at least`, () => {
      expect(killCount).toBeGreaterThanOrEqual(leastKills);
    });
  });
}

/** Runs the program until it is struck, or has come to its end without that. */
export async function isKilled({ trial }: CrashCompany, strike: Strike): Promise<boolean> {
  const { signal, code, stderr } = await trial.startStruck(strike, '--once').ended;
  expect(signal === 'SIGKILL' || code === 8 || code === 3, `exit ${code} ${signal}: ${stderr}`).toBe(true);
  return signal === 'SIGKILL';
}

/** How often each transition occurs in a run that nobody kills. */
async function census({ trial, restore, converge }: CrashCompany): Promise<Record<string, number>> {
  const file = join(trial.directory, 'census.json');
  await restore();
  expect((await trial.startStruck({ census: file }, '--once').ended).code).toBe(8);
  expect(trial.report()).toMatchObject({ balanced: true, operations: { planned: 406 } });
  await converge();
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Numbers from 1 on, evenly spread. */
function spread(occurrences: number): number[] {
  const count = Math.min(occurrences, MOST_OF_A_KIND);
  return Array.from({ length: count }, (_, index) => 1 + Math.floor((index * occurrences) / count));
}
