// Builds the facts of a run that balance: the counts follow from the operations and rejects unless given.

import type { Contact, ContactBody } from '../../src/plan/operation.ts';
import {
  countOutcomes,
  type FeedFacts,
  type FeedReject,
  type OperationRecord,
  type RunFacts,
} from '../../src/report/facts.ts';

export interface FactsOverrides extends Partial<Omit<RunFacts, 'operations' | 'rejects'>> {
  readonly operations?: readonly OperationRecord[];
  readonly rejects?: readonly FeedReject[];
  /** People of the default feed for whom nothing changes. */
  readonly unchanged?: number;
}

const STARTED = Date.parse('2026-11-23T02:15:04.000Z');

export function reportFacts(overrides: FactsOverrides = {}): RunFacts {
  const { operations = [], rejects = [], unchanged = 100, ...rest } = overrides;
  return {
    run: '20261123-021504-k3f9',
    programVersion: '0.1.0',
    mode: 'run',
    startedAtMs: STARTED,
    finishedAtMs: STARTED + 12_340,
    feeds: [feedFacts({ operations, rejects, unchanged })],
    planned: operations.length,
    intermediate: 0,
    outcomes: countOutcomes(operations),
    withheld: [],
    leftOut: 0,
    guards: [],
    recovered: [],
    drift: [],
    poison: [],
    api: null,
    phases: [],
    stopped: null,
    exitCode: 0,
    ...rest,
    operations: () => operations,
    rejects: () => rejects,
  };
}

interface FeedRows {
  readonly operations?: readonly OperationRecord[];
  readonly rejects?: readonly FeedReject[];
  readonly unchanged?: number;
}

/** A feed whose rejected rows are of people with a contact. */
export function feedFacts(rows: FeedRows = {}, overrides: Partial<FeedFacts> = {}): FeedFacts {
  const { operations = [], rejects = [], unchanged = 100 } = rows;
  const of = (kind: string) => operations.filter((operation) => operation.kind === kind);
  const leaversDeleted = of('delete').filter(({ line }) => line !== null).length;
  const present = of('update').length + of('rekey').length + unchanged;
  const accepted = of('create').length + present + leaversDeleted;
  return {
    name: 'employees',
    kind: 'full',
    missing: 'delete',
    trouble: null,
    file: {
      name: 'employees_20261123.csv',
      size: 1_234_567,
      modifiedAtMs: STARTED - 11_520_000,
      sha256: 'a3f5'.repeat(16),
      unchanged: false,
    },
    files: [],
    rows: { read: accepted + rejects.length, accepted, rejected: rejects.length, excluded: 0, duplicate: 0 },
    notes: [],
    warnings: [],
    contactsBefore: present + of('delete').length + rejects.length,
    people: {
      create: of('create').length,
      update: of('update').length,
      rekey: of('rekey').length,
      delete: of('delete').length,
      unchanged,
      kept: rejects.length,
      leaversDeleted,
      leaversWithoutContact: 0,
    },
    ...overrides,
  };
}

export function contactNamed(externalId: string, overrides: Partial<Contact> = {}): Contact {
  return {
    externalId,
    firstName: 'Ann',
    lastName: `Lee ${externalId}`,
    email: `ann.${externalId}@example.com`,
    phoneNumber: null,
    attributes: { office: 'Austin' },
    ...overrides,
  };
}

export function creates(externalId: string, overrides: Partial<OperationRecord> = {}): OperationRecord {
  const body: ContactBody = {
    external_id: externalId,
    first_name: 'Ann',
    last_name: `Lee ${externalId}`,
    email: `ann.${externalId}@example.com`,
  };
  return { ...applied, kind: 'create', externalId, line: 2, body, before: null, ...overrides };
}

export function updates(
  externalId: string,
  body: ContactBody,
  overrides: Partial<OperationRecord> = {},
): OperationRecord {
  return { ...applied, kind: 'update', externalId, line: 3, body, before: contactNamed(externalId), ...overrides };
}

export function deletes(externalId: string, overrides: Partial<OperationRecord> = {}): OperationRecord {
  const before = contactNamed(externalId);
  return { ...applied, kind: 'delete', externalId, line: null, body: null, before, ...overrides };
}

export function rejected(line: number, overrides: Partial<FeedReject> = {}): FeedReject {
  return {
    feed: 'employees',
    line,
    externalId: `E${line}`,
    field: 'email',
    rule: 'email',
    message: '"nobody" is not an email address',
    ...overrides,
  };
}

const applied = {
  feed: 'employees',
  fingerprint: null,
  state: 'applied',
  guard: null,
  reason: null,
  status: 200,
  attempts: 1,
  error: null,
  refusedRuns: null,
} as const;
