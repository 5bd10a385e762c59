// Column names as exports write them, reduced to what they say: `Legal_Name_-_First_Name`, `legalNameFirstName` and
// `LEGAL NAME FIRST NAME*` are one name.

import { canonicalText } from '../roster/text.ts';

const LONGEST_KEY = 64;

/**
 * All words of a name in small letters, without accents. What stands in brackets counts, as in `Email (Personal)`; only
 * `(Personal Profile)` does not, by which Paycom means a part of its screen.
 */
export function nameWords(name: string): string[] {
  return wordsOf(canonicalText(name).replace(/\s*\(personal profile\)/i, ''));
}

/** The words of a name without what is between them and without a suffix in brackets: what two systems agree on. */
export function nameKey(name: string): string {
  const text = canonicalText(name);
  const bare = text.replace(/\s*\([^()]*\)\s*\**$/, '');
  return wordsOf(bare === '' ? text : bare).join('');
}

/** A name for an attribute: `Cost Center (Primary)` becomes `cost_center_primary`. Empty when there is no letter in it. */
export function snakeCase(name: string): string {
  const key = wordsOf(canonicalText(name)).join('_');
  return /\p{L}/u.test(key) ? Array.from(key).slice(0, LONGEST_KEY).join('') : '';
}

function wordsOf(text: string): string[] {
  return text
    .replace(/['’]/g, '')
    .replace(/#/g, ' number ')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
