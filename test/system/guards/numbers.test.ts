// Too much of something that would be fine in small numbers: held, and the rest is applied.

import { describe, expect, it } from 'vitest';
import { company, person, roster } from '../../support/company.ts';
import { checkTrial, everydayConfiguration, newTrial, type Trial } from '../../support/trial.ts';

async function established(count: number): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', roster(company(count)));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

describe('a company that bleeds 4% a day', () => {
  it('is stopped on the third day, although no single day is too much', async () => {
    const trial = await established(150);
    for (const left of [144, 138]) {
      trial.drop('employees.csv', roster(company(left)));
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
    }
    trial.drop('employees.csv', roster(company(132)));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain('Held: 6 deletes wait for approval (deletes: 18 within 7 days, 6 of them now, limit 12).');
    expect(stdout).toMatch(/deletes +18, limit 12 +tripped \(within 7 days, 6 of them now\)/);
    expect(await trial.contacts()).toHaveLength(138);
    await checkTrial(trial);
    // What somebody has seen and let through is no bleeding.
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    trial.drop('employees.csv', roster([...company(132), person(901)].slice(1)));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    trial.drop('employees.csv', roster([...company(132), person(901)]));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('forcing the guard on rows', () => {
  it('lets the file through, and its deletes still count within the week', async () => {
    const trial = await established(100);
    trial.configure(
      `${everydayConfiguration({ ...trial, url: trial.emulator.url })}guards: { rows: { drop_percent: 0, count: 0 } }\n`,
    );
    for (const left of [95, 91]) {
      trial.drop('employees.csv', roster(company(left)));
      expect(await trial.run('--once', '--force', 'rows')).toMatchObject({ code: 0 });
    }
    trial.drop('employees.csv', roster(company(88)));
    const { code, stdout } = await trial.run('--once', '--force', 'rows');
    expect(code).toBe(3);
    expect(stdout).toMatch(/deletes +12, limit 10 +tripped \(within 7 days, 3 of them now\)/);
  });
});

describe('more new people than a company hires', () => {
  it('are held, with the re-keys, and everybody else is applied', async () => {
    const trial = await established(80);
    const joiners = Array.from({ length: 26 }, (_, index) => person(900 + index));
    const [, moved, ...others] = company(80);
    const rekeyed = person(2, { id: 'NEW-2' });
    trial.drop('employees.csv', roster([person(1, { office: 'Boston' }), rekeyed, ...others, ...joiners]));
    const { code, stdout } = await trial.run('--once');
    expect(moved?.id).toBe('00002');
    expect(code).toBe(3);
    expect(stdout).toContain('Held: 26 creates and 1 re-key wait for approval (creates: 26, limit 25); 1 updated.');
    expect(await trial.contacts()).toHaveLength(80);
    await checkTrial(trial);
  });

  it('are nobody’s concern while the first file is not wholly applied: a first run that stopped half-way goes on', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(60)));
    await trial.faults([{ method: 'POST', external_id: '00020', status: 403 }]);
    expect((await trial.run('--once')).code).toBe(8);
    const created = (await trial.contacts()).length;
    expect(created).toBeGreaterThan(5);
    expect(created).toBeLessThan(34);
    await trial.control('DELETE', 'faults');
    const { code, stdout } = await trial.run('--once');
    expect(stdout).toContain('not watched until a first file is wholly applied');
    expect(code).toBe(0);
    expect(await trial.contacts()).toHaveLength(60);
    await checkTrial(trial);
    trial.drop('employees.csv', roster([...company(60), ...Array.from({ length: 26 }, (_, i) => person(900 + i))]));
    expect((await trial.run('--once')).code).toBe(3);
  });
});

describe('a change of nearly everybody', () => {
  it('holds the updates, and joiners and leavers go', async () => {
    const trial = await established(60);
    const renamed = company(60).map((each) => ({ ...each, department: `D-${each.department}` }));
    trial.drop('employees.csv', roster([...renamed.slice(1), person(900)]));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain('Held: 59 updates wait for approval (limit 45); 1 created, 1 deleted.');
    await checkTrial(trial);
  });
});

describe('guards', () => {
  it('are per feed: one feed is held, the other applied', async () => {
    const trial = await newTrial({
      configuration: (facts) => {
        const text = everydayConfiguration(facts);
        const feed = text.slice(text.indexOf('  - name: employees'), text.indexOf('state_directory'));
        const second = feed.replace('name: employees', 'name: plant').replace('employees*.csv', 'plant*.csv');
        return text.replace(feed, feed + second);
      },
    });
    const plant = Array.from({ length: 40 }, (_, index) => person(500 + index));
    trial.drop('employees.csv', roster(company(40)));
    trial.drop('plant.csv', roster(plant));
    await trial.run('--once');
    trial.drop('employees.csv', roster(company(20)));
    trial.drop('plant.csv', roster(plant.slice(2)));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain(
      'Held: 20 deletes of feed employees wait for approval (rows: 20 fewer than the 40 of the last accepted file, limit 10); 2 deleted.',
    );
    expect(stdout).toMatch(/rows \(employees\) +20, limit 10 +tripped/);
    expect(stdout).toMatch(/rows \(plant\) +2, limit 10 +not tripped/);
    await checkTrial(trial);
  });

  it('have limits that the configuration sets', async () => {
    const trial = await established(20);
    trial.configure(
      `${everydayConfiguration({ ...trial, url: trial.emulator.url })}guards: { deletes: { percent: 0, count: 0 } }\n`,
    );
    trial.drop('employees.csv', roster(company(19)));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(3);
    expect(stdout).toContain('1 delete waits for approval (limit 0)');
  });
});
