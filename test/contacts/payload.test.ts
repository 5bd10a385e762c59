import { expect, it } from 'vitest';
import { contactFrom } from '../../src/contacts/payload.ts';

it('reads the documented contact, and ignores fields that came later', () => {
  const json = {
    object: 'contact',
    id: '937ccbe2',
    external_id: 'ABC-123',
    first_name: 'John',
    last_name: 'Doe',
    email: 'john@example.com',
    phone_number: '+12345678910',
    attributes: { department: 'Sales' },
    urls: { details: '/v1/contacts/937ccbe2' },
    favourite_colour: 'blue',
  };
  expect(contactFrom(json)).toEqual({
    id: '937ccbe2',
    externalId: 'ABC-123',
    firstName: 'John',
    lastName: 'Doe',
    email: 'john@example.com',
    phoneNumber: '+12345678910',
    attributes: { department: 'Sales' },
  });
});

it('reads attributes of every type as text, and leaves out those that are null', () => {
  const attributes = JSON.parse('{"n":7,"b":false,"gone":null,"list":["x"],"__proto__":"kept","":"empty"}');
  expect(Object.entries(contactFrom({ external_id: 5, attributes })?.attributes ?? {})).toEqual([
    ['n', '7'],
    ['b', 'false'],
    ['list', '["x"]'],
    ['__proto__', 'kept'],
    ['', 'empty'],
  ]);
});

it('reads what is missing or null as empty, and no phone number as none', () => {
  expect(contactFrom({ external_id: 'A', first_name: null, attributes: null })).toEqual({
    id: '',
    externalId: 'A',
    firstName: '',
    lastName: '',
    email: '',
    phoneNumber: null,
    attributes: {},
  });
});

it.each([null, undefined, 'text', 7, [], {}, { external_id: null }, { external_id: { a: 1 } }])(
  'sees no contact in %j',
  (json) => {
    expect(contactFrom(json)).toBeNull();
  },
);
