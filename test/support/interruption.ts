// What a program does that is asked to end: how long it takes, and what it leaves behind.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Ended, Running } from './program.ts';
import { checkTrial, type Trial } from './trial.ts';

export const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/** The timeout of a request in a trial is 5 s; a machine that is busy with other tests may need some more. */
const BOUND_MS = 25_000;

/** Sends the signal and waits for the end, which comes within the timeout of a request (specification §9). */
export async function interrupt(running: Running, ...signals: NodeJS.Signals[]): Promise<Ended> {
  const startedMs = performance.now();
  for (const signal of signals) running.kill(signal);
  const ended = await running.ended;
  const tookMs = performance.now() - startedMs;
  if (process.env.TELL_TIMES !== undefined) {
    process.stderr.write(
      `${Math.round(tookMs)} ms ${signals} exit ${ended.code}: ${expect.getState().currentTestName}\n`,
    );
  }
  expect(tookMs, 'milliseconds from the signal to the end').toBeLessThan(BOUND_MS);
  return ended;
}

/** Nothing lies around after a run that was interrupted, and its sums are right. */
export function checkTidy(trial: Trial): void {
  expect(existsSync(join(trial.state, 'work')), 'the work directory is still there').toBe(false);
  expect(trial.report()).toMatchObject({ balanced: true, imbalances: [], stopped: { kind: 'interrupted' } });
}

/** The next run brings Workshop in step with the file, without a contact too many. */
export async function checkNextRun(trial: Trial, externalIds: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await trial.run('--once');
  expect(code, stdout + stderr).toBe(0);
  expect((await trial.contacts()).map(({ external_id }) => external_id)).toEqual(externalIds);
  await checkTrial(trial);
  const created = (await trial.writes()).filter(({ method, status }) => method === 'POST' && status === 201);
  const ids = created.map(({ external_id }) => external_id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
}
