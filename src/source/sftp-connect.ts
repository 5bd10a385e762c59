// From nothing to a login on an SFTP server: dial, check the host key, and only then say who we are. A server
// with several host keys shows one per connection, so it may take a few to see the one that is pinned.

import { connect as dialTcp, type Socket } from 'node:net';
import type { SftpSecrets, SftpSettings } from '../config/settings.ts';
import { UnreachableError } from '../errors.ts';
import {
  describeKey,
  HOST_KEY_ALGORITHMS,
  type HostKeyAlgorithm,
  type HostTrust,
  type KeyVerdict,
  keyTypeOf,
  type OfferedKey,
  readTrust,
  revoked,
  untrusted,
} from './host-key.ts';
import type { SftpClient } from './sftp.ts';
import { type Login, type Prompt, startLogin, unusableKey } from './sftp-login.ts';
import { connectionTrouble, handshakeTrouble, noSftp, tooSlow } from './sftp-trouble.ts';

export interface ConnectRequest {
  readonly settings: SftpSettings;
  readonly secrets: SftpSecrets;
  /** The door to the package stays in `sftp.ts`. */
  readonly createClient: () => SftpClient;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Connection {
  readonly client: SftpClient;
  readonly socket: Socket;
  /** Rejects when the connection ends, for whatever reason. */
  readonly lost: Promise<never>;
}

/** Keeps firewalls and servers from forgetting us while a file settles. */
const KEEPALIVE_INTERVAL_MS = 15_000;
const KEEPALIVE_LIMIT = 4;

/**
 * Throws `UnreachableError` that says which of it failed: the name, the network, the host key, the login, or
 * SFTP itself; and the signal's reason when it is aborted.
 */
export async function connectSftp(request: ConnectRequest): Promise<Connection> {
  const { settings } = request;
  const trust = await readTrust(settings);
  const offered: OfferedKey[] = [];
  let algorithms = preferredAlgorithms(trust);
  while (algorithms.length > 0) {
    const attempt = startAttempt(request, trust);
    try {
      return await runAttempt(attempt, algorithms);
    } catch (error) {
      request.signal.throwIfAborted();
      const { key, verdict } = attempt;
      if (key !== null && verdict === 'revoked') throw revoked(settings, key);
      if (key === null || verdict !== 'unknown') {
        // Once a key was refused, a server that has no other one is the lesser news.
        throw offered.length > 0 ? untrusted(settings, trust, offered) : error;
      }
      offered.push(key);
      if (!trust.isPinned) break;
      algorithms = algorithms.filter((algorithm) => keyTypeOf(algorithm) !== key.type);
    }
  }
  throw untrusted(settings, trust, offered);
}

function preferredAlgorithms({ types }: HostTrust): HostKeyAlgorithm[] {
  const isKnown = (algorithm: HostKeyAlgorithm): boolean => types.includes(keyTypeOf(algorithm));
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((algorithm) => !isKnown(algorithm))];
}

/** One connection being made, and how far it came. */
interface Attempt {
  readonly request: ConnectRequest;
  readonly trust: HostTrust;
  readonly login: Login;
  key: OfferedKey | null;
  verdict: KeyVerdict | null;
  loggedIn: boolean;
  /** What the connection complained about first. */
  complaint: unknown;
}

function startAttempt(request: ConnectRequest, trust: HostTrust): Attempt {
  const login = startLogin(request.secrets);
  return { request, trust, login, key: null, verdict: null, loggedIn: false, complaint: null };
}

async function runAttempt(attempt: Attempt, algorithms: HostKeyAlgorithm[]): Promise<Connection> {
  const { settings, connectTimeoutMs, signal } = attempt.request;
  const socket = dialTcp({ host: settings.host, port: settings.port, noDelay: true });
  // Sockets complain late, and an 'error' that nobody hears ends the process.
  socket.on('error', () => undefined);
  const deadline = setTimeout(() => socket.destroy(tooSlow(settings, connectTimeoutMs)), connectTimeoutMs);
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await dialled(socket, settings);
    return await logIn(attempt, socket, algorithms);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', abort);
  }
}

function dialled(socket: Socket, settings: SftpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', (error) => reject(connectionTrouble(settings, error)));
    socket.once('close', () => reject(connectionTrouble(settings, null)));
  });
}

async function logIn(attempt: Attempt, socket: Socket, algorithms: HostKeyAlgorithm[]): Promise<Connection> {
  const client = attempt.request.createClient();
  const lost = new Promise<never>((_, reject) => {
    socket.once('close', () => reject(new Error('the connection ended')));
  });
  lost.catch(() => undefined);
  socket.once('error', (error) => {
    attempt.complaint ??= error;
  });
  listen(attempt, client, socket);
  try {
    const wrapper = await Promise.race([client.connect(clientOptions(attempt, socket, algorithms)), lost]);
    // A malformed answer is reported here; a connection that speaks nonsense is not used any further.
    wrapper.on('error', () => socket.destroy());
    return { client, socket, lost };
  } catch (error) {
    throw explain(attempt, socket, error);
  }
}

/** Name, instructions, language, prompts, and where the answers go. */
type Questions = [string, string, string, Prompt[], (answers: string[]) => void];

function listen(attempt: Attempt, client: SftpClient, socket: Socket): void {
  const { login } = attempt;
  client.on('error', (error) => {
    attempt.complaint ??= error;
  });
  client.on('ready', () => {
    attempt.loggedIn = true;
  });
  client.on('change password', () => {
    login.expire();
    socket.destroy();
  });
  client.on('keyboard-interactive', (...[, , , prompts, finish]: Questions) => login.answer(prompts, finish));
}

function clientOptions(attempt: Attempt, socket: Socket, algorithms: HostKeyAlgorithm[]): SftpClient.ConnectOptions {
  const { settings, secrets } = attempt.request;
  return {
    sock: socket,
    username: settings.username,
    ...(secrets.password === null ? {} : { password: secrets.password, tryKeyboard: true }),
    ...(secrets.privateKey === null ? {} : { privateKey: secrets.privateKey }),
    ...(secrets.passphrase === null ? {} : { passphrase: secrets.passphrase }),
    algorithms: { serverHostKey: algorithms },
    hostVerifier: (key: Buffer) => {
      attempt.key = describeKey(key);
      attempt.verdict = attempt.trust.judge(key);
      return attempt.verdict === 'trusted';
    },
    authHandler: (accepted, isPartialSuccess) => attempt.login.next(accepted, isPartialSuccess),
    // The deadline of the whole attempt is ours.
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_LIMIT,
  };
}

/** The package's errors lose what they were about; how far the attempt came tells it better. */
function explain({ request, login, loggedIn, complaint }: Attempt, socket: Socket, error: unknown): unknown {
  const { settings, secrets } = request;
  if (complaint instanceof UnreachableError) return complaint;
  if (loggedIn) return noSftp(settings, complaint ?? error);
  // The key is opened before the first byte is sent; nothing else fails that early without a complaint.
  const isBadKey = secrets.privateKey !== null && complaint === null && socket.bytesWritten === 0;
  if (isBadKey) return unusableKey(settings, secrets, error);
  return login.hasEnded() ? login.refusal(settings) : handshakeTrouble(settings, complaint ?? error);
}
