// An SFTP server as a source, and servers that misbehave.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SftpSecrets, SftpSettings } from '../../src/config/settings.ts';
import { FeedError, UnreachableError } from '../../src/errors.ts';
import { type OpenSourceOptions, openSource } from '../../src/source/open.ts';
import type { Source } from '../../src/source/source.ts';
import { sourceContract } from '../contract/source.ts';
import { type SshServer, type SshServerOptions, secretsOf, startSshServer } from '../support/ssh-server.ts';

const PASSWORD = 'correct horse';

sourceContract('an SFTP server', async () => {
  const server = await startSshServer({ password: PASSWORD });
  return {
    directory: server.directory,
    open: (inside = '') => openSource(server.settings({ directory: `/${inside}` }), secretsOf({ password: PASSWORD })),
    close: () => server.close(),
  };
});

let servers: SshServer[];
let sources: Source[];
let local: string;

beforeEach(() => {
  servers = [];
  sources = [];
  local = mkdtempSync(join(tmpdir(), 'copy-'));
});

afterEach(async () => {
  for (const source of sources) await source.close();
  for (const server of servers) await server.close();
  rmSync(local, { recursive: true, force: true });
});

async function start(options: SshServerOptions = { password: PASSWORD }): Promise<SshServer> {
  const server = await startSshServer(options);
  servers.push(server);
  return server;
}

async function open(
  settings: SftpSettings,
  secrets: SftpSecrets = secretsOf({ password: PASSWORD }),
  options: OpenSourceOptions = {},
): Promise<Source> {
  const source = await openSource(settings, secrets, options);
  sources.push(source);
  return source;
}

async function refusalOf(opening: Promise<unknown>): Promise<UnreachableError> {
  const error = await opening.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof UnreachableError) return error;
  throw error;
}

describe('a server that misbehaves', () => {
  const bytes = randomBytes(1024 * 1024);

  async function prepared(options: OpenSourceOptions = {}): Promise<{ server: SshServer; source: Source }> {
    const server = await start();
    writeFileSync(join(server.directory, 'a.csv'), bytes);
    return { server, source: await open(server.settings(), undefined, options) };
  }

  it('is asked again the slow way when the connection breaks off in the middle', async () => {
    const { server, source } = await prepared();
    server.faults.dropAfterBytes = 256 * 1024;
    await source.download('a.csv', join(local, 'copy'));
    expect(readFileSync(join(local, 'copy')).equals(bytes)).toBe(true);
    expect(server.connectionCount()).toBe(2);
  });

  it('is given up when the connection breaks off again', async () => {
    const { server, source } = await prepared();
    Object.assign(server.faults, { dropAfterBytes: 256 * 1024, drops: 2 });
    const refusal = await refusalOf(source.download('a.csv', join(local, 'copy')));
    expect(refusal.message).toMatch(/Downloading a\.csv.*broke off/);
  });

  it('is asked one block at a time when it cannot stand many requests', async () => {
    const { server, source } = await prepared({ idleTimeoutMs: 200 });
    server.faults.hangsOnParallelReads = true;
    await source.download('a.csv', join(local, 'copy'));
    expect(readFileSync(join(local, 'copy')).equals(bytes)).toBe(true);
  });

  it('is given up when it stops answering', async () => {
    const { server, source } = await prepared({ idleTimeoutMs: 100 });
    server.faults.neverReads = true;
    expect((await refusalOf(source.download('a.csv', join(local, 'copy')))).message).toContain('said nothing for');
  });

  it('is dialled again when the connection was lost in between', async () => {
    const { server, source } = await prepared();
    await source.list();
    server.cutAll();
    await expect.poll(() => source.list().catch(() => [])).toHaveLength(1);
    expect(server.connectionCount()).toBeGreaterThan(1);
  });

  it('never gets a hostile name into a listing', async () => {
    const { server, source } = await prepared();
    for (const name of ['../../etc/passwd', '/etc/passwd', '..', 'a\u0000.csv', 'a\u001b[2J.csv', 'x\\y.csv']) {
      server.faults.plantedName = name;
      expect((await source.list()).map((listing) => listing.name)).toEqual(['a.csv']);
    }
  });

  it('is asked what each entry is when its listing does not say', async () => {
    const { server, source } = await prepared();
    server.faults.bareLongNames = true;
    expect((await source.list()).map(({ name, size }) => [name, size])).toEqual([['a.csv', bytes.length]]);
  });

  it('may refuse to move a file, and the file stays', async () => {
    const { server, source } = await prepared();
    server.faults.deniesRename = true;
    const failure = await source.archive('a.csv', 'processed').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FeedError);
    expect(String(failure)).toMatch(/Moving a\.csv .*denied permission/);
    expect(readdirSync(server.directory)).toContain('a.csv');
  });

  it('may refuse to make the archive, or to delete a file, and the file stays', async () => {
    const { server, source } = await prepared();
    Object.assign(server.faults, { deniesMkdir: true, deniesRemove: true });
    await expect(source.archive('a.csv', 'processed')).rejects.toThrow(/Moving a\.csv .*denied permission/);
    await expect(source.remove('a.csv')).rejects.toThrow(/Deleting a\.csv .*denied permission/);
    expect(readdirSync(server.directory)).toEqual(['a.csv']);
  });

  it('may refuse to list the directory', async () => {
    const { server, source } = await prepared();
    server.faults.deniesList = true;
    await expect(source.list()).rejects.toThrow('denied permission');
  });

  it('that renames over files still loses none', async () => {
    const { server, source } = await prepared();
    server.faults.renamesOver = true;
    await source.archive('a.csv', 'processed');
    writeFileSync(join(server.directory, 'a.csv'), 'second');
    await source.archive('a.csv', 'processed');
    expect(readdirSync(join(server.directory, 'processed')).toSorted()).toEqual(['a.1.csv', 'a.csv']);
  });

  it('that speaks nonsense is given up', async () => {
    const server = await start({ password: PASSWORD, speaksNonsense: true });
    const source = await open(server.settings());
    expect((await refusalOf(source.list())).message).toContain('broke off');
  });

  it('ends a download at once when the source is closed', async () => {
    const { server, source } = await prepared();
    server.faults.neverReads = true;
    const downloading = source.download('a.csv', join(local, 'copy'));
    const failed = expect(downloading).rejects.toThrow(UnreachableError);
    await expect.poll(() => readdirSync(local)).toContain('copy');
    await source.close();
    await failed;
  });
});

it('is described without a secret', async () => {
  const server = await start();
  const source = await open(server.settings({ directory: '/' }));
  expect(source.description).toBe(`sftp://workshop@127.0.0.1:${server.port}/`);
});
