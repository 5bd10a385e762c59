// What a trial's state database says, read from outside.

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Trial } from './trial.ts';

export interface SnapshotRow {
  readonly external_id: string;
  readonly email: string;
  readonly phone_number: string | null;
  readonly attributes: string;
}

/** Every contact of the snapshot, with all that is remembered of it. */
export function snapshotOf(trial: Trial): SnapshotRow[] {
  return ask(trial, 'SELECT * FROM contact ORDER BY external_id') as SnapshotRow[];
}

/** The external_ids of the operations that are in doubt. */
export function inDoubt(trial: Trial): string[] {
  const rows = ask(trial, 'SELECT external_id FROM operation WHERE in_doubt = 1 ORDER BY id') as SnapshotRow[];
  return rows.map(({ external_id }) => external_id);
}

function ask(trial: Trial, question: string): unknown[] {
  const database = new Sqlite(join(trial.state, 'workshop-sync.db'), { readonly: true });
  try {
    return database.prepare(question).all();
  } finally {
    database.close();
  }
}
