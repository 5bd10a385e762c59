// Remembers what Workshop refused, and in how many runs in a row: a row that is refused again and again is for a person to
// look at (specification §9, "Refused"). Only the very same operation counts as refused before.

import type { Operation } from '../plan/operation.ts';
import type { Database } from './database.ts';

/** An operation that was refused in every run since then that asked for it. */
export interface Refusal {
  readonly externalId: string;
  readonly feed: string;
  readonly runs: number;
  readonly sinceMs: number;
}

type Refused = Pick<Operation, 'feed' | 'kind' | 'externalId' | 'body'>;

export interface Refusals {
  /** Notes a refusal, once for each run; gives the number of runs in a row. */
  note(run: string, refused: Refused, atMs: number): number;
  /** Something that was wanted of the contact is applied. */
  forget(externalId: string): void;
  /** Whether Workshop refused this very operation in the last run that asked for it. */
  isKnown(operation: Refused): boolean;
  /** What `run` was refused, for the `leastRuns`th time in a row or more, by feed and external_id; at most a thousand. */
  poison(run: string, leastRuns: number): Refusal[];
  /** The same of what the staged plan wants again. */
  poisonWanted(leastRuns: number): Refusal[];
  /** Forgets what the staged plan of the feed does not want any more. */
  forgetUnwanted(feed: string): void;
}

const COLUMNS = 'external_id AS externalId, feed, runs, since_ms AS sinceMs';
const IS_WANTED = `EXISTS (SELECT 1 FROM staging.operation o
  WHERE o.external_id = refusal.external_id AND o.kind = refusal.kind AND o.body IS refusal.body)`;

/** The refusals on their table. */
export function createRefusals(database: Database): Refusals {
  const statement = {
    note: database
      .prepare<object, number>(
        `INSERT INTO refusal (external_id, feed, kind, body, runs, since_ms, last_run)
             VALUES (:externalId, :feed, :kind, :body, 1, :atMs, :run)
           ON CONFLICT (external_id) DO UPDATE SET feed = :feed, kind = :kind, body = :body, last_run = :run,
             since_ms = CASE WHEN kind = :kind AND body IS :body THEN since_ms ELSE :atMs END,
             runs = CASE WHEN kind = :kind AND body IS :body THEN runs + (last_run <> :run) ELSE 1 END
         RETURNING runs`,
      )
      .pluck(),
    forget: database.prepare('DELETE FROM refusal WHERE external_id = ?'),
    isKnown: database
      .prepare<object, number>(
        'SELECT 1 FROM refusal WHERE external_id = :externalId AND kind = :kind AND body IS :body',
      )
      .pluck(),
  };
  return {
    note: (run, refused, atMs) => Number(statement.note.get({ ...columnsOf(refused), run, atMs })),
    forget: (externalId) => void statement.forget.run(externalId),
    isKnown: (operation) => {
      const { feed: _, ...columns } = columnsOf(operation);
      return statement.isKnown.get(columns) !== undefined;
    },
    poison: (run, leastRuns) =>
      database
        .prepare<[string, number], Refusal>(
          `SELECT ${COLUMNS} FROM refusal WHERE last_run = ? AND runs >= ? ORDER BY feed, external_id LIMIT 1000`,
        )
        .all(run, leastRuns),
    poisonWanted: (leastRuns) =>
      database
        .prepare<[number], Refusal>(
          `SELECT ${COLUMNS} FROM refusal WHERE runs >= ? AND ${IS_WANTED} ORDER BY feed, external_id LIMIT 1000`,
        )
        .all(leastRuns),
    forgetUnwanted: (feed) =>
      void database.prepare(`DELETE FROM refusal WHERE feed = ? AND NOT ${IS_WANTED}`).run(feed),
  };
}

function columnsOf({ feed, kind, externalId, body }: Refused) {
  return { feed, kind, externalId, body: body === null ? null : JSON.stringify(body) };
}
