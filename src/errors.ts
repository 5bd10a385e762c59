// Every error that can end a run or set a feed aside. A message says operation, subject and reason;
// the hint says what to do next. Anything else that is thrown is a bug and ends with exit code 1.

import { EXIT, type ExitCode } from './exit-codes.ts';

export interface ErrorDetail {
  /** What the operator does next, a full sentence. */
  hint: string;
  cause?: unknown;
}

/** The base of all errors meant for the operator: printed without a stack. */
export abstract class OperatorError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly hint: string;

  constructor(message: string, detail: ErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.hint = detail.hint;
    this.name = new.target.name;
  }
}

/** The command line or the configuration is wrong (exit 7). */
export class UsageError extends OperatorError {
  readonly exitCode = EXIT.usage;
}

export type FeedTrouble = 'no file' | 'not ready' | 'stale' | 'unreadable' | 'quarantined';

/** One feed has no file, or its file cannot be trusted (exit 5). The other feeds go on. */
export class FeedError extends OperatorError {
  readonly exitCode = EXIT.feed;
  readonly trouble: FeedTrouble;

  constructor(trouble: FeedTrouble, message: string, detail: ErrorDetail) {
    super(message, detail);
    this.trouble = trouble;
  }
}

/** Another run holds the lock (exit 6). */
export class LockedError extends OperatorError {
  readonly exitCode = EXIT.locked;
}

/** SFTP or Workshop cannot be reached, refuses our credentials, or the run had to stop part way (exit 8). */
export class UnreachableError extends OperatorError {
  readonly exitCode = EXIT.unreachable;
}

/** SFTP or Workshop answered, and refused our key, password or API key (exit 8). */
export class CredentialsError extends UnreachableError {}

/** The state database is corrupt, not ours, full, or from a newer version (exit 9). */
export class DatabaseError extends OperatorError {
  readonly exitCode = EXIT.database;
}

/** The operator or the system asked the run to end; what was in flight is settled (exit 130 or 143). */
export class InterruptedError extends OperatorError {
  readonly exitCode: typeof EXIT.interrupted | typeof EXIT.terminated;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`The run was asked to end (${signal}); what was in flight was settled first.`, {
      hint: 'Nothing is lost: the next run plans again whatever was not sent.',
    });
    this.exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  }
}
