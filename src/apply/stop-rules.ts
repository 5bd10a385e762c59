// When a run has to stop because of what the API answers (specification §9, "Fatal"): our key or address is
// refused, or too many of the last answers are failures.

import type { Answer } from '../contacts/contacts.ts';
import { CredentialsError, type OperatorError, UnreachableError } from '../errors.ts';
import { reasonOf } from './line.ts';

const ANSWERS_WATCHED = 50;
const FAILURE_PERCENT = 40;

/**
 * What an answer says about how well Workshop is. `fine`: it is no 2xx, and to be expected. `nothing`: it is about one
 * contact, and another question settles it; counted, the look-ups after failed requests would water the failures down.
 */
export type Meaning = 'as it is' | 'fine' | 'nothing';

/** Judges every answer of a run, and stops it at the first that a run must not go on after. */
export function createStopRules(stop: (reason: OperatorError) => void) {
  const failures: boolean[] = [];
  let lastFailure: Answer | null = null;
  return {
    judge: (answer: Answer, meaning: Meaning): void => {
      if (answer.kind === 'fatal') stop(refused(answer.status, answer.message));
      if (meaning === 'nothing') return;
      const isFailure = answer.kind !== 'ok' && meaning !== 'fine';
      if (isFailure) lastFailure = answer;
      failures.push(isFailure);
      if (failures.length > ANSWERS_WATCHED) failures.shift();
      const failureCount = failures.filter(Boolean).length;
      if (failures.length === ANSWERS_WATCHED && failureCount * 100 > ANSWERS_WATCHED * FAILURE_PERCENT) {
        stop(tooManyFailures(failureCount, lastFailure ?? answer));
      }
    },
  };
}

function refused(status: number | null, message: string): OperatorError {
  if (status !== 401 && status !== 403) {
    return new UnreachableError(`Workshop cannot be used at this address: ${sentence(message)}`, {
      hint: 'Check workshop.base_url: it should end in /api and answer without redirecting.',
    });
  }
  // Without the API's own words, which may name people: this message goes into logs.
  const said = status === 401 ? 'does not accept the API key' : 'does not allow this with the API key';
  return new CredentialsError(`Workshop ${said} (${status}).`, {
    hint: 'Check WORKSHOP_API_KEY (workshop.api_key), and in Workshop that the key is active and that the API is the sync source. Nothing more was sent; the next run goes on.',
  });
}

function tooManyFailures(failureCount: number, last: Answer): UnreachableError {
  return new UnreachableError(
    `${failureCount} of the last ${ANSWERS_WATCHED} answers of Workshop were failures, so the run stopped; the last one: ${sentence(reasonOf(last))}`,
    {
      hint:
        last.status === null
          ? 'Check workshop.base_url and the network; `workshop-sync doctor` says more. The next run goes on.'
          : 'The report lists them. If Workshop is having a bad day, the next run goes on; if the data is refused, correct it in the HRIS.',
    },
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
