// Who has left, who is outside the scope, who is missing and comes back (specification §4 `status`, `exclude`,
// `delete_after`, and §6): absence is not evidence.

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../support/company.ts';
import { checkTrial, everydayConfiguration, newTrial, type Trial } from '../support/trial.ts';

/** A company whose `Office` column says `Left` of whoever left; `feed` goes into the configuration of the feed. */
async function established(people: readonly Employee[], feed: string, missing = 'missing: delete'): Promise<Trial> {
  const trial = await newTrial({
    configuration: (facts) =>
      everydayConfiguration(facts)
        .replace('state_directory', `${feed}state_directory`)
        .replace('missing: delete', missing),
  });
  trial.drop('employees.csv', roster(people));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

async function sync(trial: Trial, people: readonly Employee[], ...flags: string[]) {
  trial.drop('employees.csv', roster(people));
  const ended = await trial.run('--once', ...flags);
  await checkTrial(trial);
  return { ...ended, text: ended.stdout.replace(/\s+/g, ' '), people: trial.report().people };
}

async function has(trial: Trial, id: string): Promise<boolean> {
  return (await trial.contacts()).some((contact) => contact.external_id === id);
}

const STATUS = '    status: { column: Office, employed: [Austin, Omaha], left: [Left, Retired] }\n';

describe('the status', () => {
  it('of somebody who left removes them at once, whatever delete_after says', async () => {
    const trial = await established(company(20), STATUS, 'missing: delete\n    delete_after: { files: 5 }');
    const { code, stdout } = await sync(trial, [person(1, { office: 'Left' }), ...company(20).slice(1)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/- 00001 .*left \(line 2\)/);
    expect(await has(trial, '00001')).toBe(false);
  });

  it('in any other word rejects the row, and removes nobody', async () => {
    const trial = await established(company(20), STATUS);
    const { code, stdout, people } = await sync(trial, [person(1, { office: 'Sabbatical' }), ...company(20).slice(1)]);
    expect(code).toBe(4);
    expect(stdout).toContain('"Sabbatical" in "Office" is neither an employed nor a left status.');
    expect(people).toMatchObject({ delete: 0, kept: 1 });
    expect(await has(trial, '00001')).toBe(true);
  });

  it('of many who left is held like any other deletes', async () => {
    const trial = await established(company(20), STATUS);
    const { code, stdout } = await sync(
      trial,
      company(20).map((each, index) => (index < 6 ? { ...each, office: 'Retired' } : each)),
    );
    expect(code).toBe(3);
    expect(stdout).toContain('Held: 6 deletes wait for approval (limit 5).');
  });
});

describe('rows outside the scope', () => {
  it('are neither created, changed nor removed', async () => {
    const trial = await established(company(20), '    exclude: [{ column: Department, is: [Contractor] }]\n');
    const { code, people } = await sync(trial, [
      person(1, { department: 'Contractor', last: 'Changed' }),
      ...company(20).slice(1),
      person(900, { department: 'Contractor' }),
    ]);
    expect(code).toBe(0);
    expect(people).toMatchObject({ create: 0, update: 0, delete: 0, kept: 1, unchanged: 19 });
    expect(await has(trial, '00001')).toBe(true);
  });
});

describe('somebody who is missing', () => {
  it('is removed once they were missing from so many files, and not before', async () => {
    const trial = await established(company(20), '', 'missing: delete\n    delete_after: { files: 3 }');
    const first = await sync(trial, company(19));
    expect(first).toMatchObject({ code: 0, people: { delete: 0, kept: 1 } });
    expect(first.text).toContain('1 person is missing and kept until they have been missing from 3 files in a row');
    // The same file again is no further evidence.
    await sync(trial, company(19));
    await sync(trial, [...company(19), person(900)]);
    expect(await has(trial, '00020')).toBe(true);
    expect((await sync(trial, [...company(19), person(901)])).people).toMatchObject({ delete: 1, kept: 1 });
    expect(await has(trial, '00020')).toBe(false);
  });

  it('and comes back within the grace stays, is reported, and starts from zero', async () => {
    const trial = await established(company(20), '', 'missing: delete\n    delete_after: { files: 2 }');
    await sync(trial, company(19));
    const back = await sync(trial, company(20));
    expect(back.code).toBe(0);
    expect(back.text).toContain('back before their removal was due: 00020');
    await sync(trial, company(19));
    expect(await has(trial, '00020')).toBe(true);
  });

  it('and comes back to leave, or under another id, is not back', async () => {
    const trial = await established(company(20), STATUS, 'missing: delete\n    delete_after: { files: 3 }');
    await sync(trial, company(18));
    const { text, people } = await sync(trial, [
      ...company(18),
      person(19, { office: 'Left' }),
      person(20, { id: 'NEW-20' }),
    ]);
    expect(people).toMatchObject({ delete: 1, rekey: 1 });
    expect(text).not.toContain('back before their removal');
  });

  it('counts as present when their row was rejected', async () => {
    const trial = await established(company(20), '', 'missing: delete\n    delete_after: { files: 2 }');
    await sync(trial, company(19));
    await sync(trial, [...company(19), person(20, { email: 'nobody' })]);
    await sync(trial, company(19));
    expect(await has(trial, '00020')).toBe(true);
  });

  it('is kept where the configuration says so', async () => {
    const trial = await established(company(20), '', 'missing: keep');
    expect(await sync(trial, company(15))).toMatchObject({ code: 0, people: { delete: 0, kept: 5 } });
  });
});

describe('rows with one id', () => {
  it('count once when they are equal, and are all rejected, naming each other, when they contradict', async () => {
    const trial = await established(company(20), '');
    const { code, stdout, people } = await sync(trial, [
      ...company(20),
      person(3),
      person(4, { department: 'Legal' }),
      person(900),
    ]);
    expect(code).toBe(4);
    expect(trial.report().feeds[0]?.rows).toMatchObject({ read: 23, accepted: 20, duplicate: 1, rejected: 2 });
    expect(stdout).toMatch(/line 5 {2}00004 {2}external_id: The same external_id stands on line 23 with other values/);
    expect(stdout).toMatch(/line 23 {2}00004 {2}external_id: The same external_id stands on line 5 with other values/);
    expect(people).toMatchObject({ create: 1, update: 0, delete: 0, kept: 1, unchanged: 19 });
  });
});
