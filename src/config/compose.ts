// Turns a valid configuration as written into settings: durations in milliseconds, paths absolute, secrets apart.

import { resolve } from 'node:path';
import { invariant } from '../invariant.ts';
import { encodingNamed } from '../roster/encoding-name.ts';
import type { FileFormat } from '../roster/mapping.ts';
import { composeMapping } from './compose-mapping.ts';
import { composeSecrets, type SecretReferences } from './compose-secrets.ts';
import { parseDuration } from './duration.ts';
import type { WrittenConfiguration, WrittenFeed } from './schema.ts';
import type { FeedSettings, PackingSettings, Settings, SourceSettings, WorkshopSettings } from './settings.ts';

/** Where relative paths begin; all absolute. */
export interface Directories {
  /** Of the configuration file: key files, secret files and source folders are relative to it. */
  readonly configuration: string;
  /** Of the process: `state_directory` is relative to it. */
  readonly current: string;
  /** `$STATE_DIRECTORY`, which serves when `state_directory` is not written. */
  readonly state: string | undefined;
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
  return { settings, secrets: composeSecrets(written, directories.configuration) };
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
  const missing = feed.kind === 'changes' ? 'keep' : feed.missing;
  invariant(missing !== undefined, 'the rules let only full feeds with `missing` through');
  return {
    name: feed.name,
    source: composeSource(feed.source, directories),
    file: feed.file,
    kind: feed.kind,
    missing,
    deleteAfter: feed.delete_after,
    ready: { settleMs: milliseconds(feed.ready.settle), marker: feed.ready.marker },
    maxAgeMs: feed.max_age === null ? null : milliseconds(feed.max_age),
    after: feed.after,
    archiveDirectory: feed.archive_directory,
    packing: composePacking(feed.format),
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
    encoding: encodingNamed(format.encoding) ?? 'auto',
    delimiter: format.delimiter === '\\t' ? '\t' : format.delimiter,
    quote: format.quote === 'none' ? null : format.quote,
    headerRow: format.header_row,
    skipRowsAfterHeader: format.skip_rows_after_header,
    escape: format.escape,
    trailer: composeTrailer(format.trailer),
    nullWords: format.null_words,
  };
}

function composeTrailer(trailer: WrittenFeed['format']['trailer']): FileFormat['trailer'] {
  if (trailer === null) return null;
  if ('last_rows' in trailer) return { kind: 'last', rows: trailer.last_rows };
  const { starts_with: startsWith, count_column: countColumn, counts } = trailer;
  return { kind: 'counted', startsWith, countColumn, counts };
}

function composePacking({ compression, zip_entry: zipEntry, pgp }: WrittenFeed['format']): PackingSettings {
  return { compression, zipEntry, pgp: pgp === null ? null : { mustBeSigned: pgp.verify_key_file !== undefined } };
}

function milliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  invariant(parsed !== null, 'the schema lets only durations through');
  return parsed;
}
