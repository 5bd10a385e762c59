// One text per employee: two rows of one person say the same exactly when their texts are equal.

import type { Employee } from './employee.ts';

/** The canonical text of an employee; the order of attributes does not matter. */
export function canonicalEmployee(employee: Employee): string {
  const keys = Object.keys(employee.attributes).sort();
  return JSON.stringify([
    employee.externalId,
    employee.firstName,
    employee.lastName,
    employee.email,
    // JSON has no undefined: an empty list stands for "leave what the contact has".
    employee.phoneNumber === undefined ? [] : employee.phoneNumber,
    keys.map((key) => [key, employee.attributes[key]]),
  ]);
}

/** The employee that `canonicalEmployee` wrote. */
export function parseCanonicalEmployee(text: string): Employee {
  const [externalId, firstName, lastName, email, phone, attributes] = JSON.parse(text);
  return {
    externalId,
    firstName,
    lastName,
    email,
    phoneNumber: Array.isArray(phone) ? undefined : phone,
    attributes: Object.fromEntries(attributes),
  };
}
