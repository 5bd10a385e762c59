// A local Workshop Contacts API for trials and tests (specification §14). It imports nothing of the program it is
// used to test, so that a mistake made there is not repeated here.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Parts } from './app.ts';
import { Directory } from './directory.ts';
import { EmulatorError } from './emulator-error.ts';
import { isRecord } from './exchange.ts';
import { Faults } from './faults.ts';
import { Quota } from './quota.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestLog } from './request-log.ts';
import { changeSettings, DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { StateFile } from './state-file.ts';

export interface EmulatorOptions {
  /** 0 or absent: a free port. */
  readonly port?: number | undefined;
  readonly host?: '127.0.0.1' | undefined;
  readonly apiKey?: string | undefined;
  /** Contacts are kept in this JSON file across restarts; absent: in memory only. */
  readonly stateFile?: string | undefined;
  /** Above it in a rolling second: 429 with Retry-After. Absent: no limit. */
  readonly requestsPerSecond?: number | undefined;
  /** Makes the probabilities of fault rules repeatable. */
  readonly seed?: number | undefined;
  readonly uniqueEmails?: boolean | undefined;
  readonly uniquePhones?: boolean | undefined;
  /** Delays every answer, without one waiting for another. */
  readonly latencyMs?: number | undefined;
}

export interface RunningEmulator {
  /** The base URL of the API: `http://127.0.0.1:4010/api`. Control endpoints are beside it, under `/_emulator`. */
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  /** Stops listening, cuts open connections and saves the contacts. */
  close(): Promise<void>;
}

const DEFAULT_KEY = 'emulator-key';
/** Longer than clients keep idle connections, so that the server is never the one to close first. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts an emulator and gives it once it listens.
 *
 * @throws EmulatorError when an option is wrong, the port is taken or the state file cannot be used
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const settings = settingsOf(options);
  const host = options.host ?? '127.0.0.1';
  const apiKey = options.apiKey ?? DEFAULT_KEY;
  const { directory, stateFile } = await openDirectory(options.stateFile);
  const parts: Parts = {
    directory,
    settings,
    apiKey,
    log: new RequestLog(),
    faults: new Faults(options.seed ?? null),
    rateLimit: new RateLimit(settings),
    quota: new Quota(settings),
  };
  const server = await createServer(parts);
  const port = await listen(server, options.port ?? 0, host);
  return {
    url: `http://${host}:${port}/api`,
    port,
    apiKey,
    close: async () => {
      await stop(server);
      await stateFile?.close();
    },
  };
}

function settingsOf(options: EmulatorOptions): Settings {
  const settings: Settings = { ...DEFAULT_SETTINGS };
  const errors = changeSettings(settings, {
    requests_per_second: options.requestsPerSecond ?? DEFAULT_SETTINGS.requests_per_second,
    latency_ms: options.latencyMs ?? DEFAULT_SETTINGS.latency_ms,
    unique_emails: options.uniqueEmails ?? DEFAULT_SETTINGS.unique_emails,
    unique_phones: options.uniquePhones ?? DEFAULT_SETTINGS.unique_phones,
  });
  if (errors === null) return settings;
  const said = Object.entries(errors).map(([name, messages]) => `${name} ${messages.join(', ')}`);
  throw new EmulatorError(`Cannot start the emulator: ${said.join('; ')}.`, { hint: 'Correct the option.' });
}

async function openDirectory(path: string | undefined): Promise<{ directory: Directory; stateFile: StateFile | null }> {
  if (path === undefined) return { directory: new Directory(), stateFile: null };
  const stateFile: StateFile = new StateFile(path, () => directory.all());
  const directory: Directory = new Directory(stateFile.changed);
  directory.restore(await stateFile.read());
  // Written at once: a file that cannot be written is better known before the trial than after it.
  stateFile.changed();
  await stateFile.flush();
  return { directory, stateFile };
}

/** hono is loaded here, not above: commands that never start an emulator do not pay for it. */
async function createServer(parts: Parts): Promise<Server> {
  const [{ createAdaptorServer }, { buildApp }] = await Promise.all([import('@hono/node-server'), import('./app.ts')]);
  const app = buildApp(parts);
  return createAdaptorServer({
    fetch: app.fetch,
    // The emulator is a guest in the process that tests with it: Request and Response stay as they are there.
    overrideGlobalObjects: false,
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
  }) as Server;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const inUse = isRecord(cause) && cause.code === 'EADDRINUSE';
      const reason = inUse ? 'the port is in use' : cause.message;
      reject(
        new EmulatorError(`Cannot start the emulator on ${host}:${port}: ${reason}.`, {
          hint: inUse ? 'Choose another port, or stop what listens there.' : 'Choose another port.',
          cause,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
