// Getting one feed's file, whole or not at all.

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedError, type OperatorError, UnreachableError } from '../../src/errors.ts';
import { openSource } from '../../src/source/open.ts';
import { type Retrieved, type RetrieveRequest, retrieve, type Sightings } from '../../src/source/retrieve.ts';
import type { Listing, Source } from '../../src/source/source.ts';
import { type SshServer, secretsOf, startSshServer } from '../support/ssh-server.ts';

const START_MS = 1_800_000_000_000;

let folder: string;
let directory: string;
let nowMs: number;
let waits: number[];
/** What happens at the source while a file is waited for. */
let meanwhile: (() => void)[];
let sightings: Sightings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-'));
  directory = join(mkdtempSync(join(tmpdir(), 'state-')), 'work');
  nowMs = START_MS;
  waits = [];
  meanwhile = [];
  sightings = rememberSightings();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

interface Asked extends Partial<Omit<RetrieveRequest, 'feed'>> {
  readonly feed?: Partial<RetrieveRequest['feed']>;
}

async function get({ feed = {}, ...more }: Asked = {}): Promise<Retrieved> {
  const source = more.source ?? (await openSource({ type: 'folder', directory: folder }, null));
  return await retrieve({
    source,
    feed: feedSettings(feed),
    lastAccepted: null,
    sightings,
    clock: { now: () => nowMs },
    wait: async (delayMs) => {
      waits.push(delayMs);
      nowMs += delayMs;
      meanwhile.shift()?.();
    },
    directory,
    signal: new AbortController().signal,
    ...more,
  });
}

async function troubleOf(asked: Asked = {}): Promise<OperatorError> {
  const error = await get(asked).then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof FeedError || error instanceof UnreachableError) return error;
  throw error;
}

function put(name: string, content = 'id\n1\n', modifiedAtMs = START_MS - 60_000): void {
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), modifiedAtMs / 1000, modifiedAtMs / 1000);
}

