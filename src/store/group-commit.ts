// Gathers the writes that are asked for at about the same time into one durable transaction, so that the
// journal never limits the rate: one flush to disk settles everything that was answered meanwhile.

import type { Database } from './database.ts';
import type { DiskWatch } from './disk-watch.ts';

export interface GroupCommit {
  /**
   * Runs `write` in the next transaction, or once more in one of its own when that fails. Resolves once it is on disk,
   * rejects with what it or the disk failed with.
   */
  write(write: () => void): Promise<void>;
}

interface Waiting {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One group at a time, on the run's connection. */
export function createGroupCommit(database: Database, watch: DiskWatch): GroupCommit {
  let waiting: Waiting[] = [];
  const writeAll = database.transaction((group: readonly Waiting[]) => {
    for (const { write } of group) write();
    watch.count();
  });
  const flush = () => {
    const group = waiting;
    waiting = [];
    const failure = attempt(group);
    if (failure === null) for (const { resolve } of group) resolve();
    // One write that fails must not take the outcomes of the others with it.
    else for (const each of group) settleAlone(each);
  };
  const attempt = (group: readonly Waiting[]) => {
    try {
      watch.requirePresent();
      writeAll(group);
      watch.noteCommitted();
      return null;
    } catch (error) {
      return { error };
    }
  };
  const settleAlone = (each: Waiting) => {
    const failure = attempt([each]);
    if (failure === null) each.resolve();
    else each.reject(failure.error);
  };
  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ write, resolve, reject });
      }),
  };
}
