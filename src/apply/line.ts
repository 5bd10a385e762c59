// The way to Workshop for one operation: what it is asked with, the look-up by external_id, and the memory of
// whether a request was sent whose answer nobody knows.

import type { Answer, Contacts } from '../contacts/contacts.ts';
import type { Operation } from '../plan/operation.ts';
import type { ManagedFields } from './managed.ts';
import type { Pace } from './pace.ts';

export interface Line {
  readonly contacts: Contacts;
  readonly pace: Pace;
  /** What a feed writes into its contacts. */
  readonly managedFields: (feed: string) => ManagedFields;
  /** Whether Workshop refused this very operation in the last run that asked for it. */
  readonly refusedBefore: (operation: Operation) => boolean;
}

/** Open: an attempt may have been carried out although no answer said so. */
export interface Doubt {
  isOpen: boolean;
  /** Open at some time, also when a look-up has seen nobody since. */
  wasOpen: boolean;
}

/**
 * Asks for a contact; null when the run ended before the question was sent. `isTrial`: whether Workshop answers for it at
 * all is what is to be found out, so that no answer counts as a failure.
 */
export async function find({ contacts, pace }: Pick<Line, 'contacts' | 'pace'>, externalId: string, isTrial = false) {
  const sent = await pace.send(() => contacts.find(externalId), {
    meaning: (answer) => (answer.kind === 'not_found' || isTrial ? 'nothing' : 'as it is'),
  });
  return sent.kind === 'answered' ? sent.answer : null;
}

/** A contact that was just made may not be found for a moment: after each of these a 404 is asked about once more. */
const ASK_AGAIN_AFTER_MS = [300, 700];

/** Asks for a contact, and asks again before a 404 is believed; null when the run ended before that. */
export async function findSurely(line: Pick<Line, 'contacts' | 'pace'>, externalId: string, isTrial = false) {
  let answer = await find(line, externalId, isTrial);
  for (const delayMs of ASK_AGAIN_AFTER_MS) {
    if (answer?.kind !== 'not_found') return answer;
    await line.pace.rest(delayMs);
    answer = await find(line, externalId, isTrial);
  }
  return answer;
}

/** The write, noting every attempt that leaves open whether it was carried out. */
export function noting(doubt: Doubt, write: () => Promise<Answer>): () => Promise<Answer> {
  return async () => {
    const answer = await write();
    if (answer.kind === 'transient' && answer.ambiguous) {
      doubt.isOpen = true;
      doubt.wasOpen = true;
    }
    return answer;
  };
}

/** Why there is no better answer, in the words of the API where it gave some. */
export function wordsOf(answer: Answer | null): string {
  if (answer === null) return 'the run ended before Workshop could be asked';
  return 'message' in answer ? answer.message : `Workshop answered with status ${answer.status}`;
}

/** Why there is no better answer, fit for a log: the network's words, but never the API's, which may name people. */
export function reasonOf(answer: Answer | null): string {
  if (answer === null || answer.status === null) return wordsOf(answer);
  const isFine = answer.status >= 200 && answer.status < 300;
  return isFine ? `its answer (${answer.status}) could not be read` : `it answered with status ${answer.status}`;
}
