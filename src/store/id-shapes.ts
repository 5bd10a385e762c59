// Ids that are the same but for their shape (specification §6): written in another case, with or without leading zeros or
// characters around them. Probably one person each time, and a spreadsheet or a changed export in between.

import type { Database } from './database.ts';

/** An id as it was known, and as the file writes it now. */
export interface ChangedId {
  readonly before: string;
  readonly now: string;
}

const AROUND = ` .,:;#*()[]{}<>/\\|_-"`;

/** What is left of an id without its shape. */
function core(column: string): string {
  return `lower(ltrim(trim(${column}, '${AROUND}'''), '0'))`;
}

/** Ids of the file that differ only by their shape, each group as a list; of equal shape they are the same id. */
export function similarIds(database: Database): string[][] {
  return database
    .prepare<[], string>(
      `SELECT json_group_array(DISTINCT external_id) FROM staging.employee
        GROUP BY ${core('external_id')} HAVING count(DISTINCT external_id) > 1 LIMIT 100`,
    )
    .pluck()
    .all()
    .map((text) => JSON.parse(text));
}

/**
 * Newcomers of the staged feed whose id is that of somebody who leaves, but for its shape; in a feed of changes, of anybody.
 * To be asked once it is collected who leaves.
 */
export function changedIds(
  database: Database,
  feed: { readonly name: string; readonly kind: 'full' | 'changes' },
  limit: number,
): { readonly count: number; readonly first: readonly ChangedId[] } {
  const known = feed.kind === 'full' ? 'staging.leaving' : 'contact';
  if (database.prepare(`SELECT 1 FROM ${known} LIMIT 1`).get() === undefined) return { count: 0, first: [] };
  database.exec(`
    DROP TABLE IF EXISTS staging.shape;
    CREATE TABLE staging.shape (core TEXT PRIMARY KEY, external_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO staging.shape SELECT ${core('e.external_id')}, e.external_id FROM staging.employee e
      LEFT JOIN contact c ON c.external_id = e.external_id WHERE c.id IS NULL AND e.fate = 'ok';`);
  const pairs = `FROM ${known} k JOIN staging.shape s ON s.core = ${core('k.external_id')} WHERE s.core <> ''`;
  return {
    count: Number(database.prepare(`SELECT count(*) ${pairs}`).pluck().get()),
    first: database
      .prepare<[number], ChangedId>(
        `SELECT k.external_id AS before, s.external_id AS now ${pairs} ORDER BY k.external_id LIMIT ?`,
      )
      .all(limit),
  };
}
