// What is remembered of each feed's files: which content was accepted, which was set aside and why,
// and when a file was first seen.

import type { Database } from './database.ts';

export interface RememberedFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAtMs: number;
  readonly sha256: string;
}

export interface AcceptedFile extends RememberedFile {
  readonly configuration: string;
  readonly header: readonly string[];
  readonly rowCounts: {
    read: number;
    accepted: number;
    rejected: number;
    excluded: number;
    duplicate: number;
    /** Among the duplicates: rows that another feed counted. */
    aside?: number;
  };
}

export interface QuarantinedFile extends RememberedFile {
  readonly configuration: string;
  readonly message: string;
  readonly hint: string;
}

/** Where the people of a wholly applied file stand. */
export interface SettledPeople {
  readonly unchanged: number;
  readonly kept: number;
  readonly leaversWithoutContact: number;
}

/** A file of changes that was accepted before. */
export interface Accepted {
  /** Nothing is left to do of it. */
  readonly isDone: boolean;
  readonly sinceMs: number;
  /** As it was then: whoever touches a file does not make it newer. */
  readonly modifiedAtMs: number;
}

export interface Files {
  /** Makes the feed known. */
  enrol(feed: string): void;
  lastAccepted(feed: string): AcceptedFile | null;
  /** The quarantine of this very content under this very configuration, if it was set aside before. */
  quarantined(feed: string, sha256: string, configuration: string): (QuarantinedFile & { run: string }) | null;
  quarantine(feed: string, run: string, file: QuarantinedFile, atMs: number): void;
  /** How rows became employees when their fingerprints were taken; null before the first accepted file. */
  layout(feed: string): string | null;
  /** Was every operation of a full file of the feed ever settled? */
  everWhollyApplied(feed: string): boolean;
  /** What stood when nothing of the feed was left open after this content; null when something is, or for another one. */
  settled(feed: string, content: string): SettledPeople | null;
  /** Every operation of a full file of the feed was settled: its first run is over. */
  setWhollyApplied(feed: string): void;
  setSettled(feed: string, settled: { content: string; people: SettledPeople } | null): void;
  /** Was nothing left to do of a file of changes with this name, size and time? */
  isDone(feed: string, listing: Listing): boolean;
  /** Since when the content that was accepted last has been the newest. */
  lastAcceptedSinceMs(feed: string): number | null;
  /** Of this content of changes, when it was the last accepted one under this name; null: it is new. */
  acceptance(feed: string, file: Pick<RememberedFile, 'name' | 'sha256'>): Accepted | null;
  /** Nothing is left to do of these files of changes. */
  setDone(feed: string, files: readonly Pick<RememberedFile, 'name' | 'sha256'>[]): void;
  firstSeenMs(feed: string, listing: Listing): number | null;
  see(feed: string, listing: Listing, atMs: number): void;
}

interface Listing {
  readonly name: string;
  readonly size: number;
  readonly modifiedAtMs: number;
}

const COLUMNS = 'name, size, modified_at_ms AS modifiedAtMs, sha256, configuration';

/** The tables of feeds, files and sightings. */
export function createFiles(database: Database): Files {
  const statement = prepareStatements(database);
  return {
    enrol: (feed) => void statement.enrol.run(feed),
    lastAccepted: (feed) => {
      const row = statement.lastAccepted.get(feed);
      return row === undefined
        ? null
        : { ...row, header: JSON.parse(row.header), rowCounts: JSON.parse(row.rowCounts) };
    },
    quarantined: (feed, sha256, configuration) => statement.quarantined.get(feed, sha256, configuration) ?? null,
    quarantine: (feed, run, file, atMs) => void statement.quarantine.run({ ...file, feed, run, atMs }),
    layout: (feed) => statement.feed.get(feed)?.layout ?? null,
    everWhollyApplied: (feed) => statement.feed.get(feed)?.wholly_applied === 1,
    settled: (feed, content) => {
      const row = statement.feed.get(feed);
      return row?.settled_content === content && row.settled_people !== null ? JSON.parse(row.settled_people) : null;
    },
    setWhollyApplied: (feed) => void statement.setWhollyApplied.run(feed),
    setSettled: (feed, settled) =>
      void statement.settle.run({
        feed,
        content: settled?.content ?? null,
        people: settled === null ? null : JSON.stringify(settled.people),
      }),
    isDone: (feed, { name, size, modifiedAtMs }) =>
      statement.isDone.get({ feed, name, size, modifiedAtMs }) !== undefined,
    lastAcceptedSinceMs: (feed) => statement.lastAcceptedSince.get({ feed }) ?? null,
    acceptance: (feed, { name, sha256 }) => {
      const last = statement.acceptance.get({ feed, name });
      if (last?.sha256 !== sha256) return null;
      return { isDone: last.isDone === 1, sinceMs: last.sinceMs, modifiedAtMs: last.modifiedAtMs };
    },
    setDone: (feed, files) => {
      for (const { name, sha256 } of files) statement.setDone.run({ feed, name, sha256 });
    },
    firstSeenMs: (feed, listing) => statement.firstSeen.get({ ...listing, feed }) ?? null,
    see: (feed, listing, atMs) => void statement.see.run({ ...listing, feed, atMs }),
  };
}

