// `doctor`: tries everything a sync relies on, one line each, with the remedy for whatever fails.
// It sends no write and changes no state.

import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import type { FeedSettings } from '../config/settings.ts';
import { openContacts } from '../contacts/http.ts';
import { CredentialsError, DatabaseError, OperatorError, UnreachableError } from '../errors.ts';
import { type ExitCode, worstExitCode } from '../exit-codes.ts';
import { plain } from '../report/plain.ts';
import { openRosterFile } from '../roster/roster-file.ts';
import { openSource } from '../source/open.ts';
import { retrieve } from '../source/retrieve.ts';
import { asDatabaseError } from '../store/database.ts';
import { lookAtState } from '../store/look.ts';
import { volumeWarning } from '../store/volume.ts';
import { USER_AGENT } from '../version.ts';
import type { CommonFlags, Io } from './io.ts';

interface Check {
  readonly name: string;
  /** What was found, in a few words; throws an `OperatorError` when it fails. */
  readonly find: () => Promise<string>;
}

interface Finding {
  readonly check: string;
  readonly passed: boolean;
  readonly found: string;
  readonly remedy: string | null;
  readonly exitCode: ExitCode;
}

/** Prints one line for each check; exits with the code a sync would end with. */
export async function doctorCommand(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (flags.json !== true) io.out(lineOf(finding));
  };
  const configuration = await loadOrTell(flags, tell);
  if (configuration !== null) {
    const workDirectory = mkdtempSync(join(tmpdir(), 'workshop-sync-'));
    try {
      for (const check of checksOf(configuration, workDirectory, io.signal)) tell(await carryOut(check));
    } finally {
      rmSync(workDirectory, { recursive: true, force: true });
    }
  }
  if (flags.json === true) io.out(`${JSON.stringify(findings.map(jsonOf), null, 2)}\n`);
  return worstExitCode(findings.map((finding) => finding.exitCode));
}

async function loadOrTell(flags: CommonFlags, tell: (finding: Finding) => void): Promise<LoadedConfiguration | null> {
  let loaded: LoadedConfiguration | null = null;
  const find = async () => {
    loaded = loadConfiguration(flags.config);
    return [loaded.file, ...loaded.warnings].join('; ');
  };
  tell(await carryOut({ name: 'configuration', find }));
  return loaded;
}

function checksOf(configuration: LoadedConfiguration, workDirectory: string, signal: AbortSignal): Check[] {
  const { settings } = configuration;
  return [
    { name: 'state directory', find: async () => checkState(settings.stateDirectory, workDirectory) },
    ...settings.feeds.map((feed) => ({
      name: `feed ${feed.name}`,
      find: () => checkFeed(configuration, feed, { workDirectory, signal }),
    })),
    { name: 'Workshop', find: () => checkWorkshop(configuration) },
  ];
}

function checkState(stateDirectory: string, workDirectory: string): string {
  const warning = volumeWarning(stateDirectory);
  const place = warning === null ? stateDirectory : `${stateDirectory} (${warning})`;
  if (!existsSync(stateDirectory)) return `${place}: not there yet, the first sync makes it`;
  try {
    accessSync(stateDirectory, constants.W_OK | constants.X_OK);
    return lookAtState(stateDirectory, workDirectory, (database) => {
      const verdict = database.pragma('quick_check(1)', { simple: true });
      if (verdict !== 'ok') {
        throw new DatabaseError(`The database in ${stateDirectory} is damaged: ${verdict}.`, {
          hint: 'Restore the state directory from a backup.',
        });
      }
      return `${place}: database intact, ${database.prepare('SELECT count(*) FROM contact').pluck().get()} contacts known`;
    });
  } catch (error) {
    throw asDatabaseError(error, stateDirectory);
  }
}

async function checkFeed(
  { secrets }: LoadedConfiguration,
  feed: FeedSettings,
  { workDirectory, signal }: { workDirectory: string; signal: AbortSignal },
): Promise<string> {
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
    const roster = await openRosterFile({
      path: file.path,
      name: file.name,
      format: feed.format,
      mapping: feed.mapping,
    });
    rmSync(file.path);
    return `${source.description}: ${file.name}, ${file.size} bytes, ${roster.header.length} columns, every mapped one is there`;
  } finally {
    await source.close();
  }
}

async function checkWorkshop({ settings, secrets }: LoadedConfiguration): Promise<string> {
  const { workshop } = settings;
  const contacts = await openContacts({ ...workshop, apiKey: secrets.apiKey, userAgent: USER_AGENT });
  try {
    const answer = await contacts.check();
    if (answer.kind === 'ok') return `${workshop.baseUrl} answers, the key works, version ${workshop.version}`;
    const reason = 'message' in answer ? answer.message : `status ${answer.status}`;
    if (answer.kind === 'fatal') {
      throw new CredentialsError(`${workshop.baseUrl} refuses us: ${reason}`, {
        hint: 'Check workshop.api_key (or api_key_file) and workshop.base_url; keys are made in Workshop under Settings, API.',
      });
    }
    throw new UnreachableError(`${workshop.baseUrl} does not answer as it should: ${reason}`, {
      hint: 'Check workshop.base_url, and that this machine may reach it.',
    });
  } finally {
    await contacts.close();
  }
}

async function carryOut({ name, find }: Check): Promise<Finding> {
  try {
    return { check: name, passed: true, found: await find(), remedy: null, exitCode: 0 };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { check: name, passed: false, found: error.message, remedy: error.hint, exitCode: error.exitCode };
  }
}

function lineOf({ check, passed, found, remedy }: Finding): string {
  const line = `${passed ? 'pass' : 'FAIL'}  ${check}: ${plain(found)}\n`;
  return remedy === null ? line : `${line}      → ${plain(remedy)}\n`;
}

function jsonOf({ check, passed, found, remedy }: Finding) {
  return { check, passed, found, remedy };
}
