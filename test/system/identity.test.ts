// Who is who: people under another id, values that people exchange, and whoever cannot be told apart
// (specification §7, "Re-key" and "Unique values").

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../support/company.ts';
import { checkTrial, everydayConfiguration, newTrial, type Trial } from '../support/trial.ts';

const WITH_STATUS = '    status: { column: Office, employed: [Austin, Omaha, Boston], left: [Left] }\n';

async function established(people: readonly Employee[], more = ''): Promise<Trial> {
  const trial = await newTrial({
    configuration: (facts) => everydayConfiguration(facts).replace('state_directory', `${more}state_directory`),
  });
  trial.drop('employees.csv', roster(people));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

/** What a run sent: `METHOD id`, with the answer where it was a no. */
async function sentBy(trial: Trial, people: readonly Employee[]) {
  const before = (await trial.writes()).length;
  trial.drop('employees.csv', roster(people));
  const { code, stdout } = await trial.run('--once');
  const sent = (await trial.writes()).slice(before);
  await checkTrial(trial);
  expect(sent.filter(({ status }) => status === 409 || status === 422)).toEqual([]);
  return { code, stdout, sent: sent.map(({ method, external_id: id }) => `${method} ${id}`) };
}

async function contactOf(trial: Trial, id: string) {
  return (await trial.contacts()).find((contact) => contact.external_id === id);
}

describe('somebody who leaves under one id and appears under another with the same email', () => {
  it('is one person: the contact gets the new id, and whatever else changed', async () => {
    const trial = await established(company(10));
    const before = await contactOf(trial, '00003');
    const moved = person(3, { id: 'US-3', last: 'Novak-Roe', office: '', email: 'DMITRI.NOVAK.3@example.com' });
    const { code, stdout, sent } = await sentBy(trial, [moved, ...company(10).filter(({ id }) => id !== '00003')]);
    expect(code).toBe(0);
    expect(sent).toEqual(['PATCH 00003']);
    expect(stdout).toContain('> 00003 → US-3');
    expect(await contactOf(trial, 'US-3')).toMatchObject({
      id: (before as unknown as { id: string }).id,
      last_name: 'Novak-Roe',
      attributes: { department: 'Field' },
    });
    expect(trial.report().people).toMatchObject({ rekey: 1, create: 0, delete: 0, unchanged: 9 });
  });

  it('is so without waiting for delete_after, and where missing people are kept', async () => {
    for (const missing of ['missing: delete\n    delete_after: { files: 9 }', 'missing: keep']) {
      const trial = await newTrial({
        configuration: (facts) => everydayConfiguration(facts).replace('missing: delete', missing),
      });
      trial.drop('employees.csv', roster(company(5)));
      await trial.run('--once');
      const { sent } = await sentBy(trial, [...company(4), person(5, { id: 'NEW-5' })]);
      expect(sent).toEqual(['PATCH 00005']);
    }
  });

  it('is so for somebody rehired under a new id while the old row says that they left', async () => {
    const trial = await established(company(6), WITH_STATUS);
    const rehired = [...company(5), person(6, { office: 'Left' }), person(6, { id: 'R-6', department: 'Legal' })];
    const { code, sent } = await sentBy(trial, rehired);
    expect(code).toBe(0);
    expect(sent).toEqual(['PATCH 00006']);
    // The old row is still in tomorrow's file, and asks for nothing.
    expect((await sentBy(trial, [...rehired, person(900)])).sent).toEqual(['POST 00900']);
  });

  it('is held where two joiners have that email: which of them it is cannot be told', async () => {
    const trial = await established(company(6));
    const { email } = person(6);
    const { code, stdout, sent } = await sentBy(trial, [
      ...company(5),
      person(71, { id: 'A-6', email }),
      person(72, { id: 'B-6', email }),
    ]);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toMatch(/line 7 {2}A-6 {2}email: The same email stands on line 8/);
    expect(stdout).toMatch(/line 8 {2}B-6 {2}email: The same email stands on line 7/);
    expect(stdout).toMatch(/- 00006 .*\[held: identity, the rejected row of line 7 has the same email/);
    expect(await contactOf(trial, '00006')).toBeDefined();
  });

  it('keeps the person where the new row has another mistake', async () => {
    const trial = await established(company(6));
    const { code, sent } = await sentBy(trial, [...company(5), person(6, { id: 'NEW-6', mobile: '555' })]);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
  });
});

describe('people who exchange an email or phone number', () => {
  const [one, two, three, ...others] = company(12) as [Employee, Employee, Employee, ...Employee[]];

  it('two of them need one intermediate update', async () => {
    const trial = await established(company(12));
    const { code, stdout, sent } = await sentBy(trial, [
      { ...one, email: two.email },
      { ...two, email: one.email },
      three,
      ...others,
    ]);
    expect(code).toBe(0);
    expect(sent).toEqual(['PATCH 00001', 'PATCH 00002', 'PATCH 00001']);
    expect(stdout).toContain('1 of them for a moment only');
    expect(await contactOf(trial, '00001')).toMatchObject({ email: two.email });
    expect(await contactOf(trial, '00002')).toMatchObject({ email: one.email });
  });

  it('three of them in a circle of phone numbers as well', async () => {
    const trial = await established(company(12));
    const { code, sent } = await sentBy(trial, [
      ...others,
      { ...three, mobile: one.mobile },
      { ...one, mobile: two.mobile },
      { ...two, mobile: three.mobile },
    ]);
    expect(code).toBe(0);
    expect(sent).toHaveLength(4);
    expect(await contactOf(trial, '00002')).toMatchObject({ phone_number: three.mobile });
  });

  it('in a chain are sent from its end, whatever the order of the rows', async () => {
    const trial = await established(company(12));
    const { sent } = await sentBy(trial, [
      { ...one, email: two.email },
      { ...two, email: three.email },
      { ...three, email: 'fresh@example.com' },
      ...others,
    ]);
    expect(sent).toEqual(['PATCH 00003', 'PATCH 00002', 'PATCH 00001']);
  });

  it('with a leaver or a joiner wait for the delete, and joiners for the update', async () => {
    const trial = await established(company(12));
    const [leaver] = others;
    const { sent } = await sentBy(trial, [
      person(900, { mobile: leaver?.mobile ?? '' }),
      person(901, { email: one.email }),
      { ...one, email: 'moved.away@example.com' },
      two,
      three,
      ...others.slice(1),
    ]);
    expect(sent.slice(0, 2).sort()).toEqual(['DELETE 00004', 'PATCH 00001']);
    expect(sent.slice(2).sort()).toEqual(['POST 00900', 'POST 00901']);
    expect(trial.operations().map(({ kind, external_id: id }) => `${kind} ${id}`)).toEqual([
      'update 00001',
      'delete 00004',
      'create 00900',
      'create 00901',
    ]);
  });

  it('get back what was taken for a moment when the exchange fails half-way', async () => {
    const trial = await established(company(12));
    const body = { error: { first_name: ['is not welcome'] } };
    const four = person(4);
    await trial.faults(['00002', '00004'].map((external_id) => ({ method: 'PATCH', external_id, status: 422, body })));
    const exchanged = [
      { ...one, email: two.email },
      { ...two, email: one.email },
      { ...three, mobile: four.mobile },
      { ...four, mobile: three.mobile },
    ];
    trial.drop('employees.csv', roster([...exchanged, ...others.slice(1)]));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(await contactOf(trial, '00001')).toMatchObject({ email: one.email });
    expect(await contactOf(trial, '00003')).toMatchObject({ phone_number: three.mobile });
    expect(trial.report().balanced).toBe(true);
    expect(trial.reportFile('operations.jsonl')).toContain('gives back what was taken for a moment');
    await checkTrial(trial);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactOf(trial, '00001')).toMatchObject({ email: two.email });
    await checkTrial(trial);
  });

  it('wait with the one who is held', async () => {
    const trial = await established(company(12));
    // Six leave, which is too many; a joiner has the phone number of one of them.
    const joiner = person(900, { mobile: others[0]?.mobile ?? '' });
    const { code, stdout, sent } = await sentBy(trial, [one, two, three, ...others.slice(6), joiner, person(901)]);
    expect(code).toBe(3);
    expect(sent).toEqual(['POST 00901']);
    expect(stdout).toMatch(/\+ 00900 .*\[held: deletes, it needs the phone_number of 00004, whose delete is held\]/);
    expect(await trial.run('approve', '--now')).toMatchObject({ code: 0 });
    expect(await contactOf(trial, '00900')).toMatchObject({ phone_number: others[0]?.mobile });
    await checkTrial(trial);
  });
});

describe('an email or phone number that a contact keeps', () => {
  it('rejects the row that wants it, and whoever would have had that row’s own', async () => {
    const trial = await established(company(12));
    // The row of 00001 cannot be understood, so 00001 keeps its email, so 00002 its own, which 00003 wants.
    const [one, two, three, ...others] = company(12) as [Employee, Employee, Employee, ...Employee[]];
    const { code, stdout, sent } = await sentBy(trial, [
      { ...one, last: '' },
      { ...two, email: one.email },
      { ...three, email: two.email },
      ...others,
      person(900),
    ]);
    expect(code).toBe(4);
    expect(sent).toEqual(['POST 00900']);
    expect(stdout).toMatch(
      /line 3 {2}00002 {2}email: The same email belongs to 00001, whose row is line 2 and who keeps it/,
    );
    expect(stdout).toMatch(
      /line 4 {2}00003 {2}email: The same email belongs to 00002, whose row is line 3 and who keeps it/,
    );
    expect(trial.report().people).toMatchObject({ create: 1, update: 0, kept: 3, unchanged: 9 });
  });

  it('of somebody who is not in the file any more and not removed yet, too', async () => {
    const trial = await newTrial({
      configuration: (facts) =>
        everydayConfiguration(facts).replace('missing: delete', 'missing: delete\n    delete_after: { files: 3 }'),
    });
    trial.drop('employees.csv', roster(company(12)));
    await trial.run('--once');
    const { code, stdout, sent } = await sentBy(trial, [
      ...company(11),
      person(900, { mobile: person(12).mobile }),
      person(901),
    ]);
    expect(code).toBe(4);
    expect(sent).toEqual(['POST 00901']);
    expect(stdout).toContain('belongs to 00012, who is missing from this file and not removed yet and who keeps it');
  });

  it('is one bad pair among five thousand', { timeout: 60_000 }, async () => {
    const trial = await newTrial({
      configuration: (facts) => everydayConfiguration(facts).replace('second: 500', 'second: 1000'),
    });
    const everybody = company(5000);
    const twin = { ...person(4999), mobile: person(17).mobile };
    trial.drop('employees.csv', roster(everybody.map((each) => (each.id === '04999' ? twin : each))));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(await trial.contacts()).toHaveLength(4998);
    expect(stdout).toMatch(/line 18 {2}00017 {2}phone_number: The same phone_number stands on line 5000/);
    expect(stdout).toMatch(/line 5000 {2}04999 {2}phone_number: The same phone_number stands on line 18/);
  });
});
