// The everyday configuration with a second feed, `plant`, next to `employees`.

import { everydayConfiguration } from './trial.ts';

export function withPlantFeed(
  facts: { url: string; directory: string; state: string },
  changePlant: (feed: string) => string = (feed) => feed,
): string {
  const text = everydayConfiguration(facts);
  const feed = text.slice(text.indexOf('  - name: employees'), text.indexOf('state_directory'));
  const plant = feed.replace('name: employees', 'name: plant').replace('employees*.csv', 'plant*.csv');
  return text.replace(feed, feed + changePlant(plant));
}
