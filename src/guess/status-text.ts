// The `status` part of a guessed configuration; a comment where the guess is not sure enough to remove anybody.

import type { StatusGuess } from './guessed.ts';
import { commentLines, yamlText, yamlValue } from './yaml-text.ts';

/** The lines of `status`. `suggestion`: what a person may make of it. */
export function statusLines(guess: StatusGuess | null, suggestion: StatusGuess | null): string[] {
  if (guess !== null) return sureLines(guess);
  if (suggestion !== null) return suggestionLines(suggestion);
  return ['    # No column says who has left; see `status` in the example.', ''];
}

function sureLines(guess: StatusGuess): string[] {
  const unknown = unknownWords(guess);
  return [
    ...commentLines(
      `Who works here and who has left (${guess.why}). Any other word rejects its row: it changes nobody and removes nobody.`,
      '    ',
    ),
    '    status:',
    `      column: ${yamlText(guess.column)}`,
    `      employed: ${yamlValue(guess.employed.length > 0 ? guess.employed : ['Active'])}`,
    ...(guess.left.length === 0
      ? ['      # Nobody in the sample has left: add the word for it. Such people are removed at once.']
      : []),
    `      left: ${yamlValue(guess.left)}`,
    ...(unknown === ''
      ? []
      : commentLines(
          `NOT PLACED: ${unknown}. Add each word to employed or left; until then its rows are rejected.`,
          '      ',
        )),
    '',
  ];
}

function suggestionLines(guess: StatusGuess): string[] {
  const unknown = unknownWords(guess);
  return [
    ...commentLines(
      `Who works here and who has left may stand in this column. Check its words, then take the # away; people whose word is in left are removed at once.${unknown === '' ? '' : ` Not placed: ${unknown}.`}`,
      '    ',
    ),
    '    # status:',
    `    #   column: ${yamlText(guess.column)}`,
    `    #   employed: ${yamlValue(guess.employed.length > 0 ? guess.employed : ['Active'])}`,
    `    #   left: ${yamlValue(guess.left.length > 0 ? guess.left : ['Terminated'])}`,
    '',
  ];
}

function unknownWords({ unknown }: StatusGuess): string {
  return unknown.map(([word, count]) => `${word === '' ? 'blank' : yamlText(word)} (${count})`).join(', ');
}
