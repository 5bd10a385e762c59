// The text of the changes themselves: `+` create, `~` update, `>` re-key, `-` delete, `!` rejected, a limited
// number of each, and every refused or abandoned operation with the API's words.

import { join } from 'node:path';
import type { OperationKind } from '../plan/operation.ts';
import { fieldChanges } from './field-changes.ts';
import { plain } from './plain.ts';
import type { OperationLine, Outcome, Report, ReportReject } from './shape.ts';
import { type Ink, type Paint, WIDTH } from './style.ts';
import { counted } from './units.ts';

export interface ChangeOptions {
  readonly paint: Paint;
  /** Of every kind. */
  readonly limit: number;
  /** null: there are no files to point to. */
  readonly directory: string | null;
}

interface Shown {
  readonly changes: Readonly<Record<OperationKind, OperationLine[]>>;
  readonly failures: OperationLine[];
}

const LOOK: readonly (readonly [kind: OperationKind, sign: string, ink: Ink, noun: string])[] = [
  ['create', '+', 'green', 'create'],
  ['update', '~', 'yellow', 'update'],
  ['rekey', '>', 'cyan', 're-key'],
  ['delete', '-', 'red', 'delete'],
];
const FAILED: readonly Outcome[] = ['refused', 'abandoned'];

/** Two sections, each of them empty when there is nothing to say: the changes with the rejects, and the failures. */
export function changesText(report: Report, operations: Iterable<OperationLine>, options: ChangeOptions): string[][] {
  const { paint, limit } = options;
  const shown = collect(report, operations, limit);
  const changes = LOOK.flatMap(([kind, sign, ink, noun]) => [
    ...shown.changes[kind].flatMap((line) => changeLines(line, report.mode, (text) => paint(ink, `${sign} ${text}`))),
    ...moreLine(countOf(report, (outcome) => outcome.kind === kind) - shown.changes[kind].length, noun, options),
  ]);
  const rejects = report.rejects.slice(0, limit);
  const rejected = report.feeds.reduce((sum, { rows }) => sum + rows.rejected, 0);
  const rejectLines = [
    ...rejects.map((reject) => `  ${paint('red', `! ${rejectWords(reject, report.feeds.length > 1)}`)}`),
    ...moreLine(rejected - rejects.length, 'rejected row', options),
  ];
  const title = report.mode === 'dry-run' ? 'Changes that a run would make' : 'Changes';
  const lines = [...changes, ...rejectLines];
  return [
    lines.length === 0 ? [] : [paint('bold', changes.length === 0 ? 'Rejected' : title), ...lines],
    failureText(report, shown.failures, options),
  ];
}

/** Reads only until there is enough of everything: the plan of a first run can have a million creates. */
function collect(report: Report, operations: Iterable<OperationLine>, limit: number): Shown {
  const shown: Shown = { changes: { create: [], update: [], rekey: [], delete: [] }, failures: [] };
  let wanted = Math.min(
    limit,
    countOf(report, ({ outcome }) => FAILED.includes(outcome)),
  );
  for (const [kind] of LOOK)
    wanted += Math.min(
      limit,
      countOf(report, (outcome) => outcome.kind === kind),
    );
  if (wanted === 0) return shown;
  for (const line of operations) {
    const lists = [shown.changes[line.kind], ...(FAILED.includes(line.outcome) ? [shown.failures] : [])];
    for (const list of lists) {
      if (list.length === limit) continue;
      list.push(line);
      wanted -= 1;
    }
    if (wanted === 0) break;
  }
  return shown;
}

function changeLines(line: OperationLine, mode: Report['mode'], paint: (text: string) => string): string[] {
  const id = plain(line.external_id);
  const rekeyed = line.kind === 'rekey' && line.body?.external_id ? ` → ${plain(line.body.external_id)}` : '';
  const head = `${id}${rekeyed}  ${personWords(line)}`;
  const outcome = outcomeWords(line, mode);
  const changes = fieldChanges(line);
  if (line.kind === 'delete') {
    const why = line.line === null ? 'no longer in the file' : `left (${placeWords(line)})`;
    return [`  ${paint(`${head}  ${why}`)}${outcome}`];
  }
  const inline = `${head}  ${changes.join('; ')}`;
  if (changes.length === 0) return [`  ${paint(head)}${outcome}`];
  if (changes.length === 1 && inline.length + outcome.length <= WIDTH - 4) return [`  ${paint(inline)}${outcome}`];
  return [`  ${paint(head)}${outcome}`, ...changes.map((change) => `      ${change}`)];
}

function personWords({ body, before }: OperationLine): string {
  const first = before?.first_name ?? body?.first_name ?? '';
  const last = before?.last_name ?? body?.last_name ?? '';
  const email = before?.email ?? body?.email ?? '';
  return plain(`${first} ${last} <${email}>`);
}

function outcomeWords({ outcome, guard, reason }: OperationLine, mode: Report['mode']): string {
  const why = [guard, reason]
    .filter((words) => words !== null)
    .map(plain)
    .join(', ');
  if (outcome === 'held') return `  [${mode === 'dry-run' ? 'would be held' : 'held'}: ${why}]`;
  if (outcome === 'superseded') return `  [not sent${reason === null ? '' : `: ${plain(reason)}`}]`;
  return outcome === 'applied' || outcome === 'planned' ? '' : `  [${outcome}]`;
}

/** Of a further file of changes, which one as well. */
function placeWords({ line, file }: Pick<OperationLine, 'line' | 'file'>): string {
  return (file ?? 1) > 1 ? `line ${line} of file ${file}` : `line ${line}`;
}

function rejectWords(reject: ReportReject, nameFeed: boolean): string {
  const { feed, external_id: id, field, message } = reject;
  const place = nameFeed ? `${feed} ${placeWords(reject)}` : placeWords(reject);
  const why = field === null ? message : `${field}: ${message}`;
  return [place, ...(id === null ? [] : [id]), why].map(plain).join('  ');
}

function failureText(report: Report, failures: readonly OperationLine[], options: ChangeOptions): string[] {
  if (failures.length === 0) return [];
  const count = countOf(report, ({ outcome }) => FAILED.includes(outcome));
  const lines = failures.map(({ kind, external_id: id, outcome, status, attempts, error, refused_runs: runs }) => {
    const again = runs !== null && runs > 1 ? ` in ${runs} runs in a row` : '';
    const tries = outcome === 'abandoned' ? ` after ${counted(attempts, 'attempt')}` : again;
    const answer = [...(status === null ? [] : [String(status)]), plain(error ?? 'no answer')].join(' ');
    return `  ${kind === 'rekey' ? 're-key' : kind} ${plain(id)}  ${outcome}${tries}: ${answer}`;
  });
  return [
    options.paint('bold', 'Refused or abandoned, in the words of the API; the next run tries them again'),
    ...lines,
    ...moreLine(count - failures.length, 'operation', options),
  ];
}

function moreLine(count: number, noun: string, { directory }: ChangeOptions): string[] {
  if (count <= 0) return [];
  const files: Readonly<Record<string, string>> = { delete: 'removals.csv', 'rejected row': 'rejects.csv' };
  const file = files[noun] ?? 'operations.jsonl';
  const where = directory === null ? '' : `, all in ${plain(join(directory, file))}`;
  return [`  ... and ${counted(count, `more ${noun}`)}${where}`];
}

function countOf(report: Report, counts: (outcome: Report['outcomes'][number]) => boolean): number {
  return report.outcomes.filter(counts).reduce((sum, { count }) => sum + count, 0);
}
