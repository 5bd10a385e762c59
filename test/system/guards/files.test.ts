// Bad files that look like good ones: each is caught by the guard meant for it, and the operator reads why.

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../../support/company.ts';
import { checkTrial, newTrial, type Trial } from '../../support/trial.ts';

/** A company of so many people, in Workshop since yesterday. */
async function established(count: number): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', roster(company(count)));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

/** Today's run: its text, and what it sent. */
async function nextRun(trial: Trial, people: readonly Employee[], ...flags: string[]) {
  const before = (await trial.writes()).length;
  trial.drop('employees.csv', roster(people));
  const { code, stdout } = await trial.run('--once', ...flags);
  const sent = (await trial.writes()).slice(before);
  await checkTrial(trial);
  return { code, stdout, sent, guard: (name: string) => trial.report().guards.find((each) => each.name === name) };
}

describe('a file that was cut at the end of a row', () => {
  it('holds everything, because a third of the company is missing', async () => {
    const trial = await established(120);
    const cut = [...company(80), person(900)];
    const { code, stdout, sent } = await nextRun(trial, cut);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toContain(
      'Held: 1 create and 40 deletes wait for approval (rows: 39 fewer than the 120 of the last accepted file, limit 12).',
    );
    expect(stdout).toMatch(/rows +39, limit 12 +tripped \(fewer than the 120 of the last accepted file\)/);
    expect(stdout).toContain('removals.csv');
    expect(trial.reportFile('removals.csv').trim().split('\n')).toHaveLength(41);
    expect(await trial.contacts()).toHaveLength(120);
  });

  it('stays the odd one out: the same file again is compared with the last good one, not with itself', async () => {
    const trial = await established(120);
    for (const _ of [1, 2, 3]) {
      const { code, guard } = await nextRun(trial, company(80));
      expect(code).toBe(3);
      expect(guard('rows')).toMatchObject({ actual: 40, limit: 12, tripped: true });
    }
    const good = await nextRun(trial, company(121));
    expect(good).toMatchObject({ code: 0 });
    expect(good.guard('rows')).toMatchObject({ actual: 1, tripped: false });
    expect(await trial.contacts()).toHaveLength(121);
  });

  it('is not let through by forcing another guard, and not wholly by forcing this one', async () => {
    const trial = await established(120);
    expect((await nextRun(trial, company(80), '--force', 'deletes')).code).toBe(3);
    const forced = await nextRun(trial, company(80), '--force', 'rows');
    expect(forced.code).toBe(3);
    expect(forced.stdout).toContain('40 deletes wait for approval (limit 6)');
    expect(forced.stdout).toContain('tripped, let through by --force');
    expect(await trial.contacts()).toHaveLength(120);
  });
});

describe('a file with half as many people again', () => {
  it('holds everything', async () => {
    const trial = await established(60);
    const { code, stdout, sent } = await nextRun(trial, company(95));
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toMatch(/rows +35, limit 30 +tripped \(more than the 60 of the last accepted file\)/);
  });
});

describe('a column that came out blank', () => {
  it('holds the updates that would remove it from many, and sends the others', async () => {
    const trial = await established(60);
    const blank = company(60).map((each, index) => (index < 40 ? { ...each, office: '' } : each));
    blank[3] = person(4, { department: 'Legal' });
    const { code, stdout, sent } = await nextRun(trial, blank);
    expect(code).toBe(3);
    expect(stdout).toMatch(/cleared +39, limit 6 +tripped \(of the 60 who have office would lose it\)/);
    expect(sent).toMatchObject([
      { method: 'PATCH', external_id: '00004', body: { attributes: { department: 'Legal' } } },
    ]);
  });

  it('of emails holds everything, because nearly no row can be understood', async () => {
    const trial = await established(60);
    const broken = company(60).map((each, index) => (index < 20 ? { ...each, email: '' } : each));
    const { code, stdout, sent } = await nextRun(trial, [...broken, person(900)]);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toMatch(/rejects +20, limit 10 +tripped/);
    expect(await trial.contacts()).toHaveLength(60);
  });
});

describe('a mass renumbering', () => {
  it('is held as a question of identity, and nobody is deleted or created', async () => {
    const trial = await established(40);
    const renumbered = company(40).map((each) => ({ ...each, id: `HR-${each.id}` }));
    const { code, stdout, sent } = await nextRun(trial, renumbered);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toContain('Held: 40 re-keys wait for approval (identity: 40 may be another person, limit 5).');
    expect(trial.report().people).toMatchObject({ create: 0, delete: 0, rekey: 40 });
  });
});

