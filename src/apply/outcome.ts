// What an answer means for the operation that asked (specification §9). Pure: the same answer, the same outcome.

import type { Answer } from '../contacts/contacts.ts';
import { type Contact, contactAfter, type Operation } from '../plan/operation.ts';

export type Outcome =
  /** The API said yes. `contact` is what it holds now; null: nothing any more. */
  | { readonly kind: 'applied'; readonly contact: Contact | null; readonly drift: string | null }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'abandoned'; readonly error: string; readonly inDoubt: boolean }
  /** It never left, or the API did not even look at it. */
  | { readonly kind: 'not_sent' }
  /** A create met a contact, or a unique value, that is there already. */
  | { readonly kind: 'exists'; readonly error: string }
  /** The contact of an update or a delete is not in Workshop; no drift if an attempt of ours may have removed or moved it. */
  | { readonly kind: 'gone'; readonly drift: string | null; readonly inDoubt: boolean };

/** What the report says of a contact that was not in Workshop any more. */
export const GONE = 'was no longer in Workshop';

/** How an operation ends of which an attempt may have been carried out when nobody can be asked any more. */
export const UNKNOWN: Outcome = {
  kind: 'abandoned',
  error: 'the run stopped before it was known whether Workshop carried it out',
  inDoubt: true,
};

/** The outcome of an operation whose last answer is `answer`; `inDoubt`: an earlier attempt may have been carried out. */
export function outcomeOf(operation: Operation, answer: Answer, inDoubt: boolean): Outcome {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'applied', contact: contactOf(operation), drift: null };
    case 'not_found':
      return outcomeOfNotFound(operation, answer.message, inDoubt);
    case 'conflict':
      return operation.kind === 'create'
        ? { kind: 'exists', error: answer.message }
        : { kind: 'refused', error: answer.message };
    case 'refused':
      return { kind: 'refused', error: answer.message };
    case 'transient':
      return { kind: 'abandoned', error: answer.message, inDoubt: inDoubt || answer.ambiguous };
    case 'rate_limited':
    case 'fatal':
      return { kind: 'not_sent' };
  }
}

/**
 * The outcome of an operation of which an attempt may have been carried out: only a yes is certain, and that nobody is
 * there once the run has settled it. Whatever else came after it, the next run asks.
 */
export function keepDoubt(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case 'applied':
      return outcome;
    case 'gone':
      return { ...outcome, inDoubt: true };
    case 'not_sent':
      return UNKNOWN;
    case 'refused':
    case 'exists':
    case 'abandoned':
      return { kind: 'abandoned', error: outcome.error, inDoubt: true };
  }
}

/** What the contact is once the operation is applied; null after a delete. */
export function contactOf(operation: Operation): Contact | null {
  return operation.body === null ? null : contactAfter(operation.before, operation.externalId, operation.body);
}

function outcomeOfNotFound(operation: Operation, message: string, inDoubt: boolean): Outcome {
  if (operation.kind === 'create') return { kind: 'refused', error: message };
  // A repeated delete finds nothing because the attempt before it was carried out.
  return { kind: 'gone', drift: operation.kind === 'delete' && inDoubt ? null : GONE, inDoubt };
}
