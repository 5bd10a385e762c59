// One person, one decision.

import { describe, expect, it } from 'vitest';
import { decide } from '../../src/plan/decide.ts';
import { contactAfter } from '../../src/plan/operation.ts';
import { contact, employee } from '../support/people.ts';

const mapped = new Set(['department', 'office']);

describe('an employee without a contact', () => {
  it('is created, and blank attributes are omitted', () => {
    const body = decide(employee({ attributes: { department: 'Sales', office: null } }), null, mapped);
    expect(body).toEqual({
      external_id: '1001',
      first_name: 'Ana',
      last_name: 'Ruiz',
      email: 'person.1001@example.com',
      attributes: { department: 'Sales' },
    });
  });

  it('is created without a phone number when the row has none', () => {
    expect(decide(employee({ phoneNumber: null, attributes: {} }), null, mapped)).not.toHaveProperty('phone_number');
    expect(decide(employee({ phoneNumber: '+14025550100' }), null, mapped)).toHaveProperty(
      'phone_number',
      '+14025550100',
    );
  });
});

describe('an employee with a contact', () => {
  it('asks for nothing when they are the same', () => {
    expect(decide(employee(), contact(), mapped)).toBeNull();
  });

  it('is updated by what differs and nothing else', () => {
    const body = decide(
      employee({ lastName: 'Ruiz Soto', attributes: { department: 'Sales', office: 'Austin' } }),
      contact(),
      mapped,
    );
    expect(body).toEqual({ last_name: 'Ruiz Soto', attributes: { office: 'Austin' } });
  });

  it('has an attribute removed with null when it is blank in the file', () => {
    const body = decide(employee({ attributes: { department: null } }), contact(), mapped);
    expect(body).toEqual({ attributes: { department: null } });
  });

  it('has an attribute removed that the configuration no longer maps', () => {
    const body = decide(employee(), contact({ attributes: { department: 'Sales', badge: 'blue' } }), mapped);
    expect(body).toEqual({ attributes: { badge: null } });
  });

  it('keeps an attribute of which the row says nothing', () => {
    expect(decide(employee({ attributes: {} }), contact(), mapped)).toBeNull();
  });

  it('does not remove twice what is not there', () => {
    expect(decide(employee({ attributes: { department: 'Sales', office: null } }), contact(), mapped)).toBeNull();
  });

  it('has its phone number removed only when the row says so', () => {
    const before = contact({ phoneNumber: '+14025550100' });
    expect(decide(employee({ phoneNumber: undefined }), before, mapped)).toBeNull();
    expect(decide(employee({ phoneNumber: null }), before, mapped)).toEqual({ phone_number: null });
  });

  it('is not fooled by attribute keys that every object has', () => {
    const body = decide(
      employee({ attributes: { constructor: 'x' } }),
      contact({ attributes: {} }),
      new Set(['constructor']),
    );
    expect(body).toEqual({ attributes: { constructor: 'x' } });
  });

  it('equals the employee once the body is applied', () => {
    const wanted = employee({
      firstName: 'Anna',
      phoneNumber: '+14025550101',
      attributes: { department: null, office: 'Omaha' },
    });
    const before = contact({ attributes: { department: 'Sales', badge: 'blue' } });
    const body = decide(wanted, before, mapped);
    const after = contactAfter(before, before.externalId, body ?? {});
    expect(after).toEqual(contact({ firstName: 'Anna', phoneNumber: '+14025550101', attributes: { office: 'Omaha' } }));
    expect(decide(wanted, after, mapped)).toBeNull();
  });
});
