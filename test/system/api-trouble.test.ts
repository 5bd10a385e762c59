// When Workshop itself is in trouble: what the run waits for, when it stops, and that the next one goes on
// (specification §9, "429", "Transient" and "Fatal").

import { describe, expect, it } from 'vitest';
import { inDoubt } from '../support/snapshot.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 60_000 };

async function trialWith(workshop: string): Promise<Trial> {
  return await newTrial({
    configuration: (facts) => everydayConfiguration(facts).replace('concurrency: 8', workshop),
  });
}

describe('a key that Workshop refuses in the middle of a run', () => {
  it('stops the run with 8; the next one completes it', async () => {
    const trial = await trialWith('concurrency: 2');
    trial.drop('employees.csv', csv(...people(30)));
    await trial.faults([{ method: 'POST', skip: 10, status: 401 }]);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(stdout).toContain('api_key');
    expect(trial.report().operations).toMatchObject({ planned: 30, applied: 10, superseded: 20, abandoned: 0 });
    await checkTrial(trial);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().operations).toMatchObject({ planned: 20, applied: 20 });
    await checkTrial(trial);
  });

  it('leaves in doubt what may have been carried out before', async () => {
    const trial = await trialWith('concurrency: 1');
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('--once');
    await trial.faults([
      { method: 'PATCH', external_id: '00001', status: 502, after_commit: true, count: 1 },
      { method: 'PATCH', status: 401 },
    ]);
    trial.drop('employees.csv', csv(...people(3).map((row) => row.replace('Austin', 'Boston'))));
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    expect(inDoubt(trial)).toEqual(['00001']);
    expect(trial.report()).toMatchObject({ balanced: true, operations: { planned: 3, abandoned: 1, superseded: 2 } });
    await trial.control('DELETE', 'faults');
    // The next file takes the change back: only who asked knows that there is something to take back.
    trial.drop('employees.csv', csv(...people(3)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).map(({ attributes }) => attributes.office)).toEqual(['Austin', 'Austin', 'Austin']);
    await checkTrial(trial);
  });
});

describe('a 429', () => {
  it('is waited out as long as it says, in seconds or as a date, and uses up no attempt', SLOW, async () => {
    const trial = await trialWith('concurrency: 8\n  attempts: 1');
    trial.drop('employees.csv', csv(...people(12)));
    await trial.faults([
      { method: 'POST', skip: 2, count: 1, status: 429, retry_after_s: 1 },
      { method: 'POST', skip: 6, count: 1, status: 429, retry_after_s: 1, retry_after_as: 'date' },
    ]);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report()).toMatchObject({ operations: { applied: 12 }, api: { rate_limited: 2 } });
    await checkTrial(trial);
  });
});

describe('transient failures', () => {
  it('in a burst are outlasted', SLOW, async () => {
    const trial = await trialWith('concurrency: 8');
    trial.drop('employees.csv', csv(...people(20)));
    await trial.faults([{ status: 503, count: 8 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(20);
    await checkTrial(trial);
    await trial.control('DELETE', 'faults');
    await trial.faults([{ status: 503, count: 3 }]);
    trial.drop('employees.csv', csv(...people(20).map((row) => row.replace('Austin', 'Boston'))));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('of one operation alone abandon it, with 4', SLOW, async () => {
    const trial = await trialWith('attempts: 2');
    trial.drop('employees.csv', csv(personRow('1')));
    await trial.faults([{ method: 'POST', status: 503 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(trial.report().operations).toMatchObject({ planned: 1, abandoned: 1 });
  });

  it('of more than 40% of the answers stop the run with 8; nothing of it is lost', SLOW, async () => {
    const trial = await trialWith('concurrency: 8\n  attempts: 1');
    trial.drop('employees.csv', csv(...people(60)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await trial.faults([
      { method: 'PATCH', status: 500, after_commit: true, probability: 0.5 },
      { method: 'PATCH', status: 500 },
    ]);
    trial.drop('employees.csv', csv(...people(60).map((row) => row.replace('Austin', 'Boston'))));
    const { code, stdout } = await trial.run('--once', '--force', 'updates');
    expect(code).toBe(8);
    expect(stdout).toMatch(/of the last \d+ answers/);
    const { abandoned, superseded } = trial.report().operations;
    expect(abandoned).toBeGreaterThan(20);
    expect(abandoned + superseded).toBe(60);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once', '--force', 'updates')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('a Workshop that does not answer', () => {
  it('ends a run with 8 however little there is to do, and a dry run as well', SLOW, async () => {
    const trial = await trialWith('attempts: 1');
    trial.drop('employees.csv', csv(...people(2)));
    await trial.faults([{ drop: 'before' }]);
    expect(await trial.run('plan')).toMatchObject({ code: 8 });
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    trial.drop('employees.csv', csv(...people(2), personRow('3')));
    await trial.faults([{ drop: 'before' }]);
    expect(await trial.run('plan')).toMatchObject({ code: 8 });
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});
