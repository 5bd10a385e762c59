// Everything a run knows when it ends, as plain values: the only input of the report. Whoever tells the story
// of a run fills this in; nothing here is computed twice.

import type { ExitCode } from '../exit-codes.ts';
import type { Operation, OperationKind, OperationState } from '../plan/operation.ts';
import type { Reject } from '../roster/employee.ts';

export interface RunFacts {
  /** The id of the run, as `history` shows it and `report RUN` takes it. */
  readonly run: string;
  readonly programVersion: string;
  readonly mode: 'run' | 'dry-run';
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly feeds: readonly FeedFacts[];
  /** Counted while planning, apart from the journal, so that the two can be compared. */
  readonly planned: number;
  /** Those of them that only make room for a moment, so that people can exchange an email or phone number. */
  readonly intermediate: number;
  /** The journal's (in a dry run: the plan's) operations, counted by where they stand now. */
  readonly outcomes: readonly OutcomeCount[];
  /** Operations that were left out because somebody rejected them. */
  readonly leftOut: number;
  /** Files that wait for approval as a whole, whether or not they ask for anything. */
  readonly withheld: readonly { readonly feed: string; readonly guard: string }[];
  readonly guards: readonly GuardFacts[];
  /** Operations in doubt from earlier runs, resolved before this one planned. */
  readonly recovered: readonly RecoveredOperation[];
  readonly drift: readonly Drift[];
  /** Rows that Workshop refuses again and again. */
  readonly poison: readonly PoisonRow[];
  /** null when the API was never asked. */
  readonly api: ApiFacts | null;
  readonly phases: readonly Phase[];
  /** The error that ended the run before its end; null when it came to its end. */
  readonly stopped: StopFacts | null;
  readonly exitCode: ExitCode;
  /** In the order of the plan. A function, because a million operations do not fit into memory. */
  operations(): Iterable<OperationRecord>;
  rejects(): Iterable<FeedReject>;
}

export interface FeedFacts {
  readonly name: string;
  readonly kind: 'full' | 'changes';
  readonly missing: 'delete' | 'keep';
  /** Why nothing of the feed was planned, or what went wrong with it afterwards. */
  readonly trouble: FeedTroubleFacts | null;
  /** null when there is none, or it could not be seen. */
  readonly file: FileFacts | null;
  /** All that were read together, oldest first; lines of operations and rejects tell which (roster/line). */
  readonly files: readonly FileFacts[];
  /** Zeros when nothing was read. */
  readonly rows: RowFacts;
  /** Worth knowing: superseded files, unmapped columns, a changed header, equal duplicates. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Contacts of the feed in the snapshot when the run started to plan. */
  readonly contactsBefore: number;
  /** null when nobody of the feed was decided: all its contacts are kept. */
  readonly people: PeopleFacts | null;
}

export interface Trouble {
  /** Operation, subject and reason. */
  readonly message: string;
  /** What the operator does next. */
  readonly hint: string;
}

/** `kind`: credentials, unreachable or interrupted. */
export interface StopFacts extends Trouble {
  readonly kind: string;
}

export interface FeedTroubleFacts extends Trouble {
  /** A word of `FeedTrouble` (errors.ts), or `unreachable`. */
  readonly kind: string;
  /** Only of some files of changes: what came before them was taken. */
  readonly isPartial?: true;
}

export interface FileFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAtMs: number;
  readonly sha256: string;
  /** The content of the last accepted file again. */
  readonly unchanged: boolean;
}

export interface RowFacts {
  readonly read: number;
  /** Employees and explicit leavers. */
  readonly accepted: number;
  readonly rejected: number;
  readonly excluded: number;
  /** Repetitions of an equal row, beyond the one that counts. */
  readonly duplicate: number;
}

/** What was decided about the people of one feed. Every accepted row and every contact is in here exactly once. */
export interface PeopleFacts {
  readonly create: number;
  readonly update: number;
  readonly rekey: number;
  /** All deletes, of leavers as well as of people who are missing. */
  readonly delete: number;
  readonly unchanged: number;
  /** Contacts that the file gives no reason to touch: missing but kept, rejected, excluded, or of a feed in trouble. */
  readonly kept: number;
  /** Deletes that a row with a status of `left` asks for. */
  readonly leaversDeleted: number;
  /** Rows with a status of `left` that ask for nothing: without a contact, or re-keyed to another row. */
  readonly leaversWithoutContact: number;
}

export interface OutcomeCount {
  readonly feed: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  /** The guard that holds them. */
  readonly guard: string | null;
  readonly count: number;
}

export interface OperationRecord extends Operation {
  readonly state: OperationState;
  readonly guard: string | null;
  /** Why it is held or was not sent, where the guard alone does not say it. */
  readonly reason: string | null;
  /** HTTP status of the last answer. */
  readonly status: number | null;
  readonly attempts: number;
  /** In the API's words. */
  readonly error: string | null;
  /** In how many runs in a row, up to this one or in a dry run before it, Workshop refused what was wanted; null: in none. */
  readonly refusedRuns: number | null;
}

export interface FeedReject extends Reject {
  readonly feed: string;
}

/** A `GuardVerdict` of any name. */
export interface GuardFacts {
  readonly name: string;
  readonly feed: string;
  readonly actual: number;
  readonly limit: number;
  readonly tripped: boolean;
  readonly forced: boolean;
  readonly note: string | null;
}

export interface RecoveredOperation {
  readonly kind: OperationKind;
  readonly externalId: string;
  /** The run that sent it. */
  readonly run: string;
  /** What the API said when asked, in a few words. */
  readonly outcome: string;
}

/** A row that Workshop has refused in so many runs in a row that trying again alone will not help. */
export interface PoisonRow {
  readonly externalId: string;
  readonly feed: string;
  readonly runs: number;
  readonly sinceMs: number;
}

export interface Drift {
  readonly externalId: string;
  /** How Workshop differed from the snapshot, in a few words. */
  readonly what: string;
}

export interface ApiFacts {
  readonly requests: number;
  readonly retries: number;
  /** Answers with status 429. */
  readonly rateLimited: number;
  /** null when nothing was answered. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly achievedPerSecond: number | null;
  readonly allowedPerSecond: number;
}

export interface Phase {
  readonly name: string;
  readonly ms: number;
}

/** Counts operations as `RunFacts.outcomes` wants them, for a caller that has no database to ask. */
export function countOutcomes(operations: Iterable<OperationRecord>): OutcomeCount[] {
  const counts = new Map<string, OutcomeCount>();
  for (const { feed, kind, state, guard } of operations) {
    const key = JSON.stringify([feed, kind, state, guard]);
    counts.set(key, { feed, kind, state, guard, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