describe('a column that was sorted on its own', () => {
  it('so that each id carries a neighbour’s name and email, is held', async () => {
    const trial = await established(20);
    const everybody = company(20);
    const shifted = everybody.map((each, index) => {
      const { first, last, email } = everybody[(index + 1) % everybody.length] ?? each;
      return { ...each, first, last, email };
    });
    const { code, stdout, sent } = await nextRun(trial, shifted);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(stdout).toMatch(
      /identity +20, limit 5 +tripped \(may be another person, 20 of them with the values of somebody else\)/,
    );
  });

  it('is held also when it is two people only', async () => {
    const trial = await established(20);
    const [one, other, ...others] = company(20) as [Employee, Employee, ...Employee[]];
    const swapped = [
      { ...one, first: other.first, last: other.last, email: other.email },
      { ...other, first: one.first, last: one.last, email: one.email },
    ];
    const { code, sent } = await nextRun(trial, [...swapped, ...others, person(900)]);
    expect(code).toBe(3);
    expect(sent).toMatchObject([{ method: 'POST', external_id: '00900' }]);
    expect(trial.report().operations).toMatchObject({ planned: 3, held: 2, applied: 1 });
  });

  it('is held also when it is the emails alone, and as few as seven', async () => {
    const trial = await established(20);
    const everybody = company(20);
    const shifted = everybody.map((each, index) =>
      index < 7 ? { ...each, email: everybody[(index + 1) % 7]?.email ?? '' } : each,
    );
    const { code, sent, guard } = await nextRun(trial, shifted);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(guard('identity')).toMatchObject({ actual: 7, limit: 5, tripped: true });
  });
});

describe('a column that has shifted against the ids', () => {
  const shifted = (ids: readonly string[]) =>
    company(ids.length).map((each, index) => ({ ...each, id: ids[index] ?? '' }));
  const ids = company(21).map(({ id }) => id);

  it('by one row holds both of its ends as well: nobody is deleted, nobody becomes a newcomer', async () => {
    const trial = await established(20);
    // Everybody under the id of the next one; 00001 seems to have left, 00021 to be new.
    const { code, sent } = await nextRun(trial, shifted(ids.slice(1)));
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(trial.report().operations).toMatchObject({ planned: 21, held: 21 });
  });

  it('because of a new first row holds the update that would make somebody a newcomer', async () => {
    const trial = await established(20);
    const { code, sent } = await nextRun(trial, [person(900, { id: '00001' }), ...shifted(ids.slice(1))]);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
  });

  it('where it is one person only, who is somebody else’s newcomer', async () => {
    const trial = await established(20);
    const renamed = [person(900, { id: '00001' }), ...company(20).slice(1), person(1, { id: '00021' })];
    const { code, sent } = await nextRun(trial, renamed);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(trial.report().operations).toMatchObject({ planned: 2, held: 2 });
  });

  it('in its emails alone holds its end as well, where somebody gets a new value', async () => {
    const trial = await established(60);
    const everybody = company(60);
    const moved = everybody.map((each, index) => {
      if (index === 0) return { ...each, email: 'new@example.com' };
      return index < 20 ? { ...each, email: everybody[index - 1]?.email ?? '' } : each;
    });
    const { code, sent } = await nextRun(trial, moved);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
  });

  it.each([
    ['names', (each: Employee, next: Employee) => ({ ...each, first: next.first, last: next.last })],
    ['phone numbers', (each: Employee, next: Employee) => ({ ...each, mobile: next.mobile })],
  ])('of %s alone is held', async (_, shift) => {
    const trial = await established(20);
    const everybody = company(20);
    const rotated = everybody.map((each, index) => shift(each, everybody[(index + 1) % 20] ?? each));
    const { code, sent, guard } = await nextRun(trial, rotated);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(guard('identity')).toMatchObject({ actual: 20, tripped: true });
  });
});

describe('a few rows that may be another person', () => {
  it('are applied and flagged', async () => {
    const trial = await established(20);
    const married = company(20).map((each, index) =>
      index < 3 ? { ...each, last: 'Whitfield', email: `whitfield.${index}@example.com` } : each,
    );
    const { code, stdout, sent } = await nextRun(trial, married);
    expect(code).toBe(0);
    expect(sent).toHaveLength(3);
    expect(stdout).toMatch(/worth a look, though not held: 00001 \(line 2: several of email, full name and phone/);
  });
});
