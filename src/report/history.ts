// The text of `history`: one line per run, so that it can be searched and counted.

import { isoTime } from '../clock.ts';
import { plain } from './plain.ts';
import { duration, moment } from './units.ts';

export interface HistoryRow {
  readonly run: string;
  readonly mode: 'run' | 'dry-run';
  readonly startedAtMs: number;
  /** null, as the next two: it did not come to its end. */
  readonly finishedAtMs: number | null;
  readonly exitCode: number | null;
  readonly verdict: string | null;
}

/** One line per run, newest first, whatever order they come in. */
export function renderHistory(rows: readonly HistoryRow[]): string {
  if (rows.length === 0) return 'No runs yet.\n';
  const newestFirst = rows.toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.run < b.run ? 1 : -1));
  const idWidth = Math.max(...rows.map(({ run }) => plain(run).length));
  return newestFirst.map((row) => `${lineOf(row, idWidth)}\n`).join('');
}

function lineOf({ run, mode, startedAtMs, finishedAtMs, exitCode, verdict }: HistoryRow, idWidth: number): string {
  const took = finishedAtMs === null ? '-' : duration(finishedAtMs - startedAtMs);
  // The verdict on a dry run begins with these words itself.
  const ended = plain(verdict ?? `${mode === 'dry-run' ? 'Dry run: did' : 'Did'} not finish.`);
  return [
    plain(run).padEnd(idWidth),
    moment(isoTime(startedAtMs)),
    took.padStart(10),
    `exit ${exitCode ?? '-'}`.padEnd(8),
    ended,
  ].join('  ');
}
