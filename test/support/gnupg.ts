// A GnuPG of its own for one test file: keys and files in a temporary home, and no agent left behind.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Gnupg {
  /** Runs gpg with this input; gives what it writes. */
  gpg(args: readonly string[], input?: string | Uint8Array): Uint8Array;
  /** Makes a key pair for this address, protected with the passphrase of the home. */
  makeKey(address: string, kind: KeyKind): void;
  close(): void;
}

export type KeyKind = 'rsa' | 'ed25519';

const PASSPHRASE = 'open sesame';
const KEY_LINES: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['Key-Type: RSA', 'Key-Length: 2048', 'Subkey-Type: RSA', 'Subkey-Length: 2048'],
  ed25519: ['Key-Type: EDDSA', 'Key-Curve: ed25519', 'Subkey-Type: ECDH', 'Subkey-Curve: cv25519'],
};

/** Every key of it has the same passphrase, `gnupg.passphrase`. */
export function openGnupg(): Gnupg & { readonly passphrase: string } {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'));
  const gpg = (args: readonly string[], input: string | Uint8Array = ''): Uint8Array => {
    const quiet = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback'];
    const trust = ['--passphrase', PASSPHRASE, '--trust-model', 'always'];
    const options = { input, stdio: ['pipe', 'pipe', 'pipe'] as const, maxBuffer: 2 ** 28, timeout: 60_000 };
    return new Uint8Array(
      execFileSync('gpg', [...quiet, ...trust, ...args], { ...options, stdio: [...options.stdio] }),
    );
  };
  return {
    passphrase: PASSPHRASE,
    gpg,
    makeKey(address, kind) {
      const file = join(home, 'key.txt');
      const name = ['Name-Real: Test', `Name-Email: ${address}`, 'Expire-Date: 0'];
      writeFileSync(file, [...KEY_LINES[kind], ...name, `Passphrase: ${PASSPHRASE}`, '%commit', ''].join('\n'));
      gpg(['--generate-key', file]);
    },
    close() {
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore', timeout: 60_000 });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
