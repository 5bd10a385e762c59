// People who exchange emails and phone numbers (specification §7, "Unique values"): given up before they are claimed.

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../support/company.ts';
import { contactOf, established, sentBy } from '../support/established.ts';
import { checkTrial, type Trial } from '../support/trial.ts';

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

describe('an exchange that a run could not finish', () => {
  const [one, two, three, ...others] = company(12) as [Employee, Employee, Employee, ...Employee[]];
  const swapped = [
    { ...one, email: two.email, mobile: two.mobile },
    { ...two, email: one.email, mobile: one.mobile },
  ];

  /** Two people swap both email and phone; the run is cut short after the intermediate update. */
  async function cutShort(): Promise<Trial> {
    const trial = await established(company(12));
    trial.drop('employees.csv', roster([...swapped, three, ...others]));
    expect(await trial.run('--once')).toMatchObject({ code: 3 });
    await trial.run('approve');
    await trial.faults([{ method: 'PATCH', external_id: '00002', status: 401 }]);
    expect(await trial.run('--once')).toMatchObject({ code: 8 });
    expect(await contactOf(trial, '00001')).toMatchObject({ email: expect.stringContaining('+moving-') });
    await trial.control('DELETE', 'faults');
    return trial;
  }

  it('is finished by the next one', async () => {
    const trial = await cutShort();
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactOf(trial, '00001')).toMatchObject({ email: two.email, phone_number: two.mobile });
    await checkTrial(trial);
  });

  it('is taken back when the rest of it was rejected', async () => {
    const trial = await cutShort();
    await trial.run('reject');
    for (const _ of [1, 2]) {
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(await contactOf(trial, '00001')).toMatchObject({ email: one.email, phone_number: one.mobile });
      expect(await contactOf(trial, '00002')).toMatchObject({ email: two.email });
      await checkTrial(trial);
    }
  });

  it('is taken back when the next file wants none of it, or has no phone number to keep', async () => {
    const trial = await cutShort();
    trial.drop('employees.csv', roster([{ ...one, mobile: '' }, two, three, ...others]));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await contactOf(trial, '00001')).toMatchObject({ email: one.email, phone_number: one.mobile });
    await checkTrial(trial);
  });

  it('leaves somebody recognisable who appears under another id then', async () => {
    const trial = await cutShort();
    trial.drop('employees.csv', roster([{ ...one, id: 'NEW-1' }, two, three, ...others]));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().people).toMatchObject({ rekey: 1, delete: 0, create: 0 });
    expect(await contactOf(trial, 'NEW-1')).toMatchObject({ email: one.email, phone_number: one.mobile });
    await checkTrial(trial);
  });
});
