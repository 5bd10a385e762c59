// Which column says who works there and who has left, and what each of its words means. Whoever is read as left is removed,
// so only a column that is named as a status of employment is used; others are shown, and a person decides.

import { knownMatches, type Match, named, type SampleColumn } from './columns.ts';
import type { StatusFinding, StatusGuess } from './guessed.ts';
import { STATUS } from './known-columns.ts';
import { sensitiveReason } from './known-words.ts';
import { isDoubtful, isTelling, type Meaning, statusReader } from './status-words.ts';
import { yamlValue } from './yaml-text.ts';

/** Nobody's status has more different words than this. */
const MOST_WORDS = 30;

/** The status of something else than employment. */
const OF_SOMETHING_ELSE =
  /\b(benefits?|badge|ad|account|visa|login|logon|tax|flsa|exempt\w*|training|compliance|background|citizen\w*|veteran|military|insurance|enrol\w*|eligib\w*|e?mail|mailbox|phone|laptop|device|equipment|sync|record|document|permit|immigration|review|vpn|access|card|directory|security|clearance|smoker|residen\w*|filing|licen[cs]e|certification|relationship|leave|onboarding|offboarding)\b/;

/** The status of a file, and what a person should look at. */
export function guessStatus(columns: readonly SampleColumn[]): StatusFinding {
  const own = columns.filter(
    ({ words }) => !OF_SOMETHING_ELSE.test(words.join(' ')) && sensitiveReason(words) === null,
  );
  const byName = knownMatches(own, STATUS);
  const judged = byName.map(judge).filter(({ knownShare, wordCount }) => knownShare > 0 && wordCount <= MOST_WORDS);
  const [chosen] = judged.toSorted(
    (one, other) => Number(other.isTelling) - Number(one.isTelling) || other.knownShare - one.knownShare,
  );
  if (chosen !== undefined) return { status: chosen.guess, suggestion: null, doubts: statusDoubts(chosen.guess) };
  const [named] = byName.filter(({ column }) => column.values.length > 0 || column.cells.length === 0).map(judge);
  if (named !== undefined && named.wordCount <= MOST_WORDS) return suggested(named.guess, unknownDoubt(named.guess));
  const [other] = own.filter(soundsLikeStatus).map(byWords).map(judge);
  if (other !== undefined) return suggested(other.guess, byWordsDoubt(other.guess));
  return { status: null, suggestion: null, doubts: [NO_STATUS] };
}

const NO_STATUS =
  'No column says who has left. That is fine where the file lists only the people who work there; else add `status`, or leavers stay.';

/** A column that calls itself a status, and whose every word is known, may be about employment. */
function soundsLikeStatus({ key, words, values }: SampleColumn): boolean {
  const read = statusReader(key, values);
  const calls = words.some((word) => word.endsWith('status'));
  return calls && values.length > 0 && values.every((value) => read(value) !== null) && values.some(isTelling);
}

function byWords(column: SampleColumn): Match {
  return { column, why: `${named(column)}, by its words` };
}

interface Judged {
  readonly guess: StatusGuess;
  /** Of the rows. */
  readonly knownShare: number;
  readonly isTelling: boolean;
  readonly wordCount: number;
}

function judge({ column, why }: Match): Judged {
  const counts = new Map<string, number>();
  for (const word of column.cells) counts.set(word, (counts.get(word) ?? 0) + 1);
  const read = statusReader(column.key, column.values);
  const words = [...counts].sort(([, one], [, other]) => other - one);
  const of = (meaning: Meaning) => words.flatMap(([word]) => (read(word) === meaning ? [word] : []));
  const unknown = words.filter(([word]) => read(word) === null);
  const known = column.cells.length - unknown.reduce((sum, [, count]) => sum + count, 0);
  const guess = { column: column.name, employed: of('employed'), left: of('left'), unknown, why };
  return {
    guess,
    knownShare: column.cells.length === 0 ? 0 : known / column.cells.length,
    isTelling: [...guess.employed, ...guess.left].some(isTelling),
    wordCount: counts.size,
  };
}

function suggested(guess: StatusGuess, doubt: string): StatusFinding {
  return { status: null, suggestion: guess, doubts: [doubt] };
}

function unknownDoubt({ column, unknown }: StatusGuess): string {
  const found =
    unknown.length === 0
      ? 'the sample has no people to say what its words are'
      : `nobody could tell what ${countedWords(unknown)} mean`;
  return `Column "${column}" is named as a status, but ${found}, so \`status\` is only a comment, and whoever has left is taken for an employee. Write its words into employed and left there, and take the # away.`;
}

function countedWords(unknown: StatusGuess['unknown']): string {
  return unknown.map(([word, count]) => `${word === '' ? 'blank' : `"${word}"`} (${count})`).join(', ');
}

function byWordsDoubt({ column, employed, left }: StatusGuess): string {
  const words = yamlValue([...employed, ...left]);
  return `Column "${column}" has words of a status, ${words}, but its name does not say that it is about employment. So \`status\` is only a comment, and whoever has left is taken for an employee. If it does say who has left, take the # away: whoever is in left is removed.`;
}

/** What a person should look at. */
function statusDoubts(status: StatusGuess): string[] {
  const doubts: string[] = [];
  if (status.unknown.length > 0) {
    doubts.push(
      `In column "${status.column}", nobody could place ${countedWords(status.unknown)}. Rows with such a status are rejected: they change nobody and remove nobody. Add the words to employed or left.`,
    );
  }
  if (status.left.length === 0) {
    doubts.push(
      `Nobody in the sample has left, so the word for it is not known. Add it to left in \`status\`; until then such rows are rejected, and the people stay.`,
    );
  }
  const doubtful = status.left.filter(isDoubtful);
  if (doubtful.length > 0) {
    const words = doubtful.map((word) => `"${word}"`).join(', ');
    doubts.push(
      `${words} in column "${status.column}" is taken for people who have left. In some systems it also means a leave of absence: then move it to employed, or people on leave are removed.`,
    );
  }
  if (status.employed.some((word) => /^(hired|onboarding|preboarding|pre.?start|pre.?hire)$/i.test(word))) {
    doubts.push(
      'People who are hired and have not started yet are taken in, too. To leave them out, add `exclude` with that word.',
    );
  }
  return doubts;
}
