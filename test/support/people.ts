// One builder per noun: a valid employee, contact or operation, with whatever a test wants to be different.

import { bodyToCreate } from '../../src/plan/decide.ts';
import type { Contact, Operation } from '../../src/plan/operation.ts';
import type { Employee } from '../../src/roster/employee.ts';

export function employee(changes: Partial<Employee> = {}): Employee {
  const externalId = changes.externalId ?? '1001';
  return {
    externalId,
    firstName: 'Ana',
    lastName: 'Ruiz',
    email: `person.${externalId}@example.com`,
    phoneNumber: undefined,
    attributes: { department: 'Sales' },
    ...changes,
  };
}

export function contact(changes: Partial<Contact> = {}): Contact {
  const externalId = changes.externalId ?? '1001';
  return {
    externalId,
    firstName: 'Ana',
    lastName: 'Ruiz',
    email: `person.${externalId}@example.com`,
    phoneNumber: null,
    attributes: { department: 'Sales' },
    ...changes,
  };
}

export function createOperation(changes: Partial<Employee> = {}): Operation {
  const person = employee(changes);
  return {
    kind: 'create',
    externalId: person.externalId,
    feed: 'employees',
    line: 2,
    body: bodyToCreate(person),
    before: null,
    fingerprint: null,
  };
}

export function updateOperation(before: Contact, body: Operation['body']): Operation {
  return { kind: 'update', externalId: before.externalId, feed: 'employees', line: 2, body, before, fingerprint: null };
}

export function deleteOperation(before: Contact): Operation {
  const { externalId } = before;
  return { kind: 'delete', externalId, feed: 'employees', line: null, body: null, before, fingerprint: null };
}
