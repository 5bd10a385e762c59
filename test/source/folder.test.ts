// A folder of this machine as a source.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { sourceContract } from '../contract/source.ts';
import { asNobody } from '../support/nobody.ts';

sourceContract('a folder', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folder-'));
  return {
    directory,
    open: (inside = '.') => openSource({ type: 'folder', directory: join(directory, inside) }, null),
    close: async () => rmSync(directory, { recursive: true }),
  };
});

it('does not list pipes, nor wait for one that took the place of a file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folder-'));
  execFileSync('mkfifo', [join(directory, 'pipe.csv')]);
  const source = await openSource({ type: 'folder', directory }, null);
  expect(await source.list()).toEqual([]);
  await expect(source.download('pipe.csv', join(directory, 'copy'))).rejects.toThrow('not a regular file');
  rmSync(directory, { recursive: true });
});

it('is described by its path', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folder-'));
  expect((await openSource({ type: 'folder', directory }, null)).description).toBe(directory);
  rmSync(directory, { recursive: true });
});

it('ends a copy when it is closed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folder-'));
  writeFileSync(join(directory, 'a.csv'), Buffer.alloc(8 * 1024 * 1024));
  const source = await openSource({ type: 'folder', directory }, null);
  let seen = 0;
  const copying = source.download('a.csv', join(directory, 'copy'), (bytes) => {
    seen = bytes;
    void source.close();
  });
  await expect(copying).rejects.toThrow();
  expect(seen).toBeLessThan(8 * 1024 * 1024);
  rmSync(directory, { recursive: true });
});

it('says that it may not read the folder', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folder-'));
  const closed = join(directory, 'closed');
  mkdirSync(closed, { mode: 0 });
  chmodSync(directory, 0o755);
  const open = () => openSource({ type: 'folder', directory: closed }, null);
  await expect(asNobody(open)).rejects.toThrow('permission was denied');
  chmodSync(closed, 0o700);
  rmSync(directory, { recursive: true });
});
