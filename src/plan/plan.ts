// The plan of one feed: every person of the roster and of the snapshot gets one decision. Pure: the questions
// are answered by whoever holds the sets, so a test answers them with arrays.

import type { Employee } from '../roster/employee.ts';
import { bodyToCreate, decide } from './decide.ts';
import type { Contact, Operation } from './operation.ts';

/** A contact of the feed for whom the file has no row, and for how long that has been so. */
export interface MissingPerson {
  readonly contact: Contact;
  /** Accepted full files in a row without the person, this one included. */
  readonly absentFiles: number;
  /** Since the first of them; milliseconds since the epoch. */
  readonly absentSinceMs: number;
}

export interface StagedEmployee {
  readonly line: number;
  readonly employee: Employee;
  readonly fingerprint: string | null;
}

export interface MatchedEmployee extends StagedEmployee {
  readonly contactId: number;
  readonly contact: Contact;
}

/** Questions about sets. Every answer is ordered by external_id. */
export interface RosterQuestions {
  /** Explicit leavers who have a contact. */
  leavers(): Iterable<{ readonly line: number; readonly contact: Contact }>;
  /** Contacts of the feed that no row of the file speaks of, not even a rejected or excluded one. */
  missing(): Iterable<MissingPerson>;
  /** Employees without a contact. */
  joiners(): Iterable<StagedEmployee>;
  /** Employees with a contact, other than those whose row is known to equal it. */
  matched(): Iterable<MatchedEmployee>;
}

export interface FeedRules {
  readonly feed: string;
  readonly missing: 'delete' | 'keep';
  readonly deleteAfter: { readonly files: number; readonly hours: number | null };
  readonly attributeKeys: ReadonlySet<string>;
  readonly nowMs: number;
}

export type Decision =
  | { readonly kind: 'operation'; readonly operation: Operation }
  /** The contact equals the employee; the row may be remembered. */
  | { readonly kind: 'unchanged'; readonly contactId: number; readonly fingerprint: string | null }
  /** Missing, and kept by the configuration or until the grace is over. */
  | { readonly kind: 'kept'; readonly externalId: string };

/**
 * Decides everybody, in the order in which the operations are to be applied: deletes free emails and phones
 * before creates and updates claim them; within a kind by external_id. The same inputs give the same order.
 */
export function* planFeed(questions: RosterQuestions, rules: FeedRules): Generator<Decision> {
  for (const { line, contact } of questions.leavers()) yield toDelete(rules.feed, line, contact);
  for (const person of questions.missing()) {
    if (isDue(person, rules)) yield toDelete(rules.feed, null, person.contact);
    else yield { kind: 'kept', externalId: person.contact.externalId };
  }
  for (const { line, employee, fingerprint } of questions.joiners()) {
    const body = bodyToCreate(employee);
    const { externalId } = employee;
    yield {
      kind: 'operation',
      operation: { kind: 'create', externalId, feed: rules.feed, line, body, before: null, fingerprint },
    };
  }
  for (const matched of questions.matched()) yield decideMatched(matched, rules);
}

/** Has the person been absent long enough to be removed (specification §4, `delete_after`)? */
export function isDue(person: MissingPerson, rules: FeedRules): boolean {
  if (rules.missing === 'keep') return false;
  const { files, hours } = rules.deleteAfter;
  const absentHours = (rules.nowMs - person.absentSinceMs) / 3_600_000;
  return person.absentFiles >= files && (hours === null || absentHours >= hours);
}

function decideMatched(matched: MatchedEmployee, rules: FeedRules): Decision {
  const { line, employee, contact, contactId, fingerprint } = matched;
  const body = decide(employee, contact, rules.attributeKeys);
  if (body === null) return { kind: 'unchanged', contactId, fingerprint };
  const { externalId } = employee;
  return {
    kind: 'operation',
    operation: { kind: 'update', externalId, feed: rules.feed, line, body, before: contact, fingerprint },
  };
}

function toDelete(feed: string, line: number | null, contact: Contact): Decision {
  return {
    kind: 'operation',
    operation: {
      kind: 'delete',
      externalId: contact.externalId,
      feed,
      line,
      body: null,
      before: contact,
      fingerprint: null,
    },
  };
}
