// One round of the soak: a new file, runs to which things happen, and undisturbed ones until it is in.

import type { Random } from '../support/random.ts';
import { checkEnd, checkInSync, contactsOf, snapshotHeld, type Watch } from './checks.ts';
import { expectSame, heldBy, Violation } from './differences.ts';
import { type Circumstances, type Done, type Installation, runIn } from './run.ts';
import type { Step } from './step.ts';
import { drawKill, drawTrouble, type Trouble } from './troubles.ts';
import { changeBehindOurBack, checkElsewhere } from './workshops.ts';

export interface Round {
  readonly step: Step;
  readonly random: Random;
  readonly isFirst: boolean;
}

/** What was done in a round, also in one that is not over. */
export interface Account {
  readonly runs: Done[];
  readonly troubles: Trouble[];
}

/** Enough to make anew whom somebody removed, and to look at it once more. */
const MOST_CALM_RUNS = 5;

/** Throws a `Violation` when something happens that must not. */
export async function playRound(soak: Installation & { watch: Watch }, round: Round, account: Account): Promise<void> {
  const { trial } = soak;
  const { step, random, isFirst } = round;
  trial.drop('employees.csv', step.file);
  const circumstances = { refused: step.refused, guards: 'open' } as const;
  let isUntouched = true;
  do {
    const drawn = isFirst ? drawKill(random, step.changes) : drawTrouble(random, step.changes);
    // Once something of the file was sent, nobody would notice what is changed in Workshop.
    const isTooLate = !isUntouched && drawn.api?.behindOurBack !== undefined;
    const trouble = isTooLate ? drawKill(random, step.changes) : drawn;
    account.troubles.push(trouble);
    await changeBehindOurBack(soak, round, trouble);
    soak.watch.newFile(step, await contactsOf(trial));
    await playRun(soak, { ...circumstances, trouble }, round, account);
    isUntouched = false;
  } while (random.chance(0.25));
  const finalEnd = step.hasRejects || step.refused.length > 0 ? '4' : '0';
  for (let count = 1; ; count += 1) {
    const { end } = await playRun(soak, { ...circumstances, trouble: null }, round, account);
    if (end === finalEnd) break;
    if (['0', '3', '4'].includes(end))
      throw new Violation(`an undisturbed run ended with ${end}, not with ${finalEnd}`);
    if (count === MOST_CALM_RUNS) throw new Violation(`${count} undisturbed runs, and the last one ended with ${end}`);
  }
  await checkInSync(trial, step.expected);
}

/** A file that broke off, with the guards that everybody has: nobody may be removed for it. */
export async function playTruncated(soak: Installation & { watch: Watch }, round: Round, account: Account) {
  const { trial } = soak;
  const { step, random } = round;
  const isEmpty = random.chance(0.3);
  const half = step.file.slice(0, Math.floor(step.file.length / 2));
  trial.drop('employees.csv', isEmpty ? random.pick(['', step.file.slice(0, step.file.indexOf('\n') + 1)]) : half);
  const circumstances = { refused: [], guards: 'default' } as const;
  const trouble = random.chance(0.5) ? drawKill(random, 20) : null;
  soak.watch.newFile(step, await contactsOf(trial));
  if (trouble !== null) {
    account.troubles.push(trouble);
    await playRun(soak, { ...circumstances, trouble }, round, account);
  }
  const { end } = await playRun(soak, { ...circumstances, trouble: null }, round, account);
  if (end !== '3' && end !== '5') throw new Violation(`a file that broke off ended with ${end}, not held or set aside`);
  await checkInSync(trial, step.expected);
}

async function playRun(
  soak: Installation & { watch: Watch },
  circumstances: Circumstances,
  { step }: Round,
  { runs }: Account,
): Promise<Done> {
  const { trial, watch } = soak;
  const writesNothing = circumstances.trouble?.api?.writesNothing === true;
  const before = writesNothing ? { held: heldBy(await contactsOf(trial)), snapshot: snapshotHeld(trial) } : null;
  const done = await runIn(soak, circumstances);
  runs.push(done);
  checkEnd(done, circumstances.trouble);
  watch.checkRequests(step, done.requests);
  const contacts = await contactsOf(trial);
  watch.checkContacts(step, contacts);
  if (before !== null) {
    expectSame('written to a Workshop that is not to be written to', before.held, heldBy(contacts));
    expectSame('not remembered as before', before.snapshot, snapshotHeld(trial));
  }
  await checkElsewhere(soak, circumstances.trouble);
  return done;
}
