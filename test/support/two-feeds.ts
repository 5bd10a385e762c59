// The everyday configuration with a second feed, `plant`, next to `employees`.

import { expect } from 'vitest';
import { company, type Employee, person, roster } from './company.ts';
import { everydayConfiguration, newTrial, type Trial } from './trial.ts';

export function withPlantFeed(
  facts: { url: string; directory: string; state: string },
  changePlant: (feed: string) => string = (feed) => feed,
): string {
  const text = everydayConfiguration(facts);
  const feed = text.slice(text.indexOf('  - name: employees'), text.indexOf('state_directory'));
  const plant = feed.replace('name: employees', 'name: plant').replace('employees*.csv', 'plant*.csv');
  return text.replace(feed, feed + changePlant(plant));
}

/** Thirty people of the plant; the other feed has the company of thirty. */
export const PLANT: readonly Employee[] = Array.from({ length: 30 }, (_, index) => person(500 + index));

/** Both feeds, wholly synced once. */
export async function establishedFeeds(): Promise<Trial> {
  const trial = await newTrial({ configuration: withPlantFeed });
  dropBoth(trial, company(30), PLANT);
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  return trial;
}

export function dropBoth(trial: Trial, employees: readonly Employee[], plant: readonly Employee[]): void {
  trial.drop('employees.csv', roster(employees));
  trial.drop('plant.csv', roster(plant));
}
