// init on the sample of every HR system: what it writes reads that very sample.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guessed } from './sample.ts';

const ROSTERS = join(import.meta.dirname, '../fixtures/rosters');

/** Systems whose exports have no id but the email, which nobody is called by. */
const WITHOUT_ID = ['namely'];

describe('the sample of', () => {
  it.each(readdirSync(ROSTERS))('%s is read by the configuration that init writes for it', async (system) => {
    const [file = ''] = readdirSync(join(ROSTERS, system)).filter((name) => name !== 'expected.json');
    const expected = JSON.parse(readFileSync(join(ROSTERS, system, 'expected.json'), 'utf8'));
    const { guess, trial } = await guessed(readFileSync(join(ROSTERS, system, file)), file);
    if (WITHOUT_ID.includes(system)) {
      expect(guess.missing).toContain('external_id');
      return;
    }
    const outcome = await trial();
    expect(outcome).toBeTypeOf('object');
    // Whom the ready configuration leaves out or rejects is a matter of judgement; most of the people must be there.
    const { employees } = outcome as { employees: number };
    expect(employees).toBeGreaterThanOrEqual(
      Math.ceil(new Set(expected.employees.map(({ externalId }: { externalId: string }) => externalId)).size * 0.7),
    );
  });
});
