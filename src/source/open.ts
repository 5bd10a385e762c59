// Opens the source that the configuration asks for. SFTP is loaded only when a feed uses it, since it is the
// slowest package to load.

import type { SftpSecrets, SourceSettings } from '../config/settings.ts';
import { invariant } from '../invariant.ts';
import { openFolder } from './folder.ts';
import type { Source } from './source.ts';

export interface OpenSourceOptions {
  /** From dialling to a usable login; 30 s when absent. */
  readonly connectTimeoutMs?: number;
  /** How long a server may say nothing while it owes an answer; 60 s when absent. */
  readonly idleTimeoutMs?: number;
  /** Ends an attempt to connect. What is under way afterwards ends by `close`. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the source for one run; `secrets` are needed for SFTP only. Throws `FeedError` when a folder is not
 * what it should be, and `UnreachableError` when the SFTP server cannot be reached, cannot be trusted (its host
 * key is checked before anything is said to it), or refuses the login.
 */
export async function openSource(
  settings: SourceSettings,
  secrets: SftpSecrets | null,
  options: OpenSourceOptions = {},
): Promise<Source> {
  if (settings.type === 'folder') return openFolder(settings);
  invariant(secrets !== null, 'an sftp source is opened with its secrets');
  const { openSftp } = await import('./sftp.ts');
  return openSftp(settings, secrets, options);
}
