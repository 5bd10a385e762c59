// Finds, in the staged roster, rows that share an id, an email or a phone number, and settles their fate.
// Which fate is decided in `roster/duplicates`; here are the questions to SQL.

import { parseCanonicalEmployee } from '../roster/canonical.ts';
import { type GroupRow, judgeSameId, rejectSameValue } from '../roster/duplicates.ts';
import type { Reject } from '../roster/employee.ts';
import type { Database } from './database.ts';
import type { Staging } from './staging.ts';

const PAGE = 500;

/** A row of a group and where it is staged. */
interface StagedRow extends GroupRow {
  readonly origin: 'employee' | 'known' | 'leaver';
}

/** Every row that may be planned, with what it says; a known row says what the snapshot holds of it. */
const LIVE_ROWS = `
  SELECT e.line, e.external_id AS externalId, e.employee AS says, 'employee' AS origin, e.external_id, e.email_key, e.phone_key
    FROM staging.employee e WHERE e.fate <> 'duplicate'`;
const KNOWN_ROWS = `
  SELECT k.line, c.external_id AS externalId, 'known' AS origin, c.external_id, c.email_key, c.phone_number AS phone_key
    FROM contact c JOIN staging.known k ON k.contact_id = c.id`;

const SUSPECTS = {
  id: `
    SELECT external_id FROM staging.employee GROUP BY external_id HAVING count(*) > 1
    UNION SELECT e.external_id FROM staging.employee e JOIN contact c ON c.external_id = e.external_id JOIN staging.known k ON k.contact_id = c.id
    UNION SELECT external_id FROM staging.leaver GROUP BY external_id HAVING count(*) > 1
    UNION SELECT l.external_id FROM staging.leaver l JOIN staging.employee e ON e.external_id = l.external_id
    UNION SELECT l.external_id FROM staging.leaver l JOIN contact c ON c.external_id = l.external_id JOIN staging.known k ON k.contact_id = c.id
    UNION SELECT r.external_id FROM staging.reject r JOIN staging.employee e ON e.external_id = r.external_id WHERE r.feed = :feed
    UNION SELECT r.external_id FROM staging.reject r JOIN staging.leaver l ON l.external_id = r.external_id WHERE r.feed = :feed
    UNION SELECT r.external_id FROM staging.reject r JOIN contact c ON c.external_id = r.external_id JOIN staging.known k ON k.contact_id = c.id WHERE r.feed = :feed`,
  email_key: `
    SELECT email_key FROM staging.employee WHERE fate <> 'duplicate' GROUP BY email_key HAVING count(DISTINCT external_id) > 1
    UNION SELECT e.email_key FROM staging.employee e JOIN contact c ON c.email_key = e.email_key AND c.external_id <> e.external_id
      JOIN staging.known k ON k.contact_id = c.id`,
  phone_key: `
    SELECT phone_key FROM staging.employee WHERE fate <> 'duplicate' AND phone_key IS NOT NULL GROUP BY phone_key HAVING count(DISTINCT external_id) > 1
    UNION SELECT e.phone_key FROM staging.employee e JOIN contact c ON c.phone_number = e.phone_key AND c.external_id <> e.external_id
      JOIN staging.known k ON k.contact_id = c.id`,
};

/**
 * Marks equal rows of one person as duplicates and rejects every row that shares an id, email or phone with a row
 * that says something else (specification §6). `sameAsContact` tells whether a row says what the snapshot holds.
 */
export function settleDuplicates(
  database: Database,
  staging: Staging,
  feed: string,
  sameAsContact: (says: string, externalId: string) => boolean,
): void {
  const fate = prepareFates(database, staging);
  for (const externalId of suspects(database, SUSPECTS.id, feed)) {
    const rows = rowsOfId(database, externalId);
    const known = rows.find((row) => row.origin === 'known');
    const judged = rows.map((row) => {
      const agrees = known !== undefined && row.origin === 'employee' && sameAsContact(row.says, externalId);
      return agrees ? { ...row, says: known.says } : row;
    });
    const rejectedLines = linesRejectedOfId(database, feed, externalId);
    const verdict = judgeSameId(judged, rejectedLines);
    const byLine = rowsByLine(rows);
    for (const line of verdict.duplicates) fate.duplicate(byLine, line);
    for (const reject of verdict.rejects) fate.rejected(byLine, reject);
  }
  for (const key of ['email_key', 'phone_key'] as const) {
    for (const value of suspects(database, SUSPECTS[key], feed)) {
      const rows = rowsOfValue(database, key, value);
      const field = key === 'email_key' ? 'email' : 'phone_number';
      const byLine = rowsByLine(rows);
      for (const reject of rejectSameValue(rows, field)) fate.rejected(byLine, reject);
    }
  }
}

