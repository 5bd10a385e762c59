// The source contract against a real OpenSSH server, started on a free port of this machine as this user, with
// keys made for the occasion. Needs sshd and ssh-keygen; not part of `npm test`.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SftpSettings } from '../../src/config/settings.ts';
import { openSource } from '../../src/source/open.ts';
import type { Source } from '../../src/source/source.ts';
import { sourceContract } from '../contract/source.ts';
import { freePort } from '../support/port.ts';
import { secretsOf } from '../support/ssh-server.ts';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path)) ?? '/usr/sbin/sshd';
const HOST_KEYS = ['rsa', 'ecdsa', 'ed25519'] as const;
const username = userInfo().username;

let base: string;
let port: number;
let sshd: ChildProcess;
let log = '';

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'sshd-'));
  chmodSync(base, 0o755);
  for (const kind of HOST_KEYS) makeKey(`host_${kind}`, kind);
  for (const kind of HOST_KEYS) makeKey(`login_${kind}`, kind);
  makeKey('login_locked', 'ed25519', 'open sesame');
  makeKey('stranger', 'ed25519');
  const authorized = ['login_rsa', 'login_ecdsa', 'login_ed25519', 'login_locked'].map((name) => read(`${name}.pub`));
  writeFileSync(join(base, 'authorized_keys'), authorized.join(''), { mode: 0o600 });
  port = await freePort();
  writeFileSync(join(base, 'sshd_config'), sshdConfig());
  // The privilege separation of a server that is started by root wants this directory.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  sshd = spawn(SSHD, ['-D', '-e', '-f', join(base, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    sshd.stderr?.on('data', (text: Buffer) => {
      log += text.toString();
      if (log.includes('Server listening')) resolve();
    });
    sshd.once('error', reject).once('exit', () => reject(new Error(`sshd did not start:\n${log}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => sshd.once('exit', resolve));
  sshd.kill('SIGTERM');
  await ended;
  rmSync(base, { recursive: true, force: true });
});

sourceContract('OpenSSH', async () => {
  const directory = mkdtempSync(join(base, 'outbound-'));
  return {
    directory,
    open: (inside = '') => open({ directory: join(directory, inside) }),
    close: async () => rmSync(directory, { recursive: true }),
  };
});

describe('OpenSSH', () => {
  it.each(HOST_KEYS)('is trusted by the fingerprint that ssh-keygen prints (%s)', async (kind) => {
    await expect(lists({ hostKeys: [printedFingerprint(`host_${kind}`)] })).resolves.toBe(true);
  });

  it.each(HOST_KEYS)('is trusted by a known_hosts file, plain and hashed (%s)', async (kind) => {
    const knownHostsFile = join(base, `known_hosts_${kind}`);
    writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${read(`host_${kind}.pub`)}`);
    await expect(lists({ hostKeys: [], knownHostsFile })).resolves.toBe(true);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', knownHostsFile], { stdio: 'ignore' });
    expect(readFileSync(knownHostsFile, 'utf8')).toMatch(/^\|1\|/);
    await expect(lists({ hostKeys: [], knownHostsFile })).resolves.toBe(true);
  });

  it('is told no login when its host key is not the pinned one', async () => {
    log = '';
    const opening = open({ hostKeys: [printedFingerprint('stranger')] });
    await expect(opening).rejects.toThrow(printedFingerprint('host_ed25519'));
    expect(log).not.toMatch(/Accepted|Failed|publickey for/);
  });

  it.each(HOST_KEYS)('accepts a private key (%s)', async (kind) => {
    await expect(lists({}, { privateKey: read(`login_${kind}`) })).resolves.toBe(true);
  });

  it('accepts a private key with a passphrase', async () => {
    const secrets = { privateKey: read('login_locked'), passphrase: 'open sesame' };
    await expect(lists({}, secrets)).resolves.toBe(true);
  });

  it('refuses a private key that it does not know', async () => {
    await expect(lists({}, { privateKey: read('stranger') })).rejects.toThrow('refused the private key');
  });

  it('asks for a key when only a password is configured', async () => {
    await expect(lists({}, { password: 'p', privateKey: null })).rejects.toThrow('asks for publickey');
  });

  it('gives a large file whole, the fast way', async () => {
    const directory = mkdtempSync(join(base, 'large-'));
    const bytes = randomBytes(24 * 1024 * 1024 + 1);
    writeFileSync(join(directory, 'a.csv'), bytes);
    log = '';
    const source = await open({ directory });
    await source.download('a.csv', join(base, 'copy'));
    await source.close();
    expect(digest(readFileSync(join(base, 'copy')))).toBe(digest(bytes));
    expect(log.match(/Accepted publickey/g)).toHaveLength(1);
  });
});

async function open(settings: Partial<SftpSettings>, secrets: Parameters<typeof secretsOf>[0] = {}): Promise<Source> {
  const all: SftpSettings = {
    type: 'sftp',
    host: '127.0.0.1',
    port,
    username,
    directory: base,
    hostKeys: [printedFingerprint('host_ed25519')],
    knownHostsFile: null,
    ...settings,
  };
  return await openSource(all, secretsOf({ privateKey: read('login_ed25519'), ...secrets }));
}

async function lists(...asked: Parameters<typeof open>): Promise<boolean> {
  const source = await open(...asked);
  await source.list();
  await source.close();
  return true;
}

function sshdConfig(): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...HOST_KEYS.map((kind) => `HostKey ${join(base, `host_${kind}`)}`),
    `AuthorizedKeysFile ${join(base, 'authorized_keys')}`,
    `PidFile ${join(base, 'sshd.pid')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'UsePAM no',
    'StrictModes no',
    'MaxStartups 100',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n');
}

function makeKey(name: string, kind: string, passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', passphrase, '-f', join(base, name)]);
}

function read(name: string): string {
  return readFileSync(join(base, name), 'utf8');
}

function printedFingerprint(name: string): string {
  return execFileSync('ssh-keygen', ['-lf', join(base, `${name}.pub`)], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
