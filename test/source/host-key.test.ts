// The host key is checked before a single word about who we are.

import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SftpSettings } from '../../src/config/settings.ts';
import { UnreachableError } from '../../src/errors.ts';
import { findKnownKeys } from '../../src/source/known-hosts.ts';
import { openSource } from '../../src/source/open.ts';
import { makeKey } from '../support/ssh-keys.ts';
import { type SshServer, secretsOf, startSshServer } from '../support/ssh-server.ts';

const KINDS = ['ed25519', 'ecdsa', 'rsa'] as const;
const stranger = makeKey('ed25519');
let server: SshServer;
let directory: string;

beforeEach(async () => {
  server = await startSshServer({ password: 'p', hostKeys: KINDS });
  directory = mkdtempSync(join(tmpdir(), 'known-'));
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

async function canList(settings: Partial<SftpSettings>): Promise<boolean> {
  const source = await openSource(server.settings(settings), secretsOf({ password: 'p' }));
  await source.list();
  await source.close();
  return true;
}

async function refusalOf(settings: Partial<SftpSettings>): Promise<UnreachableError> {
  const error = await canList(settings).catch((thrown: unknown) => thrown);
  if (error instanceof UnreachableError) return error;
  throw new Error('the key was accepted', { cause: error });
}

function knownHosts(...lines: string[]): Partial<SftpSettings> {
  const knownHostsFile = join(directory, 'known_hosts');
  writeFileSync(knownHostsFile, `# ours\n\n${lines.join('\n')}\n`);
  return { hostKeys: [], knownHostsFile };
}

const keyOf = (index: number): string => server.hostKeys[index]?.publicKey ?? '';
const fingerprintOf = (index: number): string => server.hostKeys[index]?.fingerprint ?? '';
const host = (): string => `[127.0.0.1]:${server.port}`;

describe('a pinned fingerprint', () => {
  it.each(KINDS.map((kind, index) => ({ kind, index })))(
    'is accepted whichever of its keys the server prefers ($kind)',
    async ({ index }) => {
      await expect(canList({ hostKeys: [fingerprintOf(index)] })).resolves.toBe(true);
    },
  );

  it('may be one of several, and written with padding', async () => {
    await expect(canList({ hostKeys: [stranger.fingerprint, `${fingerprintOf(0)}=`] })).resolves.toBe(true);
  });

  it('of another server ends the connection before any login, and names what is offered', async () => {
    const refusal = await refusalOf({ hostKeys: [stranger.fingerprint] });
    expect(refusal.exitCode).toBe(8);
    for (const { fingerprint } of server.hostKeys) expect(refusal.message).toContain(fingerprint);
    expect(refusal.message).toContain('not the configured one');
    expect(refusal.hint).toContain('administrator');
    expect(refusal.hint).toContain(`host_key: ${fingerprintOf(0)}`);
    expect(server.logins).toEqual([]);
  });

  it('that is missing ends the connection before any login, and says what to write', async () => {
    const refusal = await refusalOf({ hostKeys: [] });
    expect(refusal.message).toContain('no `host_key` is configured');
    expect(refusal.message).toContain(fingerprintOf(0));
    expect(refusal.hint).toContain(`host_key: ${fingerprintOf(0)}`);
    expect(server.logins).toEqual([]);
    expect(server.connectionCount()).toBe(1);
  });
});

describe('a known_hosts file', () => {
  it.each(KINDS.map((kind, index) => ({ kind, index })))(
    'has the listed type asked for first ($kind)',
    async ({ index }) => {
      await expect(canList(knownHosts(`${host()} ${keyOf(index)}`))).resolves.toBe(true);
      expect(server.connectionCount()).toBe(1);
    },
  );

  it.each([
    ['a comma list', () => `other.example.com,${host()} ${keyOf(0)} comment`],
    ['wildcards', () => `[127.*]:* ${keyOf(0)}`],
    ['a plain name', () => `127.0.0.1 ${keyOf(0)}`],
    ['a hashed name', () => `${hashed(host())} ${keyOf(0)}`],
    ['lines that mean nothing around it', () => `nonsense\n@cert-authority * ${keyOf(1)}\n${host()} ${keyOf(0)}`],
  ])('is understood with %s', async (_what, line) => {
    await expect(canList(knownHosts(line()))).resolves.toBe(true);
  });

  it.each([
    ['another host', () => `sftp.example.com ${keyOf(0)}`],
    ['another port', () => `[127.0.0.1]:1 ${keyOf(0)}`],
    ['a host that is excluded', () => `!${host()},* ${keyOf(0)}`],
    ['another hashed name', () => `${hashed('sftp.example.com')} ${keyOf(0)}`],
    ['a certificate authority', () => `@cert-authority ${host()} ${keyOf(0)}`],
  ])('does not help with %s', async (_what, line) => {
    const refusal = await refusalOf(knownHosts(line()));
    expect(refusal.message).toContain('does not list it');
    expect(refusal.message).toContain(fingerprintOf(0));
    expect(server.logins).toEqual([]);
  });

  it('with another key ends the connection before any login', async () => {
    const refusal = await refusalOf(knownHosts(`${host()} ${stranger.publicKey}`));
    expect(refusal.message).toContain(fingerprintOf(0));
    expect(server.logins).toEqual([]);
  });

  it('that revokes the key ends the connection, even when another line or a fingerprint trusts it', async () => {
    const settings = knownHosts(`${host()} ${keyOf(0)}`, `@revoked * ${keyOf(0)}`);
    const refusal = await refusalOf({ ...settings, hostKeys: [fingerprintOf(0)] });
    expect(refusal.message).toContain('revokes');
    expect(server.logins).toEqual([]);
  });

  it('that is missing is named', async () => {
    const refusal = await refusalOf({ hostKeys: [], knownHostsFile: join(directory, 'absent') });
    expect(refusal.message).toContain('absent, cannot be read');
    expect(server.connectionCount()).toBe(0);
  });

  it('is read for the standard port under the plain name', () => {
    expect(findKnownKeys('SFTP.example.com ssh-rsa AAAA', 'sftp.example.com', 22).trusted).toEqual(['AAAA']);
    expect(findKnownKeys('sftp?example.com ssh-rsa AAAA', 'sftpXexample.com', 22).types).toEqual(['ssh-rsa']);
  });
});

function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
