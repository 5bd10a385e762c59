// What `explain` tells of one person: everything known, the decision, and the rule behind it (specification §2). Pure.

import type { Contact, OperationKind } from '../plan/operation.ts';
import type { Employee } from '../roster/employee.ts';
import { lineWords } from '../roster/line.ts';
import type { OperationRecord } from './facts.ts';

export interface PersonFacts {
  readonly externalId: string;
  /** What became of each feed: its file, or its trouble. */
  readonly feeds: readonly {
    readonly name: string;
    /** Those that were read together, oldest first. */
    readonly files: readonly string[];
    /** Why it could not be taken; trouble with later files of changes is not among it. */
    readonly trouble: string | null;
  }[];
  readonly rows: readonly PersonRowFacts[];
  readonly snapshot: (KnownFacts & { readonly feed: string }) | null;
  readonly workshop: WorkshopFacts;
  readonly operation: OperationRecord | null;
  /** Of the feed whose person it is. */
  readonly missing: 'delete' | 'keep' | null;
  readonly deleteAfter: { readonly files: number; readonly hours: number | null } | null;
  readonly past: readonly PastFacts[];
}

export interface PersonRowFacts {
  readonly feed: string;
  readonly line: number;
  readonly kind: 'employee' | 'duplicate' | 'set aside' | 'left' | 'excluded' | 'rejected';
  readonly employee: Employee | null;
  readonly field: string | null;
  readonly rule: string | null;
  readonly message: string | null;
}

export interface KnownFacts {
  readonly contact: Contact;
  readonly absentFiles: number;
  readonly absentSinceMs: number | null;
}

export type WorkshopFacts =
  | { readonly kind: 'found'; readonly contact: Contact }
  | { readonly kind: 'not found' }
  | { readonly kind: 'not asked'; readonly why: string };

export interface PastFacts extends OperationRecord {
  readonly run: string;
  readonly startedAtMs: number;
}

export interface Explanation {
  /** What a run would do: an operation, or `nothing`. */
  readonly decision: OperationKind | 'nothing';
  /** Why, in a sentence. */
  readonly rule: string;
  /** Whether it would be sent at once. */
  readonly state: 'would be sent' | 'would be held' | 'left out' | null;
  readonly guard: string | null;
  readonly reason: string | null;
}

/** The decision about the person and the rule behind it. */
export function explainDecision(facts: PersonFacts): Explanation {
  const { operation } = facts;
  if (operation === null) {
    return { decision: 'nothing', rule: ruleOfNothing(facts), state: null, guard: null, reason: null };
  }
  const { kind, state, guard, reason } = operation;
  const word = state === 'held' ? 'would be held' : state === 'superseded' ? 'left out' : 'would be sent';
  return { decision: kind, rule: ruleOf(operation, facts), state: word, guard, reason };
}

function ruleOf(operation: OperationRecord, { snapshot, deleteAfter }: PersonFacts): string {
  const { kind, line, externalId, body } = operation;
  const words = lineWords(line ?? 0);
  switch (kind) {
    case 'create':
      return `the row of line ${words} is an employee, and no contact with this id was ever confirmed`;
    case 'update':
      return `the row of line ${words} differs from what Workshop last confirmed; only what differs is sent`;
    case 'rekey':
      return `${externalId} leaves, and ${body?.external_id} appears in line ${words} with the same email: that is one person under another id`;
    case 'delete':
      if (line !== null) return `the row of line ${words} has a status of somebody who left: removed at once`;
      return `no row of the file speaks of this person, who was missing from ${snapshot?.absentFiles ?? 0} accepted files before (delete_after: ${deleteAfter?.files ?? 1})`;
  }
}

function ruleOfNothing({ rows, snapshot, missing, feeds, deleteAfter }: PersonFacts): string {
  const trouble = feeds.find(({ trouble: words, name }) => words !== null && (snapshot?.feed ?? name) === name);
  if (trouble !== undefined) return `the feed ${trouble.name} could not be taken, so its people stay as they are`;
  const row =
    rows.find(({ kind }) => kind !== 'duplicate' && kind !== 'set aside') ??
    rows.find(({ kind }) => kind === 'set aside');
  if (row === undefined) {
    if (snapshot === null) return 'no row speaks of this person, and no contact is known';
    if (missing === 'keep') return 'no row of the file speaks of this person, and `missing: keep` keeps them';
    const grace = deleteAfter === null ? '' : ` until the person was missing from ${deleteAfter.files} files in a row`;
    return `no row of the file has this id; the contact is kept${grace}, or because a row that could not be read may mean them`;
  }
  switch (row.kind) {
    case 'rejected':
      return `the row of line ${lineWords(row.line)} was rejected, and a rejected row keeps its person as they are`;
    case 'set aside':
      return `the row of line ${lineWords(row.line)} of feed ${row.feed} does not count: ${row.message}`;
    case 'excluded':
      return `the row of line ${lineWords(row.line)} is outside the scope of this sync (exclude), so the person is neither changed nor removed`;
    case 'left':
      return `the row of line ${lineWords(row.line)} has a status of somebody who left, and there is no contact to remove`;
    default:
      return `the row of line ${lineWords(row.line)} says what Workshop last confirmed`;
  }
}
