// Reads a roster file into the staged roster and settles what only the whole file can tell: duplicates,
// and whether there is anybody in it at all.

import { FeedError } from '../errors.ts';
import { decide } from '../plan/decide.ts';
import { guardEmpty } from '../plan/guard.ts';
import { parseCanonicalEmployee } from '../roster/canonical.ts';
import { openRosterFile, type RosterFile } from '../roster/roster-file.ts';
import type { Retrieved } from '../source/retrieve.ts';
import { rejectDoubtful } from '../store/doubtful.ts';
import { idsDifferingByCase, rejectOtherFeeds, settleDuplicates } from '../store/duplicates.ts';
import { attributeKeys } from './configuration.ts';
import { learn, type Taking } from './taking.ts';

/** Reads the file; throws `FeedError` when it cannot be taken at its word. */
export async function readRoster(taking: Taking, file: Retrieved): Promise<RosterFile> {
  const { parts, options, feed } = taking;
  const { staging, files, snapshot } = parts.store;
  const roster = await openRosterFile({
    path: file.path,
    name: file.name,
    format: feed.format,
    mapping: feed.mapping,
  });
  // Rows are recognised by their bytes only while bytes become employees in the same way as when they were remembered.
  const isSameLayout = files.layout(feed.name) === roster.layout;
  const recognise = isSameLayout && options.everyRow !== true ? snapshot.recogniser(feed.name) : null;
  parts.progress.start('reading', file.size);
  try {
    for await (const rows of roster.rows(recognise, parts.progress.update)) {
      parts.signal.throwIfAborted();
      staging.add(rows);
    }
  } finally {
    parts.progress.stop();
  }
  parts.signal.throwIfAborted();
  settleRoster(taking);
  return roster;
}

/** What only the whole file can tell: duplicates, and whether there is anybody in it at all. */
function settleRoster(taking: Taking): void {
  const { parts, feed } = taking;
  const { store } = parts;
  const keys = attributeKeys(feed);
  store.staging.index();
  settleDuplicates(store.database, store.staging, feed.name, (says, externalId) => {
    const contact = store.snapshot.find(externalId);
    return contact !== null && decide(parseCanonicalEmployee(says), contact, keys) === null;
  });
  rejectOtherFeeds(store.database, store.staging, feed.name, new Set(parts.settings.feeds.map(({ name }) => name)));
  const similar = idsDifferingByCase(store.database).map((ids) => `ids that differ only by case: ${ids.join(', ')}`);
  learn(taking, { rows: store.staging.counts(), warnings: similar });
  const verdict = guardEmpty(feed.name, store.staging.employeeCount(), taking.allowsEmpty);
  taking.guards.push(verdict);
  if (!verdict.tripped || verdict.forced) {
    leaveDoubtful(taking);
    return;
  }
  const { rows } = taking.facts;
  throw new FeedError(
    'quarantined',
    rows.read === 0
      ? 'The file has a header and no rows; it was not taken to mean that everybody left.'
      : `None of the ${rows.read} rows of the file is an employee (${rows.rejected} rejected, ${rows.excluded} excluded); it was not taken to mean that everybody left.`,
    { hint: rows.rejected > 0 ? HINT_REJECTED : HINT_EMPTY },
  );
}

/**
 * Recovery has resolved all but those of whom Workshop does not speak. Not before the file is found credible: what is
 * wrong with them is not wrong with the file.
 */
function leaveDoubtful(taking: Taking): void {
  const { store } = taking.parts;
  rejectDoubtful(store.database, store.staging, store.journal.inDoubt());
  learn(taking, { rows: store.staging.counts() });
}

const HINT_REJECTED = 'See under Rejected why, then correct the configuration or ask for a new export.';
const HINT_EMPTY =
  'Ask for a new export. If the company is truly empty, run `workshop-sync run --once --allow-empty`; the deletes are still held for you to see.';
