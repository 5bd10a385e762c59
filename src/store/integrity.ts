// Reads the whole state database and tells whether everything in it holds together, for `doctor`.

import { DatabaseError } from '../errors.ts';
import type { Database } from './database.ts';
import { requireAllCommits } from './disk-watch.ts';

/**
 * Throws `DatabaseError` when the file is damaged, a row points to nothing, or commits were lost. `isRunning`: a run is
 * at work, so commits are made while we count them.
 */
export function requireIntegrity(database: Database, stateDirectory: string, isRunning: boolean): void {
  const verdict = String(database.pragma('integrity_check(1)', { simple: true }));
  const orphans = database.pragma('foreign_key_check') as { readonly table: string }[];
  const [orphan] = orphans;
  const damage = verdict !== 'ok' ? verdict : orphan && `a row of the table "${orphan.table}" points to nothing`;
  if (damage !== undefined) {
    throw new DatabaseError(`The database in ${stateDirectory} is damaged: ${damage}.`, {
      hint: 'Restore the whole state directory from a backup (the README says how). Without a backup, move it away and start anew with an empty one: contacts that exist are found and updated, not duplicated.',
    });
  }
  if (!isRunning) requireAllCommits(database, stateDirectory);
}
