// An approval is bound to exactly what was shown, once (specification §8).

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { company, person, roster } from '../../support/company.ts';
import { contactCount, flat, withHeldDeletes } from '../../support/held.ts';
import { checkTrial, everydayConfiguration, newTrial } from '../../support/trial.ts';

describe('an approval', () => {
  it('lets exactly the held set through with the next run, once, and says who and when', async () => {
    const trial = await withHeldDeletes();
    const held = trial.report().run;
    const approved = await trial.run('approve', '--by', 'Jane Roe');
    expect(approved).toMatchObject({ code: 0 });
    expect(approved.stdout).toContain(`8 operations of feed employees, held by run ${held}: approved by Jane Roe.`);
    expect(await contactCount(trial)).toBe(101);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(0);
    expect(flat(stdout)).toMatch(
      new RegExp(`what run ${held} held was approved by Jane Roe at [-\\d]+T[\\d:.]+Z and is let through once`),
    );
    expect(stdout).toMatch(/deletes +8, limit 5 +tripped \(.*approved by Jane Roe\)/);
    expect(await contactCount(trial)).toBe(93);
    expect((await trial.run('report', held)).stdout).toContain(`approved by Jane Roe`);
    expect((await trial.run('approve')).stderr).toContain('Nothing is held');
    expect((await trial.run('approve', held)).stderr).toContain('Jane Roe approved it');
    await checkTrial(trial);
    // The next file is judged anew.
    trial.drop('employees.csv', roster([...company(84), person(900)]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
  });

  it('with --now runs at once and ends with the code of that run', async () => {
    const trial = await withHeldDeletes();
    const { code, stdout } = await trial.run('approve', '--now');
    expect(code).toBe(0);
    expect(stdout).toContain('In sync: 8 deleted.');
    await checkTrial(trial);
  });

  it('is seen by a dry run, and not used up by it', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    for (const _ of [1, 2]) {
      const dry = await trial.run('plan');
      expect(dry.code).toBe(0);
      expect(dry.stdout).toContain('would be in sync after 8 deletes');
    }
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('counts also when a later run met the same set again', async () => {
    const trial = await withHeldDeletes();
    const first = trial.report().run;
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(trial.report().run).not.toBe(first);
    expect(await trial.run('approve', first)).toMatchObject({ code: 0 });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(93);
  });

  it('is void when a newer file comes', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    trial.drop('employees.csv', roster([...company(91), person(900)]));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(flat(stdout)).toMatch(/the approval of run \S+ by \S+ at \S+ is void: there is another file/);
    expect(await contactCount(trial)).toBe(101);
    await checkTrial(trial);
  });

  it('is void when the configuration changed', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    const before = everydayConfiguration({ ...trial, url: trial.emulator.url });
    trial.configure(before.replace('missing: delete', 'missing: delete\n    delete_after: { files: 2 }'));
    const changed = await trial.run('--once');
    expect(flat(changed.stdout)).toContain('is void: nothing of it is held any more');
    trial.configure(before);
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    expect(await contactCount(trial)).toBe(101);
  });

  it('is void when the snapshot changed', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    // As a command that takes over what Workshop has would do.
    const database = new Sqlite(join(trial.state, 'workshop-sync.db'));
    database.exec('UPDATE contact SET attributes = \'{"department":"Other"}\' WHERE external_id = \'00007\'');
    database.close();
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(flat(stdout)).toContain('is void: the snapshot changed');
    expect(await contactCount(trial)).toBe(101);
  });
});

describe('an approved set that a run could not wholly apply', () => {
  it('stays approved while Workshop does not answer', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    await trial.faults([{ status: 401 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(93);
    await checkTrial(trial);
  });

  it('stays approved as far as it was not applied, also after a kill, and for nothing else', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve');
    await trial.faults([{ method: 'DELETE', external_id: '00097', status: 401, count: 1 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    expect(await contactCount(trial)).toBeGreaterThan(93);
    await trial.faults([{ method: 'DELETE', external_id: '00099', delay_ms: 600_000, count: 1 }]);
    const started = trial.start('--once');
    const strikes = async () => ((await trial.control('GET', 'faults')) as { hits: number }[]).at(-1)?.hits;
    await expect
      .poll(async () => ((await contactCount(trial)) === 93 ? 1 : await strikes()), { timeout: 20_000 })
      .toBe(1);
    started.kill('SIGKILL');
    await started.ended;
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(93);
    await checkTrial(trial);
    trial.drop('employees.csv', roster([...company(86), person(900)]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
  });
});

describe('asking for a decision', () => {
  it('lets an empty file through that was approved', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(20)));
    await trial.run('--once');
    trial.drop('employees.csv', roster([]));
    expect(await trial.run('--once', '--allow-empty')).toMatchObject({ code: 3 });
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    expect(await contactCount(trial)).toBe(0);
  });

  it('remembers who was first', async () => {
    const trial = await withHeldDeletes();
    await trial.run('approve', '--by', 'Jane');
    expect((await trial.run('approve', '--by', 'Bob')).stdout).toContain('approved by Jane.');
  });

  it('names what is wrong, and ends with 7', async () => {
    const trial = await newTrial();
    expect((await trial.run('approve')).stderr).toContain('Nothing is held');
    trial.drop('employees.csv', roster(company(3)));
    await trial.run('--once');
    const { run } = trial.report();
    for (const command of ['approve', 'reject']) {
      expect(await trial.run(command)).toMatchObject({ code: 7 });
      expect((await trial.run(command, 'never')).stderr).toContain('There was no run "never".');
      expect((await trial.run(command, run)).stderr).toContain(`The run ${run} held nothing.`);
    }
  });

  it('is answered as JSON as well', async () => {
    const trial = await withHeldDeletes();
    const { run } = trial.report();
    const { stdout } = await trial.run('approve', '--by', 'Jane', '--json');
    expect(JSON.parse(stdout)).toEqual([{ run, feed: 'employees', operations: 8, decision: 'approved', by: 'Jane' }]);
  });
});
