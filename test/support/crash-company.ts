// A company whose new file asks for four hundred operations of every kind, with everything that can become of them: some
// are refused, some abandoned, some held, and in the end Workshop takes our key away. Made to be killed in the middle,
// again and again from the same start.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { company, type Employee, person, roster } from './company.ts';
import { withOpenGuards } from './guards.ts';
import { checkTrial, type EmulatedContact, everydayConfiguration, newTrial, type Trial } from './trial.ts';

export interface CrashCompany {
  readonly trial: Trial;
  /** Everything as it was before the new file: Workshop, state directory, faults; and the new file in place. */
  restore(): Promise<void>;
  /** The next run, undisturbed: Workshop is as the file says, nobody was made twice, the snapshot and the sums agree. */
  converge(): Promise<void>;
}

const BEFORE = company(330);
const AFTER = newCompany();
const REFUSED = { status: 422, body: { error: { email: ['is not deliverable'] } } };

/** What becomes of some requests of a run. By then about 380 of its requests are through. */
const TROUBLES = [
  ...['00150', '00151', '00331', '00105'].map((external_id) => ({ ...REFUSED, external_id })),
  ...['00155', '00156', '00012'].map((external_id) => ({ external_id, status: 503, count: 1 })),
  ...['00157', '00333', '00334'].map((external_id) => ({ external_id, status: 502, after_commit: true, count: 1 })),
  { skip: 390, status: 401 },
];

/** Somebody removed them in Workshop meanwhile: one whom the file changes, and two whom it removes. */
const GONE = ['00170', '00020', '00021'];

/** A trial whose first sync is done, and which holds two updates of the file that is about to be replaced. */
export async function newCrashCompany(): Promise<CrashCompany> {
  const trial = await newTrial({
    configuration: (facts) =>
      withOpenGuards(everydayConfiguration(facts))
        .replace('phone: US }', 'phone: US, blank: clear }')
        .replace('requests_per_second: 500', 'requests_per_second: 1000\n  attempts: 1'),
  });
  trial.drop('employees.csv', roster(BEFORE));
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  trial.drop('employees.csv', roster(swapped(BEFORE, '00329', '00330')));
  expect(await trial.run('--once')).toMatchObject({ code: 3 });
  const kept = join(trial.directory, 'kept');
  cpSync(trial.state, kept, { recursive: true });
  const contacts = await trial.contacts();
  trial.drop('employees.csv', roster(AFTER));
  return {
    trial,
    restore: async () => {
      rmSync(trial.state, { recursive: true });
      cpSync(kept, trial.state, { recursive: true });
      await trial.control('POST', 'reset', { contacts });
      for (const id of GONE) await trial.control('DELETE', `contacts/${id}`);
      await trial.faults(TROUBLES);
    },
    converge: async () => {
      await trial.control('DELETE', 'faults');
      const { code, stdout, stderr } = await trial.run('--once', '--force', 'identity');
      expect(code, stdout + stderr).toBe(0);
      expect((await trial.contacts()).map(values)).toEqual(AFTER.map(wanted).sort(byId));
      await checkTrial(trial);
      const created = (await trial.writes()).filter(({ method, status }) => method === 'POST' && status === 201);
      const ids = created.map(({ external_id }) => external_id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    },
  };
}

function newCompany(): Employee[] {
  const stayed = BEFORE.slice(100).map((each, index) => {
    const number = index + 101;
    // Another id and the same email: one person.
    if (number <= 140) return { ...each, id: `R0${number}` };
    // Pairs who exchange their email addresses.
    if (number > 140 && number <= 148)
      return { ...each, email: person(number % 2 === 0 ? number - 1 : number + 1).email };
    if (number <= 200) return { ...each, office: 'Boston', mobile: '' };
    if (number <= 280) return { ...each, department: '' };
    return each;
  });
  // The mobiles of people who leave are given to people who join.
  const joined = Array.from({ length: 120 }, (_, index) =>
    person(index + 331, index < 20 ? { mobile: person(index + 1).mobile } : {}),
  );
  return [...swapped(stayed, '00300', '00301'), ...joined];
}

/** Two rows whose email and mobile are those of the other: nobody can say who is who, so they are held. */
function swapped(people: readonly Employee[], one: string, other: string): Employee[] {
  const find = (id: string) => people.find((each) => each.id === id) ?? person(0);
  return people.map((each) => {
    if (each.id !== one && each.id !== other) return each;
    const { email, mobile } = find(each.id === one ? other : one);
    return { ...each, email, mobile };
  });
}

function wanted({ id, first, last, email, mobile, department, office }: Employee) {
  const attributes = Object.fromEntries(Object.entries({ department, office }).filter(([, value]) => value !== ''));
  const phone_number = mobile === '' ? null : mobile;
  return { external_id: id, first_name: first, last_name: last, email, phone_number, attributes };
}

function values({ external_id, first_name, last_name, email, phone_number, attributes }: EmulatedContact) {
  return { external_id, first_name, last_name, email, phone_number: phone_number ?? null, attributes };
}

function byId(one: { external_id: string }, other: { external_id: string }): number {
  return one.external_id < other.external_id ? -1 : 1;
}
