// A folder where files are dropped, and everything that retrieving one of them needs: a clock that moves only
// while somebody waits, sightings that are remembered, and a place for the copy.

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedError, type OperatorError, UnreachableError } from '../../src/errors.ts';
import { openSource } from '../../src/source/open.ts';
import { type Retrieved, type RetrieveRequest, retrieve, type Sightings } from '../../src/source/retrieve.ts';
import type { Listing } from '../../src/source/source.ts';

export const START_MS = 1_800_000_000_000;

export interface Asked extends Partial<Omit<RetrieveRequest, 'feed'>> {
  readonly feed?: Partial<RetrieveRequest['feed']>;
}

export class DropFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'source-'));
  readonly state = mkdtempSync(join(tmpdir(), 'state-'));
  /** Where the copy goes; not there before it is needed. */
  readonly directory = join(this.state, 'work');
  readonly sightings = rememberSightings();
  readonly waits: number[] = [];
  /** What happens at the source during one wait after the other. */
  meanwhile: (() => void)[] = [];
  nowMs = START_MS;

  put(name: string, content = 'id\n1\n', modifiedAtMs = START_MS - 60_000): void {
    writeFileSync(this.path(name), content);
    utimesSync(this.path(name), modifiedAtMs / 1000, modifiedAtMs / 1000);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async get({ feed = {}, ...more }: Asked = {}): Promise<Retrieved> {
    return await retrieve({
      source: more.source ?? (await openSource({ type: 'folder', directory: this.folder }, null)),
      feed: {
        name: 'employees',
        file: 'employees_*.csv',
        ready: { settleMs: 0, marker: null },
        maxAgeMs: null,
        ...feed,
      },
      lastAccepted: null,
      sightings: this.sightings,
      clock: { now: () => this.nowMs },
      wait: async (delayMs) => {
        this.waits.push(delayMs);
        this.nowMs += delayMs;
        this.meanwhile.shift()?.();
      },
      directory: this.directory,
      signal: new AbortController().signal,
      ...more,
    });
  }

  /** What `get` throws. */
  async troubleOf(asked: Asked = {}): Promise<OperatorError> {
    const error = await this.get(asked).then(
      () => new Error('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    if (error instanceof FeedError || error instanceof UnreachableError) return error;
    throw error;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.state, { recursive: true, force: true });
  }
}

function rememberSightings(): Sightings {
  const seen = new Map<string, number>();
  const key = (feed: string, { name, size, modifiedAtMs }: Listing): string =>
    [feed, name, size, modifiedAtMs].join(' ');
  return {
    firstSeenMs: (feed, listing) => seen.get(key(feed, listing)) ?? null,
    see: (feed, listing, atMs) => void seen.set(key(feed, listing), atMs),
  };
}
