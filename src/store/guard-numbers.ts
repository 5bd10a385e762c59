// The numbers that guards compare, counted in the staged plan, the snapshot and the journal.

import { type ClearedAttribute, type IdentityNumbers, PHONE_KEY } from '../plan/guard.ts';
import type { Suspicion } from '../plan/identity.ts';
import type { OperationKind } from '../plan/operation.ts';
import type { Database } from './database.ts';

export interface SuspectRow {
  readonly externalId: string;
  readonly line: number | null;
  readonly suspicion: Suspicion;
}

export interface GuardNumbers {
  /** Attributes that the plan removes. Who has them is counted only where more than `alwaysFine` are to lose them. */
  cleared(feed: string, alwaysFine: number): ClearedAttribute[];
  identity(feed: string): IdentityNumbers;
  /** Operations that are not held although their row seems to be another person: how many, and the first of them. */
  flagged(feed: string, limit: number): { readonly count: number; readonly first: readonly SuspectRow[] };
  /** Operations of a kind that Workshop refused in the last run that asked for them, and that are the very same: they were judged then. */
  refusedBefore(feed: string, kind: OperationKind): number;
  /** Deletes of the feed that were applied since then, and that nobody let through. */
  deletesUnseen(feed: string, sinceMs: number): number;
}

/** Counts for the guards. */
export function createGuardNumbers(database: Database): GuardNumbers {
  const suspicionCounts = database.prepare<[string], { suspicion: Suspicion; count: number }>(
    'SELECT suspicion, count(*) AS count FROM staging.operation WHERE feed = ? AND suspicion IS NOT NULL GROUP BY suspicion',
  );
  return {
    cleared: (feed, alwaysFine) =>
      removals(database, feed).map(({ key, count }) => ({
        key,
        removals: count,
        holders: count > alwaysFine ? holders(database, feed, key) : null,
      })),
    identity: (feed) => {
      const counts = new Map(suspicionCounts.all(feed).map(({ suspicion, count }) => [suspicion, count]));
      const suspicious = [...counts].reduce((sum, [suspicion, count]) => sum + (suspicion === 'gave' ? 0 : count), 0);
      return { suspicious, swapped: counts.get('another') ?? 0, ambiguous: counts.get('ambiguous') ?? 0 };
    },
    flagged: (feed, limit) => {
      const flagged =
        "FROM staging.operation WHERE feed = ? AND suspicion IS NOT NULL AND suspicion <> 'gave' AND state = 'pending'";
      const columns = 'external_id AS externalId, line, suspicion';
      const first = database.prepare<[string, number], SuspectRow>(
        `SELECT ${columns} ${flagged} ORDER BY ordinal LIMIT ?`,
      );
      return {
        count: database.prepare<[string], number>(`SELECT count(*) ${flagged}`).pluck().get(feed) ?? 0,
        first: first.all(feed, limit),
      };
    },
    refusedBefore: (feed, kind) =>
      Number(
        database
          .prepare<[string, string], number>(
            `SELECT count(*) FROM refusal r WHERE EXISTS (
               SELECT 1 FROM staging.operation o WHERE o.external_id = r.external_id AND o.kind = r.kind AND o.body IS r.body AND o.feed = ? AND o.kind = ?)`,
          )
          .pluck()
          .get(feed, kind),
      ),
    deletesUnseen: (feed, sinceMs) =>
      Number(
        database
          .prepare<[string, number], number>(
            `SELECT count(*) FROM operation WHERE feed = ? AND settled_at_ms > ? AND kind = 'delete' AND state = 'applied'
               AND guard IS NULL`,
          )
          .pluck()
          .get(feed, sinceMs),
      ),
  };
}

function removals(database: Database, feed: string): { key: string; count: number }[] {
  return database
    .prepare<{ feed: string }, { key: string; count: number }>(
      `SELECT key, count(*) AS count FROM (
         SELECT a.key FROM staging.operation o, json_each(o.body, '$.attributes') a
           WHERE o.feed = :feed AND o.kind IN ('update', 'rekey') AND a.type = 'null'
         UNION ALL SELECT '${PHONE_KEY}' FROM staging.operation o
           WHERE o.feed = :feed AND o.kind IN ('update', 'rekey') AND json_type(o.body, '$.phone_number') = 'null'
       ) GROUP BY key ORDER BY key`,
    )
    .all({ feed });
}

function holders(database: Database, feed: string, key: string): number {
  const sql = `SELECT count(*) FROM contact WHERE feed = :feed AND (EXISTS (SELECT 1 FROM json_each(attributes) a WHERE a.key = :key)
    OR (:key = '${PHONE_KEY}' AND phone_number IS NOT NULL))`;
  return Number(database.prepare<object, number>(sql).pluck().get({ feed, key }));
}
