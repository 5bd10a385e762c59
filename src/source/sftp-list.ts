// What lies in a directory of an SFTP server. Servers differ in what a listing tells, so whatever it leaves
// open is asked for one by one.

import { posix } from 'node:path';
import { FeedError } from '../errors.ts';
import { isPlainName } from './file-name.ts';
import type { SftpClient } from './sftp.ts';
import type { Line } from './sftp-line.ts';
import { isMissing } from './sftp-trouble.ts';
import type { Listing } from './source.ts';

export interface DirectoryListing {
  readonly files: readonly Listing[];
  readonly directories: readonly string[];
}

/** Lists regular files, and links to regular files inside the directory. */
export async function listDirectory(line: Line, directory: string): Promise<DirectoryListing> {
  const operation = `Listing the directory ${directory}`;
  const entries = await line.ask(operation, async (client) => {
    const type = await client.exists(directory);
    if (type === '-') {
      throw new FeedError('unreadable', `${operation}: it is a file, not a directory.`, {
        hint: 'Give the directory in `directory`, and the name of the file in `file`.',
      });
    }
    return await client.list(directory);
  });
  const files: Listing[] = [];
  const directories: string[] = [];
  for (const entry of entries) {
    if (!isPlainName(entry.name)) continue;
    if (entry.type === 'd') directories.push(entry.name);
    else if (tellsAll(entry)) files.push(toListing(entry.name, entry));
    else {
      const found = await lookCloser(line, directory, entry.name);
      if (found === 'directory') directories.push(entry.name);
      else if (found !== null) files.push(found);
    }
  }
  return { files, directories };
}

/** Where the name leads to; null when that is nowhere or outside the directory. */
export async function pathInside(line: Line, directory: string, name: string): Promise<string | null> {
  const path = posix.join(directory, name);
  return await line.ask(`Looking at ${name} in ${directory}`, async (client) => {
    const type = await client.exists(path);
    if (type !== 'l') return type === false ? null : path;
    const realDirectory = await client.realPath(directory);
    const real = await client.realPath(path);
    return real.startsWith(realDirectory.endsWith('/') ? realDirectory : `${realDirectory}/`) ? real : null;
  });
}

/** A regular file with a size and a time. */
function tellsAll({ type, size, modifyTime }: SftpClient.FileInfo): boolean {
  return type === '-' && Number.isSafeInteger(size) && Number.isFinite(modifyTime);
}

async function lookCloser(line: Line, directory: string, name: string): Promise<Listing | 'directory' | null> {
  const path = await pathInside(line, directory, name);
  if (path === null) return null;
  return await line.ask(`Looking at ${name} in ${directory}`, async (client) => {
    try {
      const facts = await client.stat(path);
      if (facts.isDirectory) return 'directory';
      return facts.isFile ? toListing(name, facts) : null;
    } catch (error) {
      // A link to nowhere, or a file that went away between the two looks.
      if (isMissing(error)) return null;
      throw error;
    }
  });
}

function toListing(name: string, { size, modifyTime }: { size: number; modifyTime: number }): Listing {
  return { name, size, modifiedAtMs: Number.isFinite(modifyTime) ? modifyTime : 0 };
}
