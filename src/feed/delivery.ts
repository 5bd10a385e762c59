// What a feed's source delivers now: the newest file of a full feed, or every file of changes of which something is left to do.

import { createHash } from 'node:crypto';
import { FeedError } from '../errors.ts';
import { orderChanges } from '../source/pick.ts';
import { refuseStale } from '../source/ready.ts';
import { type Retrieved, type RetrieveRequest, retrieve } from '../source/retrieve.ts';
import { retrieveChanges } from '../source/retrieve-changes.ts';
import type { Source } from '../source/source.ts';
import type { AcceptedFile } from '../store/files.ts';
import type { Taking } from './taking.ts';

export interface DeliveredFile extends Retrieved {
  /** When this very content was accepted first; null: it is new. */
  readonly acceptedAtMs: number | null;
}

export interface Delivery {
  /** Oldest first; none when there is nothing new: of changes, or because the last file was tidied away. */
  readonly files: readonly DeliveredFile[];
  /** Of the content; of several files, of the contents of all. */
  readonly sha256: string;
  /** Files of changes that wait for one that cannot be taken yet. */
  readonly waiting: Waiting | null;
}

export interface Waiting {
  readonly count: number;
  readonly reason: FeedError;
}

/** Gets the files. Throws as `retrieve` and `retrieveChanges` do. */
export async function getDelivery(taking: Taking, last: AcceptedFile | null): Promise<Delivery> {
  const { parts, feed } = taking;
  const source = await parts.openSource(feed);
  try {
    const request = requestOf(taking, source, last);
    if (feed.kind === 'changes') return await getChanges(taking, request);
    const file = await retrieve(request).catch((error: unknown) => {
      if (!isTidied(taking, last, error)) throw error;
      if (last !== null) refuseStale(request, last);
      return null;
    });
    if (file === null) return { files: [], sha256: '', waiting: null };
    const acceptedAtMs = last?.sha256 === file.sha256 ? parts.store.files.lastAcceptedSinceMs(feed.name) : null;
    return { files: [{ ...file, acceptedAtMs }], sha256: file.sha256, waiting: null };
  } finally {
    parts.progress.stop();
    await source.close();
  }
}

/** There is no file because we have archived or deleted the last one once it was wholly applied. */
function isTidied({ parts, feed }: Taking, last: AcceptedFile | null, error: unknown): boolean {
  const isGone = error instanceof FeedError && error.trouble === 'no file' && feed.after !== 'keep';
  return isGone && last !== null && parts.store.files.isDone(feed.name, last);
}

function requestOf({ parts, options, feed }: Taking, source: Source, last: AcceptedFile | null): RetrieveRequest {
  const { store, clock, wait, signal, workDirectory, progress } = parts;
  let isShown = false;
  return {
    source,
    feed,
    lastAccepted: last,
    // A dry run looks at what was seen before, and notes nothing.
    sightings: options.dryRun ? { firstSeenMs: store.files.firstSeenMs, see: () => undefined } : store.files,
    clock,
    wait,
    directory: workDirectory,
    signal,
    onProgress: (bytes, total) => {
      if (!isShown) progress.start('downloading', total);
      isShown = true;
      progress.update(bytes);
    },
  };
}

async function getChanges({ parts, feed, options }: Taking, request: RetrieveRequest): Promise<Delivery> {
  const { files: remembered } = parts.store;
  // Whoever asks about one person wants every file that is there to be read.
  const everyFile = options.everyRow === true;
  const { files, waiting } = await retrieveChanges({
    ...request,
    isDone: (listing) => !everyFile && remembered.isDone(feed.name, listing),
  });
  const known = files.map((file) => {
    const accepted = remembered.acceptance(feed.name, file);
    const modifiedAtMs = accepted?.modifiedAtMs ?? file.modifiedAtMs;
    return { ...file, modifiedAtMs, acceptedAtMs: accepted?.sinceMs ?? null, isDone: accepted?.isDone === true };
  });
  const ordered = orderChanges(known, feed.file);
  // A file that somebody only touched is done all the same.
  const first = everyFile ? 0 : ordered.findIndex(({ isDone }) => !isDone);
  const delivered = first < 0 ? [] : ordered.slice(first);
  return { files: delivered, sha256: contentOf(delivered), waiting };
}

function contentOf(files: readonly DeliveredFile[]): string {
  const [only] = files;
  if (only !== undefined && files.length === 1) return only.sha256;
  return createHash('sha256')
    .update(files.map(({ sha256 }) => sha256).join(' '))
    .digest('hex');
}
