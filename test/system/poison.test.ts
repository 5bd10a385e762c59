// A row that Workshop refuses each time (specification §9, "Refused"): it is tried again in every run, stops nobody, is never
// taken for done, and is told as what it is once it has been refused often enough.

import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../support/snapshot.ts';
import { oneLine } from '../support/text.ts';
import { checkTrial, csv, inBoston, newTrial, people, personRow, type Trial } from '../support/trial.ts';

const REFUSED = { status: 422, body: { error: { email: ['is not deliverable'] } } };

async function poisonedTrial(...ids: string[]): Promise<Trial> {
  const trial = await newTrial();
  await trial.faults(ids.map((external_id) => ({ ...REFUSED, method: 'POST', external_id })));
  return trial;
}

describe('a row that Workshop always refuses', () => {
  it('is tried in every run, also when the file is unchanged, and is marked after three', async () => {
    const trial = await poisonedTrial('00002');
    trial.drop('employees.csv', csv(...people(4)));
    for (const runs of [1, 2, 3, 4]) {
      const dry = await trial.run('plan');
      expect(dry.stdout.includes('Poison')).toBe(runs > 3);
      const { code, stdout } = await trial.run('--once');
      expect(code).toBe(4);
      expect(trial.report().operations).toMatchObject({ planned: runs === 1 ? 4 : 1, refused: 1 });
      expect(trial.operations()).toContainEqual(
        expect.objectContaining({ external_id: '00002', outcome: 'refused', status: 422, refused_runs: runs }),
      );
      const poison = runs < 3 ? [] : [{ feed: 'employees', external_id: '00002', runs, since: expect.any(String) }];
      expect(trial.report().poison).toEqual(poison);
      expect(stdout.includes('Poison: 1 row that Workshop refuses again and again')).toBe(runs >= 3);
      if (runs > 1)
        expect(oneLine(stdout)).toContain(`refused in ${runs} runs in a row: 422 email: is not deliverable`);
    }
    expect(snapshotOf(trial).map(({ external_id }) => external_id)).toEqual(['00001', '00003', '00004']);
    await checkTrial(trial);
  });

  it('is poison no longer once it goes through, nor once the file does not ask for it any more', async () => {
    const trial = await poisonedTrial('00002', '00003');
    trial.drop('employees.csv', csv(...people(4)));
    for (let run = 0; run < 3; run += 1) await trial.run('--once');
    expect(trial.report().poison.map(({ external_id }) => external_id)).toEqual(['00002', '00003']);
    trial.drop('employees.csv', csv(...people(2), ...people(1, 4)));
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().poison).toEqual([]);
    // Refused once more, it starts to count from one.
    await trial.faults([{ ...REFUSED, method: 'POST', external_id: '00003' }]);
    trial.drop('employees.csv', csv(...people(4)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(trial.operations()).toMatchObject([{ external_id: '00003', refused_runs: 1 }]);
  });

  it('counts from one again when another operation is wanted of the same contact', async () => {
    const trial = await poisonedTrial('00002');
    trial.drop('employees.csv', csv(...people(4)));
    await trial.run('--once');
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(1), personRow('00002', { office: 'Boston' }), ...people(2, 3)));
    await trial.run('--once');
    expect(trial.operations()).toMatchObject([{ external_id: '00002', refused_runs: 1 }]);
  });

  it('does not count a run in which it could not be tried', async () => {
    const trial = await poisonedTrial('00002');
    trial.drop('employees.csv', csv(...people(4)));
    await trial.run('--once');
    await trial.run('--once');
    await trial.control('DELETE', 'faults');
    await trial.faults([{ status: 401 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    await trial.control('DELETE', 'faults');
    await trial.faults([{ ...REFUSED, method: 'POST', external_id: '00002' }]);
    await trial.run('--once');
    expect(trial.report().poison).toMatchObject([{ external_id: '00002', runs: 3 }]);
  });

  it('stops nobody, however many they are: a new person gets through all the same', async () => {
    const poisoned = people(60).map((row) => row.slice(0, 5));
    const trial = await poisonedTrial(...poisoned);
    trial.drop('employees.csv', csv(...people(200)));
    // So many refusals at once are for somebody to look at; those that were met are known from then on.
    await expect.poll(async () => (await trial.run('--once')).code, { timeout: 20_000 }).toBe(4);
    trial.drop('employees.csv', csv(...people(200), personRow('99999')));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(trial.report().operations).toMatchObject({ planned: 61, applied: 1, refused: 60 });
    expect((await trial.contacts()).map(({ external_id }) => external_id)).toContain('99999');
    await checkTrial(trial);
  });
});

describe('guards and what was refused before', () => {
  it('count deletes of people whose updates were refused', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(200)));
    await trial.run('--once');
    await trial.faults([{ ...REFUSED, method: 'PATCH' }]);
    trial.drop('employees.csv', csv(...inBoston(people(18)), ...people(182, 19)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    trial.drop('employees.csv', csv(...people(182, 19)));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(trial.report().guards).toContainEqual(
      expect.objectContaining({ name: 'deletes', actual: 18, limit: 10, tripped: true }),
    );
    expect(await trial.contacts()).toHaveLength(200);
  });

  it('count deletes that were refused, every time', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(200)));
    await trial.run('--once');
    await trial.faults([{ ...REFUSED, method: 'DELETE' }]);
    trial.drop('employees.csv', csv(...people(192, 9)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    await trial.control('DELETE', 'faults');
    trial.drop('employees.csv', csv(...people(184, 17)));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(await trial.contacts()).toHaveLength(200);
  });

  it('count updates again that are other ones than those that were refused', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(40)));
    await trial.run('--once');
    await trial.faults([{ ...REFUSED, method: 'PATCH' }]);
    trial.drop('employees.csv', csv(...inBoston(people(20)), ...people(20, 21)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    trial.drop('employees.csv', csv(...people(40).map((row) => row.replace('Austin', 'Chicago'))));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(trial.report().guards).toContainEqual(
      expect.objectContaining({ name: 'updates', actual: 40, tripped: true }),
    );
  });
});
