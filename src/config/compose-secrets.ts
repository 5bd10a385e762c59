// Where the secrets of a valid configuration are: in its text, or in files that are yet to be read.

import { resolve } from 'node:path';
import { invariant } from '../invariant.ts';
import type { Path } from './places.ts';
import type { WrittenConfiguration } from './schema.ts';

/** A secret as the configuration gives it; a file is yet to be read. */
export type SecretReference = { readonly kind: 'text'; readonly text: string; readonly path: Path } | SecretFile;

export interface SecretFile {
  readonly kind: 'file';
  readonly file: string;
  readonly path: Path;
}

export interface SecretReferences {
  readonly apiKey: SecretReference;
  /** By feed name. */
  readonly sftp: Readonly<Record<string, SftpSecretReferences>>;
  /** By feed name. */
  readonly pgp: Readonly<Record<string, PgpSecretReferences>>;
}

export interface SftpSecretReferences {
  readonly password: SecretReference | null;
  readonly privateKey: SecretReference | null;
  readonly passphrase: SecretReference | null;
}

export interface PgpSecretReferences {
  readonly privateKey: SecretFile;
  readonly passphrase: SecretReference | null;
  readonly verifyKey: SecretFile | null;
}

/** The secrets of a configuration that broke no rule; files are relative to `directory`. */
export function composeSecrets({ workshop, feeds }: WrittenConfiguration, directory: string): SecretReferences {
  const file = (name: string, path: Path): SecretFile => ({ kind: 'file', file: resolve(directory, name), path });
  const reference = (text: string | undefined, name: string | undefined, path: Path): SecretReference | null => {
    if (text !== undefined) return { kind: 'text', text, path };
    return name === undefined ? null : file(name, [...path.slice(0, -1), `${path.at(-1)}_file`]);
  };
  const apiKey = reference(workshop.api_key, workshop.api_key_file, ['workshop', 'api_key']);
  invariant(apiKey !== null, 'the rules let no configuration without an API key through');
  const sftp = feeds.flatMap(({ name, source }, index): [string, SftpSecretReferences][] => {
    if (source.type !== 'sftp') return [];
    const at: Path = ['feeds', index, 'source'];
    const references: SftpSecretReferences = {
      password: reference(source.password, source.password_file, [...at, 'password']),
      privateKey: reference(undefined, source.private_key_file, [...at, 'private_key']),
      passphrase: reference(source.passphrase, source.passphrase_file, [...at, 'passphrase']),
    };
    return [[name, references]];
  });
  const pgp = feeds.flatMap(({ name, format }, index): [string, PgpSecretReferences][] => {
    const { pgp: keys } = format;
    if (keys === null) return [];
    const at: Path = ['feeds', index, 'format', 'pgp'];
    const verify = keys.verify_key_file;
    const references: PgpSecretReferences = {
      privateKey: file(keys.private_key_file, [...at, 'private_key_file']),
      passphrase: reference(keys.passphrase, keys.passphrase_file, [...at, 'passphrase']),
      verifyKey: verify === undefined ? null : file(verify, [...at, 'verify_key_file']),
    };
    return [[name, references]];
  });
  return { apiKey, sftp: Object.fromEntries(sftp), pgp: Object.fromEntries(pgp) };
}
