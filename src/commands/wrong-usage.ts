// What is wrong with a command line, in the words and with the remedy of every other error.

import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** In the specification, and not built yet. */
const NOT_YET = ['adopt', 'audit', 'rollback'];

/** The error for a first word that is no command. */
export function unknownCommand(word: string, known: readonly string[]): UsageError {
  const hint = `The commands are ${known.join(', ')}; \`workshop-sync --help\` says what each does.`;
  if (NOT_YET.includes(word)) return new UsageError(`The command "${word}" does not exist yet.`, { hint });
  const meant = nearest(word, known);
  const question = meant === null ? '.' : `; did you mean "${meant}"?`;
  return new UsageError(`There is no command "${word}"${question}`, { hint });
}

/** The error for words that a command has no use for. */
export function tooManyArguments(command: string, words: readonly string[], allowed: number): UsageError {
  const takes = allowed === 0 ? 'no argument' : 'one argument';
  const given = words.map((word) => `"${word}"`).join(' ');
  return new UsageError(`${command} takes ${takes}, but there is ${given}.`, { hint: helpHint(command) });
}

/** The error for flags that the parser of the command line refuses; `message` is in its words. */
export function wrongFlags(message: string, command: string | null): UsageError {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const sentence = [first.slice(0, 1).toUpperCase() + first.slice(1), ...rest].join(' ');
  return new UsageError(sentence, { hint: helpHint(command) });
}

function helpHint(command: string | null): string {
  const asked = command === null ? 'workshop-sync --help' : `workshop-sync ${command} --help`;
  return `Type \`${asked}\` for its flags.`;
}
