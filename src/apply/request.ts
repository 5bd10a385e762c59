// Sends one operation and asks what must be asked before an answer can be believed: was the create carried out
// although no answer came, whose contact is it that exists already, is the contact truly gone.

import type { Answer, Contacts, FoundContact } from '../contacts/contacts.ts';
import { invariant } from '../invariant.ts';
import { bodyBetween, bodyToRecreate } from '../plan/decide.ts';
import type { Contact, Operation } from '../plan/operation.ts';
import { contactOf, type Outcome, outcomeOf } from './outcome.ts';
import type { Pace, Sent } from './pace.ts';

export interface Line {
  readonly contacts: Contacts;
  readonly pace: Pace;
}

/** An outcome and what it took: the status of the deciding answer and the number of requests for this operation. */
export interface Requested {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly attempts: number;
}

/** Sends an operation until its outcome is known. Never throws for what the API does. */
export async function request(line: Line, operation: Operation): Promise<Requested> {
  const first = await send(line, operation);
  if (first.kind === 'not_sent') return { outcome: { kind: 'not_sent' }, status: null, attempts: 0 };
  const outcome = outcomeOf(operation, first.answer, first.attempts);
  const status = first.answer.kind === 'ok' || 'status' in first.answer ? first.answer.status : null;
  const requested: Requested = { outcome, status, attempts: first.attempts };
  if (outcome.kind === 'exists') return await converge(line, operation, requested, outcome.error);
  if (outcome.kind === 'gone') return await confirmGone(line, operation, requested);
  return requested;
}

/** Makes a contact anew that vanished from Workshop: as it was, plus what the operation wanted. */
export async function recreate(line: Line, operation: Operation): Promise<Requested> {
  const contact = contactOf(operation);
  invariant(contact !== null, 'only an update can find its contact gone and want it back');
  const requested = await request(line, { ...operation, kind: 'create', body: bodyToRecreate(contact), before: null });
  return requested.outcome.kind === 'applied' ? drifted(requested, contact, GONE) : requested;
}

/** What the report says of a contact that was not in Workshop any more. */
export const GONE = 'was no longer in Workshop';

async function send({ contacts, pace }: Line, operation: Operation): Promise<Sent> {
  const { externalId, body } = operation;
  if (body === null) return await pace.send(() => contacts.remove(externalId));
  if (operation.kind !== 'create') return await pace.send(() => contacts.update(externalId, body));
  return await pace.send(() => contacts.create(body), {
    beforeRepeat: (last) => answerFromLookUp({ contacts, pace }, operation, last),
    expected: (answer) => answer.kind === 'conflict',
  });
}

/** Before a create is repeated: if the contact is there, the attempt without an answer was carried out. */
async function answerFromLookUp(line: Line, operation: Operation, last: Answer): Promise<Answer | null> {
  const found = await find(line, operation.externalId);
  if (found.kind === 'not_found') return null;
  if (found.kind !== 'ok' || found.contact === null) return last;
  const differs = differenceTo(operation, found.contact) !== null;
  if (differs) return { kind: 'conflict', status: 409, message: 'A contact with this external_id exists already.' };
  return { kind: 'ok', status: 201, contact: null };
}

/** A create met something that is there already: ours or equal is settled, another state is changed to the wanted one. */
async function converge(line: Line, operation: Operation, requested: Requested, error: string): Promise<Requested> {
  const found = await find(line, operation.externalId);
  if (found.kind === 'not_found') return { ...requested, outcome: { kind: 'refused', error } };
  if (found.kind !== 'ok' || found.contact === null) {
    const message = 'message' in found ? found.message : 'the look-up was not answered';
    return { ...requested, outcome: { kind: 'abandoned', error: message, inDoubt: true } };
  }
  const wanted = contactOf(operation);
  const body = differenceTo(operation, found.contact);
  if (body === null) return drifted(requested, wanted, 'was in Workshop already, with these values');
  const sent = await line.pace.send(() => line.contacts.update(operation.externalId, body));
  if (sent.kind === 'not_sent') return { ...requested, outcome: { kind: 'not_sent' } };
  const outcome = outcomeOf({ ...operation, kind: 'update', body }, sent.answer, sent.attempts);
  const attempts = requested.attempts + sent.attempts;
  if (outcome.kind === 'applied') {
    return drifted({ ...requested, attempts }, wanted, 'was in Workshop already, with other values; it was updated');
  }
  return {
    status: sent.answer.status,
    attempts,
    outcome: outcome.kind === 'gone' ? { kind: 'refused', error } : outcome,
  };
}

/** A 404 is asked again before it is believed; an update of a contact that is there after all is repeated once. */
async function confirmGone(line: Line, operation: Operation, requested: Requested): Promise<Requested> {
  const found = await find(line, operation.externalId);
  if (found.kind === 'not_found') return requested;
  const attempts = requested.attempts;
  if (found.kind !== 'ok') {
    const error = 'message' in found ? found.message : 'the look-up was not answered';
    return { ...requested, outcome: { kind: 'abandoned', error, inDoubt: false } };
  }
  const again = await send(line, operation);
  if (again.kind === 'not_sent') return { ...requested, outcome: { kind: 'not_sent' } };
  const outcome = outcomeOf(operation, again.answer, again.attempts);
  return { outcome, status: again.answer.status, attempts: attempts + again.attempts };
}

/** Asks for a contact; a request that was never sent counts as a passing failure. */
export async function find({ contacts, pace }: Line, externalId: string): Promise<Answer> {
  const sent = await pace.send(() => contacts.find(externalId), { expected: (answer) => answer.kind === 'not_found' });
  if (sent.kind === 'answered') return sent.answer;
  return { kind: 'transient', status: null, message: 'the run ended before the look-up', ambiguous: false };
}

function differenceTo(operation: Operation, found: FoundContact) {
  const wanted = contactOf(operation);
  invariant(wanted !== null, 'only a create or an update is compared with what Workshop has');
  return bodyBetween(managedPart(found, wanted), wanted);
}

/** What others wrote into the contact is not ours to compare. */
export function managedPart(found: FoundContact, like: Contact): Contact {
  const keys = Object.keys(like.attributes).filter((key) => Object.hasOwn(found.attributes, key));
  const attributes = Object.fromEntries(keys.map((key) => [key, found.attributes[key] ?? '']));
  const { externalId, firstName, lastName, email } = found;
  // A create that gives no phone number does not ask for its absence.
  const phoneNumber = like.phoneNumber === null ? null : found.phoneNumber;
  return { externalId, firstName, lastName, email, phoneNumber, attributes };
}

function drifted(requested: Requested, contact: Contact | null, drift: string): Requested {
  return { ...requested, outcome: { kind: 'applied', contact, drift } };
}
