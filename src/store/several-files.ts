// The rows of several files of changes in one staged roster: where each stands, and which of them count.

import type { Row } from '../roster/employee.ts';
import { LINES_PER_FILE, stagedLine } from '../roster/line.ts';
import type { Database } from './database.ts';

/** Tables with a line of the file and an id that can be read. */
const TABLES = ['employee', 'leaver', 'excluded', 'reject'] as const;

/** The row with its line among those of all files; never recognised again by its bytes. */
export function rowInFile(row: Row, place: number): Row {
  if (row.kind === 'reject') return { ...row, reject: { ...row.reject, line: stagedLine(place, row.reject.line) } };
  return { ...row, line: stagedLine(place, row.line) };
}

/** Forgets what was read of a file; gives how many rows that were. */
export function forgetFile(database: Database, feed: string, place: number): number {
  return TABLES.reduce((count, table) => {
    const ofFeed = table === 'reject' ? 'feed = :feed' : ':feed IS NOT NULL';
    const { changes } = database
      .prepare(`DELETE FROM staging.${table} WHERE ${ofFeed} AND line >= :from`)
      .run({ feed, from: stagedLine(place, 0) });
    return count + changes;
  }, 0);
}

/** Takes out every row whose person a later file speaks of. */
export function keepNewestRows(database: Database, feed: string): void {
  const rows = TABLES.map(
    (table) =>
      `SELECT line, external_id FROM staging.${table} WHERE external_id IS NOT NULL${table === 'reject' ? ' AND feed = :feed' : ''}`,
  ).join(' UNION ALL ');
  database
    .prepare(
      `INSERT INTO staging.replaced SELECT r.line FROM (${rows}) r JOIN (
           SELECT external_id, max(line) / ${LINES_PER_FILE} AS file FROM (${rows}) GROUP BY external_id
         ) newest ON newest.external_id = r.external_id WHERE r.line / ${LINES_PER_FILE} < newest.file`,
    )
    .run({ feed });
  for (const table of TABLES) {
    const ofFeed = table === 'reject' ? 'feed = ? AND ' : '? IS NOT NULL AND ';
    database
      .prepare(`DELETE FROM staging.${table} WHERE ${ofFeed}line IN (SELECT line FROM staging.replaced)`)
      .run(feed);
  }
}
