// The crash matrix, its random part: the program is killed when Workshop has seen so many of its requests, with whatever is
// under way then, and killed once more while it recovers.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type CrashCompany, newCrashCompany } from '../support/crash-company.ts';
import { isKilled } from '../support/kills.ts';
import type { Strike } from '../support/program.ts';
import { randomNumbers } from '../support/random.ts';

const SLOW = { timeout: 600_000 };
const PAIRS = 18;

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

  it('that is killed, and killed again while it recovers, converges in the third', SLOW, async () => {
    const company = await newCrashCompany();
    const random = randomNumbers(2, 0);
    let secondKills = 0;
    for (let pair = 0; pair < PAIRS; pair += 1) {
      await company.restore();
      // Intentions are on disk, and nobody knows what became of them.
      const nth = 1 + random.below(380);
      expect(await isKilled(company, { transition: ['pending', 'in_flight'], when: 'after', nth })).toBe(true);
      await company.trial.control('DELETE', 'faults');
      if (await isKilled(company, whileRecovering(pair))) secondKills += 1;
      await company.converge();
    }
    expect(secondKills).toBeGreaterThan(PAIRS / 2);
  });
});

/** What recovery does to operations in doubt, and to those that were never sent. */
function whileRecovering(pair: number): Strike {
  const moves = [
    ['in_flight', 'applied'],
    ['in_flight', 'pending'],
    ['pending', 'superseded'],
  ] as const;
  const transition = moves[pair % moves.length] ?? moves[0];
  return { transition, when: pair % 2 === 0 ? 'before' : 'after', nth: 1 + Math.floor(pair / 6) };
}
