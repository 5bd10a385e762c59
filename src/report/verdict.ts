// One line that says how a run ended, in the words of its exit code and with the numbers that matter. It goes to
// the terminal, the history and notifications, so it names nobody.

import { EXIT, EXIT_WORDS } from '../exit-codes.ts';
import type { OperationKind } from '../plan/operation.ts';
import { plain } from './plain.ts';
import type { Outcome, Report, ReportHeld } from './shape.ts';
import { counted, listed, number } from './units.ts';

const KINDS: readonly OperationKind[] = ['create', 'update', 'rekey', 'delete'];
const NOUNS: Readonly<Record<OperationKind, string>> = {
  create: 'create',
  update: 'update',
  rekey: 're-key',
  delete: 'delete',
};
const PAST: Readonly<Record<OperationKind, string>> = {
  create: 'created',
  update: 'updated',
  rekey: 're-keyed',
  delete: 'deleted',
};

// Trouble that a feed can have with its server; the other kinds are trouble with the file.
const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['unreachable', 'unreachable'],
  ['credentials', 'our credentials are refused'],
]);

type Unjudged = Omit<Report, 'verdict'>;

interface Judgement {
  /** Joined by semicolons; empty ones are left out. */
  readonly clauses: readonly string[];
  /** A sentence of its own: the message of what went wrong. */
  readonly reason?: string | undefined;
}

/** The verdict on a run (specification §11.1): a single line, the numbers first and the reason, if any, after them. */
export function verdictOf(report: Unjudged): string {
  const { clauses, reason = '' } = judge(report);
  const sentence = clauses.filter((clause) => clause !== '').join('; ');
  const verdict = report.mode === 'dry-run' ? `Dry run: ${lowerFirst(sentence)}` : sentence;
  return plain(`${verdict}. ${ended(reason)}`);
}

/** `3 creates and 1 delete`, without the kinds that do not occur. */
export function kindWords(counts: Readonly<Record<OperationKind, number>>): string {
  return listed(KINDS.filter((kind) => counts[kind] > 0).map((kind) => counted(counts[kind], NOUNS[kind])));
}

function judge(report: Unjudged): Judgement {
  switch (report.exit_code) {
    case EXIT.inSync:
      return { clauses: [inSync(report)] };
    case EXIT.pending:
      return { clauses: [`Changes are pending: ${kindWords(changes(report, 'planned'))}`] };
    case EXIT.held:
      return held(report);
    case EXIT.incomplete:
      return { clauses: [`Finished, but ${troubleWords(report) || 'not wholly'}`, doneWords(report)] };
    case EXIT.feed:
      return feedTrouble(report);
    case EXIT.unreachable:
      return unreachable(report);
    case EXIT.interrupted:
    case EXIT.terminated:
      return { clauses: [upperFirst(EXIT_WORDS[report.exit_code]), doneWords(report), notSentWords(report)] };
    case EXIT.bug: {
      const reason = report.balanced ? report.stopped?.message : 'The sums of this report do not balance.';
      return { clauses: [upperFirst(EXIT_WORDS[EXIT.bug]), doneWords(report)], reason };
    }
    default:
      return { clauses: [upperFirst(EXIT_WORDS[report.exit_code])], reason: report.stopped?.message };
  }
}

function inSync(report: Unjudged): string {
  const all = report.mode === 'dry-run' ? changes(report, 'planned') : changes(report, 'applied');
  const leftOut =
    report.left_out === 0 ? '' : ` but for ${counted(report.left_out, 'operation')} that somebody rejected`;
  if (kindWords(all) === '' && leftOut !== '') return `In sync${leftOut}`;
  if (kindWords(all) === '') {
    const unchanged = report.feeds.length > 0 && report.feeds.every(({ file }) => file?.unchanged === true);
    return `In sync: nothing to do${unchanged ? ' (unchanged file)' : ''}`;
  }
  if (report.mode === 'dry-run') return `Would be in sync${leftOut} after ${kindWords(all)}`;
  return `In sync${leftOut}: ${pastWords(all)}`;
}

function held(report: Unjudged): Judgement {
  const { held: holds, mode, stopped } = report;
  // A run can also be held as a whole, before it has a plan.
  if (holds.length === 0) return { clauses: ['Held: changes wait for approval'], reason: stopped?.message };
  const count = holds.reduce((sum, hold) => sum + Math.max(1, operationCount(hold)), 0);
  const waits = mode === 'dry-run' ? 'would wait' : count === 1 ? 'waits' : 'wait';
  const [only] = holds;
  const words =
    only !== undefined && holds.length === 1
      ? `${heldWords(only)}${ofFeed(only, report)} ${waits} for approval${limitWords(only)}`
      : `${listed(holds.map((hold) => heldWords(hold) + ofFeed(hold, report) + limitWords(hold)))} ${waits} for approval`;
  return { clauses: [`Held: ${words}`, troubleWords(report), doneWords(report)] };
}

