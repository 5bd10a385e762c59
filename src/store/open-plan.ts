// Opens the plan: copies it into the journal and records what the files proved and what is held, in one transaction.

import { invariant } from '../invariant.ts';
import type { Database } from './database.ts';
import type { HeldSetChange, HeldSets } from './held-sets.ts';
import { rememberLastWords } from './last-words.ts';
import type { Refusals } from './refusals.ts';

/** What was accepted together with the plan of one feed. */
export interface Acceptance {
  readonly feed: string;
  /** The file, or those among the files of changes that were not accepted before. */
  readonly files: readonly {
    readonly name: string;
    readonly size: number;
    readonly modifiedAtMs: number;
    readonly sha256: string;
  }[];
  readonly configuration: string;
  readonly layout: string;
  readonly header: readonly string[];
  readonly rowCounts: object;
  /** False for changes, and when the same content was the last accepted: absence from it is then no further evidence. */
  readonly countsAsFile: boolean;
  /** Somebody rejected the whole of it: what it says of people counts for nothing. */
  readonly isVoid?: boolean;
}

export interface OpenedPlan {
  readonly run: string;
  readonly nowMs: number;
  readonly acceptances: readonly Acceptance[];
  /** One for every feed that was planned. */
  readonly heldSets: readonly HeldSetChange[];
  /** All feeds: what others left held is superseded. */
  readonly configured: readonly { readonly name: string; readonly kind: 'full' | 'changes' }[];
}

export type OpenPlan = (plan: OpenedPlan) => void;

/** Opens the plan that is in the staging database. */
export function prepareOpenPlan(
  database: Database,
  { heldSets, refusals }: { readonly heldSets: HeldSets; readonly refusals: Refusals },
): OpenPlan {
  return database.transaction(({ run, nowMs, acceptances, heldSets: changes, configured: feeds }: OpenedPlan) => {
    const configured = feeds.map(({ name }) => name);
    // What earlier runs left undone of a planned feed is in this plan again, as far as it is still wanted. What they
    // held of a feed that could not be planned now still waits.
    const planned = changes.map(({ feed }) => feed);
    for (const change of changes) forgetRepeated(database, heldSets, change);
    supersedeEarlier(database, { run, planned, configured });
    heldSets.change(run, changes);
    heldSets.supersedeOthers(configured);
    // A feed that read no file now has its last words still.
    for (const { feed } of acceptances) rememberSpokenFor(database, feed);
    const counting = acceptances.filter(({ isVoid }) => isVoid !== true);
    moveOwners(database, counting, feeds);
    rememberLastWords(
      database,
      counting.map(({ feed }) => feed),
      nowMs,
    );
    for (const acceptance of acceptances) {
      accept(database, run, nowMs, acceptance);
      refusals.forgetUnwanted(acceptance.feed);
    }
    copyIntoJournal(database, run);
  });
}

/**
 * A set that is held again as it was stands once in the journal, under the run that holds it now: while a file waits for
 * approval a daemon plans it many times a day. The report of each run keeps its own copy.
 */
function forgetRepeated(database: Database, heldSets: HeldSets, { feed, held }: HeldSetChange): void {
  const before = heldSets.open(feed);
  if (held === null || before?.digest !== held.digest) return;
  database
    .prepare("DELETE FROM operation WHERE run = ? AND feed = ? AND (state = 'held' OR left_out = 1)")
    .run(before.run, feed);
}

/** pending and held → superseded, for runs before this one: a new plan replaces theirs. */
function supersedeEarlier(
  database: Database,
  { run, planned, configured }: { run: string; planned: readonly string[]; configured: readonly string[] },
): void {
  database
    .prepare(
      `UPDATE operation SET state = 'superseded' WHERE run <> ? AND (state = 'pending' OR state = 'held' AND (
         feed IN (SELECT value FROM json_each(?)) OR feed NOT IN (SELECT value FROM json_each(?))))`,
    )
    .run(run, JSON.stringify(planned), JSON.stringify(configured));
}

/** Ordinals count from 1, wherever operations were moved to. */
function copyIntoJournal(database: Database, run: string): void {
  const shift = database
    .prepare<[], number>('SELECT 1 - min(1, coalesce(min(ordinal), 1)) FROM staging.operation')
    .pluck()
    .get();
  database
    .prepare(
      `INSERT INTO operation (run, ordinal, feed, kind, external_id, line, body, before, fingerprint, state, guard, reason, left_out, depends, is_parking, waits_for)
         SELECT :run, ordinal + :shift, feed, kind, external_id, line, body, before, fingerprint, state, guard, reason, left_out, depends, is_parking,
                CASE WHEN waits_for IS NOT NULL THEN (SELECT json_group_array(value + :shift) FROM json_each(waits_for)) END
           FROM staging.operation ORDER BY ordinal`,
    )
    .run({ run, shift });
}

