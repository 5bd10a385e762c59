// Gathers the writes that are asked for at about the same time into one durable transaction, so that the
// journal never limits the rate: one flush to disk settles everything that was answered meanwhile.

import type { Database } from './database.ts';

export interface GroupCommit {
  /** Runs `write` in the next transaction; resolves once it is on disk, rejects when the group failed as a whole. */
  write(write: () => void): Promise<void>;
}

interface Waiting {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One group at a time, on the run's connection. */
export function createGroupCommit(database: Database): GroupCommit {
  let waiting: Waiting[] = [];
  const writeAll = database.transaction((group: readonly Waiting[]) => {
    for (const { write } of group) write();
  });
  const flush = () => {
    const group = waiting;
    waiting = [];
    try {
      writeAll(group);
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const { resolve } of group) resolve();
  };
  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ write, resolve, reject });
      }),
  };
}
