// Several feeds, one roster: whose people the rows of a feed are, in the order in which the feeds are read, and what that
// does to the numbers of the others (the rules are in plan/ownership).

import type { FeedSettings } from '../config/settings.ts';
import { keeps, type OtherFeed } from '../plan/ownership.ts';
import type { PeopleFacts } from '../report/facts.ts';
import type { Standing } from '../store/foreign-rows.ts';
import type { FullFile } from '../store/last-words.ts';
import type { LostAs, Moved, NamedPeople } from '../store/ownership.ts';
import { shortList } from './notes.ts';
import { learn, type TakenFeed, type Taking } from './taking.ts';

/** Feeds of changes first: what is new in them is known before a full file, which may lie there for days, is read. */
export function inReadingOrder(feeds: readonly FeedSettings[]): FeedSettings[] {
  return [...feeds.filter(({ kind }) => kind === 'changes'), ...feeds.filter(({ kind }) => kind === 'full')];
}

/** Settles whose people the staged rows are, and says so. */
export function settleOwners(taking: Taking): void {
  const { parts, feed, fileTimes: files } = taking;
  const { ownership, staging } = parts.store;
  const changes = feed.kind === 'changes';
  const own = { kind: feed.kind, place: placeOf(taking, feed.name) };
  const settled = ownership.settle(feed.name, {
    changes,
    files,
    own,
    others: standings(taking),
    fullFiles: fullFiles(taking),
  });
  const rows = settled.outdated === 1 ? '1 row is' : `${settled.outdated} rows are`;
  learn(taking, {
    rows: staging.counts(),
    notes: [
      ...settled.came.map(
        (people) => `${countWords(people)} ${changes ? 'of' : 'came from'} the feed ${people.feed}: ${names(people)}`,
      ),
      ...(settled.outdated > 0
        ? [`${rows} older than what was said of the same people since, and count for nothing`]
        : []),
    ],
    warnings: settled.setAside.map(
      (people) => `${countWords(people)} also in the feed ${people.feed}, whose word counts: ${names(people)}`,
    ),
  });
}

/** How every other configured feed stands to the one that is read. */
function standings(taking: Taking): Standing[] {
  const { parts, feed, before } = taking;
  const own = { kind: feed.kind, place: placeOf(taking, feed.name) };
  return parts.settings.feeds
    .filter(({ name }) => name !== feed.name)
    .map(({ name, kind }): Standing => {
      const taken = before.find(({ settings }) => settings.name === name);
      const place = placeOf(taking, name);
      return {
        feed: name,
        kind,
        place,
        keeps: keeps(own, { kind, place, taken: howTaken(taken) }),
        wasTaken: taken !== undefined,
      };
    });
}

function placeOf({ parts }: Taking, name: string): number {
  return parts.settings.feeds.findIndex((feed) => feed.name === name);
}

function fullFiles({ parts, feed }: Taking): Record<string, FullFile> {
  const { files } = parts.store;
  const others = parts.settings.feeds.filter(({ name, kind }) => kind === 'full' && name !== feed.name);
  return Object.fromEntries(
    others.flatMap(({ name }) => {
      const last = files.lastAccepted(name);
      const sinceMs = files.lastAcceptedSinceMs(name);
      return last === null || sinceMs === null ? [] : [[name, { modifiedAtMs: last.modifiedAtMs, sinceMs }]];
    }),
  );
}

function howTaken(taken: TakenFeed | undefined): OtherFeed['taken'] {
  if (taken === undefined) return 'not yet';
  return taken.wasRead && taken.facts.people !== null ? 'read' : 'not read';
}

function countWords({ count }: NamedPeople): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function names({ externalIds, count }: NamedPeople): string {
  return shortList(externalIds, count);
}

/** The feed's numbers once people have moved between it and others: its contacts are those that belong to it now. */
export function withMoves(feed: TakenFeed, moves: readonly Moved[]): TakenFeed {
  return moves.reduce(withMove, feed);
}

function withMove(feed: TakenFeed, { from, to, lostAs, count }: Moved): TakenFeed {
  const { facts } = feed;
  if (to === feed.settings.name && lostAs !== 'create') {
    return { ...feed, facts: { ...facts, contactsBefore: facts.contactsBefore + count } };
  }
  if (from !== feed.settings.name) return feed;
  const contactsBefore = facts.contactsBefore - (lostAs === 'create' ? 0 : count);
  if (facts.people === null) return { ...feed, facts: { ...facts, contactsBefore } };
  // Their rows count for nothing now.
  const isRow = lostAs === 'create' || lostAs === 'update' || lostAs === 'unchanged';
  const rows = isRow
    ? { ...facts.rows, accepted: facts.rows.accepted - count, duplicate: facts.rows.duplicate + count }
    : facts.rows;
  const people = peopleWithout(facts.people, lostAs, count);
  const acceptance = feed.acceptance === null ? null : { ...feed.acceptance, rowCounts: rows };
  return { ...feed, acceptance, facts: { ...facts, contactsBefore, rows, people } };
}

function peopleWithout(people: PeopleFacts, lostAs: LostAs, count: number): PeopleFacts {
  switch (lostAs) {
    case 'unread':
      return people;
    case 'missing':
      return { ...people, delete: people.delete - count };
    case 'leaver':
      return {
        ...people,
        delete: people.delete - count,
        leaversDeleted: people.leaversDeleted - count,
        leaversWithoutContact: people.leaversWithoutContact + count,
      };
    case 'kept':
    case 'create':
    case 'update':
    case 'unchanged':
      return { ...people, [lostAs]: people[lostAs] - count };
  }
}
