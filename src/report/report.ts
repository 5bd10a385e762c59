// The facts of a run become its report: sums checked, names as users script against them (specification §11).

import { isoTime } from '../clock.ts';
import { EXIT } from '../exit-codes.ts';
import type { OperationKind, OperationState } from '../plan/operation.ts';
import { fileOfLine, lineInFile } from '../roster/line.ts';
import type { FeedFacts, FileFacts, OutcomeCount, RunFacts } from './facts.ts';
import { outcomeOf } from './operation-line.ts';
import type {
  Report,
  ReportApi,
  ReportFeed,
  ReportFile,
  ReportHeld,
  ReportOperations,
  ReportOutcome,
  ReportPeople,
  ReportReject,
} from './shape.ts';
import { REJECTS_IN_REPORT, REPORT_SCHEMA } from './shape.ts';
import { checkSums } from './sums.ts';
import { verdictOf } from './verdict.ts';

/**
 * The report of a run, sums checked. When they do not balance the report says so and its `exit_code` is 1,
 * whatever the run would have ended with.
 */
export function buildReport(facts: RunFacts): Report {
  const imbalances = checkSums(facts);
  const report: Report = {
    schema: REPORT_SCHEMA,
    run: facts.run,
    program_version: facts.programVersion,
    mode: facts.mode,
    exit_code: imbalances.length === 0 ? facts.exitCode : EXIT.bug,
    verdict: '',
    started_at: isoTime(facts.startedAtMs),
    finished_at: isoTime(facts.finishedAtMs),
    duration_ms: facts.finishedAtMs - facts.startedAtMs,
    balanced: imbalances.length === 0,
    imbalances,
    stopped: facts.stopped,
    feeds: facts.feeds.map((feed) => feedOf(feed, facts.startedAtMs)),
    people: addPeople(facts.feeds.map(peopleOf)),
    operations: operationsOf(facts),
    intermediate: facts.intermediate,
    left_out: facts.leftOut,
    outcomes: outcomesOf(facts),
    guards: facts.guards.map(({ name, feed, actual, limit, tripped, forced, note }) => {
      return { name, feed, actual, limit, tripped, forced, note };
    }),
    held: heldOf(facts),
    recovered: facts.recovered.map(({ kind, externalId, run, outcome }) => {
      return { kind, external_id: externalId, run, outcome };
    }),
    drift: facts.drift.map(({ externalId, what }) => ({ external_id: externalId, what })),
    poison: facts.poison.map(({ feed, externalId, runs, sinceMs }) => {
      return { feed, external_id: externalId, runs, since: isoTime(sinceMs) };
    }),
    rejects: firstRejects(facts),
    api: apiOf(facts),
    phases: phasesOf(facts),
  };
  return { ...report, verdict: verdictOf(report) };
}

function feedOf(feed: FeedFacts, startedAtMs: number): ReportFeed {
  const { name, kind, missing, trouble, file, files, rows, contactsBefore, notes, warnings } = feed;
  return {
    name,
    kind,
    missing,
    error: trouble && {
      kind: trouble.kind,
      message: trouble.message,
      hint: trouble.hint,
      partial: trouble.isPartial === true,
    },
    file: file && fileOf(file, startedAtMs),
    files: files.map((each) => fileOf(each, startedAtMs)),
    rows: {
      read: rows.read,
      accepted: rows.accepted,
      rejected: rows.rejected,
      excluded: rows.excluded,
      duplicate: rows.duplicate,
    },
    contacts_before: contactsBefore,
    people: peopleOf(feed),
    notes,
    warnings,
  };
}

function fileOf({ name, size, modifiedAtMs, sha256, unchanged }: FileFacts, startedAtMs: number): ReportFile {
  return {
    name,
    size,
    modified_at: isoTime(modifiedAtMs),
    sha256,
    age_ms: Math.max(0, startedAtMs - modifiedAtMs),
    unchanged,
  };
}

function peopleOf({ people, contactsBefore }: FeedFacts): ReportPeople {
  if (people === null) return { create: 0, update: 0, rekey: 0, delete: 0, unchanged: 0, kept: contactsBefore };
  const { create, update, rekey, delete: deleted, unchanged, kept } = people;
  return { create, update, rekey, delete: deleted, unchanged, kept };
}

