// SIGTERM and SIGINT (specification §9): nothing new is sent, what is in flight is settled, and the next run goes on.

import { describe, expect, it } from 'vitest';
import { seen, strikes } from '../support/evolving.ts';
import { inDoubt, snapshotOf } from '../support/snapshot.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow, type Trial } from '../support/trial.ts';

/** Longer than any test lasts: the answer never comes. */
const NEVER_MS = 600_000;
const TOO_MANY = { status: 429, retry_after_s: 600 };

async function slowTrial(workshop = 'concurrency: 4'): Promise<Trial> {
  return await newTrial({
    configuration: (facts) => everydayConfiguration(facts).replace('concurrency: 8', workshop),
  });
}

/** Starts a run, and sends it the signal once a fault rule has struck. */
async function interruptedOnStrike(trial: Trial, signal: NodeJS.Signals = 'SIGTERM') {
  const started = trial.start('--once');
  await seen(started, async () => (await strikes(trial)) > 0);
  started.kill(signal);
  const ended = await started.ended;
  await trial.control('DELETE', 'faults');
  return ended;
}

describe('a run that is asked to end', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s settles what is in flight and ends with %i', async (signal, exitCode) => {
    const trial = await slowTrial();
    await trial.control('POST', 'settings', { latency_ms: 150 });
    trial.drop('employees.csv', csv(...people(200)));
    const started = trial.start('--once');
    await seen(started, async () => (await trial.writes()).length >= 6);
    started.kill(signal);
    const { code, stdout } = await started.ended;
    expect(code).toBe(exitCode);
    expect(stdout).toContain(signal);
    const { planned, applied, superseded } = trial.report().operations;
    expect(planned).toBe(200);
    expect(applied).toBeGreaterThanOrEqual(6);
    expect(applied + superseded).toBe(planned);
    await checkTrial(trial);
    await trial.control('POST', 'settings', { latency_ms: 0 });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().operations).toMatchObject({ planned: superseded, applied: superseded });
    await checkTrial(trial);
  });

  it('waits for an answer no longer than the timeout, and keeps the doubt', async () => {
    const trial = await slowTrial('concurrency: 1');
    trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }).replace('timeout: 5s', 'timeout: 1s'));
    trial.drop('employees.csv', csv(...people(3)));
    await trial.faults([{ method: 'POST', external_id: '00002', status: 201, delay_ms: NEVER_MS, after_commit: true }]);
    expect(await interruptedOnStrike(trial)).toMatchObject({ code: 143 });
    expect(inDoubt(trial)).toEqual(['00002']);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().recovered).toMatchObject([{ external_id: '00002', outcome: 'applied' }]);
    await checkTrial(trial);
  });

  it('ends at once when it is asked a second time; the next run converges all the same', async () => {
    const trial = await slowTrial('concurrency: 1');
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(2).map((row) => row.replace('Austin', 'Boston')), personRow('00003')));
    trial.configure(
      everydayConfiguration({ ...trial, url: trial.emulator.url }).replace('timeout: 5s', 'timeout: 10m'),
    );
    await trial.faults([{ method: 'PATCH', status: 200, delay_ms: NEVER_MS, after_commit: true }]);
    const started = trial.start('--once');
    await seen(started, async () => (await strikes(trial)) > 0);
    started.kill('SIGTERM');
    // The first one is noticed at some time; any later one ends the program.
    const again = setInterval(() => started.kill('SIGTERM'), 50);
    const { code } = await started.ended;
    clearInterval(again);
    expect(code).toBe(143);
    expect(inDoubt(trial)).toContain('00001');
    await trial.control('DELETE', 'faults');
    trial.drop('employees.csv', csv(...people(3)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).map(({ attributes }) => attributes.office)).toEqual(['Austin', 'Austin', 'Austin']);
    await checkTrial(trial);
  });
});

describe('a run that is asked to end while it waits', () => {
  it('for a long Retry-After ends promptly, and nothing counts as a failure', async () => {
    const trial = await slowTrial();
    trial.drop('employees.csv', csv(...people(5)));
    await trial.faults([{ method: 'POST', ...TOO_MANY }]);
    expect(await interruptedOnStrike(trial)).toMatchObject({ code: 143 });
    expect(trial.report().operations).toMatchObject({ planned: 5, superseded: 5 });
    await checkTrial(trial);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('to look up what a create met, has sent nothing', async () => {
    const trial = await slowTrial();
    const met = { external_id: '1', first_name: 'Ana', last_name: 'Ruiz', email: 'p1@example.com', attributes: {} };
    await trial.control('POST', 'contacts', met);
    trial.drop('employees.csv', csv(personRow('1')));
    await trial.faults([{ method: 'GET', ...TOO_MANY }]);
    expect(await interruptedOnStrike(trial)).toMatchObject({ code: 143 });
    expect(trial.report().operations).toMatchObject({ planned: 1, superseded: 1 });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('to make a vanished contact anew, leaves that to the next run', async () => {
    const trial = await slowTrial();
    trial.drop('employees.csv', csv(...people(4)));
    await trial.run('--once');
    for (const id of ['00001', '00002']) await trial.control('DELETE', `contacts/${id}`);
    trial.drop('employees.csv', csv(...people(4).map((row) => row.replace('Austin', 'Boston'))));
    await trial.faults([{ method: 'POST', ...TOO_MANY }]);
    expect(await interruptedOnStrike(trial)).toMatchObject({ code: 143 });
    expect(trial.report().operations).toMatchObject({ planned: 4, applied: 2, superseded: 2 });
    expect(snapshotOf(trial).length).toBeLessThan(4);
    // Even when the file takes the change back.
    trial.drop('employees.csv', csv(...people(2), ...people(2, 3).map((row) => row.replace('Austin', 'Boston'))));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).length).toBeGreaterThan(2);
  });

  it('to ask about what is in doubt, plans nothing and keeps the doubt', async () => {
    const trial = await slowTrial('concurrency: 1\n  attempts: 1');
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(2)));
    await trial.faults([{ method: 'DELETE', status: 502, after_commit: true }]);
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    await trial.control('DELETE', 'faults');
    await trial.faults([{ method: 'GET', ...TOO_MANY }]);
    expect(await interruptedOnStrike(trial)).toMatchObject({ code: 143 });
    expect(inDoubt(trial)).toEqual(['00003']);
    expect(trial.report().operations).toMatchObject({ planned: 0 });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});
