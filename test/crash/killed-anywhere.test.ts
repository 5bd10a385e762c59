// The crash matrix, its random part: the program is killed when Workshop has seen so many of its requests, with whatever is
// under way then.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type CrashCompany, newCrashCompany } from '../support/crash-company.ts';
import { randomNumbers } from '../support/random.ts';

const SLOW = { timeout: 600_000 };

/** Kills the run at its nth request: when that has arrived, or has been answered. */
async function killedAtRequest({ trial }: CrashCompany, when: 'start' | 'finish', nth: number): Promise<void> {
  const channel = when === 'start' ? 'http.server.request.start' : 'http.server.response.finish';
  let count = 0;
  const seen = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (!request.url?.startsWith('/api/')) return;
    count += 1;
    if (count === nth) running.kill('SIGKILL');
  };
  const running = trial.start('--once');
  subscribe(channel, seen);
  const { signal, code } = await running.ended;
  unsubscribe(channel, seen);
  expect(signal, `at request ${nth} (${when}): exit ${code}`).toBe('SIGKILL');
}

describe('a run of four hundred operations', () => {
  it.each([
    ['has arrived', 'start'],
    ['was answered', 'finish'],
  ] as const)('that is killed when any request %s converges in the next run: 34 kills', SLOW, async (_, when) => {
    const company = await newCrashCompany();
    const random = randomNumbers(when === 'start' ? 4 : 9, 0);
    for (let kill = 0; kill < 34; kill += 1) {
      await company.restore();
      await killedAtRequest(company, when, 1 + random.below(380));
      await company.converge();
    }
  });
});
