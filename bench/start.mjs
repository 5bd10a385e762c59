// What starting costs: `--help` beside an empty Node process, in turns.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const TURNS = 15;

const empty = [];
const help = [];
for (let turn = 0; turn < TURNS; turn += 1) {
  empty.push(millisecondsOf(['-e', '0']));
  help.push(millisecondsOf([PROGRAM, '--help']));
}
const limit = median(empty) * 1.5 + 100;
console.log(
  `--help: median ${median(help).toFixed(0)} ms; node -e 0: ${median(empty).toFixed(0)} ms; limit ${limit.toFixed(0)} ms`,
);

function millisecondsOf(args) {
  const startedMs = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - startedMs;
}
