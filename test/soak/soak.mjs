// `npm run soak`: a company is synced again and again with changing files, while Workshop misbehaves and the program is
// killed. Reads the options and starts the test that does it, which can use everything that the other tests use.

import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const DEFAULTS = { people: '10000', runs: '200', minutes: '0', seed: '1' };

const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, value]) => [name, { type: 'string', default: value }]),
  ),
});
const numbers = Object.entries(values).map(([name, text]) => [name, Number(text)]);
const wrong = numbers.find(([, number]) => !(number >= 0));
if (wrong !== undefined) {
  console.error(`--${wrong[0]} must be a number. There are --people, --runs, --minutes and --seed.`);
  process.exit(7);
}
process.env.SOAK = JSON.stringify(Object.fromEntries(numbers));

const vitest = await startVitest('test', ['test/soak/soak.test.ts'], {
  watch: false,
  reporters: [['default', { summary: false }]],
  disableConsoleIntercept: true,
});
await vitest?.close();
