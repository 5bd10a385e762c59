// The checks of a value that only some fields have: each gives the value on, or says what is wrong with it.

import { garbled } from './cells.ts';
import { Problem, type Step } from './problem.ts';
import { quoted } from './text.ts';
import { isEmail, isScientific, isTooLong, MAX_LENGTH, withoutDecimals } from './validate.ts';

/** For every field: Workshop's limit. */
export function lengthCheck(label: string): Step {
  return (text) =>
    isTooLong(text)
      ? new Problem('too_long', `${quoted(text)} in ${label} is longer than ${MAX_LENGTH} characters.`)
      : text;
}

/** For ids, as they are read. */
export function scientificCheck(label: string): Step {
  return (text) => {
    if (!isScientific(text)) return text;
    const message = `${quoted(text)} in ${label} is no id: a spreadsheet took the id for a number and lost its digits.`;
    return new Problem('scientific_id', message, { text, meant: [] });
  };
}

/** For ids, as they are mapped: a `pattern` may have taken the decimals off. `width`: what they are padded to. */
export function decimalCheck(label: string, width: number | null): Step {
  return (text) => {
    const bare = withoutDecimals(text);
    if (bare === null) return text;
    const message = `${quoted(text)} in ${label} is no id: a spreadsheet or a script took the id for a number. Have the column exported as text, or take the decimals off with pattern: "^(\\\\d+)".`;
    return new Problem('decimal_id', message, { text, meant: [...new Set([bare.padStart(width ?? 0, '0'), bare])] });
  };
}

/** For email addresses. */
export function emailCheck(label: string): Step {
  return (text) =>
    isEmail(text) ? text : new Problem('email', `${quoted(text)} in ${label} is not an email address.`);
}

/** For names of people: some systems write ? for a letter that their encoding lacks, `Mu?oz` or `???`. */
export function lostLetterCheck(label: string): Step {
  return (text) =>
    text.includes('?') && LOST_LETTER.test(text) ? garbled(text, label, 'has ? in the place of letters') : text;
}

const LOST_LETTER = /[\p{L}\p{M}?]\?|\?[\p{L}\p{M}]/u;
