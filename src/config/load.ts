// Finds and reads the configuration file, the environment and the files that hold secrets. The only reader of
// process.env: everything else is told.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { SecretFile, SecretReference, SecretReferences } from './compose-secrets.ts';
import { parseConfiguration, problemText } from './parse.ts';
import type { Places, Problem } from './places.ts';
import { isHeaderWord, NOT_A_HEADER_WORD } from './rules-workshop.ts';
import type { PgpSecrets, Secrets, Settings, SftpSecrets } from './settings.ts';

export interface LoadedConfiguration {
  /** Absolute path of the configuration file. */
  readonly file: string;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Sentences for the log; without secrets. */
  readonly warnings: readonly string[];
}

const DEFAULT_FILE = 'config/workshop-sync.yaml';

/**
 * Reads the configuration (specification §4): `fileOption` is the value of --config; `variables` win over the
 * environment.
 * Throws `UsageError` (exit 7) when there is no file, or with every problem that it has, one on each line.
 */
export function loadConfiguration(
  fileOption: string | undefined,
  variables: Readonly<Record<string, string>> = {},
): LoadedConfiguration {
  const asked = configurationFile(fileOption);
  const file = resolve(asked);
  const parsed = parseConfiguration(readConfiguration(asked), {
    environment: { ...process.env, ...variables },
    directories: { configuration: dirname(file), current: process.cwd(), state: process.env.STATE_DIRECTORY },
  });
  if (!parsed.ok) throw invalid(asked, parsed.problems);
  const reader = new SecretReader(parsed.places);
  const secrets = reader.readAll(parsed.secrets);
  if (reader.problems.length > 0) throw invalid(asked, reader.problems);
  return { file, settings: parsed.settings, secrets, warnings: parsed.warnings };
}

/** Which file a run would read: --config, else $WORKSHOP_SYNC_CONFIG, else config/workshop-sync.yaml. */
export function configurationFile(fileOption: string | undefined): string {
  return fileOption ?? (process.env.WORKSHOP_SYNC_CONFIG || DEFAULT_FILE);
}

/** $NO_COLOR, set to anything, asks for plain text (https://no-color.org). */
export function environmentForbidsColor(): boolean {
  return (process.env.NO_COLOR ?? '') !== '';
}

function readConfiguration(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`Reading the configuration failed: ${file} ${reasonOf(error)}.`, {
      hint: `It is looked for in three places: --config FILE, then $WORKSHOP_SYNC_CONFIG, then ${DEFAULT_FILE}. To begin, copy config/workshop-sync.example.yaml to ${DEFAULT_FILE} and adapt it.`,
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`Reading the configuration failed: ${file} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8 in your editor.',
      cause: error,
    });
  }
}

function invalid(file: string, problems: readonly Problem[]): UsageError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${problemText(problem)}`);
  return new UsageError(`Reading the configuration failed: ${file} has ${count}.\n${lines.join('\n')}`, {
    hint: 'Correct the lines above; config/workshop-sync.example.yaml shows and explains every key.',
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read (${String(code ?? error)})`;
}

/** Reads the secrets that are given as files, and remembers what is wrong with them. */
class SecretReader {
  readonly problems: Problem[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  readAll({ apiKey, sftp, pgp }: SecretReferences): Secrets {
    const key = this.#read(apiKey) ?? '';
    if (key !== '' && !isHeaderWord(key)) this.#report(apiKey, `names a file whose text ${NOT_A_HEADER_WORD}`);
    const logins = Object.entries(sftp).map(([feed, { password, privateKey, passphrase }]): [string, SftpSecrets] => [
      feed,
      { password: this.#read(password), privateKey: this.#readKey(privateKey), passphrase: this.#read(passphrase) },
    ]);
    const keys = Object.entries(pgp).map(([feed, { privateKey, passphrase, verifyKey }]): [string, PgpSecrets] => [
      feed,
      {
        privateKey: this.#readBytes(privateKey),
        passphrase: this.#read(passphrase),
        verifyKey: verifyKey === null ? null : this.#readBytes(verifyKey),
      },
    ]);
    return { apiKey: key, sftp: Object.fromEntries(logins), pgp: Object.fromEntries(keys) };
  }

  /** Empty where there is a problem. */
  #readBytes(reference: SecretFile): Buffer {
    try {
      const bytes = readFileSync(reference.file);
      if (bytes.length === 0) this.#report(reference, `names a file that is empty: ${reference.file}`);
      return bytes;
    } catch (error) {
      this.#report(reference, `names a file that ${reasonOf(error)}: ${reference.file}`);
      return Buffer.alloc(0);
    }
  }

  #readKey(reference: SecretReference | null): string | null {
    const text = this.#read(reference);
    if (reference === null || text === null) return null;
    if (!/PRIVATE KEY-----|^PuTTY-User-Key-File/.test(text)) {
      const isPublic = /^(ssh|ecdsa|sk)-/.test(text);
      const advice = isPublic ? 'it is the public key; give the file without .pub' : 'no line of it says PRIVATE KEY';
      this.#report(reference, `names a file that is not a private key: ${advice}`);
    }
    return `${text}\n`;
  }

  /** null: not configured, or a problem. */
  #read(reference: SecretReference | null): string | null {
    if (reference === null) return null;
    if (reference.kind === 'text') return reference.text;
    try {
      const text = readFileSync(reference.file, 'utf8').replace(/[\r\n]+$/, '');
      if (text !== '') return text;
      this.#report(reference, `names a file that is empty: ${reference.file}`);
    } catch (error) {
      this.#report(reference, `names a file that ${reasonOf(error)}: ${reference.file}`);
    }
    return null;
  }

  #report({ path }: SecretReference, phrase: string): void {
    this.problems.push(this.#places.remark(path, phrase));
  }
}
