// Sends one operation and asks what must be asked before an answer can be believed: was the create carried out
// although no answer came, whose contact is it that exists already, is the contact truly gone.

import type { Answer } from '../contacts/contacts.ts';
import { invariant } from '../invariant.ts';
import { bodyToRecreate } from '../plan/decide.ts';
import type { Operation } from '../plan/operation.ts';
import { converge, convergeFrom } from './converge.ts';
import { type Doubt, find, findSurely, type Line, noting, wordsOf } from './line.ts';
import { isSame, managedKeys, managedPart } from './managed.ts';
import { contactOf, GONE, keepDoubt, type Outcome, outcomeOf } from './outcome.ts';
import type { Sent } from './pace.ts';
import type { Meaning } from './stop-rules.ts';

/** An outcome and what it took: the status of the deciding answer and the number of requests for this operation. */
export interface Requested {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly attempts: number;
}

const NOT_FOUND_TO_WRITE = 'Workshop answers that it does not have this contact, and yet finds it when it is asked';
const VANISHED = 'the contact vanished from Workshop while it was changed';
const NOT_SENT: Requested = { outcome: { kind: 'not_sent' }, status: null, attempts: 0 };

/** Sends an operation until its outcome is known, or known to be in doubt. Never throws for what the API does. */
export async function request(line: Line, operation: Operation): Promise<Requested> {
  const doubt: Doubt = { isOpen: false, wasOpen: false };
  const requested = await ask(line, operation, doubt);
  return doubt.isOpen ? { ...requested, outcome: keepDoubt(requested.outcome) } : requested;
}

/** Makes a contact anew that vanished from Workshop: as it was, plus what the operation wanted. */
export async function recreate(line: Line, operation: Operation): Promise<Requested> {
  const contact = contactOf(operation);
  invariant(contact !== null, 'only an update can find its contact gone and want it back');
  const { externalId } = contact;
  const create: Operation = { ...operation, kind: 'create', externalId, body: bodyToRecreate(contact), before: null };
  const requested = await request(line, create);
  const { outcome } = requested;
  return outcome.kind === 'applied' ? { ...requested, outcome: { ...outcome, drift: GONE } } : requested;
}

async function ask(line: Line, operation: Operation, doubt: Doubt): Promise<Requested> {
  const sent = await send(line, operation, doubt);
  const requested = requestedFrom(operation, sent, doubt);
  const { outcome } = requested;
  if (operation.kind === 'create' && sent.kind === 'answered' && sent.answer.kind === 'ok' && sent.answer.contact)
    return await convergeFrom(line, operation, doubt, { ...requested, found: sent.answer.contact, error: VANISHED });
  if (outcome.kind === 'exists') return await converge(line, operation, doubt, { ...requested, error: outcome.error });
  if (outcome.kind === 'gone') return await confirmGone(line, operation, doubt, requested);
  if (outcome.kind === 'refused' && doubt.isOpen) await lookWhetherRefused(line, operation, doubt);
  return requested;
}

async function send(line: Line, operation: Operation, doubt: Doubt, isThere = false): Promise<Sent> {
  const { contacts, pace } = line;
  const { externalId, body } = operation;
  const meaning = (answer: Answer) => meaningOf(line, operation, answer, isThere);
  if (body === null) {
    const remove = noting(doubt, () => contacts.remove(externalId));
    return await pace.send(remove, { meaning });
  }
  if (operation.kind !== 'create') {
    const update = noting(doubt, () => contacts.update(externalId, body));
    return await pace.send(update, { meaning });
  }
  const create = noting(doubt, () => contacts.create(body));
  const beforeRepeat = (last: Answer) => answerFromLookUp(line, operation, doubt, last);
  return await pace.send(create, { beforeRepeat, meaning });
}

/** Answers that say something about this contact, and nothing about how well Workshop is. */
function meaningOf({ refusedBefore }: Line, operation: Operation, answer: Answer, isThere: boolean): Meaning {
  if (answer.kind === 'not_found') return operation.kind === 'create' || isThere ? 'as it is' : 'nothing';
  if (answer.kind === 'conflict' && operation.kind === 'create') return 'fine';
  const isNo = answer.kind === 'refused' || answer.kind === 'conflict';
  return isNo && refusedBefore(operation) ? 'fine' : 'as it is';
}

function requestedFrom(operation: Operation, sent: Sent, doubt: Doubt): Requested {
  if (sent.kind === 'not_sent') return NOT_SENT;
  const { answer, attempts } = sent;
  return { outcome: outcomeOf(operation, answer, doubt.isOpen), status: answer.status, attempts };
}

/** Before a create is repeated: if the contact is there, the attempt without an answer was carried out. */
async function answerFromLookUp(line: Line, operation: Operation, doubt: Doubt, last: Answer): Promise<Answer | null> {
  const found = await findSurely(line, operation.externalId);
  if (found?.kind !== 'not_found') return found?.kind === 'ok' ? found : last;
  doubt.isOpen = false;
  return null;
}

/** A 404 is asked again before it is believed; the write to a contact that is there after all is repeated once. */
async function confirmGone(line: Line, operation: Operation, doubt: Doubt, requested: Requested): Promise<Requested> {
  // Whoever is to be removed is not made anew either: once is enough.
  const found = await (operation.kind === 'delete' ? find : findSurely)(line, operation.externalId);
  if (found?.kind === 'not_found') return await confirmNotMoved(line, operation, doubt, requested);
  if (found === null) return NOT_SENT;
  if (found.kind !== 'ok') {
    return { ...requested, outcome: { kind: 'abandoned', error: wordsOf(found), inDoubt: false } };
  }
  const again = requestedFrom(operation, await send(line, operation, doubt, true), doubt);
  const attempts = requested.attempts + again.attempts;
  // Whom a look-up finds is not gone, whatever the write is told.
  if (again.outcome.kind === 'gone')
    return { ...again, attempts, outcome: { kind: 'refused', error: NOT_FOUND_TO_WRITE } };
  return { ...again, attempts };
}

/** A repeated re-key finds the former id gone because the attempt before it was carried out. */
async function confirmNotMoved(
  line: Line,
  operation: Operation,
  doubt: Doubt,
  requested: Requested,
): Promise<Requested> {
  const wanted = contactOf(operation);
  if (wanted === null || wanted.externalId === operation.externalId) return requested;
  const found = await findSurely(line, wanted.externalId);
  if (found === null) return NOT_SENT;
  // If it may have moved, then it is not gone because nobody finds it: the next run asks again.
  if (found.kind !== 'ok' && (doubt.isOpen || found.kind !== 'not_found'))
    return { ...requested, outcome: { kind: 'abandoned', error: wordsOf(found), inDoubt: doubt.isOpen } };
  if (found.kind !== 'ok' || found.contact === null) return requested;
  const held = managedPart(found.contact, managedKeys(line.managedFields(operation.feed), operation));
  if (!isSame(held, wanted)) return requested;
  return { ...requested, outcome: { kind: 'applied', contact: wanted, drift: null } };
}

/** A no after an attempt without an answer: if the contact is as it was before, nothing was carried out. */
async function lookWhetherRefused(line: Line, operation: Operation, doubt: Doubt): Promise<void> {
  const { before, feed } = operation;
  const found = await find(line, operation.externalId);
  if (found?.kind !== 'ok' || found.contact === null || before === null) return;
  if (operation.kind === 'delete') {
    doubt.isOpen = false;
    return;
  }
  const held = managedPart(found.contact, managedKeys(line.managedFields(feed), operation));
  if (isSame(held, before)) doubt.isOpen = false;
}
