// Ids that change their shape on the way, as when somebody opens the export in a spreadsheet and saves it again.

import { expect, it } from 'vitest';
import { company, person, roster } from '../support/company.ts';
import { newTrial } from '../support/trial.ts';

it('ids that lose their zeros hold everything that they would do, and the report says what happened', async () => {
  const trial = await newTrial();
  trial.drop('employees.csv', roster(company(30)));
  await trial.run('--once');
  trial.drop('employees.csv', roster(company(30).map((each) => ({ ...each, id: each.id.replace(/^0+/, '') }))));
  const { code, stdout } = await trial.run('--once');
  expect(code).toBe(3);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    '30 ids are such as are known, written in another way (00001 → 1, 00002 → 2, 00003 → 3 and 27 more): did a spreadsheet take leading zeros away',
  );
  expect(await trial.contacts()).toHaveLength(30);
});

it('ids that differ only by their shape are two people, and worth a warning', async () => {
  const trial = await newTrial();
  const people = [person(1, { id: 'AB1' }), person(2, { id: 'ab1' }), person(3, { id: '(0AB1)' }), person(4)];
  trial.drop('employees.csv', roster(people));
  const { code, stdout } = await trial.run('--once');
  expect(code).toBe(0);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'ids that differ only by case, leading zeros or the characters around them: (0AB1) and AB1 and ab1',
  );
});
