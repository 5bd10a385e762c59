// The proof of a guess: the sample read with the new configuration, as a sync would read it.

import { dirname } from 'node:path';
import { parseConfiguration, problemText } from '../config/parse.ts';
import type { FeedSettings } from '../config/settings.ts';
import { FeedError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { canonicalEmployee } from '../roster/canonical.ts';
import { type Employee, emailKey } from '../roster/employee.ts';
import { openRosterFile } from '../roster/roster-file.ts';
import type { Sample } from './init-sample.ts';

export interface Trial {
  readonly rows: number;
  readonly employees: number;
  readonly left: number;
  readonly excluded: number;
  /** Rows that say the same of a person as one before. */
  readonly duplicates: number;
  readonly rejected: number;
  readonly firstReject: { readonly line: number; readonly message: string } | null;
}

/** The feed that a configuration text describes. A guess that is not valid is a bug. */
export function feedOf(text: string, file: string): FeedSettings {
  const directory = dirname(file);
  const parsed = parseConfiguration(text, {
    environment: { WORKSHOP_API_KEY: 'not-set-yet' },
    directories: { configuration: directory, current: directory, state: undefined },
  });
  invariant(
    parsed.ok,
    `the configuration is not valid: ${parsed.ok ? '' : parsed.problems.map(problemText).join('; ')}`,
  );
  const [feed] = parsed.settings.feeds;
  invariant(feed !== undefined, 'the configuration has a feed');
  return feed;
}

/** Reads the sample. Gives the message where the file cannot be trusted, as a sync would tell it. */
export async function tryFeed({ path, fileName }: Sample, { format, mapping }: FeedSettings): Promise<Trial | string> {
  try {
    const roster = await openRosterFile({ path, name: fileName, format, mapping });
    const tally = new Tally();
    for await (const rows of roster.rows(null)) {
      for (const row of rows) {
        if (row.kind === 'left out') continue;
        tally.rows++;
        if (row.kind === 'employee') tally.add(row.employee, row.line);
        else if (row.kind === 'left') tally.left++;
        else if (row.kind === 'excluded') tally.excluded++;
        else if (row.kind === 'reject') tally.reject(row.reject.line, row.reject.message);
      }
    }
    return tally.result();
  } catch (error) {
    if (error instanceof FeedError) return error.message;
    throw error;
  }
}

interface Person {
  readonly line: number;
  readonly id: string;
  readonly says: string;
  readonly email: string;
  readonly phone: string | null;
}

/** Counts rows, and finds those that speak of one person in two ways, or of two with one address or number. */
class Tally {
  rows = 0;
  left = 0;
  excluded = 0;
  #rejected = 0;
  #firstReject: Trial['firstReject'] = null;
  readonly #people: Person[] = [];

  add(employee: Employee, line: number): void {
    const { externalId: id, email, phoneNumber } = employee;
    this.#people.push({
      line,
      id,
      says: canonicalEmployee(employee),
      email: emailKey(email),
      phone: phoneNumber ?? null,
    });
  }

  reject(line: number, message: string): void {
    this.#rejected++;
    if (this.#firstReject === null || line < this.#firstReject.line) this.#firstReject = { line, message };
  }

  result(): Trial {
    const people = new Map(this.#people.map((person) => [person.says, person]));
    const duplicates = this.#people.length - people.size;
    const idCounts = countsOf(people.values(), ({ id }) => id);
    const emailCounts = countsOf(people.values(), ({ email }) => email);
    const phoneCounts = countsOf(people.values(), ({ phone }) => phone);
    let employees = 0;
    for (const { line, id, email, phone } of people.values()) {
      if (isSeveral(idCounts, id)) this.reject(line, 'Several rows with this external_id say different things.');
      else if (isSeveral(emailCounts, email)) this.reject(line, 'Another person has the same email address.');
      else if (isSeveral(phoneCounts, phone)) this.reject(line, 'Another person has the same phone number.');
      else employees++;
    }
    const { rows, left, excluded } = this;
    return { rows, employees, left, excluded, duplicates, rejected: this.#rejected, firstReject: this.#firstReject };
  }
}

function countsOf(people: Iterable<Person>, read: (person: Person) => string | null): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const person of people) counts.set(read(person), (counts.get(read(person)) ?? 0) + 1);
  return counts;
}

function isSeveral(counts: ReadonlyMap<string | null, number>, value: string | null): boolean {
  return value !== null && (counts.get(value) ?? 0) > 1;
}
