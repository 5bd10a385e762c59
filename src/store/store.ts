// Everything a run remembers, on one connection: the state database and the staging database of the run.

import { join } from 'node:path';
import { type Database, openDatabase, openDatabaseUntouched } from './database.ts';
import { NO_WATCH, requireAllCommits, watchDisk } from './disk-watch.ts';
import { createFiles, type Files } from './files.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createGuardNumbers, type GuardNumbers } from './guard-numbers.ts';
import { createHeldSets, type HeldSets } from './held-sets.ts';
import { createHolding, type Holding } from './holding.ts';
import { createJournal, type Journal } from './journal.ts';
import { type OpenPlan, prepareOpenPlan } from './open-plan.ts';
import { createOwnership, type Ownership } from './ownership.ts';
import { createParkedStore, type ParkedStore } from './parked.ts';
import { createPlanOrder, type PlanOrder } from './plan-order.ts';
import { createPlannedOperations, type PlannedOperations } from './planned.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import { attachStaging, createStaging, type Staging } from './staging.ts';

export interface Store {
  readonly database: Database;
  readonly runs: Runs;
  readonly files: Files;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
  readonly commit: GroupCommit;
  readonly staging: Staging;
  readonly planned: PlannedOperations;
  readonly order: PlanOrder;
  readonly ownership: Ownership;
  readonly holding: Holding;
  readonly parked: ParkedStore;
  readonly refusals: Refusals;
  readonly heldSets: HeldSets;
  readonly numbers: GuardNumbers;
  readonly openPlan: OpenPlan;
  /** Throws `DatabaseError` (exit 9) when the state directory was taken away meanwhile. */
  requirePresent(): void;
  close(): void;
}

/**
 * Opens the store of a run. `workDirectory` holds the staging database and is thrown away after the run.
 * With `untouched` not a byte of the state directory changes, and writing to it fails.
 * Throws `DatabaseError` (exit 9).
 */
export function openStore(options: { stateDirectory: string; workDirectory: string; untouched: boolean }): Store {
  const { stateDirectory, workDirectory, untouched } = options;
  const database = untouched ? openDatabaseUntouched(stateDirectory, workDirectory) : openDatabase(stateDirectory);
  const watch = untouched ? lookedAt(database, stateDirectory) : watchDisk(database, stateDirectory);
  attachStaging(database, join(workDirectory, 'staging.db'));
  const snapshot = createSnapshot(database);
  const parked = createParkedStore(database, snapshot);
  const planned = createPlannedOperations(database);
  const refusals = createRefusals(database);
  const heldSets = createHeldSets(database);
  return {
    database,
    snapshot,
    runs: createRuns(database),
    files: createFiles(database),
    journal: createJournal(database, { snapshot, parked, refusals }),
    parked,
    refusals,
    commit: createGroupCommit(database, watch),
    staging: createStaging(database),
    planned,
    order: createPlanOrder(database, planned),
    ownership: createOwnership(database, planned),
    holding: createHolding(database),
    heldSets,
    numbers: createGuardNumbers(database),
    openPlan: prepareOpenPlan(database, { heldSets, refusals }),
    requirePresent: watch.requirePresent,
    close: () => {
      watch.close();
      database.close();
    },
  };
}

/** Nothing is committed to it; what it lost counts all the same. */
function lookedAt(database: Database, stateDirectory: string) {
  requireAllCommits(database, stateDirectory);
  return NO_WATCH;
}
