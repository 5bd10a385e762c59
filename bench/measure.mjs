// One measurement in a process of its own: how long it took and how much memory it had at its peak.
// `inChild` runs a script of this folder with arguments and gives what it printed as JSON.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs `script` (a name in this folder) in a new process; its last line of output is its result. */
export async function inChild(script, ...args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Seconds that `body` took, and its result. */
export async function timed(body) {
  const startedMs = performance.now();
  const result = await body();
  return { seconds: (performance.now() - startedMs) / 1000, result };
}

/** Of this process so far, in MiB. */
export function peakMiB() {
  return process.resourceUsage().maxRSS / 1024;
}

export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
