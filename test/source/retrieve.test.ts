// Getting one feed's file, whole or not at all.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import type { Source } from '../../src/source/source.ts';
import { DropFolder, START_MS } from '../support/drop-folder.ts';
import { type SshServer, secretsOf, startSshServer } from '../support/ssh-server.ts';

let at: DropFolder;

beforeEach(() => {
  at = new DropFolder();
});

afterEach(() => {
  at.remove();
});

describe('a file that is retrieved', () => {
  it('is copied whole, under a name of ours, for its owner alone, with its SHA-256', async () => {
    at.put('employees_1.csv', 'id\n1\n2\n');
    const retrieved = await at.get();
    expect(retrieved).toEqual({
      path: join(at.directory, readdirSync(at.directory)[0] ?? ''),
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
    at.put('employees_1.csv', 'one');
    await at.get();
    at.put('employees_2.csv', 'two', START_MS - 1000);
    const retrieved = await at.get();
    expect(readFileSync(retrieved.path, 'utf8')).toBe('two');
    expect(readdirSync(at.directory)).toHaveLength(1);
    expect(retrieved.superseded).toEqual(['employees_1.csv']);
  });

  it('is read anew when it was overwritten in place', async () => {
    at.put('employees_1.csv', 'one');
    const { sha256, size, name, modifiedAtMs } = await at.get();
    at.put('employees_1.csv', 'two', START_MS - 1000);
    const retrieved = await at.get({ lastAccepted: { sha256, size, name, modifiedAtMs } });
    expect(readFileSync(retrieved.path, 'utf8')).toBe('two');
    expect(retrieved.sha256).not.toBe(sha256);
  });

  it('of another feed is kept apart', async () => {
    at.put('employees_1.csv');
    const [one, other] = [await at.get({ feed: { name: 'one' } }), await at.get({ feed: { name: '../other' } })];
    expect(one.path).not.toBe(other.path);
    expect(readdirSync(at.directory)).toHaveLength(2);
  });

  it('is the same one when a download that was cut short left something behind', async () => {
    at.put('employees_1.csv', 'whole');
    const { path } = await at.get();
    writeFileSync(`${path}.download`, 'left behind by a crash');
    expect(readFileSync((await at.get()).path, 'utf8')).toBe('whole');
  });

  it('shows how far it is', async () => {
    at.put('employees_1.csv', 'x'.repeat(3_000_000));
    const progress: [number, number][] = [];
    await at.get({ onProgress: (bytes, total) => progress.push([bytes, total]) });
    expect(progress.at(-1)).toEqual([3_000_000, 3_000_000]);
  });
});

describe('a file that changes while it is downloaded', () => {
  /** A folder in which something happens after each download. */
  async function disturbed(disturb: () => void): Promise<Source> {
    const source = await openSource({ type: 'folder', directory: at.folder }, null);
    return {
      ...source,
      async download(name, toPath) {
        await source.download(name, toPath);
        disturb();
      },
    };
  }

  it.each([
    ['grew', () => appendFileSync(at.path('employees_1.csv'), 'more')],
    ['was written anew at the same size', () => at.put('employees_1.csv', 'id\n2\n', START_MS)],
    ['went away', () => renameSync(at.path('employees_1.csv'), at.path('moved'))],
  ])('is not taken: it %s', async (_what, disturb) => {
    at.put('employees_1.csv');
    const trouble = await at.troubleOf({ source: await disturbed(disturb) });
    expect(trouble).toMatchObject({ trouble: 'not ready', exitCode: 5 });
    expect(readdirSync(at.directory)).toEqual([]);
  });
});

describe('an abort', () => {
  it('ends the wait for a file, with its reason', async () => {
    at.put('employees_1.csv');
    const abort = new AbortController();
    const wait = async (): Promise<void> => abort.abort(new Error('enough'));
    const feed = { ready: { settleMs: 10_000, marker: null } };
    await expect(at.get({ feed, wait, signal: abort.signal })).rejects.toThrow('enough');
    expect(existsSync(at.directory)).toBe(false);
  });

  it('comes first, before the source is looked at', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(at.get({ signal })).rejects.toThrow('enough');
  });

  it('ends a download and leaves nothing behind', async () => {
    at.put('employees_1.csv', 'x'.repeat(8_000_000));
    const abort = new AbortController();
    const onProgress = (): void => abort.abort(new Error('enough'));
    await expect(at.get({ signal: abort.signal, onProgress })).rejects.toThrow('enough');
    expect(readdirSync(at.directory)).toEqual([]);
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
    const retrieved = await at.get({ source: await open() });
    expect(retrieved).toMatchObject({ name: 'employees_1.csv', size: 200_000 });
    expect(retrieved.sha256).toBe(createHash('sha256').update('x'.repeat(200_000)).digest('hex'));
  });

  it('a short read is never taken for the file', async () => {
    server.faults.endsAfterBytes = 150_000;
    const trouble = await at.troubleOf({ source: await open() });
    expect(trouble.exitCode).toBe(8);
    expect(trouble.message).toContain('150000 bytes of 200000');
    expect(readdirSync(at.directory)).toEqual([]);
  });

  it('a download that hangs ends with an abort', async () => {
    server.faults.neverReads = true;
    const abort = new AbortController();
    const getting = at.get({ source: await open(), signal: abort.signal });
    const failed = expect(getting).rejects.toThrow('enough');
    await expect.poll(() => existsSync(at.directory) && readdirSync(at.directory).length).toBe(1);
    abort.abort(new Error('enough'));
    await failed;
    expect(readdirSync(at.directory)).toEqual([]);
  });
});
