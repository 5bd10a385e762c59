// A folder of this machine as a source: a local directory or a mounted share. Only regular files count, and
// symbolic links only while they stay inside the folder.

import { constants, type Dirent, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { FolderSettings } from '../config/settings.ts';
import { FeedError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { ARCHIVE_NAME_LIMIT, isPlainName, numberedName } from './file-name.ts';
import { createLocalFile, systemCode } from './local-file.ts';
import type { Listing, Source } from './source.ts';

/** Throws `FeedError` when the folder is missing, is a file, or may not be read. */
export async function openFolder({ directory }: FolderSettings): Promise<Source> {
  await readFolder(directory);
  const closing = new AbortController();
  return {
    description: directory,
    list: () => listFiles(directory),
    listDirectories: async () =>
      (await readFolder(directory)).filter((entry) => entry.isDirectory()).map(({ name }) => name),
    download: (name, toPath, onProgress) =>
      copyOut({ directory, name, toPath, signal: closing.signal, onProgress: onProgress ?? (() => undefined) }),
    archive: (name, archiveDirectory) => archiveFile(directory, name, archiveDirectory),
    remove: async (name) => {
      await attempt(`Deleting ${name} from ${directory}`, () => rm(pathOf(directory, name)));
    },
    close: async () => closing.abort(),
  };
}

async function readFolder(directory: string): Promise<Dirent[]> {
  return await attempt(`Reading the folder ${directory}`, () => readdir(directory, { withFileTypes: true }));
}

async function listFiles(directory: string): Promise<Listing[]> {
  const entries = (await readFolder(directory)).filter(({ name }) => isPlainName(name));
  const listings = await Promise.all(entries.map((entry) => listOne(directory, entry)));
  return listings.filter((listing) => listing !== null);
}

async function listOne(directory: string, entry: Dirent): Promise<Listing | null> {
  if (!entry.isFile() && !entry.isSymbolicLink()) return null;
  const path = join(directory, entry.name);
  const facts = entry.isFile() ? await lstatIfThere(path) : await statInside(directory, path);
  if (facts === null || !facts.isFile()) return null;
  return { name: entry.name, size: facts.size, modifiedAtMs: Math.floor(facts.mtimeMs) };
}

async function lstatIfThere(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    // It went away between the two looks, or it is a link to nowhere.
    if (['ENOENT', 'ELOOP', 'EACCES'].includes(systemCode(error))) return null;
    throw unreadable(`Looking at ${path}`, error);
  }
}

async function statInside(directory: string, link: string): Promise<Stats | null> {
  const real = await realPathInside(directory, link);
  return real === null ? null : await lstatIfThere(real);
}

/** Where the path leads to; null when that is nowhere or outside the directory. */
async function realPathInside(directory: string, path: string): Promise<string | null> {
  try {
    const [realDirectory, real] = await Promise.all([realpath(directory), realpath(path)]);
    const inside = realDirectory.endsWith(sep) ? realDirectory : realDirectory + sep;
    return real.startsWith(inside) ? real : null;
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'EACCES', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw unreadable(`Looking at ${path}`, error);
  }
}

interface CopyOut {
  readonly directory: string;
  readonly name: string;
  readonly toPath: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

const CHUNK_BYTES = 1024 * 1024;

async function copyOut({ directory, name, toPath, signal, onProgress }: CopyOut): Promise<void> {
  const operation = `Reading ${name} in ${directory}`;
  const real = await realPathInside(directory, pathOf(directory, name));
  if (real === null)
    throw new FeedError('unreadable', `${operation}: it is not there any more.`, { hint: HINTS.ENOENT });
  // No link is followed any more, and a pipe put in its place cannot block us.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const from = await attempt(operation, () => open(real, flags));
  try {
    const facts = await attempt(operation, () => from.stat());
    if (!facts.isFile())
      throw new FeedError('unreadable', `${operation}: it is not a regular file.`, { hint: HINTS.EISDIR });
    const to = await createLocalFile(toPath);
    try {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let copied = 0; ; ) {
        signal.throwIfAborted();
        const { bytesRead } = await attempt(operation, () => from.read(chunk, 0, CHUNK_BYTES));
        if (bytesRead === 0) return;
        await to.write(chunk.subarray(0, bytesRead));
        copied += bytesRead;
        onProgress(copied);
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function archiveFile(directory: string, name: string, archiveDirectory: string): Promise<void> {
  const archive = resolve(directory, archiveDirectory);
  const operation = `Moving ${name} from ${directory} to ${archive}`;
  const path = pathOf(directory, name);
  await attempt(operation, async () => {
    // Looked at first, so that a file that is gone leaves no trace in the archive.
    await lstat(path);
    await mkdir(archive, { recursive: true });
    const target = await claimName(archive, name);
    try {
      await moveOver(path, target);
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
  });
}

/** An empty file under a name that was free: nothing that is in the archive already can be overwritten. */
async function claimName(archive: string, name: string): Promise<string> {
  for (let number = 0; number < ARCHIVE_NAME_LIMIT; number += 1) {
    const target = join(archive, numberedName(name, number));
    try {
      await (await open(target, 'wx', 0o600)).close();
      return target;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  throw new FeedError('unreadable', `Archiving ${name} in ${archive}: every name for it is taken.`, {
    hint: 'Clear out the archive directory.',
  });
}

async function moveOver(path: string, target: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    // The archive is another disk.
    if (systemCode(error) !== 'EXDEV') throw error;
    const { atime, mtime } = await stat(path);
    await copyFile(path, target);
    await utimes(target, atime, mtime);
    await rm(path);
  }
}

function pathOf(directory: string, name: string): string {
  invariant(isPlainName(name), 'a name of a source never leaves its directory');
  return join(directory, name);
}

async function attempt<Result>(operation: string, body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof FeedError ? error : unreadable(operation, error);
  }
}

const HINTS = {
  ENOENT: 'Check `directory` in the configuration, and that the share is mounted.',
  ENOTDIR: 'Give the folder in `directory`, and the name of the file in `file`.',
  EISDIR: 'Check what is in the folder under the name of the roster file.',
  EACCES: 'Give the user that runs workshop-sync the permission, or run it as another user.',
  other: 'Check the folder and the disk or share that it is on, then run again.',
} as const;

const TROUBLE: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  ENOENT: { reason: 'it does not exist', hint: HINTS.ENOENT },
  ENOTDIR: { reason: 'it is a file, not a folder', hint: HINTS.ENOTDIR },
  EISDIR: { reason: 'it is a directory', hint: HINTS.EISDIR },
  EACCES: { reason: 'permission was denied', hint: HINTS.EACCES },
  EPERM: { reason: 'permission was denied', hint: HINTS.EACCES },
  EROFS: { reason: 'the disk is read-only', hint: HINTS.EACCES },
  EEXIST: { reason: 'a file is in the place of the archive directory', hint: HINTS.other },
};

function unreadable(operation: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === '') return error;
  const { reason, hint } = TROUBLE[code] ?? { reason: `the system says ${code}`, hint: HINTS.other };
  return new FeedError('unreadable', `${operation}: ${reason}.`, { hint, cause: error });
}
