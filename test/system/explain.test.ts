// `explain`: everything known of one person, from the file to Workshop, and the rule behind the decision.

import { describe, expect, it } from 'vitest';
import { company, person, roster } from '../support/company.ts';
import { hashTree } from '../support/tree.ts';
import { everydayConfiguration, newTrial, type Trial } from '../support/trial.ts';

async function explained(trial: Trial, id: string): Promise<string> {
  const { code, stdout } = await trial.run('explain', id);
  expect(code).toBe(0);
  return stdout.replace(/[ \n]+/g, ' ');
}

describe('explaining a person', () => {
  it('tells row, snapshot, contact, decision, rule and past of everybody', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(20)));
    await trial.run('--once');
    await trial.control('POST', 'contacts', []);
    const [, , ...others] = company(20).slice(0, 19);
    const today = [
      person(1, { office: '' }),
      person(2, { email: 'nobody' }),
      ...others,
      person(900),
      person(21, { id: 'NEW-20', email: person(20).email }),
    ];
    trial.drop('employees.csv', roster(today));
    const before = hashTree(trial.state);

    const mover = await explained(trial, '00001');
    expect(mover).toContain('Row line 2 of feed employees: employee');
    expect(mover).toContain('office: (blank)');
    expect(mover).toContain('Decision update the row of line 2 differs from what Workshop last confirmed');
    expect(mover).toContain('office: Austin → (removed)');
    expect(mover).toContain('A run would be sent');
    expect(mover).toMatch(/Past operations, newest first \S+Z create applied \(201\)/);

    expect(await explained(trial, '00002')).toContain(
      'nothing the row of line 3 was rejected, and a rejected row keeps its person as they are',
    );
    expect(await explained(trial, '00005')).toContain('nothing the row of line 6 says what Workshop last confirmed');
    expect(await explained(trial, '00900')).toContain('create the row of line 21 is an employee, and no contact');
    const moved = 're-key 00020 leaves, and NEW-20 appears in line 22 with the same email: that is one person';
    expect(await explained(trial, '00020')).toContain(moved);
    expect(await explained(trial, 'NEW-20')).toContain(moved);
    expect(hashTree(trial.state)).toEqual(before);

    // Nothing of the file is new, and still every row is told.
    await trial.run('--once');
    const after = await explained(trial, '00005');
    expect(after).toContain('Row line 6 of feed employees: employee');
    expect(after).toContain('email: farid.ruiz.5@example.com');
  });

  it('tells what is held, and what Workshop has that the snapshot has not', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(20)));
    await trial.run('--once');
    await trial.control('DELETE', 'contacts/00015');
    trial.drop('employees.csv', roster(company(14)));
    await trial.run('--once');
    const held = await explained(trial, '00015');
    expect(held).toContain('delete no row of the file speaks of this person');
    expect(held).toContain('A run would be held: guard deletes');
    expect(held).toContain('drift: the snapshot still has one');
    expect(held).toMatch(/\S+Z delete held \(deletes\) \S+Z create applied/);
    const json = JSON.parse((await trial.run('explain', '00015', '--json')).stdout);
    expect(json).toMatchObject({
      external_id: '00015',
      rows: [],
      snapshot: { feed: 'employees' },
      workshop: { kind: 'not found' },
      decision: { decision: 'delete', state: 'would be held', guard: 'deletes' },
      past: [
        { kind: 'delete', outcome: 'held' },
        { kind: 'create', outcome: 'applied' },
      ],
    });
  });

  it('tells what it can when the feed or Workshop cannot be asked', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(3)));
    await trial.run('--once');
    const text = everydayConfiguration({ ...trial, url: trial.emulator.url });
    trial.configure(text.replace('"employees*.csv"', '"nowhere*.csv"'));
    const noFile = await trial.run('explain', '00001');
    expect(noFile.code).toBe(5);
    expect(noFile.stdout).toContain('the feed employees could not be taken, so its people stay as they are');
    trial.configure(
      text.replace(trial.emulator.url, 'http://127.0.0.1:9/api').replace('timeout: 5s', 'timeout: 1s\n  attempts: 1'),
    );
    const noApi = await trial.run('explain', '00001');
    expect(noApi.code).toBe(8);
    expect(noApi.stdout).toContain('could not be asked');
    expect(noApi.stdout).toContain('first_name: Ben');
  });

  it('suggests the id that is meant, and ends with 7 when nobody has it', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', roster(company(3)));
    await trial.run('--once');
    const { code, stderr } = await trial.run('explain', '1');
    expect(code).toBe(7);
    expect(stderr).toContain('Nobody has the external_id "1"');
    expect(stderr).toContain('There is "00001".');
    expect((await trial.run('explain')).code).toBe(7);
  });
});
