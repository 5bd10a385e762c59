// A real store on a real database file, in a directory of its own that is gone after the test.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Contact } from '../../src/plan/operation.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** A directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'workshop-sync-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store with one enrolled feed, `employees`, and a run in progress, `run-1`. */
export function newStore(stateDirectory: string = temporaryDirectory()): Store {
  const workDirectory = join(temporaryDirectory(), 'work');
  mkdirSync(workDirectory);
  const store = openStore({ stateDirectory, workDirectory, untouched: false });
  onTestFinished(() => store.close());
  store.files.enrol('employees');
  if (!store.runs.exists('run-1')) store.runs.start({ id: 'run-1', processId: 1, startedAtMs: 1 });
  return store;
}

/** Puts contacts into the snapshot, each with the fingerprint `row-<external_id>`. */
export function confirm(store: Store, contacts: readonly Contact[]): void {
  for (const contact of contacts)
    store.snapshot.put('employees', contact.externalId, contact, `row-${contact.externalId}`);
}

/** Opens the staged plan for `run-1`, as a run does that accepted no file. */
export function openPlan(store: Store): void {
  store.openPlan({
    run: 'run-1',
    nowMs: 2,
    acceptances: [],
    heldSets: [],
    configured: [{ name: 'employees', kind: 'full' }],
  });
}
