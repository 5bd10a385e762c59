// What a killed run left in doubt when Workshop cannot, or will not, say what became of it (specification §9, "Crash").

import { describe, expect, it } from 'vitest';
import { killedWhen, strikes } from '../support/evolving.ts';
import { withOpenGuards } from '../support/guards.ts';
import { inDoubt, snapshotOf } from '../support/snapshot.ts';
import { checkTrial, csv, everydayConfiguration, inBoston, newTrial, people, personRow } from '../support/trial.ts';

/** Longer than any test lasts: the answer never comes. */
const NEVER_MS = 600_000;

describe('what is in doubt when Workshop cannot be asked', () => {
  it('stays in doubt: exit 8, nothing is planned, sent or changed', async () => {
    const trial = await newTrial({
      configuration: (facts) => everydayConfiguration(facts).replace('concurrency: 8', 'attempts: 1'),
    });
    trial.drop('employees.csv', csv(personRow('1'), personRow('2'), personRow('3')));
    expect((await trial.run('--once')).code).toBe(0);
    trial.drop('employees.csv', csv(personRow('1', { office: 'Boston' }), personRow('2')));
    await trial.faults([{ method: 'PATCH', after_commit: true, status: 200, delay_ms: NEVER_MS }]);
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    const snapshot = snapshotOf(trial);
    const writes = (await trial.writes()).length;
    trial.drop('employees.csv', csv(personRow('1'), personRow('2', { office: 'Boston' }), personRow('4')));

    for (const fault of [{ drop: 'before' }, { status: 503 }, { status: 401 }]) {
      await trial.faults([fault]);
      const { code, stdout } = await trial.run('--once');
      expect(code, stdout).toBe(8);
      expect(trial.report()).toMatchObject({ balanced: true, operations: { planned: 0 }, recovered: [] });
      expect(snapshotOf(trial)).toEqual(snapshot);
      await trial.control('DELETE', 'faults');
    }
    expect(await trial.writes()).toHaveLength(writes);

    const { code, stderr } = await trial.run('--once');
    expect(code, stderr).toBe(0);
    expect((await trial.contacts()).map(({ external_id, attributes }) => [external_id, attributes.office])).toEqual([
      ['1', 'Austin'],
      ['2', 'Boston'],
      ['4', 'Austin'],
    ]);
    await checkTrial(trial);
  });

  it.each([
    {
      change: 'an update',
      method: 'PATCH',
      rows: [personRow('1', { office: 'Boston' }), personRow('2'), personRow('3')],
    },
    { change: 'a delete', method: 'DELETE', rows: [personRow('2'), personRow('3')] },
    {
      change: 'a re-key',
      method: 'PATCH',
      rows: [personRow('17', { email: 'p1@example.com' }), personRow('2'), personRow('3')],
    },
  ])('about one contact alone stops nobody else: $change', async ({ method, rows }) => {
    const trial = await newTrial({
      configuration: (facts) => everydayConfiguration(facts).replace('concurrency: 8', 'attempts: 1'),
    });
    trial.drop('employees.csv', csv(personRow('1'), personRow('2'), personRow('3')));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...rows));
    await trial.faults([{ method, after_commit: true, status: 200, delay_ms: NEVER_MS }]);
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    // Workshop trips over this contact, whoever asks for it; the file has a joiner meanwhile.
    await trial.faults([{ path: '/contacts/17?[?]', status: 500 }]);
    trial.drop('employees.csv', csv(...rows, personRow('4')));
    for (const created of [1, 0]) {
      const dry = await trial.run('plan', '--json');
      const { code, stdout } = await trial.run('--once');
      expect({ dry: dry.code, run: code }, stdout).toEqual({ dry: 4, run: 4 });
      expect(trial.report()).toMatchObject({
        balanced: true,
        people: { create: created, update: 0, rekey: 0, delete: 0 },
        recovered: [{ external_id: '1', outcome: 'unknown' }],
      });
      expect(inDoubt(trial)).toEqual(['1']);
    }
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().recovered).toMatchObject([{ external_id: '1', outcome: 'applied' }]);
    expect(await trial.contacts()).toHaveLength(method === 'DELETE' ? 3 : 4);
    await checkTrial(trial);
  });

  it('about one contact alone stops nobody else, however much there is to do, and sets no file aside', {
    timeout: 120_000,
  }, async () => {
    const trial = await newTrial({
      // As many attempts as anybody has who configures nothing.
      configuration: (facts) => withOpenGuards(everydayConfiguration(facts)),
    });
    trial.drop('employees.csv', csv(...people(120)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...inBoston(people(1)), ...people(119, 2)));
    await trial.faults([{ method: 'PATCH', status: 503, delay_ms: NEVER_MS }]);
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    await trial.faults([{ path: '/contacts/00001?[?]', status: 500 }]);
    trial.drop('employees.csv', csv(...inBoston(people(120))));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(trial.report()).toMatchObject({ people: { update: 119 }, operations: { applied: 119 } });
    // Nobody else is in this file: it is the contact that is in doubt, and not the file.
    trial.drop('employees.csv', csv(...inBoston(people(1))));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).map(({ attributes }) => attributes.office)).toEqual(['Boston']);
    await checkTrial(trial);
  });

  it('stays in doubt in the Workshop of another company, where everybody would seem deleted', async () => {
    const trial = await newTrial();
    const elsewhere = await newTrial();
    trial.drop('employees.csv', csv(personRow('1'), personRow('2'), personRow('3')));
    expect((await trial.run('--once')).code).toBe(0);
    trial.drop('employees.csv', csv(personRow('1'), personRow('2')));
    await trial.faults([{ method: 'DELETE', status: 503, delay_ms: NEVER_MS }]);
    await killedWhen(trial, async () => (await strikes(trial)) === 1);
    const snapshot = snapshotOf(trial);
    trial.configure(everydayConfiguration({ ...trial, url: elsewhere.emulator.url }));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(stdout).toContain('does not know 2 of 2 contacts');
    expect(snapshotOf(trial)).toEqual(snapshot);
    expect(await elsewhere.writes()).toEqual([]);
    trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }));
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(2);
    await checkTrial(trial);
  });
});
