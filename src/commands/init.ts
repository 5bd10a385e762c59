// `init FILE`: reads a sample CSV and writes a commented configuration that fits it. It asks nobody and sends nothing.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configurationFile } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { configurationText } from '../guess/configuration-text.ts';
import { filePattern } from '../guess/file-pattern.ts';
import { guessConfiguration } from '../guess/guess.ts';
import { plainJson } from '../report/plain.ts';
import { readSampleFile, type Sample } from './init-sample.ts';
import { initJson, initText, notReady } from './init-text.ts';
import { feedOf, tryFeed } from './init-trial.ts';
import type { CommonFlags, Io } from './io.ts';
import { withTemporaryDirectory } from './temporary.ts';

export interface InitFlags extends CommonFlags {
  /** Print the configuration instead of writing it. */
  readonly print?: boolean;
}

/**
 * Writes the configuration, or prints it with `--print`. Ends with 0, also when there is something left to fill in:
 * that is said first. Throws `UsageError` (7) for a sample that is not there or a configuration that is there already,
 * `FeedError` (5) for a sample that is no table of people.
 */
export async function initCommand(sampleFile: string | undefined, flags: InitFlags, io: Io): Promise<ExitCode> {
  const asked = configurationFile(flags.config);
  if (flags.print !== true) refuseToOverwrite(asked);
  return await withTemporaryDirectory(async (directory) => {
    const sample = await readSampleFile(sampleFile ?? '', directory);
    return await initFrom(sample, { asked, flags, io });
  });
}

interface Asked {
  /** The configuration file, as the operator wrote it. */
  readonly asked: string;
  readonly flags: InitFlags;
  readonly io: Io;
}

async function initFrom(sample: Sample, { asked, flags, io }: Asked): Promise<ExitCode> {
  const guess = await guessConfiguration(sample.text);
  const pattern = filePattern(sample.fileName);
  const { fileName, directory, encoding } = sample;
  const text = configurationText({ guess, fileName, directory, pattern, encoding });
  const feed = feedOf(text, resolve(asked));
  if (flags.print === true && flags.json !== true) {
    io.out(text);
    for (const line of notReady(guess)) io.err(`${line}\n`);
    return EXIT.inSync;
  }
  const trial = guess.missing.length > 0 ? null : await tryFeed(sample, feed);
  if (flags.print !== true) write(asked, text);
  const result = {
    file: flags.print === true ? null : asked,
    sample,
    guess,
    pattern,
    trial,
    next: nextCommands(flags),
  };
  if (flags.json === true)
    io.out(`${plainJson({ ...initJson(result), ...(flags.print ? { configuration: text } : {}) }, 2)}\n`);
  else io.out(initText(result));
  return EXIT.inSync;
}

function nextCommands({ config }: InitFlags): string[] {
  const option = config === undefined ? '' : ` --config ${shellWord(config)}`;
  return ['export WORKSHOP_API_KEY=...', `workshop-sync${option} doctor`, `workshop-sync${option} plan`];
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function refuseToOverwrite(file: string): void {
  if (existsSync(file)) throw alreadyThere(file);
}

function alreadyThere(file: string): UsageError {
  return new UsageError(`Writing the configuration failed: ${file} is there already, and init overwrites nothing.`, {
    hint: 'Name another file, `workshop-sync init --config other.yaml FILE`; or look at the guess with --print; or remove the file.',
  });
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'EEXIST') throw alreadyThere(file);
    throw new UsageError(`Writing the configuration failed: ${file} cannot be written (${code}).`, {
      hint: 'Name a file in a folder that this user may write to, with --config FILE; or take it from --print.',
      cause,
    });
  }
}
