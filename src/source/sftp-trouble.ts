// What went wrong with an SFTP server, in words: what was tried, why it failed, and whom to ask. The protocol
// itself has little more than "failure" to say.

import type { SftpSettings } from '../config/settings.ts';
import { type ErrorDetail, FeedError, UnreachableError } from '../errors.ts';
import { systemCode } from './local-file.ts';

/** Trouble with the network, or with a server that is busy: it may be over in a moment. */
export class PassingTrouble extends UnreachableError {
  /** How often it is worth trying, the first time included. */
  readonly attempts: number;

  constructor(message: string, detail: ErrorDetail, attempts = 4) {
    super(message, detail);
    this.attempts = attempts;
  }
}

/** The error for a server that cannot be dialled. */
export function connectionTrouble(settings: SftpSettings, error: unknown): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const { reason, hint } = DIAL_TROUBLE[systemCode(error)] ?? {
    reason: `the connection failed${systemCode(error) === '' ? '' : ` (${systemCode(error)})`}`,
    hint: 'Check `host` and `port` in the configuration, and the network of this machine.',
  };
  const message = `Connecting to ${place(settings)}: ${reason}.`;
  return new PassingTrouble(message, { hint, cause: error }, DIAL_ATTEMPTS[systemCode(error)]);
}

/** The error for a server that was dialled and never got as far as asking who we are. */
export function handshakeTrouble(settings: SftpSettings, error: unknown): UnreachableError {
  if (systemCode(error) !== '' && DIAL_TROUBLE[systemCode(error)] !== undefined) {
    return connectionTrouble(settings, error);
  }
  const detail = error instanceof Error ? ` (${error.message})` : '';
  // A server without an algorithm in common will have none in a moment either.
  const attempts = error instanceof Error && 'level' in error && error.level === 'handshake' ? 1 : undefined;
  return new PassingTrouble(
    `Connecting to ${place(settings)}: it answers, and no SSH connection comes about${detail}.`,
    {
      hint: "Check that `port` is the server's SFTP port (no FTP or FTPS), that this machine's address is allowed there, and that the server offers current SSH algorithms.",
      cause: error,
    },
    attempts,
  );
}

/** The error for a login that is good for something else than SFTP. */
export function noSftp(settings: SftpSettings, error: unknown): UnreachableError {
  return new UnreachableError(
    `Opening SFTP on ${place(settings)} as ${settings.username}: the login was accepted, and SFTP was not.`,
    { hint: "Ask the server's administrator to allow SFTP for this login.", cause: error },
  );
}

/** The error for a server that keeps us waiting for a connection. */
export function tooSlow(settings: SftpSettings, timeoutMs: number): UnreachableError {
  return new PassingTrouble(
    `Connecting to ${place(settings)}: there was no usable connection after ${seconds(timeoutMs)}.`,
    {
      hint: "Check `host` and `port`, and ask the server's administrator whether this machine's address is allowed.",
    },
  );
}

/** The error for a server that stops answering. */
export function silent(description: string, operation: string, timeoutMs: number): UnreachableError {
  return new PassingTrouble(`${operation}: ${description} said nothing for ${seconds(timeoutMs)}.`, {
    hint: 'Nothing was changed. The next run tries again; if it keeps happening, tell the administrator of the server.',
  });
}

/** The error for a connection that ends in the middle. */
export function brokenOff(operation: string, error: unknown): UnreachableError {
  return new PassingTrouble(`${operation}: the connection to the SFTP server broke off.`, {
    hint: 'Nothing was changed. The next run tries again; if it keeps happening, tell the administrator of the server.',
    cause: error,
  });
}

/** The error for a request that failed: the server said no, or is gone. Whatever is neither is given back as it is. */
export function failedRequest(operation: string, error: unknown, isGone: boolean): unknown {
  const answer = ANSWERS[statusOf(error)];
  if (answer !== undefined)
    return new FeedError('unreadable', `${operation}: ${answer.reason}.`, { hint: answer.hint, cause: error });
  return isGone || GONE.includes(systemCode(error)) ? brokenOff(operation, error) : error;
}

/** Did the server say that there is no such file? */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 'missing';
}

const GONE = ['ERR_GENERIC_CLIENT', 'ERR_NOT_CONNECTED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

type Status = 'missing' | 'denied' | 'failed' | 'unsupported' | 'none';

/** The package gives numbers of the protocol, or names of its own. */
function statusOf(error: unknown): Status {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 2 || code === 'ENOENT') return 'missing';
  if (code === 3 || code === 'EACCES') return 'denied';
  if (code === 8) return 'unsupported';
  return typeof code === 'number' || code === 'ERR_BAD_PATH' ? 'failed' : 'none';
}

const ANSWERS: Readonly<Partial<Record<Status, { readonly reason: string; readonly hint: string }>>> = {
  missing: {
    reason: 'the server says there is no such file or directory',
    hint: 'Check `directory` in the configuration; `sftp` with the same login shows what the server calls it.',
  },
  denied: {
    reason: 'the server denied permission',
    hint: "Ask the server's administrator to give this login the permission (read; and write, where files are archived or deleted).",
  },
  failed: {
    reason: 'the server refused without saying why',
    hint: 'Check permissions and free space on the server, or ask its administrator.',
  },
  unsupported: {
    reason: 'the server does not support it',
    hint: 'Set `after: keep` if it is about archiving or deleting.',
  },
};

const NETWORK_HINT = 'Check the network of this machine, and whether a firewall lets it reach the server.';
const SLOW_HINT =
  "Check `host` and `port`, and ask the server's administrator whether this machine's address is allowed.";

const DIAL_TROUBLE: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  ENOTFOUND: { reason: 'the name cannot be found', hint: 'Check `host` in the configuration.' },
  EAI_AGAIN: {
    reason: 'the name cannot be looked up now',
    hint: 'Check the DNS of this machine; the next run tries again.',
  },
  ECONNREFUSED: { reason: 'nothing answers on this port', hint: SLOW_HINT },
  ECONNRESET: { reason: 'the server hung up', hint: SLOW_HINT },
  EPIPE: { reason: 'the server hung up', hint: SLOW_HINT },
  ETIMEDOUT: { reason: 'the server does not answer', hint: SLOW_HINT },
  EHOSTUNREACH: { reason: 'there is no way to it', hint: NETWORK_HINT },
  ENETUNREACH: { reason: 'there is no way to it', hint: NETWORK_HINT },
  EACCES: { reason: 'this machine does not allow it', hint: NETWORK_HINT },
  EPERM: { reason: 'this machine does not allow it', hint: NETWORK_HINT },
};

/** A name that is not there, and a machine that forbids it, seldom change in a moment. */
const DIAL_ATTEMPTS: Readonly<Record<string, number>> = { ENOTFOUND: 2, EACCES: 1, EPERM: 1 };

function place({ host, port }: SftpSettings): string {
  return `the SFTP server ${host}, port ${port}`;
}

function seconds(timeoutMs: number): string {
  return `${Math.max(1, Math.round(timeoutMs / 1000))} s`;
}