function* suspects(database: Database, sql: string, feed: string): Generator<string> {
  database.exec('DROP TABLE IF EXISTS staging.suspect');
  database.exec('CREATE TABLE staging.suspect (value TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  const insert = database.prepare(`INSERT INTO staging.suspect ${sql}`);
  insert.run(...(sql.includes(':feed') ? [{ feed }] : []));
  const page = database
    .prepare<[string, number], string>('SELECT value FROM staging.suspect WHERE value > ? ORDER BY value LIMIT ?')
    .pluck();
  for (let values = page.all('', PAGE); values.length > 0; values = page.all(values.at(-1) ?? '', PAGE)) yield* values;
}

function rowsOfId(database: Database, externalId: string): StagedRow[] {
  return database
    .prepare<{ id: string }, StagedRow>(
      `SELECT line, externalId, says, origin FROM (${LIVE_ROWS}) WHERE external_id = :id
       UNION ALL SELECT line, externalId, 'as known', origin FROM (${KNOWN_ROWS}) WHERE external_id = :id
       UNION ALL SELECT line, external_id, 'left', 'leaver' FROM staging.leaver WHERE external_id = :id ORDER BY line`,
    )
    .all({ id: externalId });
}

function rowsOfValue(database: Database, key: 'email_key' | 'phone_key', value: string): StagedRow[] {
  return database
    .prepare<{ value: string }, StagedRow>(
      `SELECT line, externalId, says, origin FROM (${LIVE_ROWS}) WHERE ${key} = :value
       UNION ALL SELECT line, externalId, 'as known', origin FROM (${KNOWN_ROWS}) WHERE ${key} = :value ORDER BY line`,
    )
    .all({ value });
}

function linesRejectedOfId(database: Database, feed: string, externalId: string): number[] {
  return database
    .prepare<[string, string], number>('SELECT line FROM staging.reject WHERE feed = ? AND external_id = ?')
    .pluck()
    .all(feed, externalId);
}

function rowsByLine(rows: readonly StagedRow[]): Map<number, StagedRow> {
  return new Map(rows.map((row) => [row.line, row]));
}

function prepareFates(database: Database, staging: Staging) {
  const employee = database.prepare("UPDATE staging.employee SET fate = ? WHERE line = ? AND fate = 'ok'");
  const leaver = database.prepare("UPDATE staging.leaver SET fate = ? WHERE line = ? AND fate = 'ok'");
  const known = '(SELECT id FROM contact WHERE external_id = :externalId)';
  const forget = database.prepare(`DELETE FROM staging.known WHERE contact_id = ${known}`);
  const repeat = database.prepare(`INSERT INTO staging.repeated (line, contact_id) VALUES (:line, ${known})`);
  const move = (rows: ReadonlyMap<number, StagedRow>, line: number, to: 'duplicate' | 'rejected'): boolean => {
    const row = rows.get(line);
    if (row?.origin !== 'known') return (row?.origin === 'leaver' ? leaver : employee).run(to, line).changes > 0;
    if (to === 'duplicate') repeat.run({ line, externalId: row.externalId });
    return forget.run({ externalId: row.externalId }).changes > 0;
  };
  return {
    duplicate: (rows: ReadonlyMap<number, StagedRow>, line: number) => void move(rows, line, 'duplicate'),
    // A row that is already rejected is reported once, for the first rule that it broke.
    rejected: (rows: ReadonlyMap<number, StagedRow>, reject: Reject) => {
      if (move(rows, reject.line, 'rejected')) staging.reject(withEmail(reject, rows.get(reject.line)));
    },
  };
}

/** The email of a rejected row may be that of somebody who seems to have left: it keeps them. */
function withEmail(reject: Reject, row: StagedRow | undefined): Reject {
  return row?.origin === 'employee' ? { ...reject, email: parseCanonicalEmployee(row.says).email } : reject;
}
