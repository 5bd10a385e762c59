// What a guard saw and let pass, in the words of the report.

import { shortList } from '../feed/notes.ts';
import type { Suspicion } from '../plan/identity.ts';
import { lineWords } from '../roster/line.ts';
import type { GuardNumbers } from '../store/guard-numbers.ts';

const WORDS: Readonly<Record<Suspicion, string>> = {
  another: 'the values of another person',
  ambiguous: 'cannot be told who is who',
  changed: 'several of email, full name and phone changed at once',
  took: 'has an email, phone number or name that somebody else had',
  gave: 'somebody else took a value of theirs',
  rekeyed: 'has another id now',
};

const SHOWN = 10;

/** Rows that seem to be another person, few enough to be applied: somebody should look all the same. */
export function flaggedWarning(numbers: GuardNumbers, feed: string): string[] {
  const { count, first } = numbers.flagged(feed, SHOWN);
  if (count === 0) return [];
  const words = first.map(({ externalId, line, suspicion }) => {
    const place = line === null ? '' : `line ${lineWords(line)}: `;
    return `${externalId} (${place}${WORDS[suspicion]})`;
  });
  return [`worth a look, though not held: ${shortList(words, count)}`];
}
