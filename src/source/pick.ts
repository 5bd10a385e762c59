// Which of the files in the source directory is the feed's newest roster file. Pure: it looks at names, sizes
// and times only.

import picomatch from 'picomatch';
import { datesInName } from './file-date.ts';
import { finishedName, isPlainName, isTemporaryName, isTestName } from './file-name.ts';
import type { Listing } from './source.ts';

export interface PickRequest {
  readonly listings: readonly Listing[];
  /** Glob on the file name. */
  readonly file: string;
  /** `{name}.done`: the files of this name that belong to another one are markers, no candidates. */
  readonly marker: string | null;
  readonly lastAccepted: { readonly name: string; readonly modifiedAtMs: number } | null;
}

export type Picked =
  | {
      readonly found: true;
      readonly newest: Listing;
      /** Names, newest first. */
      readonly superseded: readonly string[];
      readonly warnings: readonly string[];
    }
  | {
      readonly found: false;
      /** Candidates that were passed over because they are older than the last accepted file, newest first. */
      readonly outdated: readonly string[];
      /** Names that are there and do not match, the likeliest first, with the reason where there is one. */
      readonly nearMisses: readonly string[];
    };

const NEAR_MISS_LIMIT = 5;

/**
 * The newest candidate of a `full` feed (specification §5): by the date in the names when every candidate has
 * one, else by modification time, then by name. None when the newest is older than the last accepted file.
 */
export function pickNewest(request: PickRequest): Picked {
  const { listings, file, lastAccepted } = request;
  const candidates = findCandidates(request);
  const names = candidates.map(({ name }) => name);
  const dateOf = datesOf(names, file);
  const ordered = candidates.toSorted((left, right) => compareAge(right, left, dateOf));
  const newest = ordered[0];
  if (newest === undefined) return { found: false, outdated: [], nearMisses: findNearMisses(listings, file) };
  const lastDateOf = dateOf === null || lastAccepted === null ? null : datesOf([...names, lastAccepted.name], file);
  const isOlder = (listing: Listing): boolean =>
    lastAccepted !== null && compareAge(listing, lastAccepted, lastDateOf) < 0;
  if (isOlder(newest)) return { found: false, outdated: ordered.map(({ name }) => name), nearMisses: [] };
  const older = ordered.slice(1);
  // History that lies around is older in every way; a file dated before the last accepted one that was written
  // after it is a surprise worth a word.
  const late = new Set(
    older.filter((listing) => isOlder(listing) && listing.modifiedAtMs > (lastAccepted?.modifiedAtMs ?? 0)),
  );
  return {
    found: true,
    newest,
    superseded: older.filter((listing) => !late.has(listing)).map(({ name }) => name),
    warnings: [...late].map(
      ({ name }) => `${name} is older than the last accepted file, ${lastAccepted?.name}: ignored`,
    ),
  };
}

/** Which files of a feed of changes are to be read. */
export interface PickedChanges {
  /** From the first of which something is left to do on, oldest first; a later file's word counts more. */
  readonly open: readonly Listing[];
  /** The newest candidate, whether or not it is done; null: there is none. */
  readonly newest: Listing | null;
}

/** The candidates of a `changes` feed that are to be read (specification §5), ordered as `pickNewest` does. */
export function pickChanges(
  request: Omit<PickRequest, 'lastAccepted'> & { readonly isDone: (listing: Listing) => boolean },
): PickedChanges {
  const ordered = orderChanges(findCandidates(request), request.file);
  const first = ordered.findIndex((listing) => !request.isDone(listing));
  return { open: first < 0 ? [] : ordered.slice(first), newest: ordered.at(-1) ?? null };
}

/** The oldest first: by the dates in the names when all of them carry one, else by modification time, then by name. */
export function orderChanges<File extends Dated>(files: readonly File[], glob: string): File[] {
  const dateOf = datesOf(
    files.map(({ name }) => name),
    glob,
  );
  return files.toSorted((left, right) => compareAge(left, right, dateOf));
}

/** Does the glob match this name? */
export function nameMatcher(glob: string): (name: string) => boolean {
  // Parentheses that are no extended glob are meant as they stand: `Employees (1)*.csv`.
  return picomatch(glob.replace(/(?<![?*+@!\\])\(([^()|]*)\)/g, '\\($1\\)'));
}

/** The name of a file's marker: `{name}.done` → `employees.csv.done`. */
export function markerName(marker: string, name: string): string {
  return marker.replaceAll('{name}', name);
}

function findCandidates({ listings, file, marker }: Pick<PickRequest, 'listings' | 'file' | 'marker'>): Listing[] {
  const matches = nameMatcher(file);
  const markers = new Set(marker === null ? [] : listings.map(({ name }) => markerName(marker, name)));
  return listings.filter(
    ({ name }) =>
      isPlainName(name) && !isTemporaryName(name) && !isTestName(name, file) && !markers.has(name) && matches(name),
  );
}

type Dated = Pick<Listing, 'name' | 'modifiedAtMs'>;

type DateOf = (name: string) => string;

/**
 * The dates of these names, for comparing: as instants when all of them tell their time zone, else as they are written;
 * null when a name has none. Each is looked for once, since there may be thousands.
 */
function datesOf(names: readonly string[], glob: string): DateOf | null {
  const dates = new Map(names.map((name) => [name, datesInName(name, glob)]));
  const all = [...dates.values()];
  if (all.includes(null)) return null;
  const haveZones = all.every((date) => date?.instant != null);
  return (name) => {
    const date = dates.get(name);
    return (haveZones ? date?.instant : date?.written) ?? '';
  };
}

/** Less than 0 when `left` is older. With dates, those in the names come first. */
function compareAge(left: Dated, right: Dated, dateOf: DateOf | null): number {
  const byDate = dateOf === null ? 0 : compareText(dateOf(left.name), dateOf(right.name));
  return byDate || left.modifiedAtMs - right.modifiedAtMs || compareText(left.name, right.name);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function findNearMisses(listings: readonly Listing[], file: string): string[] {
  const matches = nameMatcher(file);
  const matchesAnyCase = nameMatcher(file.toLowerCase());
  const judged = listings
    .filter(({ name }) => isPlainName(name))
    .map((listing) => {
      const finished = finishedName(listing.name);
      if (isTemporaryName(listing.name)) {
        return { listing, rank: matches(finished) ? 0 : 3, words: `${listing.name} (a temporary name)` };
      }
      if (isTestName(listing.name, file)) {
        return { listing, rank: 1, words: `${listing.name} (a test file by its name)` };
      }
      if (matchesAnyCase(listing.name.toLowerCase())) {
        return { listing, rank: 1, words: `${listing.name} (upper and lower case differ)` };
      }
      return { listing, rank: 2, words: listing.name };
    });
  return judged
    .toSorted((left, right) => left.rank - right.rank || compareAge(right.listing, left.listing, null))
    .slice(0, NEAR_MISS_LIMIT)
    .map(({ words }) => words);
}
