// `doctor`: tries everything a sync relies on, one line each, with the remedy for whatever fails.
// It sends no write and changes no state.

import { existsSync, rmSync } from 'node:fs';
import { systemClock } from '../clock.ts';
import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import type { FeedSettings } from '../config/settings.ts';
import { openContacts } from '../contacts/http.ts';
import { CredentialsError, OperatorError, UnreachableError } from '../errors.ts';
import { EXIT, type ExitCode, worstExitCode } from '../exit-codes.ts';
import { plain } from '../report/plain.ts';
import { openRosterFile } from '../roster/roster-file.ts';
import { openSource } from '../source/open.ts';
import { retrieve } from '../source/retrieve.ts';
import { unpack } from '../source/unpack.ts';
import { asDatabaseError } from '../store/database.ts';
import { requireIntegrity } from '../store/integrity.ts';
import { lookAtState } from '../store/look.ts';
import { requireDirectory, requireWritable, volumeWarning } from '../store/volume.ts';
import { USER_AGENT } from '../version.ts';
import type { CommonFlags, Io } from './io.ts';
import { withTemporaryDirectory } from './temporary.ts';

interface Check {
  readonly name: string;
  /** What was found, in a few words; throws an `OperatorError` when it fails. */
  readonly find: () => Promise<Found>;
}

interface Found {
  readonly found: string;
  /** What passes and is worth a word. */
  readonly warnings?: readonly string[];
}

interface Finding extends Found {
  readonly check: string;
  readonly passed: boolean;
  readonly remedy: string | null;
  readonly exitCode: ExitCode;
}

/** Prints one line for each check; exits with the code a sync would end with. */
export async function doctorCommand(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (flags.json !== true) io.out(textOf(finding));
  };
  const configuration = await loadOrTell(flags, tell);
  if (configuration !== null) {
    const interrupted = await withTemporaryDirectory(async (workDirectory) => {
      for (const check of checksOf(configuration, workDirectory, io.signal)) {
        const finding = await carryOut(check, io.signal);
        if (finding === null) return true;
        tell(finding);
      }
      return false;
    });
    if (interrupted) return io.signal.reason === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  }
  if (flags.json === true) io.out(`${JSON.stringify(findings.map(jsonOf), null, 2)}\n`);
  return worstExitCode(findings.map((finding) => finding.exitCode));
}

async function loadOrTell(flags: CommonFlags, tell: (finding: Finding) => void): Promise<LoadedConfiguration | null> {
  let loaded: LoadedConfiguration | null = null;
  const find = async () => {
    loaded = loadConfiguration(flags.config);
    return { found: loaded.file, warnings: loaded.warnings };
  };
  const finding = await carryOut({ name: 'configuration', find });
  if (finding !== null) tell(finding);
  return loaded;
}

function checksOf(configuration: LoadedConfiguration, workDirectory: string, signal: AbortSignal): Check[] {
  const { settings } = configuration;
  return [
    { name: 'state directory', find: async () => checkState(settings.stateDirectory, workDirectory) },
    ...settings.feeds.flatMap((feed) => pgpChecks(configuration, feed)),
    ...settings.feeds.map((feed) => ({
      name: `feed ${feed.name}`,
      find: () => checkFeed(configuration, feed, { workDirectory, signal }),
    })),
    { name: 'Workshop', find: () => checkWorkshop(configuration) },
  ];
}

function checkState(stateDirectory: string, workDirectory: string): Found {
  requireDirectory(stateDirectory);
  requireWritable(stateDirectory);
  const warning = volumeWarning(stateDirectory);
  const warnings = warning === null ? [] : [warning];
  if (!existsSync(stateDirectory))
    return { found: `${stateDirectory}: not there yet, the first sync makes it`, warnings };
  try {
    const contactCount = lookAtState(stateDirectory, workDirectory, (database, isRunning) => {
      requireIntegrity(database, stateDirectory, isRunning);
      return database.prepare('SELECT count(*) FROM contact').pluck().get();
    });
    return { found: `${stateDirectory}: database intact, ${contactCount} contacts known`, warnings };
  } catch (error) {
    throw asDatabaseError(error, stateDirectory);
  }
}

