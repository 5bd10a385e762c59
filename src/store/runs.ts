// The runs that there were, newest last, for `history` and for finding a report.

import type { Database } from './database.ts';

export interface RunRecord {
  readonly id: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly exitCode: number | null;
  readonly verdict: string | null;
}

const COLUMNS = 'id, started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs, exit_code AS exitCode, verdict';

export interface Runs {
  start(run: { id: string; processId: number; startedAtMs: number }): void;
  finish(run: { id: string; finishedAtMs: number; exitCode: number; verdict: string }): void;
  /** Newest first. */
  list(limit: number): RunRecord[];
  find(id: string): RunRecord | null;
  exists(id: string): boolean;
  /** When the runs began of which every one since held something; null when the latest held nothing. */
  heldSinceMs(): number | null;
}

/** The table of runs. */
export function createRuns(database: Database): Runs {
  const statement = {
    start: database.prepare('INSERT INTO run (id, process_id, started_at_ms) VALUES (:id, :processId, :startedAtMs)'),
    finish: database.prepare(
      'UPDATE run SET finished_at_ms = :finishedAtMs, exit_code = :exitCode, verdict = :verdict WHERE id = :id AND finished_at_ms IS NULL',
    ),
    list: database.prepare<[number], RunRecord>(`SELECT ${COLUMNS} FROM run ORDER BY rowid DESC LIMIT ?`),
    heldSince: database
      .prepare<[], number | null>(
        `SELECT min(started_at_ms) FROM run WHERE exit_code = 3 AND rowid >
           coalesce((SELECT max(rowid) FROM run WHERE exit_code IN (0, 4)), -1)`,
      )
      .pluck(),
    find: database.prepare<[string], RunRecord>(`SELECT ${COLUMNS} FROM run WHERE id = ?`),
  };
  return {
    start: (run) => void statement.start.run(run),
    finish: (run) => void statement.finish.run(run),
    list: (limit) => statement.list.all(limit),
    find: (id) => statement.find.get(id) ?? null,
    heldSinceMs: () => statement.heldSince.get() ?? null,
    exists: (id) => statement.find.get(id) !== undefined,
  };
}
