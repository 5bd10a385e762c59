// A feed of changes' files, from the source to local copies that are known to be whole: every candidate of which something is
// left to do, and whatever came after it, the oldest first. Where one is not whole yet, it and all later ones wait.

import { FeedError } from '../errors.ts';
import { pickChanges } from './pick.ts';
import { isSameFile, missingMarker, notReady, refuseStale } from './ready.ts';
import { downloadWhole, type Retrieved, type RetrieveRequest } from './retrieve.ts';
import type { Listing } from './source.ts';

export interface ChangesRequest extends RetrieveRequest {
  /** Was nothing left to do of the file when it was listed like this? */
  readonly isDone: (listing: Listing) => boolean;
}

export interface RetrievedChanges {
  /** Oldest first; none when there is nothing new. */
  readonly files: readonly Retrieved[];
  /** How many candidates wait behind them, and why. */
  readonly waiting: { readonly count: number; readonly reason: FeedError } | null;
}

/**
 * Gets the files (specification §5). Throws `FeedError`: `no file` when there never was one, `not ready` when the first that is
 * to be read is not whole, `stale`; `UnreachableError` when the source fails, `DatabaseError` when the local disk does, and
 * the signal's reason when aborted.
 */
export async function retrieveChanges(request: ChangesRequest): Promise<RetrievedChanges> {
  const { source, signal } = request;
  signal.throwIfAborted();
  const closeSource = (): void => void source.close();
  signal.addEventListener('abort', closeSource, { once: true });
  try {
    const { ready, waiting } = await awaitChanges(request);
    return await download(request, ready, waiting);
  } catch (error) {
    // Whatever the closed source complained about, the abort is the reason.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', closeSource);
  }
}

interface Awaited {
  readonly ready: readonly Listing[];
  readonly waiting: RetrievedChanges['waiting'];
}

async function awaitChanges(request: ChangesRequest): Promise<Awaited> {
  const { wait, signal } = request;
  const found = await findChanges(request);
  const leftMs = Math.max(0, ...found.open.map((listing) => settleLeftMs(request, listing)));
  if (leftMs === 0) return readyOf(request, found.open, found.open, found.listings);
  await wait(leftMs, signal);
  signal.throwIfAborted();
  const after = await findChanges(request);
  for (const listing of after.open) settleLeftMs(request, listing);
  return readyOf(request, found.open, after.open, after.listings);
}

async function findChanges(request: ChangesRequest) {
  const { source, feed, lastAccepted, isDone } = request;
  const listings = await source.list();
  const { open, newest } = pickChanges({ listings, file: feed.file, marker: feed.ready.marker, isDone });
  if (newest === null && lastAccepted === null) {
    throw new FeedError(
      'no file',
      `Looking for ${JSON.stringify(feed.file)} in ${source.description}: no file of that name, and there never was one.`,
      {
        hint: 'Compare `file` and `directory` in the configuration with what is there, and check that the export ran.',
      },
    );
  }
  const latest = newest ?? lastAccepted;
  if (latest !== null) refuseStale(request, latest);
  return { listings, open };
}

/** How long the file still has to stay as it is; with a marker it need not. */
function settleLeftMs({ feed, sightings, clock }: ChangesRequest, listing: Listing): number {
  const { settleMs, marker } = feed.ready;
  if (marker !== null || settleMs === 0) return 0;
  const nowMs = clock.now();
  const firstSeenMs = sightings.firstSeenMs(feed.name, listing);
  if (firstSeenMs !== null && firstSeenMs <= nowMs) return Math.max(0, firstSeenMs + settleMs - nowMs);
  sightings.see(feed.name, listing, nowMs);
  return settleMs;
}

/** As many of the oldest as are whole; what follows one that is not waits with it. */
function readyOf(
  request: ChangesRequest,
  before: readonly Listing[],
  after: readonly Listing[],
  listings: readonly Listing[],
): Awaited {
  const ready: Listing[] = [];
  for (const listing of after) {
    const reason = unreadyReason(request, listing, { before, listings });
    if (reason !== null) {
      if (ready.length === 0) throw reason;
      return { ready, waiting: { count: after.length - ready.length, reason } };
    }
    ready.push(listing);
  }
  return { ready, waiting: null };
}

function unreadyReason(
  request: ChangesRequest,
  listing: Listing,
  { before, listings }: { before: readonly Listing[]; listings: readonly Listing[] },
): FeedError | null {
  const { marker } = request.feed.ready;
  if (marker !== null) return missingMarker(request, listings, listing);
  const isSettled = before.some((each) => isSameFile(each, listing));
  return isSettled ? null : notReady(request, `${listing.name} is still changing`);
}

async function download(
  request: ChangesRequest,
  ready: readonly Listing[],
  waiting: RetrievedChanges['waiting'],
): Promise<RetrievedChanges> {
  const files: Retrieved[] = [];
  for (const [index, listing] of ready.entries()) {
    try {
      const { path, sha256 } = await downloadWhole(request, listing, `-${index}`);
      files.push({ ...listing, path, sha256, superseded: [], warnings: [] });
    } catch (error) {
      if (!(error instanceof FeedError) || files.length === 0) throw error;
      return { files, waiting: { count: ready.length - index + (waiting?.count ?? 0), reason: error } };
    }
  }
  return { files, waiting };
}