function heldWords({ feed, operations }: ReportHeld): string {
  return kindWords(operations) || `the file of feed ${feed}`;
}

function ofFeed({ feed, operations }: ReportHeld, { feeds }: Unjudged): string {
  return feeds.length > 1 && kindWords(operations) !== '' ? ` of feed ${feed}` : '';
}

function limitWords(hold: ReportHeld): string {
  const { guard, actual, limit, note } = hold;
  if (actual === null || limit === null) return ` (${guard})`;
  if (actual === operationCount(hold) && KINDS.some((kind) => guard === `${kind}s`)) return ` (limit ${number(limit)})`;
  return ` (${guard}: ${number(actual)}${note === null ? '' : ` ${note}`}, limit ${number(limit)})`;
}

function operationCount({ operations }: ReportHeld): number {
  return KINDS.reduce((sum, kind) => sum + operations[kind], 0);
}

function feedTrouble(report: Unjudged): Judgement {
  const { feeds, mode, stopped } = report;
  const [first, ...others] = feeds.filter(({ error }) => error !== null);
  if (!first?.error)
    return { clauses: [upperFirst(EXIT_WORDS[EXIT.feed]), doneWords(report)], reason: stopped?.message };
  const sent = mode === 'dry-run' ? 'would be sent' : 'was sent';
  const what = first.error.partial ? `of what waits nothing ${sent}` : `nothing of it ${sent}`;
  const more = others.length > 0 ? `${counted(others.length, 'more feed')} in trouble` : '';
  return {
    clauses: [`The feed ${first.name}: ${first.error.kind}; ${what}`, more, doneWords(report)],
    reason: first.error.message,
  };
}

function unreachable(report: Unjudged): Judgement {
  const { stopped, feeds, operations, mode } = report;
  const rest = ['the next run goes on', doneWords(report), notSentWords(report)];
  if (stopped) {
    if (mode === 'dry-run') return { clauses: ['The run would stop'], reason: stopped.message };
    const how = operations.applied > 0 ? 'The run stopped part way' : 'The run stopped, nothing applied';
    return { clauses: [how, ...rest], reason: stopped.message };
  }
  const feed = feeds.find(({ error }) => error !== null && UNREACHABLE.has(error.kind));
  if (!feed?.error) return { clauses: [upperFirst(EXIT_WORDS[EXIT.unreachable]), doneWords(report)] };
  return {
    clauses: [`The feed ${feed.name}: ${UNREACHABLE.get(feed.error.kind)}`, ...rest],
    reason: feed.error.message,
  };
}

function troubleWords({ feeds, operations, poison }: Unjudged): string {
  const rejected = feeds.reduce((sum, { rows }) => sum + rows.rejected, 0);
  const were = (count: number, noun: string, verb: string) =>
    count === 0 ? [] : [`${counted(count, noun)} ${count === 1 ? 'was' : 'were'} ${verb}`];
  const someWords = poison.length === operations.refused ? '' : `${number(poison.length)} of them `;
  const againWords = poison.length === 0 ? '' : ` (${someWords}in three or more runs in a row)`;
  return [
    ...were(rejected, 'row', 'rejected'),
    ...were(operations.refused, 'operation', 'refused').map((words) => words + againWords),
    ...were(operations.abandoned, 'operation', 'abandoned'),
  ].join(', ');
}

function doneWords(report: Unjudged): string {
  if (report.mode === 'run') return pastWords(changes(report, 'applied'));
  const words = kindWords(changes(report, 'planned'));
  return words === '' ? '' : `${words} would be applied`;
}

function notSentWords({ operations, left_out: leftOut }: Unjudged): string {
  const notSent = operations.superseded - leftOut;
  return notSent === 0 ? '' : `${number(notSent)} not sent, planned again by the next run`;
}

function changes(report: Unjudged, outcome: Outcome): Record<OperationKind, number> {
  const counts = { create: 0, update: 0, rekey: 0, delete: 0 };
  for (const change of report.outcomes) if (change.outcome === outcome) counts[change.kind] += change.count;
  // What only makes room for a moment changes nobody.
  return { ...counts, update: Math.max(0, counts.update - report.intermediate) };
}

function pastWords(counts: Readonly<Record<OperationKind, number>>): string {
  return KINDS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${number(counts[kind])} ${PAST[kind]}`)
    .join(', ');
}

function ended(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  const isAbbreviation = /^[A-Z]{2}/.test(text);
  return isAbbreviation ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
}
