// What a valid configuration becomes: the only form of it that the rest of the program sees.
// Secrets are apart, so that settings can be shown, hashed and logged.

import type { GuardLimits } from '../plan/guard.ts';
import type { FileFormat, Mapping } from '../roster/mapping.ts';

export interface Settings {
  readonly workshop: WorkshopSettings;
  readonly feeds: readonly FeedSettings[];
  readonly guards: GuardLimits;
  readonly schedule: { readonly cron: string; readonly timezone: string };
  /** Absolute. */
  readonly stateDirectory: string;
  readonly reports: { readonly keepMs: number };
  /** null: no server. */
  readonly server: { readonly port: number; readonly host: string } | null;
}

export interface WorkshopSettings {
  /** Without a slash at the end; https, or http to loopback. */
  readonly baseUrl: string;
  readonly version: string;
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly attempts: number;
}

export interface FeedSettings {
  readonly name: string;
  readonly source: SourceSettings;
  /** Glob on the file name. */
  readonly file: string;
  readonly kind: 'full' | 'changes';
  /** Of a feed of changes: keep. */
  readonly missing: 'delete' | 'keep';
  readonly deleteAfter: { readonly files: number; readonly hours: number | null };
  readonly ready: { readonly settleMs: number; readonly marker: string | null };
  readonly maxAgeMs: number | null;
  readonly after: 'keep' | 'archive' | 'delete';
  readonly archiveDirectory: string;
  readonly packing: PackingSettings;
  readonly format: FileFormat;
  readonly mapping: Mapping;
}

/** What is around the table as the file arrives. */
export interface PackingSettings {
  readonly compression: 'auto' | 'none' | 'gzip' | 'zip';
  /** Glob on the names inside a zip archive; null: there is but one. */
  readonly zipEntry: string | null;
  /** Whether it is encrypted, and has to be signed; the keys are secrets. */
  readonly pgp: { readonly mustBeSigned: boolean } | null;
}

export type SourceSettings = FolderSettings | SftpSettings;

export interface FolderSettings {
  readonly type: 'folder';
  /** Absolute. */
  readonly directory: string;
}

export interface SftpSettings {
  readonly type: 'sftp';
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly directory: string;
  /** `SHA256:…` fingerprints, any of which is accepted; empty when `knownHostsFile` is used. */
  readonly hostKeys: readonly string[];
  readonly knownHostsFile: string | null;
}

/** Everything that must never be shown, by where it is used. */
export interface Secrets {
  readonly apiKey: string;
  /** By feed name. */
  readonly sftp: Readonly<Record<string, SftpSecrets>>;
  /** By feed name. */
  readonly pgp: Readonly<Record<string, PgpSecrets>>;
}

/** What the key files hold, armored or binary. */
export interface PgpSecrets {
  readonly privateKey: Uint8Array;
  readonly passphrase: string | null;
  /** Of the sender; null: no signature is asked for. */
  readonly verifyKey: Uint8Array | null;
}

export interface SftpSecrets {
  readonly password: string | null;
  /** The key's text, not its path. */
  readonly privateKey: string | null;
  readonly passphrase: string | null;
}
