// A run that is killed at any moment leaves nothing that the next run does not put right (specification §9, "Crash").
// The program is killed with SIGKILL, at points that the emulator has seen.

import { describe, expect, it } from 'vitest';
import { checkInStep, type EvolvingRoster, evolvingRoster, killedWhen, strikes } from '../support/evolving.ts';
import { withOpenGuards } from '../support/guards.ts';
import { hashTree } from '../support/tree.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, personRow, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 180_000 };
/** Longer than any test lasts: the answer never comes. */
const NEVER_MS = 600_000;
/** People of each kind in one step: five deletes, then five creates, then five updates. */
const STEP = 5;

/** A trial whose first sync is done, one request at a time from now on. */
async function startedTrial(roster: EvolvingRoster, concurrency: number): Promise<Trial> {
  const trial = await newTrial({
    configuration: (facts) =>
      withOpenGuards(everydayConfiguration(facts)).replace(
        'concurrency: 8',
        `concurrency: ${concurrency}\n  attempts: 2`,
      ),
  });
  trial.drop('employees.csv', roster.file());
  expect((await trial.run('--once')).code).toBe(0);
  return trial;
}

/** The request that is struck: the `nth` write of the step, and of whom it speaks. */
function struck(roster: EvolvingRoster, nth: number) {
  const kind = (['DELETE', 'POST', 'PATCH'] as const)[Math.floor((nth - 1) / STEP)] ?? 'PATCH';
  const people = { DELETE: roster.leavers, POST: roster.joiners, PATCH: roster.movers }[kind];
  return { method: kind, externalId: people[(nth - 1) % STEP] ?? '' };
}

describe('a run that is killed while it waits for the answer', () => {
  it.each([
    ['that Workshop carried out', { after_commit: true, status: 200 }],
    ['that Workshop never carried out', { status: 503 }],
  ])('to a request %s leaves the next run to find out', SLOW, async (_, effect) => {
    const carriedOut = 'after_commit' in effect;
    const roster = evolvingRoster(12);
    const trial = await startedTrial(roster, 1);
    const points = carriedOut ? [1, 6, 8, 11, 15] : [1, 6, 11];
    for (const nth of points) {
      roster.step(STEP);
      trial.drop('employees.csv', roster.file());
      const { method, externalId } = struck(roster, nth);
      await trial.faults([{ method, external_id: externalId, ...effect, delay_ms: NEVER_MS, count: 1 }]);
      const writesBefore = (await trial.writes()).length;
      await killedWhen(trial, async () => (await strikes(trial)) === 1);
      const { code, stderr } = await trial.run('--once');
      expect(code, `killed at write ${nth}: ${stderr}`).toBe(0);
      await checkInStep(trial, roster);
      const found = { external_id: externalId, outcome: carriedOut ? 'applied' : 'not applied' };
      expect(trial.report().recovered).toContainEqual(expect.objectContaining(found));
      const again = (await trial.writes()).slice(writesBefore).filter((write) => write.external_id === externalId);
      expect(again, `writes for ${externalId}`).toHaveLength(carriedOut ? 1 : 2);
    }
  });

  it('with eight requests under way leaves the next run to find out about all of them', {
    timeout: 120_000,
  }, async () => {
    const roster = evolvingRoster(12);
    const trial = await startedTrial(roster, 8);
    await trial.control('POST', 'settings', { latency_ms: 40 });
    for (const nth of [4, 10]) {
      roster.step(STEP);
      trial.drop('employees.csv', roster.file());
      const before = (await trial.writes()).length;
      await killedWhen(trial, async () => (await trial.writes()).length >= before + nth);
      const { code, stderr } = await trial.run('--once');
      expect(code, `killed after ${nth} writes: ${stderr}`).toBe(0);
      await checkInStep(trial, roster);
    }
  });

  it('although answers were lost before, too', SLOW, async () => {
    const roster = evolvingRoster(12);
    const trial = await startedTrial(roster, 8);
    for (const nth of [5, 15]) {
      roster.step(STEP);
      trial.drop('employees.csv', roster.file());
      const before = (await trial.writes()).length;
      await trial.faults([
        { method: 'DELETE', count: 2, drop: 'after' },
        { method: 'POST', count: 2, status: 502, after_commit: true },
        { method: 'PATCH', count: 2, drop: 'after' },
      ]);
      await killedWhen(trial, async () => (await trial.writes()).length >= before + nth);
      const { code, stderr } = await trial.run('--once');
      expect(code, `killed after ${nth} writes: ${stderr}`).toBe(0);
      await checkInStep(trial, roster);
    }
  });
});

describe('a change in doubt that the next file takes back', () => {
  const EVERYBODY = ['1', '2', '3', '4'].map((id) => personRow(id));
  const [first = '', second = '', ...others] = EVERYBODY;
  const CARRIED_OUT = { after_commit: true, status: 200, delay_ms: NEVER_MS };
  const NOT_CARRIED_OUT = { status: 503, delay_ms: NEVER_MS };

  it.each([
    {
      change: 'an update',
      method: 'PATCH',
      rows: [personRow('1', { department: 'Legal', office: '' }), second, ...others],
    },
    { change: 'a delete', method: 'DELETE', rows: [second, ...others] },
    { change: 'a create', method: 'POST', rows: [first, second, ...others, personRow('5')] },
    {
      change: 'a re-key',
      method: 'PATCH',
      rows: [personRow('17', { email: 'p1@example.com' }), second, ...others],
    },
  ])('is taken back in Workshop: $change', async ({ method, rows }) => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...EVERYBODY));
    expect((await trial.run('--once')).code).toBe(0);
    const before = await trial.contacts();
    for (const effect of [NOT_CARRIED_OUT, CARRIED_OUT]) {
      trial.drop('employees.csv', csv(...rows));
      await trial.faults([{ method, ...effect, count: 1 }]);
      await killedWhen(trial, async () => (await strikes(trial)) === 1);
      const writesBefore = (await trial.writes()).length;
      trial.drop('employees.csv', csv(...EVERYBODY));
      const { code, stderr } = await trial.run('--once');
      expect(code, stderr).toBe(0);
      expect(await trial.contacts()).toMatchObject(
        before.map(({ external_id, attributes }) => ({ external_id, attributes })),
      );
      expect((await trial.writes()).length - writesBefore).toBe(effect === CARRIED_OUT ? 1 : 0);
      await checkTrial(trial);
    }
  });
});

describe('a dry run after a crash', () => {
  it('asks about what is in doubt and says what the real run then does, and changes nothing', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(personRow('1'), personRow('2')));
    await trial.run('--once');
    trial.drop('employees.csv', csv(personRow('1', { office: 'Boston' }), personRow('2')));
    await trial.faults([{ method: 'PATCH', after_commit: true, status: 200, delay_ms: NEVER_MS }]);
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    trial.drop('employees.csv', csv(personRow('1'), personRow('2')));
    const before = hashTree(trial.directory);
    const { stdout } = await trial.run('plan', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      people: { update: 1, unchanged: 1 },
      recovered: [{ external_id: '1', outcome: 'applied' }],
    });
    expect(hashTree(trial.directory)).toEqual(before);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().people).toMatchObject({ update: 1, unchanged: 1 });
    await checkTrial(trial);
  });
});
