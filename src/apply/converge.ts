// A create met something that is there already (specification §9, "Converging"): what equals it is settled, another
// state is changed to the wanted one, and a value that somebody else has is a refusal.

import type { FoundContact } from '../contacts/contacts.ts';
import { invariant } from '../invariant.ts';
import { type ContactBody, contactAfter, type Operation } from '../plan/operation.ts';
import { type Doubt, find, type Line, noting, wordsOf } from './line.ts';
import { bodyToConverge, managedKeys, managedPart } from './managed.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** The conflict that was met, and how many requests it took. */
interface Conflict {
  readonly error: string;
  readonly status: number | null;
  readonly attempts: number;
}

interface Converged {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly attempts: number;
}

/** Brings what a create met to the wanted state, and gives the outcome of the create. */
export async function converge(
  line: Line,
  operation: Operation,
  doubt: Doubt,
  { error, status, attempts }: Conflict,
): Promise<Converged> {
  const found = await find(line, operation.externalId);
  if (found === null) return { outcome: { kind: 'not_sent' }, status, attempts };
  if (found.kind === 'not_found') return { outcome: { kind: 'refused', error }, status, attempts };
  if (found.kind !== 'ok' || found.contact === null) {
    return { outcome: { kind: 'abandoned', error: wordsOf(found), inDoubt: doubt.isOpen }, status, attempts };
  }
  const held = managedPart(found.contact, managedKeys(line.managedFields(operation.feed), operation));
  const body = differenceTo(line, operation, found.contact);
  if (body === null) {
    const drift = 'was in Workshop already, with these values';
    return { outcome: { kind: 'applied', contact: held, drift }, status, attempts };
  }
  const change: Operation = { ...operation, kind: 'update', body, before: held };
  const sent = await line.pace.send(noting(doubt, () => line.contacts.update(operation.externalId, body)));
  if (sent.kind === 'not_sent') return { outcome: { kind: 'not_sent' }, status, attempts };
  const outcome = outcomeOf(change, sent.answer, doubt.isOpen);
  return { outcome: outcomeOfCreate(outcome, error), status: sent.answer.status, attempts: attempts + sent.attempts };
}

/** What a contact lacks of the state that a create asks for; null: nothing. */
export function differenceTo(line: Line, operation: Operation, found: FoundContact): ContactBody | null {
  const { body, feed } = operation;
  invariant(body !== null, 'only a create or an update is compared with what Workshop has');
  const fields = line.managedFields(feed);
  return bodyToConverge(managedPart(found, managedKeys(fields, operation)), body, fields);
}

function outcomeOfCreate(outcome: Outcome, error: string): Outcome {
  if (outcome.kind === 'applied') {
    return { ...outcome, drift: 'was in Workshop already, with other values; it was updated' };
  }
  // It vanished between the two questions.
  return outcome.kind === 'gone' ? { kind: 'refused', error } : outcome;
}