describe('a file that is retrieved', () => {
  it('is copied whole, under a name of ours, for its owner alone, with its SHA-256', async () => {
    put('employees_1.csv', 'id\n1\n2\n');
    const retrieved = await get();
    expect(retrieved).toEqual({
      path: join(directory, readdirSync(directory)[0] ?? ''),
      name: 'employees_1.csv',
      size: 7,
      modifiedAtMs: START_MS - 60_000,
      sha256: createHash('sha256').update('id\n1\n2\n').digest('hex'),
      superseded: [],
      warnings: [],
    });
    expect(readFileSync(retrieved.path, 'utf8')).toBe('id\n1\n2\n');
    expect(retrieved.path).not.toContain('employees');
    expect(statSync(retrieved.path).mode & 0o077).toBe(0);
  });

  it('takes the place of the one before', async () => {
    put('employees_1.csv', 'one');
    await get();
    put('employees_2.csv', 'two', START_MS - 1000);
    const retrieved = await get();
    expect(readFileSync(retrieved.path, 'utf8')).toBe('two');
    expect(readdirSync(directory)).toHaveLength(1);
    expect(retrieved.superseded).toEqual(['employees_1.csv']);
  });

  it('of another feed is kept apart', async () => {
    put('employees_1.csv');
    const [one, other] = [await get({ feed: { name: 'one' } }), await get({ feed: { name: '../other' } })];
    expect(one.path).not.toBe(other.path);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('is the same one when a download that was cut short left something behind', async () => {
    put('employees_1.csv', 'whole');
    const { path } = await get();
    writeFileSync(`${path}.download`, 'left behind by a crash');
    expect(readFileSync((await get()).path, 'utf8')).toBe('whole');
  });

  it('shows how far it is', async () => {
    put('employees_1.csv', 'x'.repeat(3_000_000));
    const progress: [number, number][] = [];
    await get({ onProgress: (bytes, total) => progress.push([bytes, total]) });
    expect(progress.at(-1)).toEqual([3_000_000, 3_000_000]);
  });
});

describe('a file settles', () => {
  const feed = { ready: { settleMs: 10_000, marker: null } };

  it('for the whole time when it is seen first, however old it says it is', async () => {
    put('employees_1.csv', 'x', START_MS - 86_400_000);
    await get({ feed });
    expect(waits).toEqual([10_000]);
  });

  it('for what is left when it was seen before, and not at all after that', async () => {
    put('employees_1.csv');
    const listing = (await (await openSource({ type: 'folder', directory: folder }, null)).list())[0] as Listing;
    sightings.see('employees', listing, START_MS - 4000);
    await get({ feed });
    expect(waits).toEqual([6000]);
    await get({ feed });
    expect(waits).toEqual([6000]);
  });

  it('from the start again when it grows meanwhile', async () => {
    put('employees_1.csv', 'half');
    meanwhile = [() => appendFileSync(join(folder, 'employees_1.csv'), ' and half')];
    const retrieved = await get({ feed });
    expect(waits).toEqual([10_000, 10_000]);
    expect(readFileSync(retrieved.path, 'utf8')).toBe('half and half');
  });

  it('from the start again when a newer one comes', async () => {
    put('employees_1.csv');
    meanwhile = [() => put('employees_2.csv', 'newer', START_MS)];
    expect((await get({ feed })).name).toBe('employees_2.csv');
    expect(waits).toEqual([10_000, 10_000]);
  });

  it('for the whole time again when the clock was set back', async () => {
    put('employees_1.csv');
    await get({ feed });
    nowMs -= 3_600_000;
    await get({ feed });
    expect(waits).toEqual([10_000, 10_000]);
  });

  it('not for ever: after three changes the next run looks again', async () => {
    put('employees_1.csv');
    meanwhile = Array.from({ length: 10 }, () => () => appendFileSync(join(folder, 'employees_1.csv'), 'x'));
    const trouble = await troubleOf({ feed });
    expect(trouble).toMatchObject({ trouble: 'not ready' });
    expect(trouble.message).toContain('employees_1.csv is still changing');
    expect(waits).toHaveLength(4);
  });

  it('not at all when no time is asked for', async () => {
    put('employees_1.csv');
    await get({ feed: { ready: { settleMs: 0, marker: null } } });
    expect(waits).toEqual([]);
  });
});

describe('a marker', () => {
  const feed = { ready: { settleMs: 10_000, marker: '{name}.done' } };

  it('makes its file ready at once', async () => {
    put('employees_1.csv');
    put('employees_1.csv.done', '');
    expect((await get({ feed })).name).toBe('employees_1.csv');
    expect(waits).toEqual([]);
  });

  it('that is missing keeps the file from being read', async () => {
    put('employees_1.csv');
    put('employees_0.csv.done', '');
    const trouble = await troubleOf({ feed });
    expect(trouble).toMatchObject({ trouble: 'not ready' });
    expect(trouble.message).toContain('employees_1.csv.done');
  });
});

describe('a file that changes while it is downloaded', () => {
  /** A folder in which something happens after each download. */
  async function disturbed(disturb: () => void): Promise<Source> {
    const source = await openSource({ type: 'folder', directory: folder }, null);
    return {
      ...source,
      async download(name, toPath) {
        await source.download(name, toPath);
        disturb();
      },
    };
  }

  it.each([
    ['grew', () => appendFileSync(join(folder, 'employees_1.csv'), 'more')],
    ['was written anew at the same size', () => put('employees_1.csv', 'id\n2\n', START_MS)],
    ['went away', () => renameSync(join(folder, 'employees_1.csv'), join(folder, 'moved'))],
  ])('is not taken: it %s', async (_what, disturb) => {
    put('employees_1.csv');
    const trouble = await troubleOf({ source: await disturbed(disturb) });
    expect(trouble).toMatchObject({ trouble: 'not ready', exitCode: 5 });
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('no file', () => {
  it('names the directory, the pattern and what is there instead', async () => {
    put('Employees_1.csv');
    put('employees_2.csv.filepart');
    const trouble = await troubleOf();
    expect(trouble).toMatchObject({ trouble: 'no file', exitCode: 5 });
    expect(trouble.message).toContain(folder);
    expect(trouble.message).toContain('"employees_*.csv"');
    expect(trouble.message).toContain('employees_2.csv.filepart (a temporary name), Employees_1.csv');
  });

  it('says that the directory has no files', async () => {
    expect((await troubleOf()).message).toContain('has no files');
  });

  it('says that a directory has the name', async () => {
    mkdirSync(join(folder, 'employees_1.csv'));
    expect((await troubleOf()).message).toContain('employees_1.csv (a directory)');
  });

  it('says that what is there is older than the last accepted file', async () => {
    put('employees_20260103.csv');
    const lastAccepted = { name: 'employees_20260105.csv', size: 1, modifiedAtMs: START_MS, sha256: '' };
    const trouble = await troubleOf({ lastAccepted });
    expect(trouble).toMatchObject({ trouble: 'no file' });
    expect(trouble.message).toContain('older than the last accepted file, employees_20260105.csv');
    expect(trouble.message).toContain('employees_20260103.csv');
  });

  it('says that the newest one is too old', async () => {
    put('employees_1.csv', 'x', START_MS - 27 * 3_600_000);
    const trouble = await troubleOf({ feed: { maxAgeMs: 26 * 3_600_000 } });
    expect(trouble).toMatchObject({ trouble: 'stale', exitCode: 5 });
    expect(trouble.message).toContain('27 h old');
    expect(trouble.message).toContain('26 h');
  });

  it('is not what a file just young enough is', async () => {
    put('employees_1.csv', 'x', START_MS - 26 * 3_600_000);
    expect((await get({ feed: { maxAgeMs: 26 * 3_600_000 } })).name).toBe('employees_1.csv');
  });
});

describe('an abort', () => {
  it('ends the wait for a file, with its reason', async () => {
    put('employees_1.csv');
    const abort = new AbortController();
    const wait = async (): Promise<void> => abort.abort(new Error('enough'));
    const feed = { ready: { settleMs: 10_000, marker: null } };
    await expect(get({ feed, wait, signal: abort.signal })).rejects.toThrow('enough');
    expect(existsSync(directory)).toBe(false);
  });

  it('comes first, before the source is looked at', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(get({ signal })).rejects.toThrow('enough');
  });

  it('ends a download and leaves nothing behind', async () => {
    put('employees_1.csv', 'x'.repeat(8_000_000));
    const abort = new AbortController();
    const onProgress = (): void => abort.abort(new Error('enough'));
    await expect(get({ signal: abort.signal, onProgress })).rejects.toThrow('enough');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('from an SFTP server', () => {
  let server: SshServer;

  beforeEach(async () => {
    server = await startSshServer({ password: 'p' });
    writeFileSync(join(server.directory, 'employees_1.csv'), 'x'.repeat(200_000));
  });

  afterEach(async () => {
    await server.close();
  });

  const open = (): Promise<Source> => openSource(server.settings(), secretsOf({ password: 'p' }));

  it('a file is retrieved whole', async () => {
    const retrieved = await get({ source: await open() });
    expect(retrieved).toMatchObject({ name: 'employees_1.csv', size: 200_000 });
    expect(retrieved.sha256).toBe(createHash('sha256').update('x'.repeat(200_000)).digest('hex'));
  });

  it('a short read is never taken for the file', async () => {
    server.faults.endsAfterBytes = 150_000;
    const trouble = await troubleOf({ source: await open() });
    expect(trouble.exitCode).toBe(8);
    expect(trouble.message).toContain('150000 bytes of 200000');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('a download that hangs ends with an abort', async () => {
    server.faults.neverReads = true;
    const abort = new AbortController();
    const getting = get({ source: await open(), signal: abort.signal });
    const failed = expect(getting).rejects.toThrow('enough');
    await expect.poll(() => existsSync(directory) && readdirSync(directory).length).toBe(1);
    abort.abort(new Error('enough'));
    await failed;
    expect(readdirSync(directory)).toEqual([]);
  });
});

function rememberSightings(): Sightings {
  const seen = new Map<string, number>();
  const key = (feed: string, { name, size, modifiedAtMs }: Listing): string =>
    [feed, name, size, modifiedAtMs].join(' ');
  return {
    firstSeenMs: (feed, listing) => seen.get(key(feed, listing)) ?? null,
    see: (feed, listing, atMs) => void seen.set(key(feed, listing), atMs),
  };
}

function feedSettings(more: Partial<RetrieveRequest['feed']>): RetrieveRequest['feed'] {
  return { name: 'employees', file: 'employees_*.csv', ready: { settleMs: 0, marker: null }, maxAgeMs: null, ...more };
}
