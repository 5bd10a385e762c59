// A real SSH server in this process, with keys of its own and a temporary directory behind it, which notes what
// its clients say and misbehaves on demand.

import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type AuthenticationType } from 'ssh2';
import type { SftpSecrets, SftpSettings } from '../../src/config/settings.ts';
import { noFaults, type SftpFaults, serveDirectory } from './sftp-directory.ts';
import { type KeyKind, makeKey, type SshKey } from './ssh-keys.ts';

export interface SshServerOptions {
  /** In the server's order of preference. */
  readonly hostKeys?: readonly KeyKind[];
  readonly password?: string;
  /** `ssh-ed25519 AAAA…` */
  readonly authorizedKey?: string;
  /** Both are needed: first the key, then the password. */
  readonly needsBoth?: boolean;
  /** The password only as an answer to a prompt. */
  readonly asksPassword?: boolean;
  readonly refusesSftp?: boolean;
  /** Opens SFTP and answers the first request with what is no SFTP. */
  readonly speaksNonsense?: boolean;
}

export interface SshServer {
  readonly port: number;
  /** What clients see as `/`. */
  readonly directory: string;
  readonly hostKeys: readonly SshKey[];
  readonly faults: SftpFaults;
  /** Every way of logging in that a client tried, `none` included. */
  readonly logins: AuthenticationType[];
  connectionCount(): number;
  /** Cuts every connection. */
  cutAll(): void;
  settings(more?: Partial<SftpSettings>): SftpSettings;
  close(): Promise<void>;
}

export const USERNAME = 'workshop';

const madeHostKeys = new Map<KeyKind, SshKey>();

/** Made once per test file: an RSA key takes its time. */
function hostKeyOf(kind: KeyKind): SshKey {
  const key = madeHostKeys.get(kind) ?? makeKey(kind);
  madeHostKeys.set(kind, key);
  return key;
}

/** Listens on a free port of 127.0.0.1. */
export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const hostKeys = (options.hostKeys ?? ['ed25519']).map(hostKeyOf);
  const directory = mkdtempSync(join(tmpdir(), 'sftp-'));
  const faults = noFaults();
  const logins: AuthenticationType[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server = new ssh2.Server({ hostKeys: hostKeys.map(({ privateKey }) => privateKey) });
  server.on('connection', (client) => {
    connectionCount += 1;
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      logins.push(context.method);
      judgeLogin(context, options);
    });
    client.on('session', (accept) => {
      const channel = accept();
      if (options.speaksNonsense === true) {
        channel.on('subsystem', (acceptRaw) => speakNonsense(acceptRaw()));
        return;
      }
      channel.on('sftp', (acceptSftp, rejectSftp) => {
        if (options.refusesSftp === true) rejectSftp();
        else serveDirectory(acceptSftp(), directory, faults, () => client.end());
      });
    });
  });
  // A listener of our own, since the package's would not let us cut its connections.
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
  const { port } = listener.address() as AddressInfo;
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    directory,
    hostKeys,
    faults,
    logins,
    connectionCount: () => connectionCount,
    cutAll,
    settings: (more = {}) => ({
      type: 'sftp',
      host: '127.0.0.1',
      port,
      username: USERNAME,
      directory: '/',
      hostKeys: hostKeys.slice(0, 1).map(({ fingerprint }) => fingerprint),
      knownHostsFile: null,
      ...more,
    }),
    async close() {
      cutAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Secrets of which only the named ones are set. */
export function secretsOf(secrets: Partial<SftpSecrets>): SftpSecrets {
  return { password: null, privateKey: null, passphrase: null, ...secrets };
}

const SFTP_VERSION_3 = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);
const NO_SUCH_PACKET = Buffer.from([0, 0, 0, 1, 250]);

function speakNonsense(channel: NodeJS.ReadWriteStream): void {
  channel.once('data', () => {
    channel.write(SFTP_VERSION_3);
    channel.on('data', () => channel.write(NO_SUCH_PACKET));
  });
}

function judgeLogin(context: AuthContext, options: SshServerOptions): void {
  const { password, authorizedKey, needsBoth = false, asksPassword = false } = options;
  const passwordWay: AuthenticationType = asksPassword ? 'keyboard-interactive' : 'password';
  const ways: AuthenticationType[] = [
    ...(authorizedKey === undefined ? [] : ['publickey' as const]),
    ...(password === undefined ? [] : [passwordWay]),
  ];
  const isRight = context.username === USERNAME;
  if (
    isRight &&
    context.method === 'publickey' &&
    authorizedKey !== undefined &&
    isAuthorized(context, authorizedKey)
  ) {
    // Without a signature the client only asks whether the key would do.
    if (needsBoth && context.signature !== undefined) context.reject([passwordWay], true);
    else context.accept();
  } else if (isRight && context.method === 'password' && !asksPassword && context.password === password) {
    context.accept();
  } else if (isRight && context.method === 'keyboard-interactive' && asksPassword) {
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
      if (answers[0] === password) context.accept();
      else context.reject(ways);
    });
  } else {
    context.reject(ways);
  }
}

function isAuthorized(context: Extract<AuthContext, { method: 'publickey' }>, authorizedKey: string): boolean {
  const key = ssh2.utils.parseKey(authorizedKey);
  if (key instanceof Error || !context.key.data.equals(key.getPublicSSH())) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
