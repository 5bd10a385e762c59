// Does a row still mean the person whom its id meant before?

import { describe, expect, it } from 'vitest';
import { bodyToGiveBack } from '../../src/plan/give-back.ts';
import { nameChange, suspect } from '../../src/plan/identity.ts';
import type { ContactBody } from '../../src/plan/operation.ts';
import { toPark } from '../../src/plan/park.ts';
import { claimsOf, gives } from '../../src/plan/unique.ts';
import { contact, createOperation, deleteOperation, updateOperation } from '../support/people.ts';

const ana = contact({ externalId: '1', phoneNumber: '+14025550101' });
const ben = contact({ externalId: '2', firstName: 'Ben', lastName: 'Lee', phoneNumber: '+14025550102' });

function suspicion(body: ContactBody, owners = [ben], fields = 2) {
  const operation = updateOperation(ana, body);
  const claims = owners.map((owner) => ({ field: 'email' as const, owner }));
  return suspect(operation, claims, fields).suspicion;
}

describe('a row', () => {
  it('that changes one of email, full name and phone is the same person', () => {
    expect(suspicion({ last_name: 'Ruiz-Roe' }, [])).toBeNull();
    expect(suspicion({ email: 'ana.roe@example.com' }, [])).toBeNull();
    expect(suspicion({ first_name: 'Anna', last_name: 'Roe', attributes: { department: 'Legal' } }, [])).toBeNull();
  });

  it('that changes two of them may be somebody else; as many as the configuration says', () => {
    const married = { last_name: 'Roe', email: 'ana.roe@example.com' };
    expect(suspicion(married, [])).toBe('changed');
    expect(suspicion(married, [], 3)).toBeNull();
    expect(suspicion({ last_name: 'Roe' }, [], 1)).toBe('changed');
  });

  it('that writes names in capitals, or gives a first phone number, changes nobody', () => {
    expect(suspicion({ first_name: 'ANA', last_name: 'RUIZ', email: 'new@example.com' }, [])).toBeNull();
    const before = contact({ phoneNumber: null });
    const body = { phone_number: '+14025550109', last_name: 'Roe' };
    expect(suspect(updateOperation(before, body), [], 2).suspicion).toBeNull();
  });

  it('that carries two of the values of another contact is that other person', () => {
    expect(suspicion({ email: ben.email, first_name: 'Ben', last_name: 'Lee' })).toBe('another');
    expect(suspicion({ email: ben.email, phone_number: ben.phoneNumber })).toBe('another');
    expect(suspicion({ email: ben.email })).toBeNull();
  });

  it('of a new person is nobody else, unless it carries two of the values of somebody who is there', () => {
    const claims = [{ field: 'email' as const, owner: ben }];
    expect(suspect(createOperation({ email: ben.email }), claims, 2).suspicion).toBeNull();
    const twin = createOperation({ email: ben.email, firstName: 'Ben', lastName: 'Lee' });
    expect(suspect(twin, claims, 2)).toEqual({ suspicion: 'another', reason: 'it carries the values of 2' });
  });

  it('under another id with the same email is the same person, unless neither name is the same', () => {
    const rekey = (changes: ContactBody) => ({
      ...updateOperation(ana, { external_id: '9', ...changes }),
      kind: 'rekey' as const,
    });
    expect(suspect(rekey({}), [], 2).suspicion).toBe('rekeyed');
    expect(suspect(rekey({ last_name: 'Roe' }), [], 2).suspicion).toBe('rekeyed');
    expect(suspect(rekey({ first_name: 'Ben', last_name: 'Lee' }), [], 2).suspicion).toBe('ambiguous');
  });

  it('changes a name when it is another one, not when it is written in another case', () => {
    expect(nameChange(updateOperation(ana, { last_name: 'Roe' }))).toEqual({ from: 'ana ruiz', to: 'ana roe' });
    expect(nameChange(updateOperation(ana, { last_name: 'RUIZ' }))).toBeNull();
    expect(nameChange(createOperation())).toBeNull();
  });
});

describe('an operation', () => {
  it('claims the unique values that its contact had not before, whatever their case', () => {
    expect(claimsOf(createOperation({ externalId: '9', email: 'X@Example.com', phoneNumber: '+1402' }))).toEqual([
      { field: 'email', key: 'x@example.com' },
      { field: 'phone_number', key: '+1402' },
    ]);
    expect(claimsOf(updateOperation(ana, { email: ana.email.toUpperCase(), phone_number: null }))).toEqual([]);
    expect(claimsOf(deleteOperation(ana))).toEqual([]);
  });

  it('gives up what its contact has no more afterwards', () => {
    expect(gives('email', deleteOperation(ana))).toBe(true);
    expect(gives('phone_number', deleteOperation(contact()))).toBe(false);
    expect(gives('email', updateOperation(ana, { email: ana.email.toUpperCase() }))).toBe(false);
    expect(gives('email', updateOperation(ana, { email: 'new@example.com' }))).toBe(true);
    expect(gives('phone_number', updateOperation(ana, { phone_number: null }))).toBe(true);
    expect(gives('phone_number', updateOperation(ana, { last_name: 'Roe' }))).toBe(false);
    expect(gives('email', createOperation())).toBe(false);
  });
});

describe('a parked contact', () => {
  const parked = (email: string) =>
    toPark(updateOperation(contact({ externalId: '7', email }), { email: 'new@example.com' }), ['email']).body?.email;

  it('has another address of the same mailbox, and never the one it had', () => {
    expect(parked('ana.ruiz@example.com')).toMatch(/^ana\.ruiz\+moving-[0-9a-f]{8}@example\.com$/);
    const twice = parked(parked('ana.ruiz@example.com') ?? '');
    expect(twice).toMatch(/^ana\.ruiz\+moving-[0-9a-f]{8}@example\.com$/);
    expect(twice).not.toBe(parked('ana.ruiz@example.com'));
  });

  it('has an address that is not too long', () => {
    const [local = ''] = parked(`${'a'.repeat(64)}@example.com`)?.split('@') ?? [];
    expect(local.length).toBeLessThanOrEqual(64);
    const longest = parked(
      `${'a'.repeat(20)}@${'b'.repeat(60)}.${`${'c'.repeat(60)}.`.repeat(2)}${'d'.repeat(48)}.com`,
    );
    expect(longest?.length).toBeLessThanOrEqual(255);
  });

  it('has no phone number for a moment where that is what others wait for', () => {
    const operation = updateOperation(ana, { phone_number: '+14025550199' });
    expect(toPark(operation, ['phone_number'])).toMatchObject({ kind: 'update', body: { phone_number: null } });
  });
});

describe('what an exchange took that was cut short', () => {
  const taken = { email: 'ana@example.com', phoneNumber: '+14025550101' };
  const free = () => true;

  it('is given back, as far as the own operation gives nothing new', () => {
    expect(bodyToGiveBack(taken, null, free)).toEqual({ email: taken.email, phone_number: taken.phoneNumber });
    expect(bodyToGiveBack(taken, { email: 'new@example.com' }, free)).toEqual({ phone_number: taken.phoneNumber });
    expect(bodyToGiveBack({ email: null, phoneNumber: null }, null, free)).toBeNull();
  });

  it('is not given back where somebody else has or wants it', () => {
    expect(bodyToGiveBack(taken, null, (field) => field === 'email')).toEqual({ email: taken.email });
    expect(bodyToGiveBack(taken, null, () => false)).toBeNull();
  });
});
