// Draining the journal against a real emulator and a real store: what becomes of every operation, also when the
// journal cannot be written.

import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import { recover } from '../../src/apply/recover.ts';
import { confirmTenant } from '../../src/apply/tenant.ts';
import { InterruptedError } from '../../src/errors.ts';
import { contact, createOperation, deleteOperation, updateOperation } from '../support/people.ts';
import { newWorkshop, type Workshop } from '../support/workshop.ts';

const crowd = Array.from({ length: 30 }, (_, index) => contact({ externalId: String(5000 + index) }));
const toBoston = { attributes: { office: 'Boston' } };

function states({ store }: Workshop): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of store.journal.entries('run-1')) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

async function snapshotEqualsWorkshop(workshop: Workshop): Promise<void> {
  const held = await workshop.held();
  expect(held.map(({ externalId }) => workshop.store.snapshot.find(externalId))).toEqual(held);
  expect(workshop.store.snapshot.count()).toBe(held.length);
}

describe('applying a plan', () => {
  it('in its order, where whoever waits for a value is sent once it is given up', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    const [leaver = contact(), mover = contact()] = crowd;
    // The joiner has the email that the leaver gives up.
    const joiner = createOperation({ externalId: '9001', email: leaver.email });
    workshop.planInOrder([2, 1], deleteOperation(leaver), joiner, updateOperation(mover, toBoston));
    await workshop.faults({ method: 'DELETE', delay_ms: 100 });
    const counts: number[] = [];
    await applyPlan({ ...workshop.parts(), onSettled: (count) => counts.push(count) });
    expect(states(workshop)).toEqual({ applied: 3 });
    expect(counts).toEqual([1, 2, 3]);
    const ofBoth = (await workshop.requests()).filter((request) => !request.startsWith('PATCH'));
    expect(ofBoth).toEqual(['DELETE 5000', 'POST 9001']);
    await snapshotEqualsWorkshop(workshop);
  });

  it('does not send whoever waits for an operation that was refused', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    const [leaver = contact(), mover = contact()] = crowd;
    const joiner = createOperation({ externalId: '9001', email: leaver.email });
    const next = createOperation({ externalId: '9002' });
    workshop.planInOrder([2, 1], deleteOperation(leaver), joiner, updateOperation(mover, toBoston), next);
    await workshop.faults({ method: 'DELETE', status: 422, body: { error: 'no' } });
    await applyPlan(workshop.parts());
    expect(states(workshop)).toEqual({ refused: 1, pending: 1, applied: 2 });
    expect(await workshop.requests()).not.toContain('POST 9001');
  });

  it('has the intention on disk before the request leaves', async () => {
    const workshop = await newWorkshop();
    workshop.plan(createOperation());
    const parts = workshop.parts({
      ...workshop.contacts,
      create: async (body) => {
        expect(workshop.store.journal.inDoubt()).toHaveLength(1);
        expect(workshop.store.database.inTransaction).toBe(false);
        return await workshop.contacts.create(body);
      },
    });
    await applyPlan(parts);
    expect(states(workshop)).toEqual({ applied: 1 });
  });

  it('has nothing in flight when it was asked to end before the first request', async () => {
    const workshop = await newWorkshop();
    workshop.plan(...crowd.map(({ externalId }) => createOperation({ externalId })));
    const parts = workshop.parts();
    parts.pace.stop(new InterruptedError('SIGTERM'));
    await applyPlan(parts);
    expect(states(workshop)).toEqual({ pending: 30 });
    expect(await workshop.requests()).toEqual([]);
  });
});

describe('a journal that cannot be written', () => {
  it.each([1, 2, 5, 6, 20])(
    'from the %ith write on ends the run, sends nothing new, and loses nothing',
    async (failing) => {
      const workshop = await newWorkshop();
      await workshop.have(...crowd);
      const updates = crowd.slice(0, 10).map((held) => updateOperation(held, toBoston));
      const creates = ['9001', '9002', '9003', '9004'].map((externalId) => createOperation({ externalId }));
      workshop.plan(...creates, ...updates, ...crowd.slice(20, 24).map(deleteOperation));
      let writeCount = 0;
      let failedAt = Number.POSITIVE_INFINITY;
      const parts = workshop.parts();
      const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      const commit = (write: () => void) => {
        writeCount += 1;
        if (writeCount < failing) return parts.commit(write);
        failedAt = Math.min(failedAt, writeCount);
        return Promise.reject(full);
      };
      await expect(applyPlan({ ...parts, commit })).rejects.toBe(full);
      expect(parts.pace.stopped).not.toBeNull();
      // Nothing was sent whose intention is not on disk.
      const sent = (await workshop.requests()).map((each) => each.split(' ')[1]);
      const pending = [...workshop.store.journal.entries('run-1')].filter(({ state }) => state === 'pending');
      expect(pending.filter(({ externalId }) => sent.includes(externalId))).toEqual([]);
      await recover(workshop.parts());
      expect(workshop.store.journal.inDoubt()).toEqual([]);
      await snapshotEqualsWorkshop(workshop);
    },
  );
});

describe('contacts that vanished', () => {
  it('in the middle of others are made anew at the end', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    for (const externalId of ['5003', '5009']) await workshop.remove(externalId);
    workshop.plan(...crowd.map((held) => updateOperation(held, toBoston)));
    await applyPlan(workshop.parts());
    expect(states(workshop)).toEqual({ applied: 30 });
    expect((await workshop.requests()).slice(-2)).toEqual(['POST 5003', 'POST 5009']);
    expect(workshop.store.journal.drift('run-1').map(({ externalId }) => externalId)).toEqual(['5003', '5009']);
    await snapshotEqualsWorkshop(workshop);
  });

  it('are forgotten when they cannot be made anew', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    for (const externalId of ['5003', '5009']) await workshop.remove(externalId);
    await workshop.faults({ method: 'POST', external_id: '5003', status: 422 }, { method: 'POST', status: 425 });
    workshop.plan(...crowd.map((held) => updateOperation(held, toBoston)));
    await applyPlan(workshop.parts());
    expect(states(workshop)).toEqual({ applied: 28, refused: 1, abandoned: 1 });
    await snapshotEqualsWorkshop(workshop);
  });
});

describe('whether it is still our Workshop', () => {
  it('is known from one contact of the snapshot', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    await confirmTenant(workshop.parts());
    expect(await workshop.requests()).toEqual(['GET 5000']);
  });

  it('is known also when many were removed, as long as somebody is there', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    for (const { externalId } of crowd.slice(0, 20)) await workshop.remove(externalId);
    await confirmTenant(workshop.parts());
  });

  it('cannot be told from nobody or from a single contact', async () => {
    const workshop = await newWorkshop();
    await confirmTenant(workshop.parts());
    await workshop.have(contact());
    await workshop.remove('1001');
    await confirmTenant(workshop.parts());
  });

  it('is not when none of several is there', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd);
    for (const { externalId } of crowd) await workshop.remove(externalId);
    await expect(confirmTenant(workshop.parts())).rejects.toThrow('does not know 10 of 10 contacts');
  });

  it('is not known while nobody answers', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...crowd.slice(0, 3));
    await workshop.faults({ status: 503, body: { error: 'maintenance' } });
    await expect(confirmTenant(workshop.parts())).rejects.toThrow(
      'does not answer as it should: it answered with status 503',
    );
  });
});
