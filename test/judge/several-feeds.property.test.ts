// Two full feeds and one of changes, listed in any order, file after file: Workshop ends as an oracle that looks at one person
// at a time says, the report adds up, a dry run says the same, and a run without a new file sends nothing.

import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FeedName, FeedOracle, type Round } from '../support/feed-oracle.ts';
import { withOpenGuards } from '../support/guards.ts';
import { inAnEmptyWorkshop, type Successive } from '../support/successive.ts';
import { csv, personRow } from '../support/trial.ts';

const IDS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const OFFICES = ['Austin', 'Boston', 'Omaha'];
const LONG = { timeout: 240_000 };

function rowsOf(words: readonly string[]): fc.Arbitrary<ReadonlyMap<string, string>> {
  return fc
    .tuple(
      fc.shuffledSubarray(IDS, { minLength: 1 }),
      fc.array(fc.constantFrom(...words), { minLength: 6, maxLength: 6 }),
    )
    .map(([ids, drawn]) => new Map(ids.map((id, index) => [id, drawn[index] ?? 'Austin'])));
}

const rounds: fc.Arbitrary<Round[]> = fc
  .tuple(
    fc.record({
      first: rowsOf(OFFICES),
      second: rowsOf(OFFICES),
      changes: fc.constant(null),
      changesAreNewer: fc.constant(true),
    }),
    fc.array(
      fc.record({
        first: fc.option(rowsOf(OFFICES), { nil: null }),
        second: fc.option(rowsOf(OFFICES), { nil: null }),
        changes: fc.option(rowsOf([...OFFICES, 'left']), { nil: null }),
        changesAreNewer: fc.boolean(),
      }),
      { minLength: 2, maxLength: 5 },
    ),
  )
  .map(([start, more]) => [start, ...more]);

const orders = fc.shuffledSubarray(['first', 'second', 'changes'] as FeedName[], { minLength: 3 });

/** The everyday feed three times over. */
function threeFeeds(listed: readonly FeedName[]): (text: string) => string {
  return (text) => {
    const from = text.indexOf('  - name: employees');
    const to = text.indexOf('state_directory');
    const feeds = listed.map((name) => {
      const feed = text
        .slice(from, to)
        .replace('name: employees', `name: ${name}`)
        .replace('employees*.csv', `${name}*.csv`);
      if (name !== 'changes') return feed;
      const status = `    status: { column: Office, employed: [${OFFICES.join(', ')}], left: [left] }\n`;
      return feed.replace('kind: full\n    missing: delete', 'kind: changes') + status;
    });
    return withOpenGuards(text.slice(0, from) + feeds.join('') + text.slice(to));
  };
}

function write({ directory }: Successive, round: Round, number: number): void {
  for (const name of ['first', 'second', 'changes'] as const) {
    const rows = round[name];
    if (rows === null) continue;
    const file = name === 'changes' ? `changes_${number}.csv` : `${name}.csv`;
    // With the round in a column of its own no two files are the same.
    const lines = [...rows].map(([id, office]) => personRow(id, { office, department: `Sales` }));
    const path = join(directory, 'outbound', file);
    writeFileSync(path, csv(...lines, personRow(`${name}-${number}`)));
    const at = 1_700_000_000 + 100 * number + (name !== 'changes' ? 50 : round.changesAreNewer ? 60 : 40);
    utimesSync(path, at, at);
  }
}

it('any files of several feeds come to what an oracle says', LONG, async () => {
  await fc.assert(
    fc.asyncProperty(orders, rounds, async (listed, played) => {
      const model = new FeedOracle(listed);
      await inAnEmptyWorkshop(threeFeeds(listed), async (successive) => {
        // A feed of changes that never had a file is in trouble, which is for another test.
        write(successive, { first: null, second: null, changes: new Map(), changesAreNewer: true }, 0);
        for (const [index, round] of played.entries()) {
          write(successive, round, index + 1);
          model.play(round, IDS);
          const dry = await successive.run({ dryRun: true });
          const { report, contacts } = await successive.run();
          expect(report).toMatchObject({ exit_code: 0, balanced: true });
          expect(dry.report.people).toEqual(report.people);
          const held = contacts.filter(({ external_id: id }) => IDS.includes(id ?? ''));
          const offices = Object.fromEntries(held.map(({ external_id: id, attributes }) => [id, attributes.office]));
          expect(offices).toEqual(model.values());
          const again = await successive.run();
          expect(again.report).toMatchObject({ exit_code: 0, balanced: true });
          expect(again.report.operations.planned).toBe(0);
        }
      });
    }),
    { numRuns: Number(process.env.FEEDS_CASES ?? 10), seed: 20261125 },
  );
});
