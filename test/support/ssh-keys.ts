// Keys made at run time: none is ever checked in.

import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshKey {
  /** Text of the private key, in OpenSSH's own format. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`, as in authorized_keys and known_hosts. */
  readonly publicKey: string;
  /** As `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

export function makeKey(kind: KeyKind, passphrase?: string): SshKey {
  const secret: object = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 1 };
  const pair =
    kind === 'ed25519'
      ? ssh2.utils.generateKeyPairSync('ed25519', secret)
      : kind === 'ecdsa'
        ? ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 as const, ...secret })
        : ssh2.utils.generateKeyPairSync('rsa', { bits: 2048, ...secret });
  // The generator now and then writes a key that it cannot read back.
  if (ssh2.utils.parseKey(pair.private, passphrase) instanceof Error) return makeKey(kind, passphrase);
  const publicKey = pair.public.split(' ').slice(0, 2).join(' ');
  return { privateKey: pair.private, publicKey, fingerprint: fingerprintOf(publicKey) };
}

function fingerprintOf(publicKey: string): string {
  const wire = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`;
}
