// An SFTP server as a source. The door to ssh2-sftp-client: it fetches fast and falls back to the slow way,
// and nothing it says about success is taken at its word.

import { rm, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import type { SftpSecrets, SftpSettings } from '../config/settings.ts';
import { FeedError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { ARCHIVE_NAME_LIMIT, isPlainName, numberedName } from './file-name.ts';
import { createLocalFile } from './local-file.ts';
import type { OpenSourceOptions } from './open.ts';
import { connectSftp } from './sftp-connect.ts';
import { type Line, openLine } from './sftp-line.ts';
import { listDirectory, pathInside } from './sftp-list.ts';
import type { Source } from './source.ts';

export type { SftpClient };

const CONNECT_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;

/** Late events of a connection that nobody waits for any more must not end the process. */
const SILENT = { error: () => undefined, end: () => undefined, close: () => undefined };

/** Throws as `openSource` says. */
export async function openSftp(
  settings: SftpSettings,
  secrets: SftpSecrets,
  options: OpenSourceOptions,
): Promise<Source> {
  const { directory, host, port, username } = settings;
  const description = `sftp://${username}@${host}:${port}/${directory.replace(/^\//, '')}`;
  const closing = new AbortController();
  const signal = options.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, options.signal]);
  const line = await openLine({
    description,
    idleTimeoutMs: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    dial: () =>
      connectSftp({
        settings,
        secrets,
        createClient: () => new SftpClient('workshop-sync', SILENT),
        connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        signal,
      }),
  });
  return {
    description,
    list: async () => [...(await listDirectory(line, directory)).files],
    listDirectories: async () => [...(await listDirectory(line, directory)).directories],
    download: (name, toPath, onProgress) =>
      download({ line, description, directory, name, toPath, onProgress: onProgress ?? (() => undefined) }),
    archive: (name, archiveDirectory) => archiveFile(line, directory, name, archiveDirectory),
    remove: async (name) => {
      await line.ask(`Deleting ${name} from ${directory}`, (client) => client.delete(pathOf(directory, name)));
    },
    async close() {
      closing.abort(new Error('the source was closed'));
      await line.close();
    },
  };
}

interface Download {
  readonly line: Line;
  readonly description: string;
  readonly directory: string;
  readonly name: string;
  readonly toPath: string;
  readonly onProgress: (bytes: number) => void;
}

async function download(request: Download): Promise<void> {
  const { line, directory, name, toPath } = request;
  invariant(isPlainName(name), 'a name of a source never leaves its directory');
  const path = await pathInside(line, directory, name);
  if (path === null) {
    throw new FeedError('unreadable', `Downloading ${name} from ${directory}: it is not there any more.`, {
      hint: 'The next run looks again.',
    });
  }
  const { size } = await line.ask(`Looking at ${name} in ${directory}`, (client) => client.stat(path));
  if (await downloadFast(request, path, size)) return;
  // The fast way may have left the line in any state, and late writes to its file.
  line.cut();
  await rm(toPath, { force: true });
  await downloadPlain(request, path);
}

/** Enough requests in flight for a slow network, few enough for a small server. */
const FAST = { concurrency: 16, chunkSize: 128 * 1024 } as const;

/** Many requests at once, which some servers cannot stand: they hang, fall short, or fail. Did the whole file come? */
async function downloadFast(request: Download, path: string, size: number): Promise<boolean> {
  const { line, name, directory, toPath, onProgress } = request;
  // Made by us first, so that only its owner may read it.
  await (await createLocalFile(toPath)).close();
  try {
    await line.ask(`Downloading ${name} from ${directory}`, (client, stillAlive) => {
      let seen = 0;
      return new Promise<void>((resolve, reject) => {
        const step = (total: number, chunk: number): void => {
          // At an end that comes too soon the package asks for the same bytes for ever.
          if (chunk === 0) reject(new Error('the file ended too soon'));
          if (total <= seen) return;
          seen = total;
          stillAlive();
          onProgress(total);
        };
        client.fastGet(path, toPath, { ...FAST, step }).then(() => resolve(), reject);
      });
    });
    return (await stat(toPath)).size === size;
  } catch {
    // The plain way tells what is wrong, if it is more than haste.
    return false;
  }
}

async function downloadPlain(request: Download, path: string): Promise<void> {
  const { line, name, directory, toPath, onProgress } = request;
  const file = await createLocalFile(toPath);
  try {
    await line.ask(`Downloading ${name} from ${directory}`, async (client, stillAlive) => {
      const reader = client.createReadStream(path, { highWaterMark: FAST.chunkSize });
      let bytes = 0;
      for await (const chunk of reader) {
        await file.write(chunk);
        bytes += chunk.length;
        stillAlive();
        onProgress(bytes);
      }
    });
  } finally {
    await file.close();
  }
}

async function archiveFile(line: Line, directory: string, name: string, archiveDirectory: string): Promise<void> {
  const archive = archiveDirectory.startsWith('/') ? archiveDirectory : posix.join(directory, archiveDirectory);
  const operation = `Moving ${name} from ${directory} to ${archive}`;
  await line.ask(operation, async (client) => {
    if ((await client.exists(archive)) === false) await client.mkdir(archive, true);
  });
  for (let number = 0; number < ARCHIVE_NAME_LIMIT; number += 1) {
    const target = posix.join(archive, numberedName(name, number));
    // Asked first, since some servers rename over what is there.
    if ((await line.ask(operation, (client) => client.exists(target))) !== false) continue;
    await line.ask(operation, (client) => client.rename(pathOf(directory, name), target));
    return;
  }
  throw new FeedError('unreadable', `${operation}: every name for it is taken.`, {
    hint: 'Clear out the archive directory.',
  });
}

function pathOf(directory: string, name: string): string {
  invariant(isPlainName(name), 'a name of a source never leaves its directory');
  return posix.join(directory, name);
}
