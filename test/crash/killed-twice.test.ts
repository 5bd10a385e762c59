// The crash matrix, its last part: the program is killed, and killed once more while it recovers.

import { describe, expect, it } from 'vitest';
import { newCrashCompany } from '../support/crash-company.ts';
import { isKilled } from '../support/kills.ts';
import type { Strike } from '../support/program.ts';
import { randomNumbers } from '../support/random.ts';

const SLOW = { timeout: 600_000 };
const PAIRS = 18;

describe('a run of four hundred operations', () => {
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
