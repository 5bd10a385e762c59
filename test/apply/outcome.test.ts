// What an answer means for the operation that asked.

import { describe, expect, it } from 'vitest';
import { contactOf, GONE, keepDoubt, outcomeOf } from '../../src/apply/outcome.ts';
import type { Answer } from '../../src/contacts/contacts.ts';
import type { Operation } from '../../src/plan/operation.ts';
import { contact, createOperation, deleteOperation, updateOperation } from '../support/people.ts';

const before = contact({ attributes: { department: 'Sales', office: 'Austin' } });
const create = createOperation();
const update = updateOperation(before, { last_name: 'Sanz', attributes: { office: null } });
const remove = deleteOperation(before);

const ok: Answer = { kind: 'ok', status: 200, contact: null };
const notFound: Answer = { kind: 'not_found', status: 404, message: 'nobody' };
const conflict: Answer = { kind: 'conflict', status: 409, message: 'taken' };
const refused: Answer = { kind: 'refused', status: 422, message: 'bad' };
const clear: Answer = { kind: 'transient', status: null, message: 'refused connection', ambiguous: false };
const ambiguous: Answer = { kind: 'transient', status: 502, message: 'bad gateway', ambiguous: true };
const fatal: Answer = { kind: 'fatal', status: 401, message: 'key' };
const rateLimited: Answer = { kind: 'rate_limited', status: 429, retryAfterMs: null };

interface Asked {
  readonly operation: Operation;
  readonly answer: Answer;
  readonly inDoubt?: boolean;
}

function gone(drift: string | null, inDoubt: boolean) {
  return { kind: 'gone', drift, inDoubt } as const;
}

function abandoned(error: string, inDoubt = true) {
  return { kind: 'abandoned', error, inDoubt };
}

describe('a yes', () => {
  it('makes the contact what the operation asked for', () => {
    expect(outcomeOf(create, ok, false)).toEqual({ kind: 'applied', contact: contactOf(create), drift: null });
    const changed = { ...before, lastName: 'Sanz', attributes: { department: 'Sales' } };
    expect(outcomeOf(update, ok, false)).toEqual({ kind: 'applied', contact: changed, drift: null });
    expect(outcomeOf(remove, ok, true)).toEqual({ kind: 'applied', contact: null, drift: null });
  });
});

describe('any other answer', () => {
  it.each([
    ['a 404 to a create', { operation: create, answer: notFound }, { kind: 'refused', error: 'nobody' }],
    ['a 404 to an update', { operation: update, answer: notFound }, gone(GONE, false)],
    ['a 404 to an update in doubt', { operation: update, answer: notFound, inDoubt: true }, gone(GONE, true)],
    ['a 404 to a delete', { operation: remove, answer: notFound }, gone(GONE, false)],
    ['a 404 to a delete in doubt', { operation: remove, answer: notFound, inDoubt: true }, gone(null, true)],
    ['a conflict of a create', { operation: create, answer: conflict }, { kind: 'exists', error: 'taken' }],
    ['a conflict of an update', { operation: update, answer: conflict }, { kind: 'refused', error: 'taken' }],
    ['a refusal', { operation: update, answer: refused }, { kind: 'refused', error: 'bad' }],
    ['no connection', { operation: create, answer: clear }, abandoned('refused connection', false)],
    ['no connection after doubt', { operation: create, answer: clear, inDoubt: true }, abandoned('refused connection')],
    ['an ambiguous failure', { operation: remove, answer: ambiguous }, abandoned('bad gateway')],
    ['a refused key', { operation: update, answer: fatal }, { kind: 'not_sent' }],
    ['a 429 at the end of the run', { operation: update, answer: rateLimited }, { kind: 'not_sent' }],
  ])('%s', (_, { operation, answer, inDoubt = false }: Asked, outcome) => {
    expect(outcomeOf(operation, answer, inDoubt)).toEqual(outcome);
  });
});

describe('doubt', () => {
  it('survives everything but a yes', () => {
    const applied = outcomeOf(update, ok, true);
    expect(keepDoubt(applied)).toEqual(applied);
    expect(keepDoubt(gone(GONE, false))).toEqual(gone(GONE, true));
    expect(keepDoubt({ kind: 'not_sent' })).toMatchObject({ kind: 'abandoned', inDoubt: true });
    for (const outcome of [
      { kind: 'refused', error: 'bad' },
      { kind: 'exists', error: 'bad' },
      { kind: 'abandoned', error: 'bad', inDoubt: false },
    ] as const)
      expect(keepDoubt(outcome)).toEqual({ kind: 'abandoned', error: 'bad', inDoubt: true });
  });
});
