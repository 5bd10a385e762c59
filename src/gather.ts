// Gathers what a run did, or a dry run would do, as the facts of its report.

import type { Recovered } from './apply/recover.ts';
import { CredentialsError, InterruptedError, type OperatorError } from './errors.ts';
import { EXIT, type ExitCode, worstExitCode } from './exit-codes.ts';
import { factsBefore, type TakenFeed } from './feed/taking.ts';
import type { OperationState } from './plan/operation.ts';
import type { FeedFacts, OutcomeCount, Phase, RunFacts, StopFacts } from './report/facts.ts';
import type { SyncOptions, SyncParts } from './sync.ts';

export interface Gathered {
  readonly startedAtMs: number;
  readonly phases: readonly Phase[];
  readonly recovered: readonly Recovered[];
  readonly taken: readonly TakenFeed[];
  readonly feeds: readonly FeedFacts[];
}

/** Refused in so many runs in a row, a row is poison: it is still tried, and marked for a person to correct. */
const POISON_RUNS = 3;

/** The facts of a run that came to its end, whatever end that is. */
export function gatherFacts(parts: SyncParts, { dryRun }: SyncOptions, gathered: Gathered): RunFacts {
  const { run, store, pace, settings } = parts;
  const { startedAtMs, phases, recovered, feeds } = gathered;
  const reached = new Set(feeds.map((feed) => feed.name));
  const unreached = settings.feeds.filter((feed) => !reached.has(feed.name)).map((feed) => factsBefore(parts, feed));
  const outcomes = dryRun ? store.planned.outcomes() : store.journal.outcomes(run);
  const statistics = pace.statistics();
  const rejectCount = feeds.reduce((sum, feed) => sum + feed.rows.rejected, 0);
  // Whatever an exchange that failed half-way had to take back was added while applying.
  const intermediate = dryRun ? store.planned.parkingCount() : store.journal.parkingCount(run);
  const isPlanned = feeds.some((feed) => feed.people !== null);
  const withheld = gathered.taken.flatMap(({ settings: { name }, withheld: guard }) =>
    guard === null || !isPlanned ? [] : [{ feed: name, guard }],
  );
  const codes = [
    ...gathered.taken.map(({ exitCode }) => exitCode),
    ...(withheld.length > 0 ? [EXIT.held] : []),
    ...(recovered.some(({ outcome }) => outcome === 'unknown') ? [EXIT.incomplete] : []),
    ...outcomeCodes(outcomes, rejectCount),
  ];
  return {
    run,
    programVersion: parts.programVersion,
    mode: dryRun ? 'dry-run' : 'run',
    startedAtMs,
    finishedAtMs: parts.clock.now(),
    feeds: asConfigured(settings.feeds, [...feeds, ...unreached]),
    planned: isPlanned ? store.planned.count() - store.planned.parkingCount() + intermediate : 0,
    intermediate: isPlanned ? intermediate : 0,
    outcomes,
    withheld,
    leftOut: isPlanned ? gathered.taken.reduce((sum, { heldSet }) => sum + leftOutOf(heldSet), 0) : 0,
    guards: gathered.taken.flatMap(({ guards }) => guards),
    recovered,
    drift: dryRun ? [] : store.journal.drift(run),
    poison: isPlanned ? poisonOf(store, dryRun ? null : run) : [],
    api: statistics,
    phases,
    stopped: pace.stopped === null ? null : stopFacts(pace.stopped),
    exitCode: exitCodeOf(pace.stopped, codes),
    operations: () => (dryRun ? store.planned.entries(run) : store.journal.entries(run)),
    rejects: () => store.staging.rejects(),
  };
}

/** They may have been read in another order. */
function asConfigured(configured: readonly { readonly name: string }[], feeds: readonly FeedFacts[]): FeedFacts[] {
  return configured.flatMap(({ name }) => feeds.find((feed) => feed.name === name) ?? []);
}

function poisonOf({ refusals }: SyncParts['store'], run: string | null) {
  return run === null ? refusals.poisonWanted(POISON_RUNS) : refusals.poison(run, POISON_RUNS);
}

function leftOutOf(heldSet: TakenFeed['heldSet']): number {
  return heldSet?.held?.rejected ? heldSet.held.operationCount : 0;
}

function outcomeCodes(outcomes: readonly OutcomeCount[], rejectCount: number): ExitCode[] {
  const isIncomplete = isAny(outcomes, 'refused') || isAny(outcomes, 'abandoned') || rejectCount > 0;
  return [...(isAny(outcomes, 'held') ? [EXIT.held] : []), ...(isIncomplete ? [EXIT.incomplete] : [])];
}

/** Is any operation in this state? */
export function isAny(outcomes: readonly OutcomeCount[], state: OperationState): boolean {
  return outcomes.some((outcome) => outcome.state === state);
}

/** An interruption that drained cleanly has a code of its own; what stopped the run counts before what it left undone. */
function exitCodeOf(stopped: OperatorError | null, codes: readonly ExitCode[]): ExitCode {
  if (stopped instanceof InterruptedError) return stopped.exitCode;
  return worstExitCode(stopped === null ? codes : [...codes, stopped.exitCode]);
}

function stopFacts(error: OperatorError): StopFacts {
  const { message, hint } = error;
  if (error instanceof InterruptedError) return { kind: 'interrupted', message, hint };
  return { kind: error instanceof CredentialsError ? 'credentials' : 'unreachable', message, hint };
}
