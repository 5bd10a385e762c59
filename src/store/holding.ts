// Holds operations of the staged plan: what a guard picks out, what waits for something held, and what was held of the
// same file before. An operation keeps the name of its guard when it is let through, so that it is known as seen.

import { createHash } from 'node:crypto';
import { invariant } from '../invariant.ts';
import { type GuardName, PHONE_KEY } from '../plan/guard.ts';
import type { Suspicion } from '../plan/identity.ts';
import type { OperationKind } from '../plan/operation.ts';
import type { Database } from './database.ts';
import type { HeldSet } from './held-sets.ts';

/** Which operations of a feed a guard is about. */
export type Selection =
  | { readonly kind: 'everything' }
  | { readonly kind: 'kinds'; readonly kinds: readonly OperationKind[] }
  /** Updates and re-keys that remove this attribute, or the phone number (`PHONE_KEY`). */
  | { readonly kind: 'clears'; readonly key: string }
  | { readonly kind: 'suspicions'; readonly suspicions: readonly Suspicion[] };

export interface Holding {
  hold(feed: string, guard: GuardName, selection: Selection): void;
  /** Notes that somebody let these through although the guard tripped. */
  letThrough(feed: string, guard: GuardName, selection: Selection): void;
  /** Holds an operation that needs what another one, held by `guard`, would give up. */
  holdDependent(ordinal: number, guard: string, reason: string): void;
  /**
   * Holds again what the set held of the feed, or what a run did not get to apply of it, as far as it is planned again;
   * guards in `except` are let through.
   */
  holdAgain(feed: string, set: Pick<HeldSet, 'run' | 'usedByRun'>, except: ReadonlySet<GuardName>): void;
  heldCount(feed: string): number;
  /** What the held operations of the feed say, as one hash, together with `context`. */
  digest(feed: string, context: readonly string[]): string;
  /** Is everything that is held of the feed something that `run` let through and did not get to apply? */
  isRest(feed: string, run: string): boolean;
  /** held → pending: somebody approved exactly this set. */
  release(feed: string): void;
  /** held → superseded: somebody rejected exactly this set. */
  drop(feed: string, reason: string): void;
}

interface HeldRow {
  readonly kind: string;
  readonly external_id: string;
  readonly body: string | null;
}

/** Holding on the staged plan. */
export function createHolding(database: Database): Holding {
  const holdOne = database.prepare(
    "UPDATE staging.operation SET state = 'held', depends = 1, guard = ?, reason = ? WHERE ordinal = ? AND state = 'pending'",
  );
  const heldCount = database
    .prepare<[string], number>("SELECT count(*) FROM staging.operation WHERE state = 'held' AND feed = ?")
    .pluck();
  return {
    hold: (feed, guard, selection) => {
      const { sql, values } = conditionOf(selection);
      const set = "state = 'held', guard = ?";
      database
        .prepare(`UPDATE staging.operation SET ${set} WHERE feed = ? AND state = 'pending' AND ${sql}`)
        .run(guard, feed, ...values);
    },
    letThrough: (feed, guard, selection) => {
      const { sql, values } = conditionOf(selection);
      database
        .prepare(
          `UPDATE staging.operation SET guard = ? WHERE feed = ? AND state = 'pending' AND guard IS NULL AND ${sql}`,
        )
        .run(guard, feed, ...values);
    },
    holdDependent: (ordinal, guard, reason) => {
      invariant(holdOne.run(guard, reason, ordinal).changes === 1, `operation ${ordinal} of the plan is not pending`);
    },
    holdAgain: (feed, { run, usedByRun }, except) =>
      void database
        .prepare(
          `UPDATE staging.operation SET state = 'held', guard = o.guard FROM operation o
             WHERE o.run = :run AND o.feed = :feed AND o.guard NOT IN (SELECT value FROM json_each(:except))
               AND (o.left_out = 1 OR o.state = 'held' AND o.depends = 0 OR :isRest AND o.guard IS NOT NULL AND o.state <> 'applied')
               AND staging.operation.feed = o.feed AND staging.operation.kind = o.kind
               AND staging.operation.external_id = o.external_id AND staging.operation.state = 'pending'`,
        )
        .run({
          run: usedByRun ?? run,
          feed,
          isRest: usedByRun === null ? 0 : 1,
          except: JSON.stringify([...except]),
        }),
    heldCount: (feed) => heldCount.get(feed) ?? 0,
    digest: (feed, context) => digestOf(database, feed, context),
    isRest: (feed, run) =>
      database
        .prepare<object, number>(
          `SELECT 1 FROM staging.operation s WHERE s.feed = :feed AND s.state = 'held' AND NOT EXISTS (
             SELECT 1 FROM operation o WHERE o.run = :run AND o.feed = s.feed AND o.kind = s.kind AND o.external_id = s.external_id
               AND o.body IS s.body AND o.guard IS NOT NULL AND o.left_out = 0 AND o.state NOT IN ('applied', 'held')) LIMIT 1`,
        )
        .get({ feed, run }) === undefined,
    release: (feed) =>
      void database
        .prepare("UPDATE staging.operation SET state = 'pending', reason = NULL WHERE feed = ? AND state = 'held'")
        .run(feed),
    drop: (feed, reason) =>
      void database
        .prepare(
          "UPDATE staging.operation SET state = 'superseded', left_out = 1, reason = ? WHERE feed = ? AND state = 'held'",
        )
        .run(reason, feed),
  };
}

function conditionOf(selection: Selection): { readonly sql: string; readonly values: readonly string[] } {
  switch (selection.kind) {
    case 'everything':
      return { sql: 'TRUE', values: [] };
    case 'kinds':
      return { sql: 'kind IN (SELECT value FROM json_each(?))', values: [JSON.stringify(selection.kinds)] };
    case 'suspicions':
      return { sql: 'suspicion IN (SELECT value FROM json_each(?))', values: [JSON.stringify(selection.suspicions)] };
    case 'clears':
      return {
        sql: `kind IN ('update', 'rekey') AND (EXISTS (SELECT 1 FROM json_each(body, '$.attributes') a WHERE a.key = ? AND a.type = 'null')
                OR (? = '${PHONE_KEY}' AND json_type(body, '$.phone_number') = 'null'))`,
        values: [selection.key, selection.key],
      };
  }
}

function digestOf(database: Database, feed: string, context: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  const rows = database.prepare<[string], HeldRow>(
    "SELECT kind, external_id, body FROM staging.operation WHERE feed = ? AND state = 'held' ORDER BY ordinal",
  );
  for (const { kind, external_id, body } of rows.iterate(feed)) {
    hash.update(JSON.stringify([kind, external_id, body]));
  }
  return hash.digest('hex');
}
