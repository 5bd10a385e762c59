// A trial in which deletes are held, for tests of what people decide about them.

import { expect } from 'vitest';
import { company, person, roster } from './company.ts';
import { newTrial, type Trial } from './trial.ts';

/** Eight of a hundred people have left: the deletes are held, a joiner was created. */
export async function withHeldDeletes(): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', roster(company(100)));
  await trial.run('--once');
  trial.drop('employees.csv', roster([...company(92), person(900)]));
  expect(await trial.run('--once')).toMatchObject({ code: 3 });
  expect(trial.report().operations).toMatchObject({ planned: 9, applied: 1, held: 8 });
  return trial;
}

/** The report without its line breaks. */
export function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** How many contacts Workshop has. */
export async function contactCount(trial: Trial): Promise<number> {
  return (await trial.contacts()).length;
}
