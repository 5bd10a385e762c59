// One feed's newest file, from the source to a local copy that is known to be whole: choose it, wait until it is
// ready, download it, check it against the listing, and take its SHA-256.

import { createHash } from 'node:crypto';
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { FeedSettings } from '../config/settings.ts';
import { UnreachableError } from '../errors.ts';
import { localTrouble } from './local-file.ts';
import { awaitReady, isSameFile, notReady } from './ready.ts';
import type { Listing, Source } from './source.ts';

export interface AcceptedFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAtMs: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** When a file was first seen as it is now: a sighting is of its name, size and modification time together. */
export interface Sightings {
  firstSeenMs(feed: string, listing: Listing): number | null;
  see(feed: string, listing: Listing, atMs: number): void;
}

export interface RetrieveRequest {
  readonly source: Source;
  readonly feed: Pick<FeedSettings, 'name' | 'file' | 'ready' | 'maxAgeMs'>;
  readonly lastAccepted: AcceptedFile | null;
  readonly sightings: Sightings;
  readonly clock: Clock;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Where the local copy goes; created when missing. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** `total` is the size that the source lists. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

export interface Retrieved {
  /** The local copy, under a name of ours. */
  readonly path: string;
  /** The name at the source. */
  readonly name: string;
  readonly size: number;
  readonly modifiedAtMs: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Names of older candidates, newest first. */
  readonly superseded: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Gets a `full` feed's newest file (specification §5). Throws `FeedError` (`no file`, `not ready`, `stale`,
 * `unreadable`), `UnreachableError` when the source fails, `DatabaseError` when the local disk does, and the
 * signal's reason when aborted; an abort closes the source, since that is what ends a transfer.
 */
export async function retrieve(request: RetrieveRequest): Promise<Retrieved> {
  const { source, signal } = request;
  signal.throwIfAborted();
  const closeSource = (): void => void source.close();
  signal.addEventListener('abort', closeSource, { once: true });
  try {
    const { newest, superseded, warnings } = await awaitReady(request);
    const { path, sha256 } = await downloadWhole(request, newest);
    return { ...newest, path, sha256, superseded, warnings };
  } catch (error) {
    // Whatever the closed source complained about, the abort is the reason.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', closeSource);
  }
}

/** Downloads a listed file and makes sure that it is whole; `suffix` tells the copies of several files apart. */
export async function downloadWhole(
  request: RetrieveRequest,
  listing: Listing,
  suffix = '',
): Promise<{ path: string; sha256: string }> {
  const { source, feed, directory, signal, onProgress } = request;
  // The remote name never becomes a local one.
  const name = `roster-${createHash('sha256').update(feed.name).digest('hex').slice(0, 12)}${suffix}`;
  const path = join(directory, name);
  const temporary = `${path}.download`;
  await local(directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
  await local(directory, () => rm(temporary, { force: true }));
  try {
    await source.download(listing.name, temporary, (bytes) => onProgress?.(bytes, listing.size));
    signal.throwIfAborted();
    await checkWhole(request, listing, temporary);
    const sha256 = await local(directory, () => hashFile(temporary, signal));
    await local(directory, () => chmod(temporary, 0o600));
    await local(directory, () => rename(temporary, path));
    return { path, sha256 };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The copy has the size that was listed, and the source still lists the file as it was. */
async function checkWhole(request: RetrieveRequest, listing: Listing, path: string): Promise<void> {
  const { source, directory } = request;
  const { size } = await local(directory, () => stat(path));
  const after = (await source.list()).find(({ name }) => name === listing.name);
  if (after === undefined) throw notReady(request, `${listing.name} went away while it was downloaded`);
  if (!isSameFile(listing, after)) throw notReady(request, `${listing.name} changed while it was downloaded`);
  if (size === listing.size) return;
  throw new UnreachableError(
    `Downloading ${listing.name} from ${source.description} gave ${size} bytes of ${listing.size}.`,
    {
      hint: 'The copy was thrown away. The next run downloads it again; if it keeps happening, tell the administrator of the server.',
    },
  );
}

const HASH_CHUNK_BYTES = 1024 * 1024;

async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    let current = Buffer.allocUnsafe(HASH_CHUNK_BYTES);
    let next = Buffer.allocUnsafe(HASH_CHUNK_BYTES);
    let reading = file.read(current, 0, HASH_CHUNK_BYTES);
    while (true) {
      const { bytesRead } = await reading;
      signal.throwIfAborted();
      if (bytesRead === 0) return hash.digest('hex');
      // The disk reads the next chunk while this one is hashed.
      reading = file.read(next, 0, HASH_CHUNK_BYTES);
      hash.update(current.subarray(0, bytesRead));
      [current, next] = [next, current];
    }
  } finally {
    await file.close();
  }
}

async function local<Result>(directory: string, body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    throw localTrouble(directory, error);
  }
}
