import { expect, it } from 'vitest';
import { renderHistory } from '../../src/report/history.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-23T02:15:04.000Z');

it('gives one line per run, newest first, and says which did not finish', () => {
  const rows = [
    {
      run: 'r1',
      mode: 'run',
      startedAtMs: start,
      finishedAtMs: start + 900,
      exitCode: 0,
      verdict: 'In sync: nothing to do.',
    },
    { run: 'r2', mode: 'run', startedAtMs: start + day, finishedAtMs: null, exitCode: null, verdict: null },
    {
      run: 'r10',
      mode: 'run',
      startedAtMs: start + 2 * day,
      finishedAtMs: start + 2 * day + 245_000,
      exitCode: 143,
      verdict: 'Terminated (SIGTERM), drained cleanly.',
    },
  ] as const;
  expect(renderHistory(rows)).toMatchInlineSnapshot(`
    "r10  2026-11-25 02:15:04 UTC   4 min 5 s  exit 143  Terminated (SIGTERM), drained cleanly.
    r2   2026-11-24 02:15:04 UTC           -  exit -    Did not finish.
    r1   2026-11-23 02:15:04 UTC      900 ms  exit 0    In sync: nothing to do.
    "
  `);
});

it('says so when there were no runs', () => {
  expect(renderHistory([])).toBe('No runs yet.\n');
});
