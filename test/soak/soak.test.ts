import { expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { randomNumbers } from '../support/random.ts';
import { newTrial } from '../support/trial.ts';
import { ChangingCompany } from './changing-company.ts';
import { Watch } from './checks.ts';
import { keepEvidence } from './evidence.ts';
import { soakOptions } from './options.ts';
import { type Account, playRound, playTruncated, type Round } from './round.ts';
import { requestCount } from './run.ts';
import { createTally, LEGEND } from './tally.ts';

const options = soakOptions(process.env);
/** Of the rounds, so many have a file that broke off. */
const TRUNCATED = 0.04;

const tell = (line: string) => {
  if (options.isTold) console.log(line);
};
const secondsSince = (startMs: number) => (Date.now() - startMs) / 1000;

it('whatever happens to the runs, Workshop is as every file says in the end', { timeout: 0 }, async () => {
  const startMs = Date.now();
  const trial = await newTrial({ emulator: { seed: options.seed } });
  const elsewhere = await startEmulator();
  onTestFinished(() => elsewhere.close());
  const soak = { trial, elsewhere, watch: new Watch() };
  const company = new ChangingCompany(options.people);
  const tally = createTally();
  tell(`seed ${options.seed}, ${options.people} people\n${LEGEND}`);
  for (let number = 1; number <= options.runs || secondsSince(startMs) < options.minutes * 60; number += 1) {
    const roundMs = Date.now();
    const random = randomNumbers(options.seed, number);
    const isFirst = number === 1;
    const isTruncated = !isFirst && random.chance(TRUNCATED);
    const step = isTruncated ? company.pause() : company.step(random);
    const round: Round = { step, random, isFirst };
    const account: Account = { runs: [], troubles: [] };
    try {
      await (isTruncated ? playTruncated : playRound)(soak, round, account);
    } catch (error) {
      const evidence = await keepEvidence(soak, options, { number, round, account });
      tell(`VIOLATION ${evidence}\n${error instanceof Error ? error.message : error}`);
      throw new Error(evidence, { cause: error });
    }
    tell(tally.add(number, step.words, account, secondsSince(roundMs)));
  }
  const requests = await requestCount(trial);
  tell(tally.summary({ seed: options.seed, requests, seconds: secondsSince(startMs) }));
  expect(requests).toBeGreaterThan(options.people);
});
