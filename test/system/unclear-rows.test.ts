// A row that does not tell whose it is keeps whoever it may mean: absence is not evidence.

import { expect, it } from 'vitest';
import { checkTrial, csv, newTrial, people, personRow } from '../support/trial.ts';

it.each([
  ['has no id', ',Ana,Ruiz,p00004@example.com,,Sales,Austin'],
  ['has an id that a spreadsheet has spoilt', '4.0E+00,Ana,Ruiz,P00004@Example.com,,Sales,Austin'],
  ['is ragged, and its id stands in another column', 'Field, 00004,Ana,Ruiz,somebody@example.com,,Sales,Austin'],
])('a row that %s keeps its person, and other leavers still leave', async (_, row) => {
  const trial = await newTrial();
  trial.drop('employees.csv', csv(...people(30)));
  await trial.run('--once');
  trial.drop('employees.csv', csv(...people(30).filter((each) => !/^0000[46]/.test(each)), row));
  const { code } = await trial.run('--once');
  expect(code).toBe(4);
  const ids = (await trial.contacts()).map(({ external_id }) => external_id);
  expect(ids).toContain('00004');
  expect(ids).not.toContain('00006');
  expect(trial.report().people).toMatchObject({ delete: 1, kept: 1 });
  await checkTrial(trial);
});

it('a row without an id that names nobody keeps nobody', async () => {
  const trial = await newTrial();
  trial.drop('employees.csv', csv(...people(30)));
  await trial.run('--once');
  trial.drop('employees.csv', csv(...people(29), personRow('', { email: 'new@example.com' })));
  await trial.run('--once');
  expect(trial.report().people).toMatchObject({ delete: 1, kept: 0 });
  await checkTrial(trial);
});
