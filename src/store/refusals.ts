// Remembers whose operations Workshop refused, and in how many runs in a row: a row that is refused again and again is for
// a person to correct (specification §9, "Refused").

import type { Database } from './database.ts';

/** What was wanted of one contact, and refused in every run since then. */
export interface Refusal {
  readonly externalId: string;
  readonly feed: string;
  readonly runs: number;
  readonly sinceMs: number;
}

export interface Refusals {
  /** Notes a refusal, once for each run; gives the number of runs in a row. */
  note(run: string, refused: { readonly feed: string; readonly externalId: string }, atMs: number): number;
  /** What was wanted of the contact is applied. */
  forget(externalId: string): void;
  /** Whether Workshop refused what the last run that asked wanted of this contact. */
  isKnown(externalId: string): boolean;
  /** Those in so many runs or more of which the staged plan wants something, by feed and external_id; at most a thousand. */
  wanted(leastRuns: number): Refusal[];
  /** Forgets those of which the staged plan of the feed wants nothing any more. */
  forgetUnwanted(feed: string): void;
}

const IS_WANTED = 'EXISTS (SELECT 1 FROM staging.operation o WHERE o.external_id = refusal.external_id)';

/** The refusals on their table. */
export function createRefusals(database: Database): Refusals {
  const statement = {
    note: database
      .prepare<object, number>(
        `INSERT INTO refusal (external_id, feed, runs, since_ms, last_run) VALUES (:externalId, :feed, 1, :atMs, :run)
           ON CONFLICT (external_id) DO UPDATE SET feed = :feed, runs = runs + (last_run <> :run), last_run = :run
         RETURNING runs`,
      )
      .pluck(),
    forget: database.prepare('DELETE FROM refusal WHERE external_id = ?'),
    isKnown: database.prepare<[string], number>('SELECT 1 FROM refusal WHERE external_id = ?').pluck(),
  };
  return {
    note: (run, { feed, externalId }, atMs) => Number(statement.note.get({ run, feed, externalId, atMs })),
    forget: (externalId) => void statement.forget.run(externalId),
    isKnown: (externalId) => statement.isKnown.get(externalId) !== undefined,
    wanted: (leastRuns) =>
      database
        .prepare<[number], Refusal>(
          `SELECT external_id AS externalId, feed, runs, since_ms AS sinceMs FROM refusal
             WHERE runs >= ? AND ${IS_WANTED} ORDER BY feed, external_id LIMIT 1000`,
        )
        .all(leastRuns),
    forgetUnwanted: (feed) =>
      void database.prepare(`DELETE FROM refusal WHERE feed = ? AND NOT ${IS_WANTED}`).run(feed),
  };
}
