// Which column says who works there and who has left, and what each of its words means.

import { knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import type { StatusGuess } from './guessed.ts';
import { STATUS } from './known-columns.ts';
import { meaningOf, sensitiveReason } from './known-words.ts';

/** A column with fewer known words, by rows, is about something else. */
const LEAST_KNOWN = 0.5;
/** Nobody's status has more different words than this. */
const MOST_WORDS = 30;

/** The status of a file; null when no column tells it. */
export function guessStatus(columns: readonly SampleColumn[]): StatusGuess | null {
  const judged = [...knownMatches(columns, STATUS), ...otherwiseNamed(columns)].flatMap((match) => judge(match) ?? []);
  const [chosen] = judged.toSorted((one, other) => other.knownShare - one.knownShare);
  return chosen === undefined ? null : chosen.guess;
}

/** A column that calls itself a status, and whose every word is known, is about employment if one of them says so. */
function otherwiseNamed(columns: readonly SampleColumn[]): Match[] {
  return columns
    .filter(({ words, values }) => {
      if (!words.some((word) => word === 'status') || sensitiveReason(words) !== null) return false;
      return values.every((value) => meaningOf(value) !== null) && values.some((value) => TELLING.test(value));
    })
    .map((column) => ({ column, why: `${named(column)}, by its words` }));
}

const TELLING = /activ|employed|terminat|left|leave/i;

function judge({ column, why }: Match): { guess: StatusGuess; knownShare: number } | null {
  const counts = new Map<string, number>();
  for (const word of column.cells) counts.set(word, (counts.get(word) ?? 0) + 1);
  if (counts.size === 0 || counts.size > MOST_WORDS || column.values.length === 0) return null;
  const words = [...counts].sort(([, one], [, other]) => other - one);
  const of = (meaning: 'employed' | 'left') => words.flatMap(([word]) => (meaningOf(word) === meaning ? [word] : []));
  const unknown = words.filter(([word]) => meaningOf(word) === null);
  const known = column.cells.length - unknown.reduce((sum, [, count]) => sum + count, 0);
  const knownShare = known / column.cells.length;
  if (knownShare < LEAST_KNOWN) return null;
  return { guess: { column: column.name, employed: of('employed'), left: of('left'), unknown, why }, knownShare };
}

/** What a person should look at. */
export function statusDoubts(status: StatusGuess): string[] {
  const doubts: string[] = [];
  if (status.unknown.length > 0) {
    const words = status.unknown.map(([word, count]) => `${word === '' ? 'blank' : `"${word}"`} (${count})`).join(', ');
    doubts.push(
      `In column "${status.column}", nobody could place ${words}. Rows with such a status are rejected: they change nobody and remove nobody. Add the words to employed or left.`,
    );
  }
  if (status.left.length === 0) {
    doubts.push(
      `Nobody in the sample has left, so the word for it is not known. Add it to left in \`status\`; until then such rows are rejected, and the people stay.`,
    );
  }
  if (status.left.some((word) => /^inactive/i.test(word))) {
    doubts.push(
      `"Inactive" is taken for people who have left. In some systems it also means a leave of absence: then move it to employed, or people on leave are removed.`,
    );
  }
  if (status.employed.some((word) => /^(hired|onboarding|preboarding|pre.?start|pre.?hire)$/i.test(word))) {
    doubts.push(
      'People who are hired and have not started yet are taken in, too. To leave them out, add `exclude` with that word.',
    );
  }
  return doubts;
}
