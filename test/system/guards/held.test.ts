// What is held stays held until somebody decides, or a good file comes (specification §8).

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { company, person, roster } from '../../support/company.ts';
import { contactCount, flat, withHeldDeletes } from '../../support/held.ts';
import { checkTrial, everydayConfiguration, newTrial } from '../../support/trial.ts';

describe('a rejection', () => {
  it('drops the set, and the same set is not asked about again', async () => {
    const trial = await withHeldDeletes();
    const held = trial.report().run;
    const rejected = await trial.run('reject', '--by', 'Jane Roe');
    expect(rejected).toMatchObject({ code: 0 });
    expect(rejected.stdout).toContain('rejected by Jane Roe');
    for (const _ of [1, 2]) {
      const { code, stdout } = await trial.run('--once');
      expect(code).toBe(0);
      expect(stdout).toContain('In sync but for 8 operations that somebody rejected.');
      expect(stdout).toMatch(/what run \S+ held was rejected by Jane Roe/);
    }
    expect(await contactCount(trial)).toBe(101);
    expect((await trial.run('report', held)).stdout).toContain('decided by Jane Roe');
    await checkTrial(trial);
  });

  it('stays one, although the company has grown so much that its guard would let the set pass', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(100)));
    await trial.run('--once');
    const joiners = Array.from({ length: 25 }, (_, index) => person(900 + index));
    trial.drop('employees.csv', roster([...company(94), ...joiners]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    await trial.run('reject');
    for (const _ of [1, 2, 3]) {
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(await contactCount(trial)).toBe(125);
    }
    await checkTrial(trial);
  });

  it('counts also for what is left of an approved set when a run was cut short', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    await trial.faults([{ method: 'DELETE', external_id: '00097', status: 401 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    const left = await contactCount(trial);
    expect(left).toBeGreaterThan(93);
    await trial.control('DELETE', 'faults');
    await trial.run('reject');
    for (const _ of [1, 2]) {
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(await contactCount(trial)).toBe(left);
    }
    await checkTrial(trial);
  });

  it('is forgotten with the next file', async () => {
    const trial = await withHeldDeletes();
    await trial.run('reject');
    trial.drop('employees.csv', roster([...company(92), person(900), person(901)]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(await contactCount(trial)).toBe(102);
  });

  it('can be taken back by an approval, and an approval by a rejection', async () => {
    const trial = await withHeldDeletes();
    await trial.run('reject');
    expect(await trial.run('approve')).toMatchObject({ code: 0 });
    await trial.run('reject');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(101);
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(93);
    await checkTrial(trial);
  });
});

describe('a held set', () => {
  it('is cleared by a good file', async () => {
    const trial = await withHeldDeletes();
    trial.drop('employees.csv', roster([...company(100), person(900)]));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.run('approve')).code).toBe(7);
    await checkTrial(trial);
  });

  it('stands once in the journal, however often a run meets it', async () => {
    const trial = await withHeldDeletes();
    const database = new Sqlite(join(trial.state, 'workshop-sync.db'), { readonly: true });
    const count = database.prepare("SELECT count(*) FROM operation WHERE state = 'held' OR left_out = 1").pluck();
    const all = database.prepare('SELECT count(*) FROM operation').pluck();
    const before = all.get();
    for (const _ of [1, 2]) {
      expect(await trial.run('--once')).toMatchObject({ code: 3 });
      expect(count.get()).toBe(8);
      expect(all.get()).toBe(before);
      expect(trial.operations()).toHaveLength(8);
    }
    await trial.run('reject');
    for (const _ of [1, 2]) {
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(all.get()).toBe(before);
    }
    database.close();
  });

  it('still waits when the feed could not be taken meanwhile', async () => {
    const trial = await withHeldDeletes();
    const before = everydayConfiguration({ ...trial, url: trial.emulator.url });
    trial.configure(before.replace('"employees*.csv"', '"nowhere*.csv"'));
    expect(await trial.run('--once')).toMatchObject({ code: 5 });
    trial.configure(before);
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(93);
  });

  it('stays held although the company has grown so much meanwhile that its guard would let it pass', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(100)));
    await trial.run('--once');
    // Six leave of 100, with a limit of 5; with the joiners the company has 125, and a limit of 6.
    const joiners = Array.from({ length: 25 }, (_, index) => person(900 + index));
    trial.drop('employees.csv', roster([...company(94), ...joiners]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    const again = await trial.run('--once');
    expect(again.code).toBe(3);
    expect(again.stdout).toMatch(/deletes +6, limit 6 +not tripped/);
    expect(again.stdout).toContain('6 deletes wait for approval');
    expect(await contactCount(trial)).toBe(125);
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('of a file with many rejects is approved once, not at every run', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(100)));
    await trial.run('--once');
    const broken = company(100).map((each, index) => (index < 13 ? { ...each, email: '' } : each));
    trial.drop('employees.csv', roster([...broken, person(900)]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 4 });
    for (const _ of [1, 2]) {
      const again = await trial.run('--once');
      expect(again.code).toBe(4);
      expect(flat(again.stdout)).toContain('not tripped (of 101 rows; the file was accepted before)');
    }
    await checkTrial(trial);
  });

  it('of a whole file counts although it asks for nothing yet: its absences are no evidence', async () => {
    const trial = await newTrial({
      configuration: (facts) =>
        everydayConfiguration(facts).replace('missing: delete', 'missing: delete\n    delete_after: { files: 2 }'),
    });
    trial.drop('employees.csv', roster(company(60)));
    await trial.run('--once');
    trial.drop('employees.csv', roster(company(30)));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain(
      'Held: the file of feed employees waits for approval (rows: 30 fewer than the 60 of the last accepted file, limit 10).',
    );
    trial.drop('employees.csv', roster(company(55)));
    const next = await trial.run('--once');
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('5 people are missing and kept until they have been missing from 2 files in a row');
    expect(await contactCount(trial)).toBe(60);
    await checkTrial(trial);
  });
});