/** The keys by themselves, so that a wrong passphrase shows before the first encrypted file is there. */
function pgpChecks({ secrets }: LoadedConfiguration, { name }: FeedSettings): Check[] {
  const own = secrets.pgp[name];
  if (own === undefined) return [];
  const find = async () => {
    const { keyIdWords, readPgpKeys } = await import('../source/pgp-keys.ts');
    const { decryption, verification } = await readPgpKeys(name, own);
    const verified = verification === null ? '' : `; signatures by ${keyIdWords(verification)} are asked for`;
    return { found: `the private key ${keyIdWords(decryption)} opens${verified}` };
  };
  return [{ name: `PGP keys of feed ${name}`, find }];
}

async function checkFeed(
  { secrets }: LoadedConfiguration,
  feed: FeedSettings,
  { workDirectory, signal }: { workDirectory: string; signal: AbortSignal },
): Promise<Found> {
  const source = await openSource(feed.source, secrets.sftp[feed.name] ?? null);
  try {
    const file = await retrieve({
      source,
      // Whether the newest file is still being written is no question of the set-up.
      feed: { ...feed, ready: { settleMs: 0, marker: null } },
      lastAccepted: null,
      sightings: { firstSeenMs: () => null, see: () => undefined },
      clock: systemClock,
      wait: async () => undefined,
      directory: workDirectory,
      signal,
    });
    const plain = await unpack({ file, feed, keys: secrets.pgp[feed.name] ?? null, signal });
    const roster = await openRosterFile({
      path: plain.path,
      name: file.name,
      format: feed.format,
      mapping: feed.mapping,
    });
    for (const path of new Set([file.path, plain.path])) rmSync(path);
    const columns = `${roster.header.length} columns, every mapped one is there`;
    return {
      found: `${source.description}: ${file.name}, ${file.size} bytes, ${columns}`,
      warnings: [...file.warnings, ...roster.warnings],
    };
  } finally {
    await source.close();
  }
}

async function checkWorkshop({ settings, secrets }: LoadedConfiguration): Promise<Found> {
  const { workshop } = settings;
  const contacts = await openContacts({ ...workshop, apiKey: secrets.apiKey, userAgent: USER_AGENT });
  try {
    const answer = await contacts.check();
    if (answer.kind === 'ok')
      return { found: `${workshop.baseUrl} answers, the key works, version ${workshop.version}` };
    const reason = 'message' in answer ? answer.message : `status ${answer.status}`;
    if (answer.kind === 'fatal' && (answer.status === 401 || answer.status === 403)) {
      throw new CredentialsError(`${workshop.baseUrl} refuses us: ${reason}`, {
        hint: 'Check workshop.api_key (or api_key_file) and workshop.base_url; keys are made in Workshop under Settings, API.',
      });
    }
    throw new UnreachableError(`${workshop.baseUrl} does not answer as it should: ${reason}`, {
      hint: 'Check workshop.base_url, which ends in /api, and that this machine may reach it.',
    });
  } finally {
    await contacts.close();
  }
}

/** null: it was asked to end meanwhile. */
async function carryOut({ name, find }: Check, signal?: AbortSignal): Promise<Finding | null> {
  try {
    return { check: name, passed: true, ...(await find()), remedy: null, exitCode: EXIT.inSync };
  } catch (error) {
    if (signal?.aborted === true) return null;
    if (!(error instanceof OperatorError)) throw error;
    return { check: name, passed: false, found: error.message, remedy: error.hint, exitCode: error.exitCode };
  }
}

function textOf({ check, passed, found, warnings = [], remedy }: Finding): string {
  const [first = '', ...more] = found.split('\n');
  const lines = [
    `${passed ? 'pass' : 'FAIL'}  ${check}: ${plain(first)}`,
    ...more.map((line) => `        ${plain(line)}`),
    ...warnings.map((warning) => `      ! ${plain(warning)}`),
    ...(remedy === null ? [] : [`      → ${plain(remedy)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function jsonOf({ check, passed, found, warnings = [], remedy }: Finding) {
  return { check, passed, found, warnings, remedy };
}
