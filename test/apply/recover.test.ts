// Operations in doubt against a real emulator and a real store. The crash matrix is made of the states, the kinds, and
// whether Workshop had carried the operation out.

import { describe, expect, it } from 'vitest';
import { recover } from '../../src/apply/recover.ts';
import { OPERATION_STATES, type Operation, type OperationState } from '../../src/plan/operation.ts';
import type { JournalEntry } from '../../src/store/journal.ts';
import type { Store } from '../../src/store/store.ts';
import { contact, createOperation, deleteOperation, updateOperation } from '../support/people.ts';
import { newWorkshop, type Workshop } from '../support/workshop.ts';

const ana = contact({ attributes: { department: 'Sales', office: 'Austin' } });
const others = ['7001', '7002'].map((externalId) => contact({ externalId }));
const settlement = { status: 502, attempts: 3, error: 'bad gateway', drift: null, atMs: 3 };

const OPERATIONS: Record<string, Operation> = {
  create: createOperation({ externalId: '2002' }),
  update: updateOperation(ana, { last_name: 'Sanz', attributes: { office: null } }),
  rekey: { ...updateOperation(ana, { external_id: '3003' }), kind: 'rekey' },
  delete: deleteOperation(ana),
};

/** How a crash may leave an operation, and what the journal then says. */
const LEFT: Record<OperationState, (store: Store, entry: JournalEntry) => void> = {
  pending: () => undefined,
  in_flight: (store, { id }) => store.journal.start(id),
  applied: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.refused(entry, settlement);
    store.database.exec("UPDATE operation SET state = 'applied', refused_runs = NULL");
  },
  refused: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.refused(entry, settlement);
  },
  abandoned: (store, entry) => {
    store.journal.start(entry.id);
    store.journal.abandoned(entry, settlement, true);
  },
  held: (store) => store.database.exec("UPDATE operation SET state = 'held', guard = 'deletes'"),
  superseded: (store) => store.journal.supersedePending('run-1'),
};
const IN_DOUBT: readonly OperationState[] = ['in_flight', 'abandoned'];

async function carryOut({ contacts }: Workshop, { kind, externalId, body }: Operation): Promise<void> {
  if (body === null) await contacts.remove(externalId);
  else if (kind === 'create') await contacts.create(body);
  else await contacts.update(externalId, body);
}

function snapshot({ store }: Workshop, ids: readonly string[]) {
  return ids.map((externalId) => store.snapshot.find(externalId)).filter((held) => held !== null);
}

describe.each(OPERATION_STATES)('an operation that a crash left %s', (state) => {
  describe.each(Object.entries(OPERATIONS))('to %s', (kind, operation) => {
    it.each([
      ['had been carried out', true],
      ['had not', false],
    ])('and that %s', async (_, carriedOut) => {
      const workshop = await newWorkshop();
      await workshop.have(ana, ...others);
      const [entry] = workshop.plan(operation);
      if (entry === undefined) throw new Error('nothing is planned');
      LEFT[state](workshop.store, entry);
      if (carriedOut) await carryOut(workshop, operation);
      const before = (await workshop.requests()).length;

      const recovered = await recover(workshop.parts());

      const isAsked = IN_DOUBT.includes(state);
      const outcome = carriedOut ? 'applied' : 'not applied';
      const { externalId } = operation;
      expect(recovered).toEqual(isAsked ? [{ kind, externalId, run: 'run-1', outcome }] : []);
      if (!isAsked) return expect(await workshop.requests()).toHaveLength(before);
      expect(workshop.store.journal.inDoubt()).toEqual([]);
      const [left] = workshop.store.journal.entries('run-1');
      const settled = { in_flight: carriedOut ? 'applied' : 'superseded', abandoned: 'abandoned' } as const;
      expect(left?.state).toBe(settled[state as keyof typeof settled]);
      const held = await workshop.held();
      expect(snapshot(workshop, ['1001', '2002', '3003', '7001', '7002'])).toEqual(held);
      expect(workshop.store.snapshot.count()).toBe(held.length);
    });
  });
});

describe('recovering', () => {
  it('takes what Workshop has, whatever that is', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana, ...others);
    const [entry] = workshop.plan(updateOperation(ana, { last_name: 'Sanz' }));
    workshop.store.journal.start(entry?.id ?? 0);
    const attributes = { nickname: 'Annie', shoe_size: '43' };
    await workshop.contacts.update('1001', { first_name: 'Anna', attributes });
    await recover(workshop.parts());
    expect(workshop.store.snapshot.find('1001')).toEqual({
      ...ana,
      firstName: 'Anna',
      attributes: { ...ana.attributes, nickname: 'Annie' },
    });
  });

  it('forgets a contact that is not there any more, so that the next plan creates it', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana, ...others);
    const [entry] = workshop.plan(updateOperation(ana, { last_name: 'Sanz' }));
    workshop.store.journal.start(entry?.id ?? 0);
    await workshop.remove('1001');
    await recover(workshop.parts());
    expect(workshop.store.snapshot.find('1001')).toBeNull();
    expect(workshop.store.journal.inDoubt()).toEqual([]);
  });

  it('remembers a row only for a contact that equals it', async () => {
    const workshop = await newWorkshop();
    await workshop.have(...others);
    const operations = ['1001', '1002'].map((externalId) => createOperation({ externalId }));
    const entries = workshop.plan(
      ...operations.map((operation) => ({ ...operation, fingerprint: `row ${operation.externalId}` })),
    );
    for (const { id } of entries) workshop.store.journal.start(id);
    for (const operation of operations) await carryOut(workshop, operation);
    await workshop.contacts.update('1002', { last_name: 'Sanz' });
    await recover(workshop.parts());
    expect(workshop.store.snapshot.recogniser('employees')('row 1001')).not.toBeNull();
    expect(workshop.store.snapshot.recogniser('employees')('row 1002')).toBeNull();
  });

  it('keeps what it learnt when Workshop stops answering, and the doubt about the rest', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana, ...others);
    const entries = workshop.plan(deleteOperation(ana), createOperation({ externalId: '2002' }));
    for (const { id } of entries) workshop.store.journal.start(id);
    await workshop.remove('1001');
    await workshop.faults({ external_id: '2002', status: 503 }, { path: 'limit=1', status: 503 });
    await expect(recover(workshop.parts())).rejects.toThrow('Workshop could not be asked');
    expect(workshop.store.snapshot.find('1001')).toBeNull();
    expect(workshop.store.journal.inDoubt().map(({ externalId }) => externalId)).toEqual(['2002']);
  });

  it('believes nothing in a Workshop where nobody of the snapshot is', async () => {
    const workshop = await newWorkshop();
    await workshop.have(ana, ...others);
    const entries = workshop.plan(deleteOperation(ana), updateOperation(others[0] ?? ana, { last_name: 'Sanz' }));
    for (const { id } of entries) workshop.store.journal.start(id);
    for (const externalId of ['1001', '7001', '7002']) await workshop.remove(externalId);
    await expect(recover(workshop.parts())).rejects.toThrow('does not know 2 of 2 contacts');
    expect(workshop.store.snapshot.count()).toBe(3);
    expect(workshop.store.journal.inDoubt()).toHaveLength(2);
  });
});
