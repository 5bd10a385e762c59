// When a file is whole, and what is said when there is none.

import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import type { Listing } from '../../src/source/source.ts';
import { DropFolder, START_MS } from '../support/drop-folder.ts';

let at: DropFolder;

beforeEach(() => {
  at = new DropFolder();
});

afterEach(() => {
  at.remove();
});

describe('a file settles', () => {
  const feed = { ready: { settleMs: 10_000, marker: null } };

  it('for the whole time when it is seen first, however old it says it is', async () => {
    at.put('employees_1.csv', 'x', START_MS - 86_400_000);
    await at.get({ feed });
    expect(at.waits).toEqual([10_000]);
  });

  it('for what is left when it was seen before, and not at all after that', async () => {
    at.put('employees_1.csv');
    const listing = (await (await openSource({ type: 'folder', directory: at.folder }, null)).list())[0] as Listing;
    at.sightings.see('employees', listing, START_MS - 4000);
    await at.get({ feed });
    expect(at.waits).toEqual([6000]);
    await at.get({ feed });
    expect(at.waits).toEqual([6000]);
  });

  it('from the start again when it grows meanwhile', async () => {
    at.put('employees_1.csv', 'half');
    at.meanwhile = [() => appendFileSync(at.path('employees_1.csv'), ' and half')];
    const retrieved = await at.get({ feed });
    expect(at.waits).toEqual([10_000, 10_000]);
    expect(readFileSync(retrieved.path, 'utf8')).toBe('half and half');
  });

  it('from the start again when a newer one comes', async () => {
    at.put('employees_1.csv');
    at.meanwhile = [() => at.put('employees_2.csv', 'newer', START_MS)];
    expect((await at.get({ feed })).name).toBe('employees_2.csv');
    expect(at.waits).toEqual([10_000, 10_000]);
  });

  it('for the whole time again when the clock was set back', async () => {
    at.put('employees_1.csv');
    await at.get({ feed });
    at.nowMs -= 3_600_000;
    await at.get({ feed });
    expect(at.waits).toEqual([10_000, 10_000]);
  });

  it('not for ever: after three changes the next run looks again', async () => {
    at.put('employees_1.csv');
    at.meanwhile = Array.from({ length: 10 }, () => () => appendFileSync(at.path('employees_1.csv'), 'x'));
    const trouble = await at.troubleOf({ feed });
    expect(trouble).toMatchObject({ trouble: 'not ready' });
    expect(trouble.message).toContain('employees_1.csv is still changing');
    expect(at.waits).toHaveLength(4);
  });

  it('not at all when no time is asked for', async () => {
    at.put('employees_1.csv');
    await at.get({ feed: { ready: { settleMs: 0, marker: null } } });
    expect(at.waits).toEqual([]);
  });
});

describe('a marker', () => {
  const feed = { ready: { settleMs: 10_000, marker: '{name}.done' } };

  it('makes its file ready at once', async () => {
    at.put('employees_1.csv');
    at.put('employees_1.csv.done', '');
    expect((await at.get({ feed })).name).toBe('employees_1.csv');
    expect(at.waits).toEqual([]);
  });

  it('that is missing keeps the file from being read', async () => {
    at.put('employees_1.csv');
    at.put('employees_0.csv.done', '');
    const trouble = await at.troubleOf({ feed });
    expect(trouble).toMatchObject({ trouble: 'not ready' });
    expect(trouble.message).toContain('employees_1.csv.done');
  });
});

describe('no file', () => {
  it('names the directory, the pattern and what is there instead', async () => {
    at.put('Employees_1.csv');
    at.put('employees_2.csv.filepart');
    const trouble = await at.troubleOf();
    expect(trouble).toMatchObject({ trouble: 'no file', exitCode: 5 });
    expect(trouble.message).toContain(at.folder);
    expect(trouble.message).toContain('"employees_*.csv"');
    expect(trouble.message).toContain('employees_2.csv.filepart (a temporary name), Employees_1.csv');
  });

  it('says that the directory has no files', async () => {
    expect((await at.troubleOf()).message).toContain('has no files');
  });

  it('says that a directory has the name', async () => {
    mkdirSync(at.path('employees_1.csv'));
    expect((await at.troubleOf()).message).toContain('employees_1.csv (a directory)');
  });

  it('says that what is there is older than the last accepted file', async () => {
    at.put('employees_20260103.csv');
    const lastAccepted = { name: 'employees_20260105.csv', size: 1, modifiedAtMs: START_MS, sha256: '' };
    const trouble = await at.troubleOf({ lastAccepted });
    expect(trouble).toMatchObject({ trouble: 'no file' });
    expect(trouble.message).toContain('older than the last accepted file, employees_20260105.csv');
    expect(trouble.message).toContain('employees_20260103.csv');
  });

  it('says that the newest one is too old', async () => {
    at.put('employees_1.csv', 'x', START_MS - 27 * 3_600_000);
    const trouble = await at.troubleOf({ feed: { maxAgeMs: 26 * 3_600_000 } });
    expect(trouble).toMatchObject({ trouble: 'stale', exitCode: 5 });
    expect(trouble.message).toContain('27 h old');
    expect(trouble.message).toContain('26 h');
  });

  it('is not what a file just young enough is', async () => {
    at.put('employees_1.csv', 'x', START_MS - 26 * 3_600_000);
    expect((await at.get({ feed: { maxAgeMs: 26 * 3_600_000 } })).name).toBe('employees_1.csv');
  });
});
