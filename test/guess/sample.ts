// A sample file on the disk, and what init makes of it: the configuration as a person would read it, and what comes
// out of reading the sample with it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSampleFile } from '../../src/commands/init-sample.ts';
import { feedOf, tryFeed } from '../../src/commands/init-trial.ts';
import { configurationText } from '../../src/guess/configuration-text.ts';
import { filePattern } from '../../src/guess/file-pattern.ts';
import { guessConfiguration } from '../../src/guess/guess.ts';
import { temporaryDirectory } from '../support/store.ts';

export interface WrittenFeed {
  readonly file: string;
  readonly missing: string;
  readonly source: { readonly type: string; readonly directory: string };
  readonly format?: Readonly<Record<string, unknown>>;
  readonly contact: Readonly<Record<string, unknown>> & { readonly attributes?: Readonly<Record<string, unknown>> };
  readonly status?: { readonly column: string; readonly employed: string[]; readonly left: string[] };
}

/** Throws when the configuration is not valid. */
export async function guessed(content: string | Uint8Array, name = 'employees.csv') {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  const sample = await readSampleFile(path, temporaryDirectory());
  const guess = await guessConfiguration(sample.text);
  const { fileName, directory, encoding } = sample;
  const text = configurationText({ guess, fileName, directory, encoding, pattern: filePattern(fileName) });
  const feed = feedOf(text, path);
  const written: WrittenFeed = parse(text).feeds[0];
  return { guess, text, path, feed, written, doubts: guess.doubts.join('\n'), trial: () => tryFeed(sample, feed) };
}

/** Lines of a file. */
export function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

/** What the attributes are, as written. */
export async function attributesOf(...all: string[]) {
  return (await guessed(lines(...all))).written.contact.attributes;
}

/** The configuration once somebody has taken the # away from every attribute that was left out. */
export function withLeftOut(text: string): string {
  const [before = '', after = ''] = text.split(/^ {8}# Left out\..*\n/m);
  return `${before.replace(/^( {6})# attributes:$/m, '$1attributes:')}${after.replace(/^( {8})# /gm, '$1')}`;
}
