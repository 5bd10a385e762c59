// Values as YAML on one line. Names of columns and words of status come from a file that anybody may have written, so
// whatever is not plainly a word stands in quotes. JSON is YAML, which makes the quoting simple.

import type { Written } from './guessed.ts';

const PLAIN = /^[\p{L}][\p{L}\p{N} _./-]*$/u;
/** What YAML, or an older reader of it, takes for something else than text. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

const LONGEST_LINE = 116;

/** A value in flow style: `Employee ID`, `[Active, "On Leave, paid"]`, `{ column: Email, case: lower }`. */
export function yamlValue(value: Written): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return yamlText(value);
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${yamlText(key)}: ${yamlValue(item)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** Text that the configuration gives back as it is, `${` included. */
export function yamlText(text: string): string {
  if (PLAIN.test(text) && !text.endsWith(' ') && !RESERVED.test(text)) return text;
  return JSON.stringify(text.replace(/\$\{/g, '$$$&')).replace(UNPRINTABLE, escapedCharacter);
}

const UNPRINTABLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;

function escapedCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `# ` before every line, broken between words so that it can be read. */
export function commentLines(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + 2 + line.length + 1 + word.length > LONGEST_LINE) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((words) => `${indent}# ${words}`);
}

/** A line with its comment behind it, or above it where that would be too long. */
export function commented(line: string, comment: string): string[] {
  if (comment === '') return [line];
  const beside = `${line}   # ${comment}`;
  if (beside.length <= LONGEST_LINE) return [beside];
  return [...commentLines(comment, /^ */.exec(line)?.[0] ?? ''), line];
}
