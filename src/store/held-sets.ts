// What runs held, as sets, and what people decided about them (specification §8).
//
// ```
//             hold            approve            a run got everything of it settled
//   (none) ─────────▶ waiting ─────────▶ approved ─────────▶ used
//                       │ │               │   ▲    (a run that was cut short leaves the rest approved)
//                       │ └──reject──▶ rejected  (met again unchanged, it stays rejected)
//                       └────────────────┴──▶ superseded: a later run planned another set, or nothing was to be held
// ```

import { invariant } from '../invariant.ts';
import type { Database } from './database.ts';

export type HeldSetState = 'waiting' | 'approved' | 'rejected' | 'used' | 'superseded';

/** What one run held of one feed. */
export interface HeldSet {
  readonly run: string;
  readonly feed: string;
  readonly state: HeldSetState;
  /** Of the exact operations, the file's content and the configuration. */
  readonly digest: string;
  readonly sha256: string;
  readonly configuration: string;
  readonly operationCount: number;
  /** Of the snapshot when it was approved. */
  readonly snapshotVersion: number | null;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly usedByRun: string | null;
}

/** A set that a run is about to record. */
export interface NewHeldSet extends Pick<HeldSet, 'feed' | 'digest' | 'sha256' | 'configuration' | 'operationCount'> {
  /** Who rejected exactly this set before, and when; null: it waits. */
  readonly rejected: { readonly by: string; readonly atMs: number } | null;
}

/** What a run leaves of the sets of one feed that it planned. */
export interface HeldSetChange {
  readonly feed: string;
  /** The approval that let the set of this run through. */
  readonly used: HeldSet | null;
  readonly held: NewHeldSet | null;
}

export interface HeldSets {
  /** The set of the feed that is still to be decided or to be acted upon. */
  open(feed: string): HeldSet | null;
  /** Every open set, newest run first. */
  allOpen(): HeldSet[];
  ofRun(run: string): HeldSet[];
  approve(set: HeldSet, by: string, atMs: number): void;
  reject(set: HeldSet, by: string, atMs: number): void;
  /** What the run found: earlier sets of these feeds are let through or superseded, and its own are recorded. */
  change(run: string, changes: readonly HeldSetChange[]): void;
  /** approved → used: everything of the set that the run let through is settled. */
  finishUse(set: HeldSet): void;
  /** Sets of feeds that are no longer configured wait for nobody. */
  supersedeOthers(configured: readonly string[]): void;
  /** Counts every change of the snapshot. */
  snapshotVersion(): number;
}

const COLUMNS = `run, feed, state, digest, sha256, configuration, operation_count AS operationCount,
  snapshot_version AS snapshotVersion, decided_by AS decidedBy, decided_at_ms AS decidedAtMs, used_by_run AS usedByRun`;
const IS_OPEN = "state IN ('waiting', 'approved', 'rejected')";

/** The table of held sets. */
export function createHeldSets(database: Database): HeldSets {
  const statement = prepareStatements(database);
  const once = (changes: number, { run, feed }: HeldSet, to: HeldSetState) =>
    invariant(changes === 1, `the held set of ${feed} in run ${run} refused to become ${to}`);
  const version = () => statement.version.get() ?? 0;
  return {
    open: (feed) => statement.open.get(feed) ?? null,
    allOpen: () => statement.allOpen.all(),
    ofRun: (run) => statement.ofRun.all(run),
    approve: (set, by, atMs) =>
      once(statement.approve.run({ ...keyOf(set), by, atMs, version: version() }).changes, set, 'approved'),
    reject: (set, by, atMs) => once(statement.reject.run({ ...keyOf(set), by, atMs }).changes, set, 'rejected'),
    change: (run, changes) => {
      for (const { feed, used, held } of changes) {
        if (used !== null) once(statement.use.run({ ...keyOf(used), usedByRun: run }).changes, used, 'used');
        else statement.supersede.run({ feed });
        if (held === null) continue;
        const { rejected, ...set } = held;
        const state = rejected === null ? 'waiting' : 'rejected';
        statement.insert.run({ ...set, run, state, by: rejected?.by ?? null, atMs: rejected?.atMs ?? null });
      }
    },
    finishUse: (set) => once(statement.finishUse.run(keyOf(set)).changes, set, 'used'),
    supersedeOthers: (configured) => void statement.supersedeOthers.run(JSON.stringify(configured)),
    snapshotVersion: version,
  };
}

function keyOf({ run, feed }: HeldSet) {
  return { run, feed };
}

function prepareStatements(database: Database) {
  const ofSet = 'WHERE run = :run AND feed = :feed';
  return {
    open: database.prepare<[string], HeldSet>(`SELECT ${COLUMNS} FROM held_set WHERE feed = ? AND ${IS_OPEN}`),
    allOpen: database.prepare<[], HeldSet>(`SELECT ${COLUMNS} FROM held_set WHERE ${IS_OPEN} ORDER BY run DESC, feed`),
    ofRun: database.prepare<[string], HeldSet>(`SELECT ${COLUMNS} FROM held_set WHERE run = ? ORDER BY feed`),
    approve: database.prepare(
      `UPDATE held_set SET state = 'approved', decided_by = :by, decided_at_ms = :atMs, snapshot_version = :version ${ofSet}
         AND state IN ('waiting', 'rejected')`,
    ),
    reject: database.prepare(
      `UPDATE held_set SET state = 'rejected', decided_by = :by, decided_at_ms = :atMs ${ofSet} AND state IN ('waiting', 'approved')`,
    ),
    use: database.prepare(`UPDATE held_set SET used_by_run = :usedByRun ${ofSet} AND state = 'approved'`),
    finishUse: database.prepare(
      `UPDATE held_set SET state = 'used' ${ofSet} AND state = 'approved' AND used_by_run IS NOT NULL`,
    ),
    supersede: database.prepare(`UPDATE held_set SET state = 'superseded' WHERE feed = :feed AND ${IS_OPEN}`),
    supersedeOthers: database.prepare(
      `UPDATE held_set SET state = 'superseded' WHERE ${IS_OPEN} AND feed NOT IN (SELECT value FROM json_each(?))`,
    ),
    insert: database.prepare(
      `INSERT INTO held_set (run, feed, state, digest, sha256, configuration, operation_count, decided_by, decided_at_ms)
         VALUES (:run, :feed, :state, :digest, :sha256, :configuration, :operationCount, :by, :atMs)`,
    ),
    version: database.prepare<[], number>('SELECT version FROM snapshot_version').pluck(),
  };
}
