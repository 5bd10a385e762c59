// What `init` says: what it wrote, what it guessed and why, what a person has to do, and how to go on.

import { join } from 'node:path';
import { TO_FILL_IN } from '../guess/configuration-text.ts';
import { delimiterWords, writtenTrailer } from '../guess/format-text.ts';
import type { Guess } from '../guess/guess.ts';
import { counted } from '../guess/guessed.ts';
import { yamlValue } from '../guess/yaml-text.ts';
import { plain } from '../report/plain.ts';
import type { Sample } from './init-sample.ts';
import type { Trial } from './init-trial.ts';

export interface InitResult {
  /** null: it was only printed. */
  readonly file: string | null;
  readonly sample: Sample;
  readonly guess: Guess;
  readonly pattern: string;
  /** A sentence: the sample could not be read with the guess. null: there is something to fill in first. */
  readonly trial: Trial | string | null;
  /** The commands that come next. */
  readonly next: readonly string[];
}

/** For people. */
export function initText(result: InitResult): string {
  const { file, sample, guess, pattern } = result;
  const { form, status } = guess;
  const read = `${sample.encoding}, ${delimiterWords(form.delimiter)} between the fields, header in line ${form.headerRow}, ${counted(form.rowCount, 'row')}`;
  const lines = [
    ...notReady(guess),
    ...(file === null ? [] : [plain(`${file} was written for ${sample.fileName} (${read}).`), '']),
    'Guessed:',
    ...table([
      ['files', `${pattern} in ${sample.directory}`],
      ...guess.fields.map(({ field, why }): Line => [field, why]),
      ...(status === null ? [] : [['status', statusWords(guess)] as Line]),
      ...guess.attributes.map(
        ({ field, written, why }): Line => [
          `attributes.${field}`,
          `${yamlValue(written)}${why === '' ? '' : `: ${why}`}`,
        ],
      ),
    ]),
    ...leftOutText(guess),
    ...section(
      'Please check:',
      guess.doubts.map((doubt) => `  ! ${plain(doubt)}`),
    ),
    '',
    trialText(result.trial),
    '',
    'Next:',
    ...result.next.map((command) => `  ${plain(command)}`),
    '',
    'plan sends nothing. It waits ten seconds first, to see that nobody is still writing the file.',
  ];
  return `${lines.join('\n')}\n`;
}

/** For programs. */
export function initJson({ file, sample, guess, pattern, trial, next }: InitResult) {
  const { form } = guess;
  return {
    file,
    ready: guess.missing.length === 0 && typeof trial === 'object' && trial !== null && trial.employees > 0,
    sample: {
      file: join(sample.directory, sample.fileName),
      pattern,
      kind: guess.kind,
      rows: form.rowCount,
      encoding: sample.encoding,
      delimiter: form.delimiter,
      quote: form.quote,
      escape: form.escape,
      header_row: form.headerRow,
      skip_rows_after_header: form.skipRowsAfterHeader,
      trailer: form.trailer === null ? null : writtenTrailer(form.trailer),
      null_words: form.nullWords,
    },
    missing: guess.missing,
    contact: guess.fields,
    attributes: guess.attributes,
    status: guess.status,
    suggested_status: guess.suggestedStatus,
    left_out: guess.leftOut.map(({ column, reason }) => ({ column, reason })),
    doubts: guess.doubts,
    trial: jsonTrial(trial),
    next,
  };
}

function jsonTrial(trial: InitResult['trial']) {
  if (typeof trial !== 'object' || trial === null) return trial;
  const { firstReject, ...counts } = trial;
  return { ...counts, first_reject: firstReject };
}

/** Loud, and first: what a person has to fill in before anything works. */
export function notReady({ missing }: Guess): string[] {
  if (missing.length === 0) return [];
  return [
    `! NOT READY: no column was found for ${missing.join(', ')}, and Workshop requires ${missing.length === 1 ? 'it' : 'them'}.`,
    ...missing.map(
      (field) => `  → In the configuration, look for "${TO_FILL_IN[field]}" and write the name of the column there.`,
    ),
    '',
  ];
}

/** One line: why each was left out stands in the configuration. */
function leftOutText({ leftOut }: Guess): string[] {
  if (leftOut.length === 0) return [];
  const names = leftOut.map(({ column }) => (column === '' ? '(no name)' : plain(column))).join(', ');
  return ['', `Left out, and why stands in the configuration: ${names}`];
}

function statusWords({ status }: Guess): string {
  if (status === null) return '';
  return `${status.why}; employed: ${yamlValue(status.employed)}, left: ${yamlValue(status.left)}`;
}

function trialText(trial: InitResult['trial']): string {
  if (trial === null) return 'It was not tried on the sample: first fill in what is missing.';
  if (typeof trial === 'string') return `! Tried on the sample, and it cannot be read so: ${plain(trial)}`;
  const parts = [
    counted(trial.employees, 'employee'),
    ...(trial.left === 0 ? [] : [counted(trial.left, 'leaver')]),
    ...(trial.excluded === 0 ? [] : [`${trial.excluded} left out`]),
    ...(trial.duplicates === 0 ? [] : [`${trial.duplicates} written twice`]),
    ...(trial.rejected === 0 ? [] : [`${trial.rejected} rejected`]),
  ];
  const first =
    trial.firstReject === null ? '' : ` (first: line ${trial.firstReject.line}: ${plain(trial.firstReject.message)})`;
  return `Tried on the sample: ${counted(trial.rows, 'row')}: ${parts.join(', ')}${first}.`;
}

type Line = readonly [what: string, words: string];

function table(lines: readonly Line[]): string[] {
  const width = Math.max(0, ...lines.map(([what]) => plain(what).length));
  return lines.map(([what, words]) => `  ${plain(what).padEnd(width)}  ${plain(words)}`);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