function addPeople(feeds: readonly ReportPeople[]): ReportPeople {
  const none: ReportPeople = { create: 0, update: 0, rekey: 0, delete: 0, unchanged: 0, kept: 0 };
  return feeds.reduce(
    (sum, people) => ({
      create: sum.create + people.create,
      update: sum.update + people.update,
      rekey: sum.rekey + people.rekey,
      delete: sum.delete + people.delete,
      unchanged: sum.unchanged + people.unchanged,
      kept: sum.kept + people.kept,
    }),
    none,
  );
}

function operationsOf({ planned, outcomes }: RunFacts): ReportOperations {
  const counted = (state: OperationState) => countOf(outcomes.filter((outcome) => outcome.state === state));
  return {
    planned,
    applied: counted('applied'),
    refused: counted('refused'),
    abandoned: counted('abandoned'),
    held: counted('held'),
    superseded: counted('superseded'),
  };
}

function outcomesOf({ outcomes }: RunFacts): ReportOutcome[] {
  const merged = new Map<string, ReportOutcome>();
  for (const { feed, kind, state, count } of outcomes) {
    const outcome = outcomeOf(state);
    const key = JSON.stringify([feed, kind, outcome]);
    merged.set(key, { feed, kind, outcome, count: count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()];
}

function heldOf(facts: RunFacts): ReportHeld[] {
  const held = facts.outcomes.filter(({ state, count }) => state === 'held' && count > 0);
  const groups = new Map<string, { feed: string; guard: string; outcomes: OutcomeCount[] }>();
  const groupOf = (feed: string, guard: string) => {
    const key = JSON.stringify([feed, guard]);
    const group = groups.get(key) ?? { feed, guard, outcomes: [] };
    groups.set(key, group);
    return group;
  };
  for (const outcome of held) groupOf(outcome.feed, outcome.guard ?? 'unknown').outcomes.push(outcome);
  // A file can wait as a whole without asking for anything.
  for (const { feed, guard } of facts.withheld) groupOf(feed, guard);
  return [...groups.values()].map((group) => holdOf(facts, group));
}

function holdOf(
  { run, mode, guards }: RunFacts,
  { feed, guard, outcomes }: { feed: string; guard: string; outcomes: readonly OutcomeCount[] },
): ReportHeld {
  const ofGuard = guards.filter((each) => each.name === guard && each.feed === feed);
  // Without one it waits for something else that is held, or is held as it was before.
  const verdict = ofGuard.find(({ tripped }) => tripped);
  const counted = (kind: OperationKind) => countOf(outcomes.filter((outcome) => outcome.kind === kind));
  return {
    feed,
    guard,
    operations: {
      create: counted('create'),
      update: counted('update'),
      rekey: counted('rekey'),
      delete: counted('delete'),
    },
    actual: verdict?.actual ?? null,
    limit: verdict?.limit ?? null,
    note: verdict?.note ?? null,
    // A dry run holds nothing that could be approved.
    command: mode === 'dry-run' ? 'workshop-sync run --once' : `workshop-sync approve ${run}`,
    force: `workshop-sync run --once --force ${guard}`,
  };
}

function countOf(outcomes: readonly OutcomeCount[]): number {
  return outcomes.reduce((sum, { count }) => sum + count, 0);
}

function firstRejects(facts: RunFacts): ReportReject[] {
  const first: ReportReject[] = [];
  for (const { feed, line, externalId, field, rule, message } of facts.rejects()) {
    const place = { line: lineInFile(line), file: fileOfLine(line) + 1 };
    first.push({ feed, ...place, external_id: externalId, field, rule, message });
    if (first.length === REJECTS_IN_REPORT) break;
  }
  return first;
}

/** One entry for each name: every feed has a phase of reading. */
function phasesOf({ phases }: RunFacts): Report['phases'] {
  const times = new Map<string, number>();
  for (const { name, ms } of phases) times.set(name, (times.get(name) ?? 0) + ms);
  return [...times].map(([name, ms]) => ({ name, ms: Math.round(ms) }));
}

function apiOf({ api }: RunFacts): ReportApi | null {
  if (api === null) return null;
  const tenths = (rate: number) => Math.round(rate * 10) / 10;
  return {
    requests: api.requests,
    retries: api.retries,
    rate_limited: api.rateLimited,
    p50_ms: api.p50Ms === null ? null : Math.round(api.p50Ms),
    p95_ms: api.p95Ms === null ? null : Math.round(api.p95Ms),
    achieved_per_second: api.achievedPerSecond === null ? null : tenths(api.achievedPerSecond),
    allowed_per_second: api.allowedPerSecond,
  };
}
