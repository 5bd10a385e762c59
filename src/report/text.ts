// The text form of a report, in the order of specification §11: what `run --once` and `plan` print, and what
// `report` prints of a stored run. Renders from the JSON shape and the operation lines alone, so both look the same.

import { EXIT, EXIT_WORDS } from '../exit-codes.ts';
import { plain } from './plain.ts';
import type { OperationLine, Report } from './shape.ts';
import { createPaint, type Ink, labelled, type Paint } from './style.ts';
import { changesText } from './text-changes.ts';
import { feedText } from './text-feeds.ts';
import { guardsText, heldText, peopleText } from './text-plan.ts';
import { counted, duration, moment, number } from './units.ts';

export interface TextOptions {
  /** Only for a terminal. */
  readonly colour: boolean;
  /** Where the files of the report are; null when none were written, as in a dry run. */
  readonly directory: string | null;
  /** Of every kind of change at most so many are shown. */
  readonly changesPerKind?: number;
}

const CHANGES_PER_KIND = 50;

/** Of the lists that are for looking up rather than for reading. */
const SHOWN = 10;

/** The whole text, with a newline at its end. `operations` are read once and only as far as needed. */
export function renderText(report: Report, operations: Iterable<OperationLine>, options: TextOptions): string {
  const paint = createPaint(options.colour);
  const limit = options.changesPerKind ?? CHANGES_PER_KIND;
  const sections = [
    verdictText(report, paint),
    stoppedText(report, paint),
    ...report.feeds.map((feed) => feedText(feed, { paint, alone: report.feeds.length === 1 })),
    earlierText(report, paint),
    peopleText(report, paint),
    guardsText(report, paint),
    heldText(report, paint, options.directory),
    ...changesText(report, operations, { paint, limit, directory: options.directory }),
    poisonText(report, paint),
    runText(report, paint, options.directory),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function verdictText(report: Report, paint: Paint): string[] {
  const started = moment(report.started_at);
  const asARun = report.mode === 'dry-run' && report.exit_code !== EXIT.pending ? ', as a run would end' : '';
  return [
    paint('bold', paint(verdictInk(report), plain(report.verdict))),
    ...(report.mode === 'dry-run' ? [paint('bold', 'Nothing was sent, nothing was changed.')] : []),
    `Exit code ${report.exit_code}${asARun}: ${EXIT_WORDS[report.exit_code]}`,
    paint('dim', `Run ${plain(report.run)}, started ${started}, took ${duration(report.duration_ms)}`),
    ...report.imbalances.map((sentence) => paint('red', `Does not balance: ${plain(sentence)}`)),
  ];
}

function verdictInk({ exit_code: code }: Report): Ink {
  if (code === EXIT.inSync) return 'green';
  return code === EXIT.pending || code === EXIT.held || code === EXIT.incomplete ? 'yellow' : 'red';
}

function stoppedText({ stopped }: Report, paint: Paint): string[] {
  if (stopped === null) return [];
  return [
    paint('bold', 'Stopped'),
    ...labelled('Reason', plain(stopped.message)),
    ...labelled('To do', plain(stopped.hint)),
  ];
}

/** What was not as expected in Workshop: operations in doubt from earlier runs, and drift. */
function earlierText({ recovered, drift }: Report, paint: Paint): string[] {
  const resolved = recovered
    .slice(0, SHOWN)
    .map(({ kind, external_id: id, run, outcome }) => plain(`${kind} ${id} of run ${run}: ${outcome}`));
  const drifted = drift.slice(0, SHOWN).map(({ external_id: id, what }) => plain(`${id}: ${what}`));
  return [
    ...(recovered.length > 0
      ? [paint('bold', `Recovered: ${counted(recovered.length, 'operation')} of earlier runs left in doubt`)]
      : []),
    ...resolved.map((line) => `  ${line}`),
    ...moreWords(recovered.length),
    ...(drift.length > 0
      ? [paint('bold', `Drift: ${counted(drift.length, 'contact')} not as the snapshot had it`)]
      : []),
    ...drifted.map((line) => `  ${line}`),
    ...moreWords(drift.length),
  ];
}

/** Rows that nobody's trying again will mend. */
function poisonText({ poison }: Report, paint: Paint): string[] {
  if (poison.length === 0) return [];
  const lines = poison.slice(0, SHOWN).map(({ external_id: id, runs, since }) => {
    return `  ${plain(id)}  in ${runs} runs in a row, since ${moment(since)}`;
  });
  return [
    paint(
      'bold',
      `Poison: ${counted(poison.length, 'row')} that Workshop refuses again and again, to be corrected in the HRIS or in Workshop`,
    ),
    ...lines,
    ...moreWords(poison.length),
  ];
}

function moreWords(count: number): string[] {
  return count > SHOWN ? [`  ... and ${number(count - SHOWN)} more in report.json`] : [];
}

function runText({ api, phases, duration_ms: durationMs }: Report, paint: Paint, directory: string | null): string[] {
  const times = phases.map(({ name, ms }) => `${plain(name)} ${duration(ms)}`).join(', ');
  return [
    paint('bold', 'Run'),
    ...(api === null ? [] : labelled('API', apiWords(api))),
    ...labelled('Time', `${duration(durationMs)}${times === '' ? '' : `: ${times}`}`),
    ...(directory === null ? [] : [`  ${'Files'.padEnd(10)}${plain(directory)}`]),
  ];
}

function apiWords(api: NonNullable<Report['api']>): string {
  const { p50_ms: p50, p95_ms: p95, achieved_per_second: achieved, allowed_per_second: allowed } = api;
  return [
    counted(api.requests, 'request'),
    counted(api.retries, 'retry', 'retries'),
    `${number(api.rate_limited)} rate limited (429)`,
    ...(p50 === null || p95 === null ? [] : [`p50 ${duration(p50)}`, `p95 ${duration(p95)}`]),
    achieved === null ? `${allowed}/s allowed` : `${achieved}/s of ${allowed}/s allowed`,
  ].join(', ');
}
