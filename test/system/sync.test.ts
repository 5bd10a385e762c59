// The main job, through the built program: from an employee file to Workshop and a report that adds up.

import { describe, expect, it } from 'vitest';
import { checkTrial, csv, newTrial, people, personRow } from '../support/trial.ts';

describe('a first sync', () => {
  it('creates everybody of the file and says so', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(30)));
    const { code, stdout } = await trial.run('run', '--once');
    expect(stdout).toContain('30');
    expect(code).toBe(0);
    expect(await trial.contacts()).toHaveLength(30);
    expect(trial.report()).toMatchObject({
      exit_code: 0,
      people: { create: 30, update: 0, delete: 0, unchanged: 0, kept: 0 },
      operations: { planned: 30, applied: 30 },
      feeds: [{ rows: { read: 30, accepted: 30, rejected: 0 } }],
    });
    await checkTrial(trial);
  });

  it('goes on after a bad row, and ends with 4', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10), personRow('00099', { email: 'nobody' })));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(stdout).toContain('line 12');
    expect(await trial.contacts()).toHaveLength(10);
    expect(trial.reportFile('rejects.csv')).toContain('00099');
    await checkTrial(trial);
  });
});

describe('a changed file', () => {
  it('creates joiners, updates movers with null for what is blank now, and deletes leavers', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(40)));
    await trial.run('--once');
    const [mover, stayer, , ...others] = people(40);
    trial.drop('employees.csv', csv(mover?.replace('Austin', '') ?? '', stayer ?? '', ...others, personRow('00077')));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\+ .*00077/);
    expect(stdout).toMatch(/~ .*00001.*office: Austin → \(removed\)/);
    expect(stdout).toMatch(/- .*00003/);
    const operations = trial.operations().map(({ kind, external_id, body }) => ({ kind, external_id, body }));
    expect(operations).toEqual([
      { kind: 'delete', external_id: '00003', body: null },
      { kind: 'create', external_id: '00077', body: expect.objectContaining({ external_id: '00077' }) },
      { kind: 'update', external_id: '00001', body: { attributes: { office: null } } },
    ]);
    expect(trial.reportFile('removals.csv')).toContain('00003');
    await checkTrial(trial);
  });

  it('removes an attribute that the configuration no longer maps', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(5)));
    await trial.run('--once');
    trial.configure(
      (await import('../support/trial.ts'))
        .everydayConfiguration({ ...trial, url: trial.emulator.url })
        .replace('        office: Office\n', ''),
    );
    const { code } = await trial.run('--once');
    expect(code).toBe(0);
    expect((await trial.contacts()).map(({ attributes }) => attributes)).toEqual(
      Array(5).fill({ department: 'Sales' }),
    );
    await checkTrial(trial);
  });

  it('keeps the person of a row that could not be understood', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.run('--once');
    const rows = people(10);
    rows[4] = personRow('00005', { email: 'not an address' });
    trial.drop('employees.csv', csv(...rows));
    const { code } = await trial.run('--once');
    expect(code).toBe(4);
    expect(await trial.contacts()).toHaveLength(10);
    expect(trial.report().people).toMatchObject({ delete: 0, kept: 1, unchanged: 9 });
    await checkTrial(trial);
  });
});

describe('the same file again', () => {
  it('is named unchanged and costs no request', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.run('--once');
    const before = (await trial.requests()).length;
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(0);
    expect(stdout).toContain('unchanged file');
    expect(await trial.requests()).toHaveLength(before);
    expect(trial.report().people).toMatchObject({ unchanged: 10, create: 0 });
    await checkTrial(trial);
  });

  it('still tries a refused operation again', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.faults([
      { status: 422, body: { error: { email: ['is on the block list'] } }, method: 'POST', external_id: '00004' },
    ]);
    const first = await trial.run('--once');
    expect(first.code).toBe(4);
    expect(first.stdout).toContain('is on the block list');
    expect(trial.report().operations).toMatchObject({ planned: 10, applied: 9, refused: 1 });
    await trial.control('DELETE', 'faults');
    const second = await trial.run('--once');
    expect(second.code).toBe(0);
    expect(trial.report().operations).toMatchObject({ planned: 1, applied: 1 });
    await checkTrial(trial);
  });
});

