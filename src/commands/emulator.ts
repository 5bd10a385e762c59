// `emulator`: a local Workshop Contacts API, for trials and for testing one's own integrations.

import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommonFlags, Io } from './io.ts';

export interface EmulatorFlags extends CommonFlags {
  readonly port?: string;
  readonly apiKey?: string;
  readonly state?: string;
  readonly requestsPerSecond?: string;
  readonly seed?: string;
  readonly latency?: string;
}

/** Runs until it is interrupted. */
export async function emulatorCommand(flags: EmulatorFlags, io: Io): Promise<ExitCode> {
  const { startEmulator } = await import('../emulator/emulator.ts');
  const { EmulatorError } = await import('../emulator/emulator-error.ts');
  const emulator = await startEmulator({
    port: portOf(flags.port) ?? 4010,
    apiKey: flags.apiKey,
    stateFile: flags.state,
    requestsPerSecond: numberOf(flags.requestsPerSecond, '--requests-per-second'),
    seed: numberOf(flags.seed, '--seed'),
    latencyMs: numberOf(flags.latency, '--latency'),
  }).catch((error: unknown) => {
    if (!(error instanceof EmulatorError)) throw error;
    throw new UsageError(error.message, { hint: error.hint, cause: error });
  });
  if (flags.json === true)
    io.out(`${JSON.stringify({ url: emulator.url, port: emulator.port, api_key: emulator.apiKey })}\n`);
  else io.out(welcome(emulator.url, emulator.apiKey));
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await emulator.close();
  return EXIT.inSync;
}

function welcome(url: string, apiKey: string): string {
  const control = url.replace(/\/api$/, '/_emulator');
  return `The Workshop emulator listens on ${url}

  base_url: ${url}
  api_key: ${apiKey}

  contacts:  curl ${control}/contacts
  requests:  curl ${control}/requests
  faults:    curl -X POST ${control}/faults -d '[{ "status": 503, "count": 3 }]'

Stop it with Ctrl-C.
`;
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || (/^\d{1,5}$/.test(text) && Number(text) <= 65_535)) return numberOf(text, '--port');
  throw new UsageError(`--port takes a number from 0 to 65535, but it is "${text}".`, {
    hint: 'Type `workshop-sync emulator --help`; 0 takes any free port.',
  });
}

function numberOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new UsageError(`${flag} takes a number, but it is "${text}".`, {
      hint: 'Type `workshop-sync emulator --help`.',
    });
  }
  return value;
}
