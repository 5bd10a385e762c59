// Several feeds in one configuration, synced in this process: full ones and ones of changes, whose files are of the day that
// a test says.

import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOpenGuards } from './guards.ts';
import { inAnEmptyWorkshop, type Successive, type Synced } from './successive.ts';
import { csv, personRow } from './trial.ts';

/** For files of changes, and wherever leavers have rows: the office says whether somebody is employed. */
export const STATUS = '    status: { column: Office, employed: [Austin, Boston, Omaha], left: [left] }\n';

export interface FeedOfTest {
  readonly name: string;
  readonly kind?: 'changes';
  /** Further lines of its configuration. */
  readonly extra?: string;
  /** Its file pattern, if not its name and a star. */
  readonly file?: string;
}

export interface SeveralFeeds {
  /** A file that was modified on that day of the month. */
  drop(day: number, name: string, ...rows: string[]): void;
  takeOut(name: string): void;
  run(): Promise<Synced>;
  faults(rules: readonly object[]): Promise<void>;
  decide(decision: 'approve' | 'reject'): void;
}

/** Gives `body` these feeds and an empty Workshop; the guards are open unless they are what it is about. */
export async function withFeeds(
  feeds: readonly FeedOfTest[],
  body: (feeds: SeveralFeeds) => Promise<void>,
  { guarded = false } = {},
): Promise<void> {
  await inAnEmptyWorkshop(
    (text) => (guarded ? configured(feeds, text) : withOpenGuards(configured(feeds, text))),
    async (successive) => body(severalFeeds(successive)),
  );
}

function severalFeeds({ directory, run, faults, decide }: Successive): SeveralFeeds {
  const path = (name: string) => join(directory, 'outbound', name);
  return {
    drop: (day, name, ...rows) => {
      writeFileSync(path(name), csv(...rows));
      const at = Date.UTC(2026, 0, day) / 1000;
      utimesSync(path(name), at, at);
    },
    takeOut: (name) => rmSync(path(name)),
    run: () => run(),
    faults,
    decide,
  };
}

function configured(feeds: readonly FeedOfTest[], text: string): string {
  const from = text.indexOf('  - name: employees');
  const to = text.indexOf('state_directory');
  const written = feeds.map(({ name, kind, extra = '', file = `${name}*.csv` }) => {
    const feed = text.slice(from, to).replace('name: employees', `name: ${name}`).replace('employees*.csv', file);
    if (kind !== 'changes') return feed + extra;
    return feed.replace('kind: full\n    missing: delete', 'kind: changes') + STATUS + extra;
  });
  return text.slice(0, from) + written.join('') + text.slice(to);
}

/** The office of somebody in Workshop; undefined: they are not there. */
export function officeOf({ contacts }: Synced, id: string): string | undefined {
  return contacts.find(({ external_id: each }) => each === id)?.attributes.office;
}

/** Rows of people with ids from 100 on. */
export function crowd(count: number, office = 'Austin'): string[] {
  return Array.from({ length: count }, (_, index) => personRow(String(100 + index), { office }));
}
