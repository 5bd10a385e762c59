// Rows that share an id, an email or a phone number: equal ones count once, the others are rejected,
// each naming the rest.

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/plan/decide.ts';
import { parseCanonicalEmployee } from '../../src/roster/canonical.ts';
import type { Employee, Row } from '../../src/roster/employee.ts';
import { settleDuplicates } from '../../src/store/duplicates.ts';
import type { Store } from '../../src/store/store.ts';
import { contact, employee } from '../support/people.ts';
import { confirm, newStore } from '../support/store.ts';

function row(line: number, changes: Partial<Employee>): Row {
  return { kind: 'employee', line, employee: employee(changes), fingerprint: `line-${line}` };
}

function settle(store: Store, rows: Row[]): string[] {
  store.staging.startFeed('employees');
  store.staging.add(rows);
  store.staging.index();
  settleDuplicates(store.database, store.staging, 'employees', (says, externalId) => {
    const known = store.snapshot.find(externalId);
    return known !== null && decide(parseCanonicalEmployee(says), known, new Set(['department'])) === null;
  });
  const { read, ...counts } = store.staging.counts();
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(read);
  return [...store.staging.rejects()].map((reject) => `${reject.line} ${reject.rule}: ${reject.message}`);
}

describe('two rows with one external_id', () => {
  it('count once when they say the same', () => {
    const store = newStore();
    expect(settle(store, [row(2, { externalId: 'A' }), row(5, { externalId: 'A' })])).toEqual([]);
    expect(store.staging.counts()).toMatchObject({ read: 2, accepted: 1, duplicate: 1, rejected: 0 });
  });

  it('are both rejected when they differ, each naming the other', () => {
    const store = newStore();
    const rejects = settle(store, [
      row(2, { externalId: 'A' }),
      row(5, { externalId: 'A', lastName: 'Other' }),
      row(6, { externalId: 'B' }),
    ]);
    expect(rejects).toHaveLength(2);
    expect(rejects[0]).toContain('2 duplicate_id: The same external_id stands on line 5');
    expect(rejects[1]).toContain('5 duplicate_id: The same external_id stands on line 2');
    expect(store.staging.counts()).toMatchObject({ accepted: 1, rejected: 2 });
  });

  it('are rejected when one of them could not be understood', () => {
    const store = newStore();
    const broken: Row = {
      kind: 'reject',
      reject: { line: 3, externalId: 'A', field: 'email', rule: 'email', message: 'no address' },
    };
    const rejects = settle(store, [row(2, { externalId: 'A' }), broken]);
    expect(rejects).toHaveLength(2);
    expect(store.staging.counts().accepted).toBe(0);
  });

  it('are rejected when one says employed and the other left', () => {
    const store = newStore();
    settle(store, [row(2, { externalId: 'A' }), { kind: 'left', line: 4, externalId: 'A' }]);
    expect(store.staging.counts()).toMatchObject({ accepted: 0, rejected: 2 });
  });

  it('count once when one is the row that the contact was confirmed from and the other says the same', () => {
    const store = newStore();
    confirm(store, [contact({ externalId: 'A' })]);
    const known: Row = { kind: 'known', line: 7, contactId: store.snapshot.recogniser('employees')('row-A') ?? 0 };
    expect(settle(store, [row(2, { externalId: 'A' }), known])).toEqual([]);
    expect(store.staging.counts()).toMatchObject({ accepted: 1, duplicate: 1 });
  });

  it('are rejected when one is known and the other says something else', () => {
    const store = newStore();
    confirm(store, [contact({ externalId: 'A' })]);
    const known: Row = { kind: 'known', line: 2, contactId: store.snapshot.recogniser('employees')('row-A') ?? 0 };
    const rejects = settle(store, [known, row(9, { externalId: 'A', lastName: 'Other' })]);
    expect(rejects.map((reject) => reject.split(':')[0])).toEqual(['2 duplicate_id', '9 duplicate_id']);
    expect(store.staging.knownCount()).toBe(0);
  });

  it('count once when the very same bytes stand twice', () => {
    const store = newStore();
    confirm(store, [contact({ externalId: 'A' })]);
    const contactId = store.snapshot.recogniser('employees')('row-A') ?? 0;
    settle(store, [
      { kind: 'known', line: 2, contactId },
      { kind: 'known', line: 3, contactId },
    ]);
    expect(store.staging.counts()).toMatchObject({ read: 2, accepted: 1, duplicate: 1 });
  });
});

describe('different people with one email', () => {
  it('are all rejected, whatever the case, and nobody else is', () => {
    const store = newStore();
    const rejects = settle(store, [
      row(2, { externalId: 'A', email: 'Shared@example.com' }),
      row(3, { externalId: 'B', email: 'shared@example.com' }),
      row(4, { externalId: 'C', email: 'shared@EXAMPLE.com' }),
      row(5, { externalId: 'D' }),
    ]);
    expect(rejects).toHaveLength(3);
    expect(rejects[0]).toContain('2 duplicate_email: The same email stands on lines 3 and 4');
    expect(store.staging.counts().accepted).toBe(1);
  });

  it('are rejected when one of them is a row that need not be read', () => {
    const store = newStore();
    confirm(store, [contact({ externalId: 'A', email: 'shared@example.com' })]);
    const known: Row = { kind: 'known', line: 2, contactId: store.snapshot.recogniser('employees')('row-A') ?? 0 };
    const rejects = settle(store, [known, row(3, { externalId: 'B', email: 'shared@example.com' })]);
    expect(rejects.map((reject) => reject.split(':')[0])).toEqual(['2 duplicate_email', '3 duplicate_email']);
  });
});

describe('different people with one phone number', () => {
  it('are all rejected; nobody is rejected for having none', () => {
    const store = newStore();
    const rejects = settle(store, [
      row(2, { externalId: 'A', phoneNumber: '+14025550100' }),
      row(3, { externalId: 'B', phoneNumber: '+14025550100' }),
      row(4, { externalId: 'C' }),
      row(5, { externalId: 'D' }),
    ]);
    expect(rejects.map((reject) => reject.split(':')[0])).toEqual(['2 duplicate_phone', '3 duplicate_phone']);
  });
});