/** Of whom of another feed the file of this one speaks, in rows that were rejected or do not count. */
function rememberSpokenFor(database: Database, feed: string): void {
  database.prepare('DELETE FROM spoken_for WHERE feed = ?').run(feed);
  database
    .prepare(
      `INSERT OR IGNORE INTO spoken_for SELECT r.external_id, r.feed
         FROM (SELECT external_id, feed FROM staging.reject UNION SELECT external_id, feed FROM staging.aside) r
         JOIN contact c ON c.external_id = r.external_id WHERE r.feed = ? AND c.feed <> r.feed`,
    )
    .run(feed);
}

/**
 * People whom an accepted file made its own. Their rows are remembered as the new feed writes them, and nobody is absent. Files
 * of changes only borrow the people of a full feed: the next one of those counts for them again.
 */
function moveOwners(database: Database, acceptances: readonly Acceptance[], feeds: OpenedPlan['configured']): void {
  const names = (kind: 'full' | 'changes') =>
    JSON.stringify(feeds.filter((feed) => feed.kind === kind).map(({ name }) => name));
  const losers = database
    .prepare<[], string>(
      'SELECT DISTINCT c.feed FROM staging.owner w JOIN contact c ON c.id = w.contact_id WHERE w.feed <> c.feed',
    )
    .pluck()
    .all();
  for (const feed of losers) unsettle(database, feed);
  database
    .prepare(
      `UPDATE contact SET feed = w.feed, row_fingerprint = NULL, absent_files = 0, absent_since_ms = NULL FROM staging.owner w
        WHERE contact.id = w.contact_id AND contact.feed <> w.feed AND w.feed IN (SELECT value FROM json_each(:accepted))
          AND NOT (w.feed IN (SELECT value FROM json_each(:changes)) AND contact.feed IN (SELECT value FROM json_each(:full)))`,
    )
    .run({
      accepted: JSON.stringify(acceptances.map(({ feed }) => feed)),
      changes: names('changes'),
      full: names('full'),
    });
}

function accept(database: Database, run: string, nowMs: number, acceptance: Acceptance): void {
  const { feed, files, layout } = acceptance;
  unsettle(database, feed);
  const insert = database.prepare(
    `INSERT INTO file (feed, run, name, size, modified_at_ms, sha256, configuration, verdict, header, row_counts, seen_at_ms)
       VALUES (:feed, :run, :name, :size, :modifiedAtMs, :sha256, :configuration, 'accepted', :header, :rowCounts, :nowMs)`,
  );
  const { configuration } = acceptance;
  const header = JSON.stringify(acceptance.header);
  const rowCounts = JSON.stringify(acceptance.rowCounts);
  for (const file of files) insert.run({ ...file, feed, run, nowMs, configuration, header, rowCounts });
  const current = database.prepare<[string], string | null>('SELECT layout FROM feed WHERE name = ?').pluck().get(feed);
  invariant(current !== undefined, `feed ${feed} is not in the database`);
  if (current !== layout) {
    database.prepare('UPDATE contact SET row_fingerprint = NULL WHERE feed = ?').run(feed);
    database.prepare('UPDATE feed SET layout = ? WHERE name = ?').run(layout, feed);
  }
  if (acceptance.countsAsFile) countAbsence(database, feed, nowMs);
  database
    .prepare(
      `UPDATE contact SET row_fingerprint = u.fingerprint FROM staging.unchanged u
         WHERE contact.id = u.contact_id AND contact.feed = ? AND contact.row_fingerprint IS NOT u.fingerprint`,
    )
    .run(feed);
}

/** From here on something of the feed is open, until a run finds at its end that nothing is. */
function unsettle(database: Database, feed: string): void {
  database.prepare('UPDATE feed SET settled_content = NULL, settled_people = NULL WHERE name = ?').run(feed);
}

/** One more accepted file without them; whoever is back starts from zero. */
function countAbsence(database: Database, feed: string, nowMs: number): void {
  database
    .prepare(
      `UPDATE contact SET absent_files = absent_files + 1, absent_since_ms = coalesce(absent_since_ms, ?)
         WHERE feed = ? AND id IN (SELECT contact_id FROM staging.absent WHERE feed = ?)`,
    )
    .run(nowMs, feed, feed);
  database
    .prepare(
      `UPDATE contact SET absent_files = 0, absent_since_ms = NULL
         WHERE feed = ? AND absent_files > 0 AND id NOT IN (SELECT contact_id FROM staging.absent)`,
    )
    .run(feed);
}
