// When the newest file is whole: it has kept its size and time for a while by our own clock, or its marker is
// there. A modification time from the server proves nothing, since uploads may preserve an old one.

import { FeedError } from '../errors.ts';
import { markerName, nameMatcher, type Picked, pickNewest } from './pick.ts';
import type { RetrieveRequest } from './retrieve.ts';
import type { Listing } from './source.ts';

export type Found = Extract<Picked, { found: true }>;

/** How often a file may change while it is waited for. */
const CHANGE_LIMIT = 3;

/**
 * Waits until the feed's newest file is ready to be read (specification §5).
 * Throws `FeedError`: `no file`, `stale`, or `not ready`.
 */
export async function awaitReady(request: RetrieveRequest): Promise<Found> {
  const { feed, clock, wait, signal } = request;
  let changes = 0;
  let found = await findNewest(request);
  while (true) {
    const leftMs = feed.ready.marker === null ? settleLeftMs(request, found.newest) : 0;
    if (leftMs <= 0) return found;
    await wait(leftMs, signal);
    signal.throwIfAborted();
    const before = found.newest;
    found = await findNewest(request);
    // The time waited is taken at its word; the clock may be a test's, or may have been set back meanwhile.
    if (isSameFile(before, found.newest)) return found;
    changes += 1;
    if (changes > CHANGE_LIMIT) throw notReady(request, `${found.newest.name} is still changing`);
    request.sightings.see(feed.name, found.newest, clock.now());
  }
}

/** Same name, size and modification time. */
export function isSameFile(left: Listing, right: Listing | undefined): boolean {
  return left.name === right?.name && left.size === right.size && left.modifiedAtMs === right.modifiedAtMs;
}

/** The error for a file that somebody still writes. */
export function notReady({ source }: RetrieveRequest, reason: string): FeedError {
  return new FeedError('not ready', `Waiting for a complete file in ${source.description}: ${reason}.`, {
    hint: 'Nothing was read. The next run looks again; if it never settles, ask whoever uploads the file to upload under a temporary name and rename it at the end.',
  });
}

async function findNewest(request: RetrieveRequest): Promise<Found> {
  const { source, feed, lastAccepted } = request;
  const listings = await source.list();
  const picked = pickNewest({ listings, file: feed.file, marker: feed.ready.marker, lastAccepted });
  if (!picked.found) throw await noFile(request, picked);
  refuseStale(request, picked.newest);
  requireMarker(request, listings, picked.newest);
  return picked;
}

/** How long the file still has to stay as it is; at most the whole settle time, even when the clock was set back. */
function settleLeftMs({ feed, sightings, clock }: RetrieveRequest, listing: Listing): number {
  const { settleMs } = feed.ready;
  if (settleMs === 0) return 0;
  const nowMs = clock.now();
  const firstSeenMs = sightings.firstSeenMs(feed.name, listing);
  if (firstSeenMs !== null && firstSeenMs <= nowMs) return firstSeenMs + settleMs - nowMs;
  sightings.see(feed.name, listing, nowMs);
  return settleMs;
}

function requireMarker(request: RetrieveRequest, listings: readonly Listing[], newest: Listing): void {
  const missing = missingMarker(request, listings, newest);
  if (missing !== null) throw missing;
}

/** The error for a file whose marker is not there; null when it is, or none is asked for. */
export function missingMarker(
  request: RetrieveRequest,
  listings: readonly Listing[],
  { name: fileName }: Listing,
): FeedError | null {
  const { marker } = request.feed.ready;
  if (marker === null) return null;
  const expected = markerName(marker, fileName);
  if (listings.some(({ name }) => name === expected)) return null;
  return new FeedError(
    'not ready',
    `Waiting for the marker of ${fileName} in ${request.source.description}: ${expected} is not there yet.`,
    {
      hint: 'Nothing was read. The next run looks again; if whoever uploads the file writes no marker, set `ready: { marker: null }`.',
    },
  );
}

/** Throws `FeedError` when the newest file is older than `max_age` allows. */
export function refuseStale(
  { source, feed, clock }: RetrieveRequest,
  newest: Pick<Listing, 'name' | 'modifiedAtMs'>,
): void {
  if (feed.maxAgeMs === null) return;
  const ageMs = clock.now() - newest.modifiedAtMs;
  if (ageMs <= feed.maxAgeMs) return;
  throw new FeedError(
    'stale',
    `The newest file in ${source.description}, ${newest.name}, is ${ageWords(ageMs)} old; \`max_age\` allows ${ageWords(feed.maxAgeMs)}.`,
    { hint: 'Ask whoever exports the file why no new one came. Nobody was changed.' },
  );
}

async function noFile(request: RetrieveRequest, picked: Extract<Picked, { found: false }>): Promise<FeedError> {
  const { source, feed, lastAccepted } = request;
  if (picked.outdated.length > 0) {
    return new FeedError(
      'no file',
      `Looking for ${JSON.stringify(feed.file)} in ${source.description}: everything there is older than the last accepted file, ${lastAccepted?.name}, and was ignored (${listWords(picked.outdated)}).`,
      { hint: 'Wait for the next export. To go back to an older file, deliver it again under a newer name or date.' },
    );
  }
  const directories = await directoriesThatMatch(request);
  const present = [...directories.map((name) => `${name} (a directory)`), ...picked.nearMisses];
  return new FeedError(
    'no file',
    `Looking for ${JSON.stringify(feed.file)} in ${source.description}: no file of that name. ${present.length > 0 ? `There is: ${present.join(', ')}.` : 'The directory has no files.'}`,
    {
      hint:
        present.length > 0
          ? 'Compare `file` in the configuration with these names. A temporary name means that the upload has not finished; a test file is taken only where `file` itself begins with that word.'
          : 'Check `directory` in the configuration, and that the export ran.',
    },
  );
}

async function directoriesThatMatch({ source, feed }: RetrieveRequest): Promise<string[]> {
  const names = await source.listDirectories();
  return names.filter(nameMatcher(feed.file)).slice(0, 3);
}

function listWords(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function ageWords(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 1) return `${Math.ceil(ageMs / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
