// Whatever roster follows whatever roster, Workshop ends as the file says, and on the way no email or phone number is
// claimed before it is given up (specification §7, "Unique values"): the emulator enforces it, over real HTTP. And a dry
// run says what the run then does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationLine } from '../../src/report/shape.ts';
import { withOpenGuards } from '../support/guards.ts';
import { inAnEmptyWorkshop, type RosterPerson, rosterOf } from '../support/successive.ts';
import { hashTree } from '../support/tree.ts';
import type { EmulatedContact } from '../support/trial.ts';

const LONG = { timeout: 240_000 };
const SEED = 20261125;

function wanted(people: readonly RosterPerson[]) {
  return people
    .map(({ id, email, mobile, office }) => ({
      external_id: id,
      email,
      phone_number: mobile === '' ? null : mobile,
      office: office === '' ? null : office,
    }))
    .sort(byId);
}

function held(contacts: readonly EmulatedContact[]) {
  return contacts
    .map(({ external_id, email, phone_number, attributes }) => ({
      external_id: external_id ?? '',
      email,
      phone_number: phone_number ?? null,
      office: attributes.office ?? null,
    }))
    .sort(byId);
}

function byId(one: { external_id: string }, other: { external_id: string }): number {
  return one.external_id < other.external_id ? -1 : 1;
}

describe('any roster after any other', () => {
  it('is what Workshop has in the end, without a conflict on the way', LONG, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rosterOf(7), { minLength: 2, maxLength: 4 }), async (rosters) => {
        await inAnEmptyWorkshop(withOpenGuards, async ({ write, run }) => {
          for (const people of rosters) {
            write(people);
            // People may well swap both email and phone here; that it is people who do is for another test.
            const { report, contacts, conflicts } = await run({ force: ['identity'] });
            expect(conflicts).toEqual([]);
            expect(held(contacts)).toEqual(wanted(people));
            expect(report).toMatchObject({ exit_code: 0, balanced: true, rejects: [] });
          }
        });
      }),
      { numRuns: Number(process.env.ROSTER_CASES ?? 30), seed: SEED },
    );
  });
});

describe('a dry run', () => {
  it('plans the operations that the run then sends, in their order, and holds what it then holds', LONG, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rosterOf(30), { minLength: 2, maxLength: 4 }), async (rosters) => {
        await inAnEmptyWorkshop(
          (text) => text,
          async ({ write, run, directory }) => {
            for (const people of rosters) {
              write(people);
              const before = hashTree(directory);
              const writesBefore = (await run({ dryRun: true })).writes;
              const dry = await run({ dryRun: true });
              expect(hashTree(directory)).toEqual(before);
              expect(dry.writes).toBe(writesBefore);
              const real = await run();
              expect(dry.operations.map(intended)).toEqual(real.operations.map(intended));
              expect(dry.report.guards).toEqual(real.report.guards);
              expect(dry.report.people).toEqual(real.report.people);
              expect(dry.report.exit_code).toBe(real.report.exit_code);
              expect(real.conflicts).toEqual([]);
            }
          },
        );
      }),
      { numRuns: Number(process.env.ROSTER_CASES ?? 12), seed: SEED },
    );
  });
});

/** An operation as it was planned, whatever became of it. */
function intended({ kind, external_id, body, before, line, outcome, guard, reason }: OperationLine) {
  return { kind, external_id, body, before, line, isHeld: outcome === 'held', guard, reason };
}
