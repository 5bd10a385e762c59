// A Workshop whose answers contradict each other: whom a look-up finds is not gone, and what is not confirmed is not done
// (specification §9, "Converging").

import { describe, expect, it } from 'vitest';
import { killedWhen, strikes } from '../support/evolving.ts';
import { inDoubt, snapshotOf } from '../support/snapshot.ts';
import { oneLine } from '../support/text.ts';
import { checkTrial, csv, inBoston, newTrial, people, personRow, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 60_000 };
/** Longer than any test lasts: the answer never comes. */
const NEVER_MS = 600_000;

async function trialInStep(count: number): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', csv(...people(count)));
  expect((await trial.run('--once')).code).toBe(0);
  return trial;
}

const ids = (trial: Trial) => snapshotOf(trial).map(({ external_id }) => external_id);

describe('a write that is told 404 while a look-up finds the contact', () => {
  it.each([
    ['an update', 'PATCH', [...people(2).map((row) => row.replace('Austin', 'Boston')), ...people(4, 3)]],
    ['a re-key', 'PATCH', [personRow('N1', { email: 'p00001@example.com' }), ...people(5, 2)]],
    ['a delete', 'DELETE', people(4, 3)],
  ])('(%s) is refused: nobody is forgotten, made again or taken for gone', SLOW, async (_, method, rows) => {
    const trial = await trialInStep(6);
    await trial.faults([{ method, status: 404 }]);
    trial.drop('employees.csv', csv(...rows));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(oneLine(stdout)).toContain('and yet finds it when it is asked');
    expect(ids(trial)).toHaveLength(6);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(rows.length);
    await checkTrial(trial);
  });

  it('ends the run with 8 when it happens to everybody', SLOW, async () => {
    const trial = await trialInStep(80);
    await trial.faults([{ method: 'PATCH', status: 404 }]);
    trial.drop('employees.csv', csv(...people(60).map((row) => row.replace('Austin', 'Boston')), ...people(20, 61)));
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    expect(ids(trial)).toHaveLength(80);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('a delete that fails once and is then told 404', () => {
  it('is not done while the contact is there', SLOW, async () => {
    const trial = await trialInStep(6);
    await trial.faults([
      { method: 'DELETE', status: 503, count: 2 },
      { method: 'DELETE', status: 404 },
    ]);
    trial.drop('employees.csv', csv(...people(4, 3)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(4);
    await checkTrial(trial);
  });
});

describe('a delete whose answer is lost, in a run that is stopped before it is certain', () => {
  it('stays in doubt: whoever comes back with the next file is made again', SLOW, async () => {
    const trial = await trialInStep(30);
    await trial.faults([
      { method: 'DELETE', drop: 'after', count: 1 },
      { method: 'PATCH', status: 401 },
    ]);
    trial.drop('employees.csv', csv(...inBoston(people(5)), ...people(24, 6)));
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    await trial.control('DELETE', 'faults');
    trial.drop('employees.csv', csv(...people(30)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(30);
    await checkTrial(trial);
  });
});

describe('an answer of 2xx that confirms nothing', () => {
  it.each([
    ['speaks of an error', { status: 200, body: { error: 'something went wrong' } }],
    ['promises to do it later', { status: 202, body: { message: 'queued' } }],
  ])('because it %s, is looked into: nothing is recorded that was not done', SLOW, async (_, answer) => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    await trial.faults([{ method: 'POST', ...answer, count: 1 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
    await trial.faults([
      { method: 'PATCH', ...answer, count: 1 },
      { method: 'DELETE', ...answer, count: 1 },
    ]);
    trial.drop('employees.csv', csv(personRow('00001', { office: 'Boston' }), ...people(1, 2)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(2);
    await checkTrial(trial);
  });
});

describe('a re-key whose answer is lost', () => {
  it('stays in doubt while nobody is found under either id, and loses nobody', SLOW, async () => {
    const trial = await trialInStep(6);
    await trial.faults([
      { method: 'PATCH', drop: 'after', count: 1 },
      { method: 'GET', path: '/N1[?]', status: 404 },
    ]);
    trial.drop('employees.csv', csv(personRow('N1', { email: 'p00001@example.com' }), ...people(5, 2)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(inDoubt(trial)).toEqual(['00001']);
    await trial.control('DELETE', 'faults');
    // The person leaves: whoever forgot the contact would leave it behind.
    trial.drop('employees.csv', csv(...people(5, 2)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(5);
    await checkTrial(trial);
  });

  it('is not taken for carried out because a stranger has the new id', SLOW, async () => {
    const trial = await trialInStep(6);
    await trial.faults([{ method: 'PATCH', status: 503, delay_ms: NEVER_MS }]);
    trial.drop('employees.csv', csv(personRow('N1', { email: 'p00001@example.com' }), ...people(5, 2)));
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    const stranger = {
      external_id: 'N1',
      first_name: 'Zoe',
      last_name: 'Other',
      email: 'zoe@example.com',
      attributes: {},
    };
    await trial.control('POST', 'contacts', stranger);
    await trial.run('--once');
    expect(ids(trial)).toContain('00001');
    expect((await trial.contacts()).find(({ external_id }) => external_id === 'N1')).toMatchObject(stranger);
  });
});
