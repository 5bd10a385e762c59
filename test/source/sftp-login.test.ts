// Reaching an SFTP server and logging in to it, and what is said when that fails.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SftpSecrets, SftpSettings } from '../../src/config/settings.ts';
import { UnreachableError } from '../../src/errors.ts';
import { type OpenSourceOptions, openSource } from '../../src/source/open.ts';
import type { Source } from '../../src/source/source.ts';
import { makeKey } from '../support/ssh-keys.ts';
import { type SshServer, type SshServerOptions, secretsOf, startSshServer } from '../support/ssh-server.ts';

const PASSWORD = 'correct horse';

let servers: SshServer[];
let sources: Source[];

beforeEach(() => {
  servers = [];
  sources = [];
});

afterEach(async () => {
  for (const source of sources) await source.close();
  for (const server of servers) await server.close();
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

describe('logging in', () => {
  it('takes a password', async () => {
    const server = await start();
    await expect((await open(server.settings())).list()).resolves.toEqual([]);
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('takes a private key (%s)', async (kind) => {
    const key = makeKey(kind);
    const server = await start({ authorizedKey: key.publicKey });
    const source = await open(server.settings(), secretsOf({ privateKey: key.privateKey }));
    await expect(source.list()).resolves.toEqual([]);
  });

  it('takes a private key with a passphrase', async () => {
    const key = makeKey('ed25519', 'open sesame');
    const server = await start({ authorizedKey: key.publicKey });
    const secrets = secretsOf({ privateKey: key.privateKey, passphrase: 'open sesame' });
    await expect((await open(server.settings(), secrets)).list()).resolves.toEqual([]);
  });

  it('takes a private key and then a password, where a server wants both', async () => {
    const key = makeKey('ed25519');
    const server = await start({ authorizedKey: key.publicKey, password: PASSWORD, needsBoth: true });
    const secrets = secretsOf({ privateKey: key.privateKey, password: PASSWORD });
    await expect((await open(server.settings(), secrets)).list()).resolves.toEqual([]);
  });

  it('answers a prompt with the password', async () => {
    const server = await start({ password: PASSWORD, asksPassword: true });
    await expect((await open(server.settings())).list()).resolves.toEqual([]);
  });

  it('says that the password was refused, having tried it once', async () => {
    const server = await start();
    const refusal = await refusalOf(open(server.settings(), secretsOf({ password: 'wrong horse' })));
    expect(refusal.message).toContain('refused the password');
    expect(refusal.message).toContain('127.0.0.1 as workshop');
    expect(refusal.message + refusal.hint).not.toContain('wrong horse');
    expect(refusal.exitCode).toBe(8);
    expect(server.logins).toEqual(['none', 'password']);
  });

  it('says that the private key was refused', async () => {
    const server = await start({ authorizedKey: makeKey('ed25519').publicKey });
    const refusal = await refusalOf(open(server.settings(), secretsOf({ privateKey: makeKey('ed25519').privateKey })));
    expect(refusal.message).toContain('refused the private key');
  });

  it('says which part was refused, where a server wants both', async () => {
    const key = makeKey('ed25519');
    const server = await start({ authorizedKey: key.publicKey, password: PASSWORD, needsBoth: true });
    const secrets = secretsOf({ privateKey: key.privateKey, password: 'wrong horse' });
    const refusal = await refusalOf(open(server.settings(), secrets));
    expect(refusal.message).toContain('refused the password');
  });

  it('says what the server asks for when the configuration has nothing for it', async () => {
    const server = await start({ authorizedKey: makeKey('ed25519').publicKey });
    const refusal = await refusalOf(open(server.settings()));
    expect(refusal.message).toContain('asks for publickey');
    expect(server.logins).toEqual(['none']);
  });

  it('says that a private key cannot be opened, before anything is sent', async () => {
    const key = makeKey('ed25519', 'open sesame');
    const server = await start({ authorizedKey: key.publicKey });
    for (const passphrase of [null, 'wrong']) {
      const secrets = secretsOf({ privateKey: key.privateKey, passphrase });
      const refusal = await refusalOf(open(server.settings(), secrets));
      expect(refusal.message).toContain('private key cannot be read');
    }
    expect(server.logins).toEqual([]);
  });

  it('says that the login is not good for SFTP', async () => {
    const server = await start({ password: PASSWORD, refusesSftp: true });
    expect((await refusalOf(open(server.settings()))).message).toContain('the login was accepted, and SFTP was not');
  });
});

describe('reaching the server', () => {
  const listeners: Server[] = [];

  afterEach(async () => {
    for (const listener of listeners.splice(0)) await new Promise((resolve) => listener.close(resolve));
  });

  async function listen(onConnection: (socket: Socket) => void): Promise<SftpSettings> {
    const listener = createServer((socket) => {
      // Read to the end, or the listener never sees its clients leave.
      socket.on('error', () => undefined).resume();
      onConnection(socket);
    });
    listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
    return settingsOf((listener.address() as AddressInfo).port);
  }

  const settingsOf = (port: number): SftpSettings => ({
    type: 'sftp',
    host: '127.0.0.1',
    port,
    username: 'workshop',
    directory: '/',
    hostKeys: [`SHA256:${'A'.repeat(43)}`],
    knownHostsFile: null,
  });

  it('says that nothing answers on the port', async () => {
    const settings = await listen(() => undefined);
    await new Promise((resolve) => listeners.splice(0)[0]?.close(resolve));
    const refusal = await refusalOf(open(settings));
    expect(refusal.message).toContain('nothing answers on this port');
    expect(refusal.hint).toContain('`port`');
  });

  it('says that the name cannot be found', async () => {
    const refusal = await refusalOf(open({ ...settingsOf(22), host: 'sftp.invalid' }));
    expect(refusal.message).toMatch(/sftp\.invalid.*name cannot be/);
  });

  it('gives up on a server that says nothing', async () => {
    const settings = await listen(() => undefined);
    const refusal = await refusalOf(open(settings, undefined, { connectTimeoutMs: 100 }));
    expect(refusal.message).toContain('no usable connection');
  });

  it('tells a server that is no SSH server', async () => {
    const settings = await listen((socket) => void socket.end('220 Welcome to the FTP service\r\n'));
    const refusal = await refusalOf(open(settings));
    expect(refusal.message).toContain('no SSH connection comes about');
    expect(refusal.hint).toContain('no FTP');
  });

  it('tells a server that hangs up at once', async () => {
    const settings = await listen((socket) => void socket.resetAndDestroy());
    expect((await refusalOf(open(settings))).message).toMatch(/hung up|no SSH connection/);
  });

  it('stops trying when it is aborted', async () => {
    const abort = new AbortController();
    const settings = await listen(() => abort.abort(new Error('enough')));
    await expect(open(settings, undefined, { signal: abort.signal })).rejects.toThrow('enough');
  });
});
