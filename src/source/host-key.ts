// Is the key that a server shows the one we were told to expect? Asked before anything else is said to it.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SftpSettings } from '../config/settings.ts';
import { UnreachableError } from '../errors.ts';
import { findKnownKeys } from './known-hosts.ts';

export interface OfferedKey {
  /** As `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  /** `ssh-ed25519` */
  readonly type: string;
}

export type KeyVerdict = 'trusted' | 'unknown' | 'revoked';

export interface HostTrust {
  /** Is there anything at all to compare with? */
  readonly isPinned: boolean;
  /** Key types known to be right, to be asked for first; empty when only fingerprints are known. */
  readonly types: readonly string[];
  judge(key: Buffer): KeyVerdict;
}

/** Every host key algorithm we speak, the best first. A server shows one key per connection. */
export const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

export type HostKeyAlgorithm = (typeof HOST_KEY_ALGORITHMS)[number];

/** Three algorithms sign with the same kind of key: `rsa-sha2-512` shows an `ssh-rsa` key. */
export function keyTypeOf(algorithm: HostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm;
}

/** What the configuration trusts. Throws `UnreachableError` when the known_hosts file cannot be read. */
export async function readTrust(settings: SftpSettings): Promise<HostTrust> {
  const fingerprints = new Set(settings.hostKeys.map((text) => text.trim().replace(/=+$/, '')));
  const known = await readKnownHosts(settings);
  return {
    isPinned: fingerprints.size > 0 || known.trusted.length > 0,
    types: fingerprints.size > 0 ? [] : known.types,
    judge: (key) => {
      const text = key.toString('base64');
      if (known.revoked.includes(text)) return 'revoked';
      return fingerprints.has(describeKey(key).fingerprint) || known.trusted.includes(text) ? 'trusted' : 'unknown';
    },
  };
}

/** Fingerprint and type of a public key in wire form. */
export function describeKey(key: Buffer): OfferedKey {
  const digest = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
  const typeLength = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return { fingerprint: `SHA256:${digest}`, type: key.subarray(4, 4 + typeLength).toString('latin1') };
}

/** The error for a server that showed no key we trust; `offered` is what it showed, first the one it prefers. */
export function untrusted(settings: SftpSettings, trust: HostTrust, offered: readonly OfferedKey[]): UnreachableError {
  const shown = offered.map(({ fingerprint, type }) => `${fingerprint} (${type})`).join(', ');
  const where = `the SFTP server ${settings.host}, port ${settings.port},`;
  const write = `write \`host_key: ${offered[0]?.fingerprint}\` into the feed's source`;
  const silence = 'No login was sent.';
  if (!trust.isPinned) {
    const reason =
      settings.knownHostsFile === null ? 'no `host_key` is configured' : `${settings.knownHostsFile} does not list it`;
    return new UnreachableError(`Connecting to ${where} stopped: ${reason}. It offers ${shown}. ${silence}`, {
      hint: `Ask the server's administrator for the fingerprint. When it is the same, ${write}.`,
    });
  }
  return new UnreachableError(
    `Connecting to ${where} stopped: its host key is not the configured one. It offers ${shown}. ${silence}`,
    {
      hint: `Either the server got a new key, or somebody stands between. Check the fingerprint with the server's administrator before anything else; when it is confirmed, ${write}.`,
    },
  );
}

/** The error for a key that known_hosts revokes. */
export function revoked(settings: SftpSettings, { fingerprint, type }: OfferedKey): UnreachableError {
  return new UnreachableError(
    `Connecting to the SFTP server ${settings.host}, port ${settings.port}, stopped: it offers ${fingerprint} (${type}), a key that ${settings.knownHostsFile} revokes. No login was sent.`,
    { hint: 'Do not trust this server. Ask its administrator which key it should have.' },
  );
}

async function readKnownHosts({ knownHostsFile, host, port }: SftpSettings): Promise<ReturnType<typeof findKnownKeys>> {
  if (knownHostsFile === null) return { trusted: [], revoked: [], types: [] };
  try {
    return findKnownKeys(await readFile(knownHostsFile, 'utf8'), host, port);
  } catch (error) {
    throw new UnreachableError(
      `Connecting to the SFTP server ${host} stopped: its known_hosts_file, ${knownHostsFile}, cannot be read.`,
      { hint: 'Check `known_hosts_file` in the configuration, or give the fingerprint in `host_key`.', cause: error },
    );
  }
}