describe('the guard on deletes', () => {
  it('holds the deletes, applies the rest, and ends with 3', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(100)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(92), personRow('00777')));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain('Held: 8 deletes wait for approval (limit 5); 1 created.');
    expect(await trial.contacts()).toHaveLength(101);
    expect(trial.report()).toMatchObject({
      operations: { planned: 9, applied: 1, held: 8 },
      guards: expect.arrayContaining([
        expect.objectContaining({ name: 'deletes', feed: 'employees', actual: 8, limit: 5, tripped: true }),
      ]),
    });
    expect(trial.reportFile('removals.csv').trim().split('\n')).toHaveLength(9);
    await checkTrial(trial);
  });

  it('holds them again on the next run, and lets them through once when it is forced', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(100)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(92)));
    expect((await trial.run('--once')).code).toBe(3);
    expect((await trial.run('--once')).code).toBe(3);
    const forced = await trial.run('--once', '--force', 'deletes');
    expect(forced.code).toBe(0);
    expect(await trial.contacts()).toHaveLength(92);
    await checkTrial(trial);
  });
});

describe('an empty file', () => {
  it('is set aside, nothing is sent, and it is named again without being read', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.run('--once');
    trial.drop('employees.csv', csv());
    for (const _ of [1, 2]) {
      const { code, stdout } = await trial.run('--once');
      expect(code).toBe(5);
      expect(stdout).toContain('no rows');
    }
    expect(await trial.contacts()).toHaveLength(10);
    const allowed = await trial.run('--once', '--allow-empty');
    expect(allowed.code).toBe(3);
    expect(await trial.contacts()).toHaveLength(10);
    await checkTrial(trial);
  });
});

describe('a dry run', () => {
  it('says what the real run then does, sends no write and leaves the state byte for byte', async () => {
    const { hashTree } = await import('../support/tree.ts');
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(20)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(18), personRow('00500'), personRow('00501', { email: 'bad' })));
    const before = hashTree(trial.directory);
    const writes = async () => (await trial.requests()).filter(({ method }) => method !== 'GET').length;
    const sent = await writes();
    const dry = await trial.run('plan', '--json');
    expect(await writes()).toBe(sent);
    expect(hashTree(trial.directory)).toEqual(before);
    const planned = JSON.parse(dry.stdout);
    const real = await trial.run('--once', '--json');
    const report = JSON.parse(real.stdout);
    expect(dry.code).toBe(real.code);
    expect(planned.people).toEqual(report.people);
    expect(planned.guards).toEqual(report.guards);
    expect(planned.operations.planned).toBe(report.operations.planned);
    await checkTrial(trial);
  });

  it('makes no state directory when there is none', async () => {
    const { existsSync } = await import('node:fs');
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    expect((await trial.run('plan')).code).toBe(0);
    expect((await trial.run('plan', '--detailed-exitcode')).code).toBe(2);
    expect(existsSync(trial.state)).toBe(false);
  });
});

describe('looking back', () => {
  it('prints the report of a run again, and one line for each run', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    const { stdout } = await trial.run('--once');
    expect((await trial.run('report')).stdout).toBe(stdout);
    trial.drop('employees.csv', csv(...people(4)));
    await trial.run('--once');
    const history = await trial.run('history');
    expect(history.stdout.trim().split('\n')).toHaveLength(2);
    const oldest = trial.report().run;
    expect(JSON.parse((await trial.run('report', oldest, '--format', 'json')).stdout).run).toBe(oldest);
    expect((await trial.run('report', 'never')).code).toBe(7);
  });
});
