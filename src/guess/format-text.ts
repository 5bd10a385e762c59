// The `format` part of a guessed configuration: only what the defaults do not do.

import type { Trailer } from '../roster/mapping.ts';
import type { FormGuess } from './form.ts';
import type { Written } from './guessed.ts';
import { DEFAULT_NULL_WORDS } from './known-words.ts';
import { yamlValue } from './yaml-text.ts';

/** What separates the fields, in words. */
export function delimiterWords(delimiter: string): string {
  return delimiter === '\t' ? 'tabs' : `"${delimiter}"`;
}

/** The lines of `format`, at least a comment on what was found. */
export function formatLines(form: FormGuess, encoding: string): string[] {
  const keys = [...headerLines(form), ...quoteLines(form), ...nullWordLines(form), ...trailerLines(form)];
  const found = `    # Found: ${encoding}, ${delimiterWords(form.delimiter)} between the fields. Both are found again for every file`;
  if (keys.length === 0) return [`${found}.`, ''];
  return [`${found}; the rest is told here.`, '    format:', ...keys.map((line) => `      ${line}`), ''];
}

function headerLines({ headerRow, skipRowsAfterHeader }: FormGuess): string[] {
  return [
    ...(headerRow === 1 ? [] : [`header_row: ${headerRow}   # the lines above it are titles`]),
    ...(skipRowsAfterHeader === 0
      ? []
      : [`skip_rows_after_header: ${skipRowsAfterHeader}   # a second line that only labels the columns`]),
  ];
}

function quoteLines(form: FormGuess): string[] {
  return [
    ...(form.quote === null ? ['quote: none   # the file never quotes'] : []),
    ...(form.escape === 'backslash' ? ['escape: backslash   # a quote inside a value is written \\"'] : []),
  ];
}

function nullWordLines({ nullWords }: FormGuess): string[] {
  if (nullWords.length <= DEFAULT_NULL_WORDS.length) return [];
  return [`null_words: ${yamlValue(nullWords)}   # words that mean: blank`];
}

/** A trailer as the configuration writes it. */
export function writtenTrailer(trailer: Trailer): Written {
  if (trailer.kind === 'last') return { last_rows: trailer.rows };
  const { startsWith, countColumn, counts } = trailer;
  return { starts_with: startsWith, count_column: countColumn, counts };
}

function trailerLines({ trailer }: FormGuess): string[] {
  if (trailer === null) return [];
  return [`# ${trailerWords(trailer)}`, `trailer: ${yamlValue(writtenTrailer(trailer))}`];
}

function trailerWords(trailer: Trailer): string {
  if (trailer.kind === 'counted')
    return 'The last line counts the rows: a file that was cut off on its way is not read.';
  return trailer.rows === 1 ? 'The last line is nobody.' : `The last ${trailer.rows} lines are nobody.`;
}
