// Who is who: people under another id, and whoever cannot be told apart (specification §7, "Re-key").

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../support/company.ts';
import { contactOf, established, sentBy } from '../support/established.ts';
import { everydayConfiguration, newTrial } from '../support/trial.ts';

const WITH_STATUS = '    status: { column: Office, employed: [Austin, Omaha, Boston], left: [Left] }\n';

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
    expect(stdout).toMatch(
      /- 00006 .*\[held: identity, the rejected row of line 7 of feed employees has the same email/,
    );
    expect(await contactOf(trial, '00006')).toBeDefined();
  });

  it('keeps the person where the new row has another mistake', async () => {
    const trial = await established(company(6));
    const { code, sent } = await sentBy(trial, [...company(5), person(6, { id: 'NEW-6', mobile: '555' })]);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
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
    expect(stdout).toContain('belongs to 00012, who is missing from this file and not removed yet, and who keeps it');
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
