// A server that is away for a moment, and one that is away for good.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SftpSecrets, SftpSettings } from '../../src/config/settings.ts';
import { UnreachableError } from '../../src/errors.ts';
import { type AgainOptions, openPatiently } from '../../src/source/again.ts';
import { openSource } from '../../src/source/open.ts';
import { connectionTrouble } from '../../src/source/sftp-trouble.ts';
import type { Source } from '../../src/source/source.ts';
import { DropFolder } from '../support/drop-folder.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type SshServer, secretsOf, startSshServer } from '../support/ssh-server.ts';

const PASSWORD = 'correct horse';
const BYTES = randomBytes(1024 * 1024);

let server: SshServer;
let relay: Relay;
let local: string;
let sources: Source[];
let waits: number[];
/** What happens during one wait after the other. */
let meanwhile: (() => unknown)[];

beforeEach(async () => {
  server = await startSshServer({ password: PASSWORD });
  relay = await startRelay(server.port);
  local = mkdtempSync(join(tmpdir(), 'copy-'));
  writeFileSync(join(server.directory, 'a.csv'), BYTES);
  [sources, waits, meanwhile] = [[], [], []];
});

afterEach(async () => {
  for (const source of sources) await source.close();
  await server.close();
  rmSync(local, { recursive: true, force: true });
});

interface Opening {
  readonly settings?: Partial<SftpSettings>;
  readonly secrets?: Partial<SftpSecrets>;
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

async function open({ settings, secrets, idleTimeoutMs, signal }: Opening = {}): Promise<Source> {
  const sftp = server.settings({ port: relay.port, ...settings });
  const options = idleTimeoutMs === undefined ? {} : { idleTimeoutMs };
  const source = await openPatiently(() => openSource(sftp, secretsOf({ password: PASSWORD, ...secrets }), options), {
    signal: signal ?? new AbortController().signal,
    wait: async (delayMs) => {
      waits.push(delayMs);
      await meanwhile.shift()?.();
    },
  });
  sources.push(source);
  return source;
}

const patience = (signal = new AbortController().signal): AgainOptions => ({
  signal,
  wait: async (delayMs) => {
    waits.push(delayMs);
    await meanwhile.shift()?.();
  },
});

async function troubleOf(asking: Promise<unknown>): Promise<UnreachableError> {
  const error = await asking.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof UnreachableError) return error;
  throw error;
}

describe('a server that is away for a moment', () => {
  it('is dialled again, later each time', async () => {
    await relay.refuse();
    meanwhile = [() => undefined, () => relay.accept()];
    expect(await (await open()).list()).toHaveLength(1);
    expect(waits).toEqual([1000, 4000]);
  });

  it('is asked again for the whole file when it broke off in the middle', async () => {
    Object.assign(server.faults, { dropAfterBytes: 256 * 1024, drops: 2 });
    await (await open()).download('a.csv', join(local, 'copy'));
    expect(readFileSync(join(local, 'copy')).equals(BYTES)).toBe(true);
    expect(waits).toEqual([1000]);
  });

  it('is asked again when it was silent', async () => {
    server.faults.neverReads = true;
    meanwhile = [() => Object.assign(server.faults, { neverReads: false })];
    await (await open({ idleTimeoutMs: 100 })).download('a.csv', join(local, 'copy'));
    expect(readFileSync(join(local, 'copy')).equals(BYTES)).toBe(true);
    expect(waits).toEqual([1000]);
  });
});

describe('a server that is away for good', () => {
  it('is tried four times in all, which is told', async () => {
    const source = await open();
    await relay.refuse();
    const trouble = await troubleOf(source.list());
    expect(trouble.exitCode).toBe(8);
    expect(trouble.message).toMatch(/nothing answers on this port\. It was tried 4 times\.$/);
    expect(waits).toEqual([1000, 4000, 15_000]);
  });

  it('leaves no part of a file', async () => {
    Object.assign(server.faults, { dropAfterBytes: 256 * 1024, drops: 99 });
    const at = new DropFolder();
    const trouble = await at.troubleOf({ source: await open(), feed: { file: 'a.csv' } });
    expect(trouble.message).toMatch(/broke off\. It was tried 4 times\.$/);
    expect(readdirSync(at.directory)).toEqual([]);
    at.remove();
  });

  it('ends the waiting with an abort', async () => {
    await relay.refuse();
    const abort = new AbortController();
    meanwhile = [() => abort.abort(new Error('enough'))];
    await expect(open({ signal: abort.signal })).rejects.toThrow('enough');
    expect(waits).toEqual([1000]);
  });

  it('is not asked again once the source is closed', async () => {
    server.faults.neverReads = true;
    const source = await open();
    const downloading = troubleOf(source.download('a.csv', join(local, 'copy')));
    await expect.poll(() => existsSync(join(local, 'copy'))).toBe(true);
    await source.close();
    expect((await downloading).message).not.toContain('tried');
    expect(waits).toEqual([]);
  });

  it.each([
    ['ENOTFOUND', [1000]],
    ['EACCES', []],
    ['EAI_AGAIN', [1000, 4000, 15_000]],
  ])('is tried as often as there is hope: %s', async (code, expected) => {
    const reason = connectionTrouble(server.settings(), Object.assign(new Error(code), { code }));
    await troubleOf(openPatiently(() => Promise.reject(reason), patience()));
    expect(waits).toEqual(expected);
  });
});

describe('a server that says no is not asked twice', () => {
  it.each<[string, () => Opening, RegExp]>([
    ['to the password', () => ({ secrets: { password: 'wrong' } }), /refused the password/],
    ['with another host key', () => ({ settings: { hostKeys: [`SHA256:${'A'.repeat(43)}`] } }), /host key is not/],
    ['because the key cannot be opened', () => ({ secrets: { privateKey: 'no key' } }), /private key cannot be read/],
  ])('%s', async (_what, opening, words) => {
    expect((await troubleOf(open(opening()))).message).toMatch(words);
    expect(waits).toEqual([]);
  });

  it('to a listing, nor to moving a file', async () => {
    const source = await open();
    Object.assign(server.faults, { deniesRename: true, deniesList: true });
    await expect(source.list()).rejects.toThrow('denied permission');
    await expect(source.archive('a.csv', 'processed')).rejects.toThrow('denied permission');
    expect(waits).toEqual([]);
  });
});

it('a network that needs longer for a block than anybody waits is slow, not silent', async () => {
  writeFileSync(join(server.directory, 'a.csv'), BYTES.subarray(0, 128 * 1024));
  const source = await open({ idleTimeoutMs: 300 });
  relay.drip(4096, 20);
  await source.download('a.csv', join(local, 'copy'));
  expect(readFileSync(join(local, 'copy')).equals(BYTES.subarray(0, 128 * 1024))).toBe(true);
  expect(waits).toEqual([]);
});