interface FeedRow {
  readonly layout: string | null;
  readonly wholly_applied: number;
  readonly settled_content: string | null;
  readonly settled_people: string | null;
}

type AcceptedRow = RememberedFile & { configuration: string; header: string; rowCounts: string };

function prepareStatements(database: Database) {
  return {
    enrol: database.prepare('INSERT OR IGNORE INTO feed (name) VALUES (?)'),
    feed: database.prepare<[string], FeedRow>(
      'SELECT layout, wholly_applied, settled_content, settled_people FROM feed WHERE name = ?',
    ),
    settle: database.prepare('UPDATE feed SET settled_content = :content, settled_people = :people WHERE name = :feed'),
    setWhollyApplied: database.prepare('UPDATE feed SET wholly_applied = 1 WHERE name = ? AND wholly_applied = 0'),
    lastAccepted: database.prepare<[string], AcceptedRow>(
      `SELECT ${COLUMNS}, header, row_counts AS rowCounts FROM file WHERE feed = ? AND verdict = 'accepted' ORDER BY id DESC LIMIT 1`,
    ),
    quarantined: database.prepare<[string, string, string], QuarantinedFile & { run: string }>(
      `SELECT ${COLUMNS}, run, message, hint FROM file
        WHERE feed = ? AND sha256 = ? AND configuration = ? AND verdict = 'quarantined' ORDER BY id DESC LIMIT 1`,
    ),
    quarantine: database.prepare(
      `INSERT INTO file (feed, run, name, size, modified_at_ms, sha256, configuration, verdict, message, hint, seen_at_ms)
         VALUES (:feed, :run, :name, :size, :modifiedAtMs, :sha256, :configuration, 'quarantined', :message, :hint, :atMs)`,
    ),
    isDone: database.prepare<object, number>(
      'SELECT 1 FROM file WHERE feed = :feed AND name = :name AND size = :size AND modified_at_ms = :modifiedAtMs AND is_done = 1',
    ),
    lastAcceptedSince: database
      .prepare<object, number>(
        `SELECT min(seen_at_ms) FROM file f WHERE feed = :feed AND verdict = 'accepted' AND id > coalesce((
           SELECT max(o.id) FROM file o WHERE o.feed = :feed AND o.verdict = 'accepted' AND o.sha256 <> (
             SELECT sha256 FROM file l WHERE l.feed = :feed AND l.verdict = 'accepted' ORDER BY id DESC LIMIT 1)), 0)`,
      )
      .pluck(),
    acceptance: database.prepare<object, { sha256: string; isDone: number; sinceMs: number; modifiedAtMs: number }>(
      `SELECT sha256, is_done AS isDone, seen_at_ms AS sinceMs, modified_at_ms AS modifiedAtMs FROM file
        WHERE feed = :feed AND name = :name AND verdict = 'accepted' ORDER BY id DESC LIMIT 1`,
    ),
    setDone: database.prepare(
      `UPDATE file SET is_done = 1 WHERE feed = :feed AND name = :name AND sha256 = :sha256 AND verdict = 'accepted'`,
    ),
    firstSeen: database
      .prepare<object, number>(
        'SELECT first_seen_at_ms FROM sighting WHERE feed = :feed AND name = :name AND size = :size AND modified_at_ms = :modifiedAtMs',
      )
      .pluck(),
    see: database.prepare(
      `INSERT INTO sighting (feed, name, size, modified_at_ms, first_seen_at_ms) VALUES (:feed, :name, :size, :modifiedAtMs, :atMs)
         ON CONFLICT (feed, name) DO UPDATE SET size = excluded.size, modified_at_ms = excluded.modified_at_ms,
           first_seen_at_ms = excluded.first_seen_at_ms`,
    ),
  };
}
