// Looking changes nothing, whoever is at work.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LockedError } from '../../src/errors.ts';
import { takeLock } from '../../src/store/lock.ts';
import { lookAtState } from '../../src/store/look.ts';
import { createRuns } from '../../src/store/runs.ts';
import { newStore, temporaryDirectory } from '../support/store.ts';
import { hashTree } from '../support/tree.ts';

const runsIn = (state: string) =>
  lookAtState(state, temporaryDirectory(), (database) => createRuns(database).list(10)).map(({ id }) => id);

it('reads in place while a run is at work', () => {
  const state = temporaryDirectory();
  const lock = takeLock(state, { create: true });
  newStore(state);
  expect(runsIn(state)).toEqual(['run-1']);
  lock.release();
});

it('leaves what a killed run left behind as it is', () => {
  const state = temporaryDirectory();
  takeLock(state, { create: true }).release();
  newStore(state);
  // The store is still open, so its write-ahead log is there, as after a kill.
  expect(existsSync(join(state, 'workshop-sync.db-wal'))).toBe(true);
  const before = hashTree(state);
  expect(runsIn(state)).toEqual(['run-1']);
  expect(hashTree(state)).toEqual(before);
});

it('is refused by nobody, but two runs at once are', () => {
  const state = temporaryDirectory();
  const lock = takeLock(state, { create: true });
  expect(() => takeLock(state, { create: true })).toThrow(LockedError);
  lock.release();
  takeLock(state, { create: true }).release();
});
