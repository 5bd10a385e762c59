// Who leaves, by their own row or because no row speaks of them, and who of them is there under another id. Collected
// into tables of the staging database, so that the questions of the plan are simple joins.

import type { Database } from './database.ts';
import { ownerSql } from './ownership.ts';

/** Does any row of the file speak of contact `c`, other than a known one? */
export const SPOKEN_OF = `
  EXISTS (SELECT 1 FROM staging.employee e WHERE e.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.leaver l WHERE l.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.excluded x WHERE x.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.reject r WHERE r.external_id = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.mention m WHERE m.text = c.external_id)
  OR EXISTS (SELECT 1 FROM staging.mention m WHERE m.text = c.email_key)`;

const SCHEMA = `
DROP TABLE IF EXISTS staging.leaving;
DROP TABLE IF EXISTS staging.moved;
-- line: of the explicit leaver's row; null for somebody who is missing.
CREATE TABLE staging.leaving (
  external_id     TEXT PRIMARY KEY,
  contact_id      INTEGER NOT NULL,
  email_key       TEXT NOT NULL,
  line            INTEGER
) STRICT, WITHOUT ROWID;
-- A joiner with the email of somebody who leaves; is_sure: there is no other of whom that is true.
CREATE TABLE staging.moved (
  external_id TEXT NOT NULL,
  line        INTEGER NOT NULL,
  contact_id  INTEGER NOT NULL,
  is_sure     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (external_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX staging.moved_by_line ON moved (line);
CREATE INDEX staging.moved_by_contact ON moved (contact_id);
`;

/** Collects them for the staged feed. Being absent from a file of changes means nothing. */
export function collectLeaving(database: Database, feed: string, kind: 'full' | 'changes'): void {
  const owner = ownerSql(database);
  database.exec(SCHEMA);
  database
    .prepare(
      `INSERT INTO staging.leaving (external_id, contact_id, email_key, line)
         SELECT c.external_id, c.id, coalesce(lower(p.email), c.email_key), l.line FROM staging.leaver l
           JOIN contact c ON c.external_id = l.external_id LEFT JOIN parked p ON p.external_id = c.external_id WHERE l.fate = 'ok' AND ${owner} = :feed
         UNION ALL SELECT c.external_id, c.id, coalesce(lower(p.email), c.email_key), NULL FROM contact c
           LEFT JOIN parked p ON p.external_id = c.external_id WHERE :isFull AND ${owner} = :feed AND NOT EXISTS (SELECT 1 FROM staging.known k WHERE k.contact_id = c.id) AND NOT (${SPOKEN_OF})`,
    )
    .run({ feed, isFull: kind === 'full' ? 1 : 0 });
  database.exec(`
    INSERT INTO staging.moved (external_id, contact_id, line)
      SELECT l.external_id, l.contact_id, e.line FROM staging.leaving l JOIN staging.employee e ON e.email_key = l.email_key
        LEFT JOIN contact c ON c.external_id = e.external_id WHERE e.fate = 'ok' AND c.id IS NULL;
    UPDATE staging.moved SET is_sure = 1
      WHERE (SELECT count(*) FROM staging.moved o WHERE o.line = moved.line) = 1
        AND (SELECT count(*) FROM staging.moved o WHERE o.contact_id = moved.contact_id) = 1;
  `);
}
