// What YAML itself does not understand, said without quoting the file: the text around a slip may be a secret.

import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from './places.ts';

type Code = YAMLError['code'];

const RULES: Readonly<Partial<Record<Code, string>>> = {
  BAD_ALIAS: 'a value that begins with * needs quotes around it',
  BAD_DQ_ESCAPE: 'inside double quotes a backslash begins an escape: write it twice, or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines around it, or a bracket is not closed',
  BAD_SCALAR_START: 'a value that begins with @, ` or % needs quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'two colons in one line: put the value in quotes, or begin a new line',
  MISSING_CHAR: 'a quote, a bracket, a comma or the colon after a key is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is the colon and blank after it missing?',
  MULTIPLE_DOCS: 'the file holds two documents; remove the line ---',
  RESOURCE_EXHAUSTION: 'the brackets or levels are nested too deeply',
  TAB_AS_INDENT: 'a tab indents the line; use blanks',
  TAG_RESOLVE_FAILED: 'a value that begins with ! needs quotes around it',
  UNEXPECTED_TOKEN:
    'something stands where it cannot: a value with special characters, or a variable inside { } or [ ], needs quotes around it',
};

/** What the YAML parser found. One slip makes it stumble many times: of equal problems in a row the first is told. */
export function syntaxProblems(errors: readonly YAMLError[], lines: LineCounter): Problem[] {
  return errors
    .toSorted((one, other) => one.pos[0] - other.pos[0])
    .map((error) => syntaxProblem(error, lines))
    .filter(({ message }, index, all) => message !== all[index - 1]?.message);
}

function syntaxProblem(error: YAMLError, lines: LineCounter): Problem {
  const { line, col } = lines.linePos(error.pos[0]);
  const rule = RULES[error.code] ?? 'this line cannot be read';
  return { line, column: col, path: '', message: `not valid YAML: ${rule}` };
}
