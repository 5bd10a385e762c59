// What of a contact that was there before is ours, and what it takes to make it the wanted one.

import { describe, expect, it } from 'vitest';
import { bodyToConverge, isSame, type ManagedFields, managedKeys, managedPart } from '../../src/apply/managed.ts';
import { bodyToCreate } from '../../src/plan/decide.ts';
import { contact, employee } from '../support/people.ts';

const FIELDS: ManagedFields = {
  phoneNumber: 'keep',
  attributes: new Map([
    ['department', 'clear'],
    ['office', 'clear'],
    ['nickname', 'keep'],
  ]),
};
const wanted = bodyToCreate(employee());

describe('a contact that was there before', () => {
  it('needs nothing when it has what the create asks for', () => {
    expect(bodyToConverge(contact(), wanted, FIELDS)).toBeNull();
  });

  it('gets what differs, and loses what is blank in the file where a blank clears', () => {
    const held = contact({ lastName: 'Sanz', attributes: { office: 'Austin', nickname: 'Annie' } });
    expect(bodyToConverge(held, wanted, FIELDS)).toEqual({
      last_name: 'Ruiz',
      attributes: { department: 'Sales', office: null },
    });
  });

  it('keeps its phone number, unless a blank clears that', () => {
    const held = contact({ phoneNumber: '+12125550123' });
    expect(bodyToConverge(held, wanted, FIELDS)).toBeNull();
    expect(bodyToConverge(held, wanted, { ...FIELDS, phoneNumber: 'clear' })).toEqual({ phone_number: null });
  });

  it('is ours as far as the feed, the snapshot or the operation speaks of it', () => {
    const operation = { before: contact({ attributes: { former: 'x' } }), body: { attributes: { newer: 'y' } } };
    const attributes = { department: 'Sales', former: 'x', newer: 'y', shoe_size: '43' };
    const found = { ...contact({ attributes }), id: 'uuid' };
    expect(managedPart(found, managedKeys(FIELDS, operation))).toEqual(
      contact({ attributes: { department: 'Sales', former: 'x', newer: 'y' } }),
    );
  });
});

describe('two contacts', () => {
  it('are the same whatever the order of their attributes', () => {
    const one = contact({ attributes: { a: '1', b: '2' } });
    expect(isSame(one, contact({ attributes: { b: '2', a: '1' } }))).toBe(true);
    expect(isSame(one, contact({ attributes: { a: '1' } }))).toBe(false);
    expect(isSame(one, { ...one, phoneNumber: '+1' })).toBe(false);
  });
});
