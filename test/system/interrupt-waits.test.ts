// SIGTERM and SIGINT while a run waits (specification §9): for a file, for another attempt, for a 429, a quota or an answer.

import { describe, expect, it } from 'vitest';
import { seen, strikes } from '../support/evolving.ts';
import { checkNextRun, checkTidy, interrupt, SIGNALS } from '../support/interruption.ts';
import { AFTER, everyday, newMovingCompany, PLANNED } from '../support/moving-company.ts';
import { checkTrial } from '../support/trial.ts';

describe.each(SIGNALS)('a run that waits and gets a %s', (signal, exitCode) => {
  it('for a file to settle has read nothing', async () => {
    const trial = await newMovingCompany((text) => text.replace('settle: 0s', 'settle: 1h'));
    const before = await trial.requests();
    const { code } = await trial.startStruck({ statement: 'INTO sighting', nth: 1, signal }, '--once').ended;
    expect(code).toBe(exitCode);
    checkTidy(trial);
    expect(trial.report()).toMatchObject({ operations: { planned: 0 }, feeds: [{ error: null }] });
    expect(await trial.requests()).toEqual(before);
    trial.configure(everyday(trial));
    await checkNextRun(trial, AFTER);
  });

  it('to try again leaves it to the next run', async () => {
    const trial = await newMovingCompany((text) => text.replace('concurrency: 8', 'concurrency: 2\n  attempts: 20'));
    await trial.faults([{ method: 'PATCH', status: 425 }]);
    const started = trial.start('--once');
    // By now it waits for several seconds.
    await seen(started, async () => (await strikes(trial)) >= 12);
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    const { planned, applied, superseded } = trial.report().operations;
    expect(planned).toBe(PLANNED);
    expect(applied + superseded).toBe(PLANNED);
    expect(superseded).toBeGreaterThanOrEqual(6);
    await trial.control('DELETE', 'faults');
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });

  it('for the end of a 429 leaves it to the next run', async () => {
    const trial = await newMovingCompany();
    await trial.faults([{ method: 'PATCH', status: 429, retry_after_s: 600 }]);
    const started = trial.start('--once');
    await seen(started, async () => (await strikes(trial)) > 0);
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    expect(trial.report().operations).toMatchObject({ planned: PLANNED, abandoned: 0, refused: 0 });
    await trial.control('DELETE', 'faults');
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });

  it('for a new quota leaves the rest to the next run', async () => {
    const trial = await newMovingCompany();
    const quota = { quota: 5, quota_window_s: 600, quota_headers: 'ratelimit' };
    await trial.control('POST', 'settings', quota);
    const before = (await trial.requests()).length;
    const started = trial.start('--once');
    await seen(started, async () => (await trial.requests()).length >= before + quota.quota);
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    const { planned, applied, superseded } = trial.report().operations;
    expect(planned).toBe(PLANNED);
    expect(applied).toBeLessThan(quota.quota);
    expect(applied + superseded).toBe(planned);
    await trial.control('POST', 'settings', { quota: null });
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });

  it('for an answer about what is in doubt keeps the doubt', async () => {
    const trial = await newMovingCompany((text) => text.replace('concurrency: 8', 'concurrency: 1\n  attempts: 1'));
    await trial.faults([{ method: 'DELETE', external_id: '00007', status: 502, after_commit: true }]);
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    await trial.control('DELETE', 'faults');
    const before = (await trial.writes()).length;
    // Longer than the timeout of a request.
    await trial.faults([{ method: 'GET', delay_ms: 600_000, status: 503 }]);
    const started = trial.start('--once');
    await seen(started, async () => (await strikes(trial)) > 0);
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    expect(trial.report().operations).toMatchObject({ planned: 0 });
    expect((await trial.writes()).length).toBe(before);
    await trial.control('DELETE', 'faults');
    await checkNextRun(trial, AFTER);
  });
});

describe('a second signal', () => {
  it('while a run waits for the end of a 429 ends it at once; the next run converges', async () => {
    const trial = await newMovingCompany();
    await trial.faults([{ method: 'PATCH', status: 429, retry_after_s: 600 }]);
    const started = trial.start('--once');
    await seen(started, async () => (await strikes(trial)) > 0);
    const { code } = await interrupt(started, 'SIGINT', 'SIGTERM');
    expect([130, 143]).toContain(code);
    await trial.control('DELETE', 'faults');
    await checkNextRun(trial, AFTER);
  });
});
