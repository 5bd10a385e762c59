// The plan of one feed: every person of the roster and of the snapshot gets one decision. Pure: the questions
// are answered by whoever holds the sets, so a test answers them with arrays.

import type { Employee } from '../roster/employee.ts';
import { bodyToCreate, decide } from './decide.ts';
import { type Suspicion, suspect } from './identity.ts';
import type { Contact, Operation } from './operation.ts';
import { claimsOf, type OwnedClaim, type UniqueField } from './unique.ts';

/** An explicit leaver. */
export interface Leaver {
  readonly line: number;
  readonly contact: Contact;
}

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

/** Somebody who leaves under one id and appears under another with the same email: one person. */
export interface MovedEmployee extends StagedEmployee {
  readonly contact: Contact;
}

/** Questions about sets. Every answer is ordered by external_id. */
export interface RosterQuestions {
  /** Explicit leavers who have a contact, other than those who moved. */
  leavers(): Iterable<Leaver>;
  /** Contacts of the feed that no row of the file speaks of, not even a rejected or excluded one, and who did not move. */
  missing(): Iterable<MissingPerson>;
  /** Leavers and missing people who are joiners under another id. */
  moved(): Iterable<MovedEmployee>;
  /** Employees without a contact who did not move. */
  joiners(): Iterable<StagedEmployee>;
  /** Employees with a contact, other than those whose row is known to equal it. */
  matched(): Iterable<MatchedEmployee>;
  /** Contacts of the snapshot, of any feed, that have this value; the one with `exceptId` aside. */
  owners(field: UniqueField, key: string, exceptId: string): Contact[];
}

export interface FeedRules {
  readonly feed: string;
  readonly missing: 'delete' | 'keep';
  readonly deleteAfter: { readonly files: number; readonly hours: number | null };
  readonly attributeKeys: ReadonlySet<string>;
  /** How many of email, full name and phone have to change for a row to seem to be another person. */
  readonly identityFields: number;
  readonly nowMs: number;
}

export interface PlannedOperation {
  readonly kind: 'operation';
  readonly operation: Operation;
  readonly suspicion?: Suspicion | null;
  /** Values that other contacts have, which this operation wants. */
  readonly claims?: readonly OwnedClaim[];
  /** What makes it suspicious, in words. */
  readonly reason?: string | null;
}

export type Decision =
  | PlannedOperation
  /** The contact equals the employee; the row may be remembered. */
  | { readonly kind: 'unchanged'; readonly contactId: number; readonly fingerprint: string | null }
  /** Missing, and kept by the configuration or until the grace is over. */
  | { readonly kind: 'kept'; readonly externalId: string };

/**
 * Decides everybody: deletes, then re-keys, creates and updates; within a kind by external_id. The same inputs give
 * the same order. Who has to wait for whom is found out later, when it is known what a guard holds (`plan/order`).
 */
export function* planFeed(questions: RosterQuestions, rules: FeedRules): Generator<Decision> {
  for (const leaver of questions.leavers()) yield toDelete(rules.feed, leaver.line, leaver.contact);
  for (const person of questions.missing()) {
    if (isDue(person, rules)) yield toDelete(rules.feed, null, person.contact);
    else yield { kind: 'kept', externalId: person.contact.externalId };
  }
  for (const moved of questions.moved()) yield toRekey(moved, questions, rules);
  for (const joiner of questions.joiners()) yield toCreate(joiner, questions, rules);
  for (const matched of questions.matched()) yield decideMatched(matched, questions, rules);
}

/** Has the person been absent long enough to be removed (specification §4, `delete_after`)? */
export function isDue(person: MissingPerson, rules: FeedRules): boolean {
  if (rules.missing === 'keep') return false;
  const { files, hours } = rules.deleteAfter;
  const absentHours = (rules.nowMs - person.absentSinceMs) / 3_600_000;
  return person.absentFiles >= files && (hours === null || absentHours >= hours);
}

/** `PATCH /:old?external` with the new external_id and whatever else changed. */
function toRekey(moved: MovedEmployee, questions: RosterQuestions, rules: FeedRules): Decision {
  const { line, employee, contact, fingerprint } = moved;
  const body = { external_id: employee.externalId, ...decide(employee, contact, rules.attributeKeys) };
  const operation: Operation = {
    kind: 'rekey',
    externalId: contact.externalId,
    feed: rules.feed,
    line,
    body,
    before: contact,
    fingerprint,
  };
  return judged(operation, questions, rules);
}

function toCreate(joiner: StagedEmployee, questions: RosterQuestions, rules: FeedRules): Decision {
  const { line, employee, fingerprint } = joiner;
  const { externalId } = employee;
  const body = bodyToCreate(employee);
  return judged(
    { kind: 'create', externalId, feed: rules.feed, line, body, before: null, fingerprint },
    questions,
    rules,
  );
}

function decideMatched(matched: MatchedEmployee, questions: RosterQuestions, rules: FeedRules): Decision {
  const { line, employee, contact, contactId, fingerprint } = matched;
  const body = decide(employee, contact, rules.attributeKeys);
  if (body === null) return { kind: 'unchanged', contactId, fingerprint };
  const { externalId } = employee;
  return judged(
    { kind: 'update', externalId, feed: rules.feed, line, body, before: contact, fingerprint },
    questions,
    rules,
  );
}

function judged(operation: Operation, questions: RosterQuestions, { identityFields }: FeedRules): Decision {
  const claims = ownedClaims(operation, questions);
  return { kind: 'operation', operation, claims, ...suspect(operation, claims, identityFields) };
}

function ownedClaims(operation: Operation, questions: RosterQuestions): OwnedClaim[] {
  return claimsOf(operation).flatMap(({ field, key }) =>
    questions.owners(field, key, operation.externalId).map((owner) => ({ field, owner })),
  );
}

function toDelete(feed: string, line: number | null, contact: Contact): Decision {
  const { externalId } = contact;
  const body = null;
  return {
    kind: 'operation',
    operation: { kind: 'delete', externalId, feed, line, body, before: contact, fingerprint: null },
  };
}
