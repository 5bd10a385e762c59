// In which order we prove who we are to an SFTP server, and what the server said to it. Private key first, then
// password, then the password as the answer to a prompt, for servers that know no other way.

import type { SftpSecrets, SftpSettings } from '../config/settings.ts';
import { CredentialsError } from '../errors.ts';

export type LoginMethod = 'none' | 'publickey' | 'password' | 'keyboard-interactive';

export interface Prompt {
  /** Absent or false: what is typed stays hidden. */
  readonly echo?: boolean;
}

export interface Login {
  /** The next way to try; false when none is left. What an ssh2 `authHandler` returns. */
  next(accepted: readonly string[] | null, isPartialSuccess: boolean | null): LoginMethod | false;
  /** Answers the prompts of keyboard-interactive. */
  answer(prompts: readonly Prompt[], finish: (answers: string[]) => void): void;
  /** Was something refused, or is there nothing that the server would accept? */
  hasEnded(): boolean;
  /** The server wants a new password before it lets anybody in. */
  expire(): void;
  refusal(settings: SftpSettings): CredentialsError;
}

/** One login, for one connection. */
export function startLogin(secrets: SftpSecrets): Login {
  const tried: LoginMethod[] = [];
  let accepts: readonly string[] | null = null;
  const proven: LoginMethod[] = [];
  let answered = false;
  let expired = false;
  const isWorthTrying = (method: LoginMethod): boolean => {
    if (tried.includes(method) || accepts?.includes(method) !== true) return false;
    if (method === 'publickey') return secrets.privateKey !== null;
    // The same wrong password twice would only bring a lock-out nearer.
    return secrets.password !== null && (method === 'password' || !tried.includes('password'));
  };
  return {
    next(accepted, isPartialSuccess) {
      if (isPartialSuccess === true) proven.push(...tried.slice(-1));
      // The first question costs one round trip and tells which ways are open.
      if (accepted === null) return 'none';
      accepts = accepted;
      const method = (['publickey', 'password', 'keyboard-interactive'] as const).find(isWorthTrying);
      if (method === undefined) return false;
      tried.push(method);
      return method;
    },
    answer(prompts, finish) {
      // One round and hidden prompts only: a second question would be one we have no answer to.
      finish(prompts.map(({ echo }) => (echo === true || answered ? '' : (secrets.password ?? ''))));
      answered = true;
    },
    hasEnded: () => accepts !== null,
    expire() {
      expired = true;
    },
    refusal(settings) {
      if (expired) return expiredPassword(settings);
      const refused = tried.filter((method) => !proven.includes(method));
      return refused.length > 0 ? refusedLogin(settings, refused) : noWayIn(settings, accepts ?? []);
    },
  };
}

/** The error for a private key that cannot be used at all; nothing was sent. */
export function unusableKey({ host, username }: SftpSettings, secrets: SftpSecrets, cause: unknown): CredentialsError {
  const passphrase =
    secrets.passphrase === null ? 'it has a passphrase that is not configured' : 'the passphrase is wrong';
  return new CredentialsError(
    `Logging in to the SFTP server ${host} as ${username}: the private key cannot be read; ${passphrase}, or it is no private key.`,
    {
      hint: 'Check `private_key_file` and `passphrase`; `ssh-keygen -y -f FILE` shows whether a key can be opened.',
      cause,
    },
  );
}

function expiredPassword({ host, username }: SftpSettings): CredentialsError {
  return new CredentialsError(
    `Logging in to the SFTP server ${host} as ${username}: the password has expired, and the server asks for a new one.`,
    { hint: "Set a new password with the server's administrator, and put it where the configuration reads it." },
  );
}

function noWayIn({ host, username }: SftpSettings, accepts: readonly string[]): CredentialsError {
  return new CredentialsError(
    `Logging in to the SFTP server ${host} as ${username}: the server asks for ${accepts.join(' or ') || 'something'}, and the configuration has nothing for it.`,
    {
      hint: 'Configure what the server asks for: `private_key_file` for publickey, a password for password and keyboard-interactive.',
    },
  );
}

function refusedLogin({ host, username }: SftpSettings, refused: readonly LoginMethod[]): CredentialsError {
  const hasKey = refused.includes('publickey');
  const subjects = [
    ...(hasKey ? ['the private key'] : []),
    ...(refused.length > (hasKey ? 1 : 0) ? ['the password'] : []),
  ];
  return new CredentialsError(
    `Logging in to the SFTP server ${host} as ${username}: the server refused ${subjects.join(' and ')}.`,
    {
      hint: hasKey
        ? "Check `username` and `private_key_file`, and that the server's administrator has installed the public key that belongs to it."
        : "Check `username` and the password with the server's administrator; it may have expired, or the login may be locked.",
    },
  );
}
