// People about whom Workshop does not say what became of an earlier operation: nothing is planned for them, and they stay
// as they are, until it does.

import type { Database } from './database.ts';
import type { JournalEntry } from './journal.ts';
import type { Staging } from './staging.ts';

/** The rule of their rejects, which say nothing about the file. */
export const IN_DOUBT = 'in_doubt';

/** Rejects the staged rows of people whose operations are still in doubt; whoever has no row is not taken for missing. */
export function rejectDoubtful(database: Database, staging: Staging, doubtful: readonly JournalEntry[]): void {
  const mention = database.prepare('INSERT OR IGNORE INTO staging.mention (text) VALUES (?)');
  for (const { externalId, body, kind } of doubtful) {
    for (const id of new Set([externalId, body?.external_id ?? externalId])) {
      mention.run(id);
      for (const table of ['employee', 'leaver'] as const) rejectRows(database, staging, { table, id, kind });
    }
  }
}

function rejectRows(
  database: Database,
  staging: Staging,
  { table, id, kind }: { table: 'employee' | 'leaver'; id: string; kind: JournalEntry['kind'] },
): void {
  const lines = database
    .prepare<[string], number>(`SELECT line FROM staging.${table} WHERE external_id = ? AND fate = 'ok'`)
    .pluck()
    .all(id);
  for (const line of lines) {
    database.prepare(`UPDATE staging.${table} SET fate = 'rejected' WHERE line = ?`).run(line);
    staging.reject({
      line,
      externalId: id,
      field: null,
      rule: IN_DOUBT,
      message: `Workshop does not say what became of an earlier ${kind === 'rekey' ? 're-key' : kind} of this person, who stays as they are. The next run asks again; if this goes on, ask Workshop about the contact.`,
    });
  }
}
