// A company that has been in Workshop since yesterday, and what today's file makes a run send.

import { expect } from 'vitest';
import { type Employee, roster } from './company.ts';
import { checkTrial, everydayConfiguration, newTrial, type Trial } from './trial.ts';

/** `more` goes into the configuration of the feed. */
export async function established(people: readonly Employee[], more = ''): Promise<Trial> {
  const trial = await newTrial({
    configuration: (facts) => everydayConfiguration(facts).replace('state_directory', `${more}state_directory`),
  });
  trial.drop('employees.csv', roster(people));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

/** What a run sent: `METHOD id`, with the answer where it was a no. */
export async function sentBy(trial: Trial, people: readonly Employee[]) {
  const before = (await trial.writes()).length;
  trial.drop('employees.csv', roster(people));
  const { code, stdout } = await trial.run('--once');
  const sent = (await trial.writes()).slice(before);
  await checkTrial(trial);
  expect(sent.filter(({ status }) => status === 409 || status === 422)).toEqual([]);
  return { code, stdout, sent: sent.map(({ method, external_id: id }) => `${method} ${id}`) };
}

/** The contact with this external_id. */
export async function contactOf(trial: Trial, id: string) {
  return (await trial.contacts()).find((contact) => contact.external_id === id);
}
