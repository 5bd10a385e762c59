// Unpacks a roster file, reads it into the staged roster and settles what only the whole file can tell: duplicates,
// and whether there is anybody in it at all.

import { FeedError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { decide } from '../plan/decide.ts';
import { guardEmpty, type SpokenShare } from '../plan/guard.ts';
import { parseCanonicalEmployee } from '../roster/canonical.ts';
import type { Row } from '../roster/employee.ts';
import { openRosterFile, type RosterFile } from '../roster/roster-file.ts';
import { dateInName } from '../source/file-date.ts';
import { rejectDoubtful } from '../store/doubtful.ts';
import { settleDuplicates } from '../store/duplicates.ts';
import { similarIds } from '../store/id-shapes.ts';
import { attributeKeys } from './configuration.ts';
import type { DeliveredFile, Delivery, Waiting } from './delivery.ts';
import { similarIdsWarning } from './notes.ts';
import { settleOwners } from './owners.ts';
import { learn, type Taking } from './taking.ts';

/** What could be read of a delivery. */
export interface ReadDelivery {
  /** The newest file of them. */
  readonly roster: RosterFile;
  readonly files: readonly DeliveredFile[];
  /** Of a feed of changes: a file that cannot be trusted, and all later ones, wait; so do those that are not whole. */
  readonly waiting: Waiting | null;
}

/** Reads the files into the staged roster; throws `FeedError` when the first cannot be taken at its word. */
export async function readDelivery(taking: Taking, delivery: Delivery, configuration: string): Promise<ReadDelivery> {
  const { staging } = taking.parts.store;
  const read: DeliveredFile[] = [];
  let roster: RosterFile | null = null;
  let { waiting } = delivery;
  for (const file of delivery.files) {
    try {
      roster = await readOrQuarantine(taking, file, { place: read.length, configuration });
      learn(taking, { notes: roster.notes, warnings: roster.warnings });
      read.push(file);
    } catch (error) {
      if (roster === null || !(error instanceof FeedError)) throw error;
      staging.forgetFile(read.length);
      waiting = { count: delivery.files.length - read.length + (waiting?.count ?? 0), reason: error };
      break;
    }
  }
  invariant(roster !== null, 'a delivery without a file is not read');
  taking.fileTimes = read.map(({ name, modifiedAtMs, acceptedAtMs }) => {
    return { nameDate: dateInName(name, taking.feed.file), modifiedAtMs, acceptedAtMs };
  });
  settleRoster(taking);
  return { roster, files: read, waiting };
}

interface Place {
  /** Among the files that are read together, counted from 0. */
  readonly place: number;
  readonly configuration: string;
}

/**
 * A file that cannot be trusted is remembered, and named again rather than read again while neither it nor the
 * configuration changes; except by a run that is told to let an empty one through.
 */
async function readOrQuarantine(
  taking: Taking,
  file: DeliveredFile,
  { place, configuration }: Place,
): Promise<RosterFile> {
  const { parts, options, feed } = taking;
  const { files } = parts.store;
  const before = files.quarantined(feed.name, file.sha256, configuration);
  if (before !== null && !taking.allowsEmpty && options.everyRow !== true) {
    const hint = `${before.hint} It was read before, and not again now: \`workshop-sync report ${before.run}\` shows what was found.`;
    throw new FeedError('quarantined', before.message, { hint });
  }
  try {
    return await readRoster(taking, file, place);
  } catch (error) {
    noteQuarantine(taking, file, { error, isKnown: before !== null, configuration });
    throw error;
  }
}

function noteQuarantine(
  { parts, options, feed }: Taking,
  { name, size, modifiedAtMs, sha256 }: DeliveredFile,
  { error, isKnown, configuration }: { error: unknown; isKnown: boolean; configuration: string },
): void {
  if (!(error instanceof FeedError) || error.trouble !== 'quarantined' || options.dryRun || isKnown) return;
  const { message, hint } = error;
  const quarantined = { name, size, modifiedAtMs, sha256, configuration, message, hint };
  parts.store.files.quarantine(feed.name, parts.run, quarantined, parts.clock.now());
}

/** Unpacks the file and reads it. */
async function readRoster(taking: Taking, file: DeliveredFile, place: number): Promise<RosterFile> {
  const { parts, options, feed } = taking;
  const { staging, files, snapshot } = parts.store;
  const plain = await parts.unpack(feed, file);
  const roster = await openRosterFile({
    path: plain.path,
    name: file.name,
    format: feed.format,
    mapping: feed.mapping,
  });
  // Rows are recognised by their bytes only while bytes become employees in the same way as when they were remembered.
  // Of a row in a file of changes nobody expects that it comes again.
  const isSameLayout = feed.kind === 'full' && files.layout(feed.name) === roster.layout;
  const recognise = isSameLayout && options.everyRow !== true ? snapshot.recogniser(feed.name) : null;
  parts.progress.start('reading', plain.size);
  try {
    for await (const rows of roster.rows(recognise, parts.progress.update)) {
      parts.signal.throwIfAborted();
      staging.add(feed.kind === 'full' ? rows : rows.map(withoutFingerprint), place);
    }
  } finally {
    parts.progress.stop();
  }
  parts.signal.throwIfAborted();
  return roster;
}

/** What a file of changes says of a contact is not what the full file says that the contact is known by. */
function withoutFingerprint(row: Row): Row {
  return row.kind === 'employee' ? { ...row, fingerprint: null } : row;
}

/** What only the whole file can tell: duplicates, and whether there is anybody in it at all. */
function settleRoster(taking: Taking): void {
  const { parts, feed } = taking;
  const { store } = parts;
  const keys = attributeKeys(parts.settings.feeds, feed);
  store.staging.keepNewestRows();
  store.staging.index();
  settleDuplicates(store.database, store.staging, feed.name, (says, externalId) => {
    const contact = store.snapshot.find(externalId);
    return contact !== null && decide(parseCanonicalEmployee(says), contact, keys) === null;
  });
  learn(taking, { rows: store.staging.counts(), warnings: similarIdsWarning(similarIds(store.database)) });
  // A day without changes, or with leavers alone, is nothing special.
  const verdict =
    feed.kind === 'changes' ? null : guardEmpty(feed.name, store.staging.employeeCount(), taking.allowsEmpty);
  if (verdict !== null) taking.guards.push(verdict);
  if (verdict === null || !verdict.tripped || verdict.forced) {
    if (feed.kind === 'changes') taking.spoken = spokenShare(taking);
    settleOwners(taking);
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

function spokenShare({ parts, feed, fileTimes, facts }: Taking): SpokenShare {
  const share = parts.store.ownership.spokenShare(fileTimes, parts.settings.guards.rows.count);
  const oldPlaces = fileTimes.flatMap(({ acceptedAtMs }, place) => (acceptedAtMs === null ? [] : [place]));
  const oldRejects = parts.store.staging.rejectCountIn(oldPlaces);
  return { ...(share ?? { feed: feed.name, spoken: 0, contacts: facts.contactsBefore }), oldRejects };
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
