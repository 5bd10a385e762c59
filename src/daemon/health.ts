// Is the daemon doing its job? Readiness, judged from facts. Pure.

import { EXIT, type ExitCode } from '../exit-codes.ts';

export interface LastRun {
  readonly exitCode: ExitCode;
  /** How it ended and why: one line, which names nobody. */
  readonly verdict: string;
  /** SFTP or Workshop knows us no more; repeating will not help. */
  readonly credentialsRefused: boolean;
}

export interface GoodRun {
  readonly finishedAtMs: number;
  /** null: it never is. */
  readonly overdueAtMs: number | null;
}

/** All times in milliseconds since the epoch. */
export interface HealthFacts {
  readonly nowMs: number;
  readonly stopping: boolean;
  /** null: no sync has finished since the start. */
  readonly lastRun: LastRun | null;
  /** null: none since the start. */
  readonly lastGoodRun: GoodRun | null;
  /** When the oldest open hold began; null: nothing is held. */
  readonly heldSinceMs: number | null;
}

export interface Readiness {
  readonly ready: boolean;
  /** Full of meaning for whoever is on call; empty when ready. */
  readonly reasons: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether this instance keeps Workshop in step, and if not, every reason why (specification §12). */
export function readiness(facts: HealthFacts): Readiness {
  const reasons = facts.lastRun === null ? ['first sync has not finished yet'] : troubles(facts, facts.lastRun);
  if (facts.stopping) reasons.unshift('stopping');
  return { ready: reasons.length === 0, reasons };
}

/** Did the run read the feeds and reach Workshop, even if a person has something left to look at? */
export function isGoodRun(exitCode: ExitCode): boolean {
  return exitCode === EXIT.inSync || exitCode === EXIT.held || exitCode === EXIT.incomplete;
}

/**
 * When a good run is too old: twice the interval after it, and never before two scheduled runs have gone by, so that
 * a schedule for office hours is not overdue all night. `nextTicksMs` are the two ticks after it; null: it never is.
 */
export function overdueAtMs(finishedAtMs: number, nextTicksMs: readonly number[]): number | null {
  const [first, second] = nextTicksMs;
  if (first === undefined || second === undefined) return null;
  return Math.max(finishedAtMs + 2 * (second - first), second);
}

function troubles(facts: HealthFacts, lastRun: LastRun): string[] {
  const reasons: string[] = [];
  const { lastGoodRun, heldSinceMs, nowMs } = facts;
  const last = `the last sync ended with exit code ${lastRun.exitCode}: ${lastRun.verdict}`;
  if (lastGoodRun === null) reasons.push(`no sync has succeeded since the start; ${last}`);
  else if (isOverdue(lastGoodRun, nowMs)) reasons.push(`${overdueWords(lastGoodRun, nowMs)}; ${last}`);
  const isTold = reasons.length > 0;
  if (heldSinceMs !== null && nowMs - heldSinceMs > DAY_MS) {
    reasons.push(
      `changes have been held for ${ageWords(nowMs - heldSinceMs)}; \`workshop-sync report\` says which, and what to do`,
    );
  }
  if (lastRun.exitCode === EXIT.unreachable && lastRun.credentialsRefused) {
    reasons.push(
      `our credentials are refused by SFTP or Workshop; \`workshop-sync doctor\` says which${isTold ? '' : `; ${last}`}`,
    );
  }
  return reasons;
}

/** A good run that lies in the future as far as that says as little: the clock was set back since. */
function isOverdue({ finishedAtMs, overdueAtMs }: GoodRun, nowMs: number): boolean {
  return overdueAtMs !== null && Math.abs(nowMs - finishedAtMs) > overdueAtMs - finishedAtMs;
}

function overdueWords({ finishedAtMs }: GoodRun, nowMs: number): string {
  if (nowMs < finishedAtMs) return 'no sync has succeeded since the clock was set back';
  return `the last good sync is ${ageWords(nowMs - finishedAtMs)} old, more than twice the interval`;
}

function ageWords(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 2) return `${Math.floor(ageMs / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h`;
}
