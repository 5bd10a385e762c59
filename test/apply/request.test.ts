// One operation against a real emulator: whatever happens between the question and the answer, an attempt that may
// have been carried out is known to have been, known not to have been, or in doubt.

import { describe, expect, it } from 'vitest';
import { recreate, request } from '../../src/apply/request.ts';
import type { Contacts } from '../../src/contacts/contacts.ts';
import { InterruptedError } from '../../src/errors.ts';
import type { Operation } from '../../src/plan/operation.ts';
import { contact, createOperation, deleteOperation, updateOperation } from '../support/people.ts';
import { newWorkshop, type Workshop } from '../support/workshop.ts';

const LOST = { status: 502, after_commit: true, count: 1 };
const ana = contact();
const toBoston = { attributes: { office: 'Boston' } };

/** The parts of a run that is asked to end as soon as this request was answered. */
function stoppedAfter(workshop: Workshop, method: keyof Contacts) {
  const real = workshop.contacts;
  const parts = workshop.parts({
    ...real,
    [method]: async (...args: unknown[]) => {
      const answer = await (real[method] as (...all: unknown[]) => Promise<unknown>)(...args);
      parts.pace.stop(new InterruptedError('SIGTERM'));
      return answer;
    },
  });
  return parts;
}

describe('a refusal after an attempt without an answer', () => {
  it('is a refusal when the contact is as it was', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana);
    await workshop.faults({ method: 'PATCH', status: 502, count: 1 }, { method: 'PATCH', status: 422 });
    const { outcome } = await request(workshop.parts(), updateOperation(ana, toBoston));
    expect(outcome.kind).toBe('refused');
  });

  it('leaves the update in doubt when the contact has changed', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana);
    await workshop.faults({ method: 'PATCH', ...LOST }, { method: 'PATCH', status: 422 });
    const { outcome } = await request(workshop.parts(), updateOperation(ana, toBoston));
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: true });
  });

  it('of a delete is a refusal while the contact is there', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana);
    await workshop.faults({ method: 'DELETE', status: 502, count: 1 }, { method: 'DELETE', status: 422 });
    expect((await request(workshop.parts(), deleteOperation(ana))).outcome.kind).toBe('refused');
  });

  it('of a create that was looked for in between is a refusal', async () => {
    const workshop = await newWorkshop();
    await workshop.faults({ method: 'POST', status: 502, count: 1 }, { method: 'POST', status: 422 });
    expect((await request(workshop.parts(), createOperation())).outcome.kind).toBe('refused');
    // A 404 is asked about again, because what was just made may not be found for a moment.
    expect(await workshop.requests()).toEqual(['POST 1001', 'GET 1001', 'GET 1001', 'GET 1001', 'POST 1001']);
  });
});

describe('a stop', () => {
  it.each([
    ['create', createOperation()],
    ['update', updateOperation(ana, toBoston)],
    ['remove', deleteOperation(ana)],
  ] as const)('after an ambiguous %s leaves it in doubt', async (method, operation) => {
    const workshop = await newWorkshop();
    if (operation.kind !== 'create') await workshop.have(ana);
    await workshop.faults({ status: 502, after_commit: true });
    const { outcome } = await request(stoppedAfter(workshop, method), operation);
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: true });
  });

  it('after a look-up that found something else than the ambiguous create leaves it in doubt', async () => {
    const workshop = await newWorkshop();
    await workshop.have(contact({ lastName: 'Sanz' }));
    await workshop.faults({ method: 'POST', ...LOST });
    const { outcome } = await request(stoppedAfter(workshop, 'find'), createOperation());
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: true });
  });

  it('after a plain conflict has sent nothing', async () => {
    const workshop = await newWorkshop();
    await workshop.have(contact({ lastName: 'Sanz' }));
    for (const method of ['create', 'find'] as const) {
      const { outcome } = await request(stoppedAfter(workshop, method), createOperation());
      expect(outcome).toEqual({ kind: 'not_sent' });
    }
  });

  it('after a 404 has sent nothing', async () => {
    const workshop = await newWorkshop();
    const { outcome } = await request(stoppedAfter(workshop, 'update'), updateOperation(ana, toBoston));
    expect(outcome).toEqual({ kind: 'not_sent' });
  });
});

describe('a create', () => {
  it('whose answers are all lost is sent once and settled as ours', async () => {
    const workshop = await newWorkshop();
    await workshop.faults({ method: 'POST', ...LOST });
    expect(await request(workshop.parts(), createOperation())).toMatchObject({
      outcome: { kind: 'applied', contact: ana, drift: null },
    });
    expect(await workshop.requests()).toEqual(['POST 1001', 'GET 1001']);
  });

  it('stays in doubt when nobody answers the look-up', async () => {
    const workshop = await newWorkshop();
    await workshop.faults({ method: 'POST', ...LOST }, { method: 'GET', status: 503 });
    const { outcome } = await request(workshop.parts(), createOperation());
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: true });
    expect((await workshop.requests()).filter((each) => each === 'POST 1001')).toHaveLength(1);
  });

  it('is in doubt when the change to what it met may have been carried out', async () => {
    const workshop = await newWorkshop();
    await workshop.have(contact({ lastName: 'Sanz' }));
    await workshop.faults({ method: 'PATCH', status: 502, after_commit: true });
    const { outcome } = await request(workshop.parts(), createOperation());
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: true });
  });

  it('is not in doubt when Workshop said that somebody is there, and no more', async () => {
    const workshop = await newWorkshop();
    await workshop.have(contact({ lastName: 'Sanz' }));
    await workshop.faults({ method: 'GET', status: 503 });
    const { outcome } = await request(workshop.parts(), createOperation());
    expect(outcome).toMatchObject({ kind: 'abandoned', inDoubt: false });
  });
});

describe('a re-key', () => {
  const rekey: Operation = { ...updateOperation(ana, { external_id: '2002' }), kind: 'rekey' };

  it('whose answer was lost is not taken for a contact that is gone', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana);
    await workshop.faults({ method: 'PATCH', ...LOST });
    const { outcome } = await request(workshop.parts(), rekey);
    expect(outcome).toEqual({ kind: 'applied', contact: { ...ana, externalId: '2002' }, drift: null });
  });

  it('of a contact that is gone makes it anew under the new id', async () => {
    const workshop = await newWorkshop();
    const parts = workshop.parts();
    expect((await request(parts, rekey)).outcome.kind).toBe('gone');
    expect((await recreate(parts, rekey)).outcome.kind).toBe('applied');
    expect(await workshop.held()).toEqual([{ ...ana, externalId: '2002' }]);
  });
});
