// A create met something that is there already (specification §9, "Converging"): what equals it is settled, another
// state is changed to the wanted one, and a value that somebody else has is a refusal.

import type { FoundContact } from '../contacts/contacts.ts';
import { invariant } from '../invariant.ts';
import type { Operation } from '../plan/operation.ts';
import { type Doubt, find, findSurely, type Line, noting, wordsOf } from './line.ts';
import { bodyToConverge, managedKeys, managedPart } from './managed.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Somebody has this external_id; with 422 it is a value that is taken, and by whom is not said. */
const EXISTS = 409;

/** How the create ended that met something. */
interface Met {
  /** The words of the conflict. */
  readonly error: string;
  readonly status: number | null;
  readonly attempts: number;
}

interface Converged {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly attempts: number;
}

/** Looks up what a create met, brings it to the wanted state, and gives the outcome of the create. */
export async function converge(line: Line, operation: Operation, doubt: Doubt, met: Met): Promise<Converged> {
  const { error, status, attempts } = met;
  // After a lost answer it may well be our own contact that it met, and that is not found yet.
  const isSomewhere = doubt.wasOpen || status === EXISTS;
  const found = await (isSomewhere ? findSurely : find)(line, operation.externalId);
  if (found?.kind === 'ok' && found.contact !== null)
    return await convergeFrom(line, operation, doubt, { ...met, found: found.contact });
  if (found === null) return { outcome: { kind: 'not_sent' }, status, attempts };
  if (found.kind === 'not_found') {
    if (doubt.wasOpen) doubt.isOpen = true;
    return { outcome: { kind: 'refused', error }, status, attempts };
  }
  return { outcome: { kind: 'abandoned', error: wordsOf(found), inDoubt: doubt.isOpen }, status, attempts };
}

/** Brings the contact that a create met to the wanted state. */
export async function convergeFrom(
  line: Line,
  operation: Operation,
  doubt: Doubt,
  { found, error, status, attempts }: Met & { readonly found: FoundContact },
): Promise<Converged> {
  invariant(operation.body !== null, 'only a create meets a contact that is there already');
  const fields = line.managedFields(operation.feed);
  const held = managedPart(found, managedKeys(fields, operation));
  const body = bodyToConverge(held, operation.body, fields);
  if (body === null) {
    const drift = doubt.isOpen ? null : 'was in Workshop already, with these values';
    return { outcome: { kind: 'applied', contact: held, drift }, status, attempts };
  }
  const sent = await line.pace.send(noting(doubt, () => line.contacts.update(operation.externalId, body)));
  if (sent.kind === 'not_sent') return { outcome: { kind: 'not_sent' }, status, attempts };
  const outcome = outcomeOf({ ...operation, kind: 'update', body, before: held }, sent.answer, doubt.isOpen);
  return { outcome: outcomeOfCreate(outcome, error), status: sent.answer.status, attempts: attempts + sent.attempts };
}

function outcomeOfCreate(outcome: Outcome, error: string): Outcome {
  if (outcome.kind === 'applied') {
    return { ...outcome, drift: 'was in Workshop already, with other values; it was updated' };
  }
  // It vanished between the two questions.
  return outcome.kind === 'gone' ? { kind: 'refused', error } : outcome;
}
