// A company whose files a person would recognise: names, emails and phone numbers that belong together, by number.

import { HEADER } from './trial.ts';

const FIRST_NAMES = ['Ana', 'Ben', 'Cleo', 'Dmitri', 'Elena', 'Farid', 'Grace'];
const LAST_NAMES = ['Ruiz', 'Lee', 'Okafor', 'Novak', 'Silva'];

export interface Employee {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly mobile: string;
  readonly department: string;
  readonly office: string;
}

/** The person with this number; every one has a phone number of their own. */
export function person(number: number, changes: Partial<Employee> = {}): Employee {
  const first = FIRST_NAMES[number % FIRST_NAMES.length] ?? '';
  const last = LAST_NAMES[number % LAST_NAMES.length] ?? '';
  return {
    id: String(number).padStart(5, '0'),
    first,
    last,
    email: `${first}.${last}.${number}@example.com`.toLowerCase(),
    mobile: `+1402555${String(number).padStart(4, '0')}`,
    department: number % 3 === 0 ? 'Field' : 'Sales',
    office: number % 4 === 0 ? 'Omaha' : 'Austin',
    ...changes,
  };
}

/** The people with the numbers from 1 to `count`. */
export function company(count: number): Employee[] {
  return Array.from({ length: count }, (_, index) => person(index + 1));
}

/** The file of these people. */
export function roster(people: readonly Employee[]): string {
  const lines = people.map(({ id, first, last, email, mobile, department, office }) =>
    [id, first, last, email, mobile, department, office].join(','),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}
