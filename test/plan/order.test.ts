// A value is given up before it is claimed; circles are broken by as few intermediate updates as it takes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, type Link, linksToHeld, stuckLinks } from '../../src/plan/order.ts';

const email = (claimer: number, freer: number | null): Link => ({ claimer, freer, field: 'email' });
const phone = (claimer: number, freer: number | null): Link => ({ claimer, freer, field: 'phone_number' });

describe('the order', () => {
  it('of a chain begins at its end', () => {
    const { waits, parkings, first } = arrange([email(1, 2), email(2, 3)]);
    expect(parkings).toEqual([]);
    expect(first).toEqual([3]);
    expect(waits).toEqual([
      { operation: 2, operations: [3], parkings: [] },
      { operation: 1, operations: [2], parkings: [] },
    ]);
  });

  it('of two who swap emails parks one of them, who then waits for its own parking and the other', () => {
    const { waits, parkings } = arrange([email(1, 2), email(2, 1)]);
    expect(parkings).toEqual([{ operation: 1, fields: ['email'] }]);
    expect(waits).toEqual([
      { operation: 2, operations: [], parkings: [1] },
      { operation: 1, operations: [2], parkings: [1] },
    ]);
  });

  it('of two who swap both parks both values of one of them in one update', () => {
    const { parkings } = arrange([email(1, 2), phone(1, 2), email(2, 1), phone(2, 1)]);
    expect(parkings).toEqual([{ operation: 1, fields: ['email', 'phone_number'] }]);
  });

  it('of a circle of email and phone parks the email, which is sure to work', () => {
    expect(arrange([phone(1, 2), email(2, 1)]).parkings).toEqual([{ operation: 1, fields: ['email'] }]);
    expect(arrange([email(1, 2), phone(2, 1)]).parkings).toEqual([{ operation: 2, fields: ['email'] }]);
  });

  it('does not park somebody who only waits for a circle', () => {
    const { parkings } = arrange([email(1, 5), email(5, 6), email(6, 5), phone(6, 9)]);
    expect(parkings).toHaveLength(1);
    expect([5, 6]).toContain(parkings[0]?.operation);
  });

  it('is found for a hundred thousand people who exchange emails in pairs, and in one circle', () => {
    const pairs = Array.from({ length: 100_000 }, (_, index) => email(index, index ^ 1));
    expect(arrange(pairs).parkings).toHaveLength(50_000);
    const circle = Array.from({ length: 100_000 }, (_, index) => email(index, (index + 1) % 100_000));
    expect(arrange(circle).parkings).toHaveLength(1);
  });
});

/** Each field of a contact is given up by one operation and claimed by at most one. */
const links: fc.Arbitrary<Link[]> = fc
  .tuple(fc.shuffledSubarray([0, 1, 2, 3, 4, 5]), fc.shuffledSubarray([0, 1, 2, 3, 4, 5]))
  .chain(([emails, phones]) =>
    fc
      .tuple(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: emails.length, maxLength: emails.length }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: phones.length, maxLength: phones.length }),
      )
      .map(([emailClaimers, phoneClaimers]) => [
        ...emails.map((freer, index) => email(emailClaimers[index] ?? 0, freer)),
        ...phones.map((freer, index) => phone(phoneClaimers[index] ?? 0, freer)),
      ]),
  )
  .map((all) => all.filter(({ claimer, freer }) => claimer !== freer));

describe('any exchange', () => {
  it('is put in an order in which nobody waits for somebody later, and everybody waits for whom they need', () => {
    fc.assert(
      fc.property(links, (all) => {
        const arrangement = arrange(all);
        const done = new Set(arrangement.first);
        const parked = new Map(arrangement.parkings.map(({ operation, fields }) => [operation, fields]));
        for (const wait of arrangement.waits) {
          for (const needed of wait.operations) expect(done).toContain(needed);
          for (const needed of wait.parkings) expect([...parked.keys()]).toContain(needed);
          done.add(wait.operation);
        }
        for (const { claimer, freer, field } of all) {
          const wait = arrangement.waits.find(({ operation }) => operation === claimer);
          const isParked = parked.get(freer ?? -1)?.includes(field) === true;
          expect(isParked ? wait?.parkings : wait?.operations).toContain(freer);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is broken by as few intermediate updates as possible', () => {
    fc.assert(
      fc.property(links, (all) => {
        expect(arrange(all).parkings.length).toBe(fewestParkings(all));
      }),
      { numRuns: 2000 },
    );
  });
});

/** By trying every set of operations to park. */
function fewestParkings(all: readonly Link[]): number {
  for (let count = 0; ; count += 1)
    if (subsets([0, 1, 2, 3, 4, 5], count).some((set) => isAcyclic(all, set))) return count;
}

function subsets(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]));
}

function isAcyclic(all: readonly Link[], parked: readonly number[]): boolean {
  let edges = all.filter(({ freer }) => !parked.includes(freer ?? -1));
  for (;;) {
    const waiting = new Set(edges.map(({ claimer }) => claimer));
    const left = edges.filter(({ freer }) => waiting.has(freer ?? -1));
    if (left.length === edges.length) return edges.length === 0;
    edges = left;
  }
}

describe('a claim', () => {
  it('on what nobody gives up is stuck, and so is whoever would have had the claimer’s own', () => {
    const stuck = stuckLinks([email(1, 2), email(2, null), email(3, 4)]);
    expect(stuck.map(({ claimer }) => claimer)).toEqual([1, 2]);
  });

  it('on what a held operation would give up is held as well, and so on', () => {
    const all = [email(1, 2), phone(2, 3), email(4, 5)];
    expect(linksToHeld(all, [3]).map(({ claimer }) => claimer)).toEqual([2, 1]);
    expect(linksToHeld(all, [1])).toEqual([]);
  });
});
