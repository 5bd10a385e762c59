// What every source promises, whatever is behind it: one suite, run against a folder, the SFTP server of the
// tests and a real OpenSSH.

import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedError } from '../../src/errors.ts';
import type { Source } from '../../src/source/source.ts';

export interface SourceSetup {
  /** The real directory behind the source. */
  readonly directory: string;
  /** Opens the source on a directory inside it; on itself when absent. */
  open(inside?: string): Promise<Source>;
  close(): Promise<void>;
}

export function sourceContract(name: string, setup: () => Promise<SourceSetup>): void {
  describe(`${name} as a source`, () => {
    let at: SourceSetup;
    let source: Source;
    let local: string;
    const put = (file: string, content: string | Buffer = 'id\n1\n'): string => {
      const path = join(at.directory, file);
      writeFileSync(path, content);
      return path;
    };

    beforeEach(async () => {
      at = await setup();
      local = mkdtempSync(join(tmpdir(), 'copy-'));
      source = await at.open();
    });

    afterEach(async () => {
      await source.close();
      await at.close();
      rmSync(local, { recursive: true, force: true });
    });

    it('lists regular files with size and modification time, and directories apart', async () => {
      utimesSync(put('a.csv', '12345'), 1_700_000_000, 1_700_000_000);
      put('empty.csv', '');
      mkdirSync(join(at.directory, 'processed'));
      const listings = await source.list();
      expect(listings.map(({ name }) => name).toSorted()).toEqual(['a.csv', 'empty.csv']);
      expect(listings.find(({ name }) => name === 'a.csv')).toEqual({
        name: 'a.csv',
        size: 5,
        modifiedAtMs: 1_700_000_000_000,
      });
      expect(await source.listDirectories()).toEqual(['processed']);
    });

    it('lists thousands of files', async () => {
      for (let number = 0; number < 3000; number += 1) put(`employees_${number}.csv`, '');
      expect(await source.list()).toHaveLength(3000);
    });

    it('lists nothing in an empty directory, and a file the moment it is there', async () => {
      expect(await source.list()).toEqual([]);
      put('a.csv');
      expect(await source.list()).toHaveLength(1);
    });

    it('lists a link that stays inside, and no link that leads out or nowhere', async () => {
      const outside = mkdtempSync(join(tmpdir(), 'outside-'));
      writeFileSync(join(outside, 'secret.csv'), 'secret');
      put('real.csv', 'inside');
      symlinkSync('real.csv', join(at.directory, 'link.csv'));
      symlinkSync(join(outside, 'secret.csv'), join(at.directory, 'out.csv'));
      symlinkSync('nowhere.csv', join(at.directory, 'dangling.csv'));
      expect((await source.list()).map(({ name }) => name).toSorted()).toEqual(['link.csv', 'real.csv']);
      await source.download('link.csv', join(local, 'copy'));
      expect(readFileSync(join(local, 'copy'), 'utf8')).toBe('inside');
      await expect(source.download('out.csv', join(local, 'stolen'))).rejects.toThrow(FeedError);
      rmSync(outside, { recursive: true });
    });

    it('downloads every byte, and tells how far it is', async () => {
      const bytes = randomBytes(3 * 1024 * 1024 + 17);
      put('big.csv', bytes);
      const progress: number[] = [];
      await source.download('big.csv', join(local, 'copy'), (count) => progress.push(count));
      expect(digest(readFileSync(join(local, 'copy')))).toBe(digest(bytes));
      expect(progress.at(-1)).toBe(bytes.length);
      expect(progress).toEqual(progress.toSorted((left, right) => left - right));
    });

    it('downloads an empty file, and names with blanks and accents', async () => {
      put('empty.csv', '');
      put('Mitarbeiter Übersicht (1).csv', 'ä');
      await source.download('empty.csv', join(local, 'empty'));
      await source.download('Mitarbeiter Übersicht (1).csv', join(local, 'accents'));
      expect(readFileSync(join(local, 'empty'), 'utf8')).toBe('');
      expect(readFileSync(join(local, 'accents'), 'utf8')).toBe('ä');
    });

    it('keeps the copy to its owner', async () => {
      put('a.csv');
      await source.download('a.csv', join(local, 'copy'));
      expect(statSync(join(local, 'copy')).mode & 0o077).toBe(0);
    });

    it('says so when the file to download is gone', async () => {
      await expect(source.download('gone.csv', join(local, 'copy'))).rejects.toThrow(FeedError);
    });

    it('archives into a directory that it makes, with the time that the file had', async () => {
      utimesSync(put('a.csv', 'one'), 1_700_000_000, 1_700_000_000);
      await source.archive('a.csv', 'processed/2026');
      const archived = join(at.directory, 'processed/2026/a.csv');
      expect(readFileSync(archived, 'utf8')).toBe('one');
      expect(statSync(archived).mtimeMs).toBe(1_700_000_000_000);
      expect(existsSync(join(at.directory, 'a.csv'))).toBe(false);
    });

    it('never archives over a file that is there', async () => {
      for (const content of ['one', 'two', 'three']) {
        put('a.csv', content);
        await source.archive('a.csv', 'processed');
      }
      const archive = join(at.directory, 'processed');
      expect(readdirSync(archive).toSorted()).toEqual(['a.1.csv', 'a.2.csv', 'a.csv']);
      expect(['a.csv', 'a.1.csv', 'a.2.csv'].map((file) => readFileSync(join(archive, file), 'utf8'))).toEqual([
        'one',
        'two',
        'three',
      ]);
    });

    it('leaves no trace in the archive when there is nothing to archive', async () => {
      mkdirSync(join(at.directory, 'processed'));
      await expect(source.archive('gone.csv', 'processed')).rejects.toThrow(FeedError);
      expect(readdirSync(join(at.directory, 'processed'))).toEqual([]);
    });

    it('removes a file, and says so when it is gone already', async () => {
      put('a.csv');
      await source.remove('a.csv');
      expect(readdirSync(at.directory)).toEqual([]);
      await expect(source.remove('a.csv')).rejects.toThrow(FeedError);
    });

    it('refuses names that lead out of the directory', async () => {
      for (const hostile of ['../a.csv', 'x/../../a.csv', '..', '']) {
        await expect(source.download(hostile, join(local, 'copy'))).rejects.toThrow('never leaves');
        await expect(source.archive(hostile, 'processed')).rejects.toThrow('never leaves');
        await expect(source.remove(hostile)).rejects.toThrow('never leaves');
      }
    });

    it('says that a directory is missing, with what to check', async () => {
      const failure = await failureOf(async () => (await at.open('absent')).list());
      expect(failure).toMatchObject({ trouble: 'unreadable', exitCode: 5 });
      expect(failure.message).toMatch(/absent.*(does not exist|no such file or directory)/);
      expect(failure.hint).toContain('`directory`');
    });

    it('says that the directory is a file', async () => {
      put('employees.csv');
      const failure = await failureOf(async () => (await at.open('employees.csv')).list());
      expect(failure).toMatchObject({ trouble: 'unreadable' });
      expect(failure.message).toContain('it is a file');
    });

    it('may be closed twice', async () => {
      await source.close();
      await source.close();
    });
  });
}

async function failureOf(body: () => Promise<unknown>): Promise<FeedError> {
  try {
    await body();
  } catch (error) {
    if (error instanceof FeedError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
