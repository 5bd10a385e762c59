// Turns a valid configuration as written into settings: durations in milliseconds, paths absolute, secrets apart.

import { resolve } from 'node:path';
import { invariant } from '../invariant.ts';
import type { FileFormat } from '../roster/mapping.ts';
import { composeMapping } from './compose-mapping.ts';
import { parseDuration } from './duration.ts';
import type { Path } from './places.ts';
import type { WrittenConfiguration, WrittenFeed } from './schema.ts';
import type { FeedSettings, Settings, SourceSettings, WorkshopSettings } from './settings.ts';

/** Where relative paths begin; all absolute. */
export interface Directories {
  /** Of the configuration file: key files, secret files and source folders are relative to it. */
  readonly configuration: string;
  /** Of the process: `state_directory` is relative to it. */
  readonly current: string;
  /** `$STATE_DIRECTORY`, which serves when `state_directory` is not written. */
  readonly state: string | undefined;
}

/** A secret as the configuration gives it; a file is yet to be read. */
export type SecretReference =
  | { readonly kind: 'text'; readonly text: string; readonly path: Path }
  | { readonly kind: 'file'; readonly file: string; readonly path: Path };

export interface SecretReferences {
  readonly apiKey: SecretReference;
  /** By feed name. */
  readonly sftp: Readonly<Record<string, SftpSecretReferences>>;
}

export interface SftpSecretReferences {
  readonly password: SecretReference | null;
  readonly privateKey: SecretReference | null;
  readonly passphrase: SecretReference | null;
}

export interface Composed {
  readonly settings: Settings;
  readonly secrets: SecretReferences;
}

/** Settings and secrets of a configuration that broke no rule. */
export function compose(written: WrittenConfiguration, directories: Directories): Composed {
  const { server, schedule } = written;
  const settings: Settings = {
    workshop: composeWorkshop(written.workshop),
    feeds: written.feeds.map((feed) => composeFeed(feed, directories)),
    guards: composeGuards(written.guards),
    schedule: { cron: schedule.cron, timezone: schedule.timezone },
    stateDirectory: resolve(directories.current, written.state_directory ?? (directories.state || './state')),
    reports: { keepMs: milliseconds(written.reports.keep) },
    server,
  };
  return { settings, secrets: composeSecrets(written, directories) };
}

function composeGuards({ rows, ...others }: WrittenConfiguration['guards']): Settings['guards'] {
  const { drop_percent: dropPercent, grow_percent: growPercent, count } = rows;
  return { ...others, rows: { dropPercent, growPercent, count } };
}

function composeWorkshop(written: WrittenConfiguration['workshop']): WorkshopSettings {
  return {
    baseUrl: written.base_url.replace(/\/+$/, ''),
    version: written.version,
    requestsPerSecond: written.requests_per_second,
    concurrency: written.concurrency,
    timeoutMs: milliseconds(written.timeout),
    attempts: written.attempts,
  };
}

function composeFeed(feed: WrittenFeed, directories: Directories): FeedSettings {
  invariant(feed.kind === 'full' && feed.missing !== undefined, 'the rules let only full feeds with `missing` through');
  return {
    name: feed.name,
    source: composeSource(feed.source, directories),
    file: feed.file,
    kind: feed.kind,
    missing: feed.missing,
    deleteAfter: feed.delete_after,
    ready: { settleMs: milliseconds(feed.ready.settle), marker: feed.ready.marker },
    maxAgeMs: feed.max_age === null ? null : milliseconds(feed.max_age),
    after: feed.after,
    archiveDirectory: feed.archive_directory,
    format: composeFormat(feed.format),
    mapping: composeMapping(feed),
  };
}

function composeSource(source: WrittenFeed['source'], directories: Directories): SourceSettings {
  if (source.type === 'folder') {
    return { type: 'folder', directory: resolve(directories.configuration, source.directory) };
  }
  const { host, port, username, directory, known_hosts_file: knownHostsFile } = source;
  return {
    type: 'sftp',
    host,
    port,
    username,
    directory,
    // ssh-keygen prints no padding; some tools do.
    hostKeys: [source.host_key ?? []].flat().map((fingerprint) => fingerprint.replace(/=+$/, '')),
    knownHostsFile: knownHostsFile === undefined ? null : resolve(directories.configuration, knownHostsFile),
  };
}

function composeFormat(format: WrittenFeed['format']): FileFormat {
  return {
    encoding: format.encoding === 'auto' ? 'auto' : new TextDecoder(format.encoding).encoding,
    delimiter: format.delimiter === '\\t' ? '\t' : format.delimiter,
    quote: format.quote === 'none' ? null : format.quote,
    headerRow: format.header_row,
    skipRowsAfterHeader: format.skip_rows_after_header,
    nullWords: format.null_words,
  };
}

function composeSecrets(written: WrittenConfiguration, { configuration }: Directories): SecretReferences {
  const { workshop } = written;
  const reference = (text: string | undefined, file: string | undefined, path: Path): SecretReference | null => {
    if (text !== undefined) return { kind: 'text', text, path };
    const key = path.at(-1);
    const filePath = [...path.slice(0, -1), `${key}_file`];
    return file === undefined ? null : { kind: 'file', file: resolve(configuration, file), path: filePath };
  };
  const apiKey = reference(workshop.api_key, workshop.api_key_file, ['workshop', 'api_key']);
  invariant(apiKey !== null, 'the rules let no configuration without an API key through');
  const sftp = written.feeds.flatMap(({ name, source }, index): [string, SftpSecretReferences][] => {
    if (source.type !== 'sftp') return [];
    const at: Path = ['feeds', index, 'source'];
    const references: SftpSecretReferences = {
      password: reference(source.password, source.password_file, [...at, 'password']),
      privateKey: reference(undefined, source.private_key_file, [...at, 'private_key']),
      passphrase: reference(source.passphrase, source.passphrase_file, [...at, 'passphrase']),
    };
    return [[name, references]];
  });
  return { apiKey, sftp: Object.fromEntries(sftp) };
}

function milliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  invariant(parsed !== null, 'the schema lets only durations through');
  return parsed;
}
