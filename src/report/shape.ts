// The shape of `report.json`, an interface that users script against, and of the lines of `operations.jsonl`
// (specification §11). Every rendering, live or later, starts from these two and from nothing else.

import type { ExitCode } from '../exit-codes.ts';
import type { ContactBody, OperationKind, OperationState } from '../plan/operation.ts';
import type { StopFacts } from './facts.ts';

export const REPORT_SCHEMA = 1;

/** Rejects beyond these are in `rejects.csv` only. */
export const REJECTS_IN_REPORT = 1000;

export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly run: string;
  readonly program_version: string;
  readonly mode: 'run' | 'dry-run';
  readonly exit_code: ExitCode;
  readonly verdict: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly duration_ms: number;
  readonly balanced: boolean;
  /** The sums that do not balance. */
  readonly imbalances: readonly string[];
  readonly stopped: StopFacts | null;
  readonly feeds: readonly ReportFeed[];
  readonly people: ReportPeople;
  readonly operations: ReportOperations;
  /** Operations among those that make room for a moment, so that people can exchange an email or phone number. */
  readonly intermediate: number;
  /** Superseded operations that somebody rejected: no run sends them. */
  readonly left_out: number;
  readonly outcomes: readonly ReportOutcome[];
  readonly guards: readonly ReportGuard[];
  readonly held: readonly ReportHeld[];
  readonly recovered: readonly { kind: OperationKind; external_id: string; run: string; outcome: string }[];
  readonly drift: readonly { external_id: string; what: string }[];
  /** Rows that Workshop has refused in three or more runs in a row (the first 1,000). */
  readonly poison: readonly ReportPoison[];
  readonly rejects: readonly ReportReject[];
  readonly api: ReportApi | null;
  readonly phases: readonly { name: string; ms: number }[];
}

export interface ReportFeed {
  readonly name: string;
  readonly kind: 'full' | 'changes';
  readonly missing: 'delete' | 'keep';
  /** `partial`: only some files of changes wait; what came before them was taken. */
  readonly error: { kind: string; message: string; hint: string; partial: boolean } | null;
  /** The newest that was read. */
  readonly file: ReportFile | null;
  /** All that were read together, oldest first: `file` of a reject or operation counts them from 1. */
  readonly files: readonly ReportFile[];
  readonly rows: { read: number; accepted: number; rejected: number; excluded: number; duplicate: number };
  readonly contacts_before: number;
  readonly people: ReportPeople;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

export interface ReportFile {
  readonly name: string;
  readonly size: number;
  readonly modified_at: string;
  readonly sha256: string;
  /** Of the file when the run started. */
  readonly age_ms: number;
  readonly unchanged: boolean;
}

export interface ReportPeople {
  readonly create: number;
  readonly update: number;
  readonly rekey: number;
  readonly delete: number;
  readonly unchanged: number;
  readonly kept: number;
}

/** In a dry run nothing is applied, refused or abandoned; `planned` minus `held` and `superseded` would be sent. */
export interface ReportOperations {
  readonly planned: number;
  readonly applied: number;
  readonly refused: number;
  readonly abandoned: number;
  readonly held: number;
  readonly superseded: number;
}

/** How an operation stands at the end of a run; `planned`: a dry run, nothing was sent. */
export type Outcome = Exclude<OperationState, 'pending'> | 'planned';

export interface ReportOutcome {
  readonly feed: string;
  readonly kind: OperationKind;
  readonly outcome: Outcome;
  readonly count: number;
}

export interface ReportGuard {
  readonly name: string;
  readonly feed: string;
  readonly actual: number;
  readonly limit: number;
  readonly tripped: boolean;
  readonly forced: boolean;
  /** What the number counts, where the name does not say it. */
  readonly note: string | null;
}

/** What one guard holds of one feed. */
export interface ReportHeld {
  readonly feed: string;
  readonly guard: string;
  readonly operations: Readonly<Record<OperationKind, number>>;
  /** The guard's numbers; null when it gave no verdict on the feed as a whole. */
  readonly actual: number | null;
  readonly limit: number | null;
  readonly note: string | null;
  /** What lets everything that the run holds through once. */
  readonly command: string;
  /** What overrides this guard for one run. */
  readonly force: string;
}

export interface ReportReject {
  readonly feed: string;
  readonly line: number;
  readonly file: number;
  readonly external_id: string | null;
  readonly field: string | null;
  readonly rule: string;
  readonly message: string;
}

export interface ReportPoison {
  readonly feed: string;
  readonly external_id: string;
  readonly runs: number;
  readonly since: string;
}

export interface ReportApi {
  readonly requests: number;
  readonly retries: number;
  readonly rate_limited: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly achieved_per_second: number | null;
  readonly allowed_per_second: number;
}

/** One line of `operations.jsonl`, bodies and contacts in the API's own words. */
export interface OperationLine {
  readonly kind: OperationKind;
  readonly external_id: string;
  readonly feed: string;
  readonly line: number | null;
  /** Which of the feed's files has the line, from 1. */
  readonly file: number | null;
  readonly body: ContactBody | null;
  readonly before: ContactBefore | null;
  readonly outcome: Outcome;
  /** The guard that holds it, or would have, had nobody let it through. */
  readonly guard: string | null;
  /** Why it is held or was not sent, where the guard alone does not say it. */
  readonly reason: string | null;
  readonly status: number | null;
  readonly attempts: number;
  readonly error: string | null;
  /** In how many runs in a row, up to this one or in a dry run before it, Workshop refused what was wanted; null: in none. */
  readonly refused_runs: number | null;
}

/** The contact as the API last confirmed it. */
export interface ContactBefore {
  readonly external_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone_number: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}
