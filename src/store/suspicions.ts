// What only the plan of all feeds shows to be suspicious (specification §8, "identity"): values that go from one person to
// another. What is suspicious about one operation by itself is decided in `plan/identity`.

import { LINES_PER_FILE } from '../roster/line.ts';
import type { Database } from './database.ts';

/** Of a claim `k` and an operation `f`: does `f` give up the value that `k` is about? */
export const GIVES = "CASE k.field WHEN 'email' THEN f.gives_email ELSE f.gives_phone END = 1";

/** Each marks operations by what becomes of the values that they take or give up. */
const EXCHANGES = [
  // Whoever is deleted and the new person with the same email may be one person.
  `UPDATE staging.operation SET suspicion = 'ambiguous',
     reason = 'somebody who leaves and somebody who is new have the same email, and may be one person'
    WHERE ordinal IN (
      SELECT value FROM staging.claim k JOIN staging.operation o ON o.ordinal = k.ordinal AND o.kind = 'create'
        JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind = 'delete', json_each(json_array(o.ordinal, f.ordinal))
       WHERE k.field = 'email')`,
  // Whoever is deleted while a row with their email was rejected may be that person, under another id.
  `UPDATE staging.operation SET suspicion = 'ambiguous', reason = (
       SELECT 'the rejected row of line ' || (r.line % ${LINES_PER_FILE}) || ' of feed ' || r.feed || ' has the same email: it may be the same person under another id'
         FROM staging.reject r WHERE r.email_key = lower(json_extract(operation.before, '$.email')) ORDER BY r.feed, r.line LIMIT 1)
    WHERE kind = 'delete' AND EXISTS (SELECT 1 FROM staging.reject r WHERE r.email_key = lower(json_extract(operation.before, '$.email')))`,
  // Who takes a value that somebody else had.
  `UPDATE staging.operation SET suspicion = 'took' WHERE kind = 'update' AND suspicion IS NULL AND ordinal IN (
     SELECT k.ordinal FROM staging.claim k JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' WHERE ${GIVES})`,
  `UPDATE staging.operation SET suspicion = 'took' WHERE kind IN ('update', 'rekey') AND suspicion IS NULL AND name_to IS NOT NULL
     AND EXISTS (SELECT 1 FROM staging.operation n WHERE n.feed = operation.feed AND n.name_from = operation.name_to AND n.ordinal <> operation.ordinal)`,
  // Who gives values up to somebody who seems to have become them.
  `UPDATE staging.operation SET suspicion = 'another', reason = coalesce(reason, 'somebody else carries the values of this person')
    WHERE coalesce(suspicion, '') NOT IN ('another', 'ambiguous') AND ordinal IN (
      SELECT f.ordinal FROM staging.operation o JOIN staging.claim k ON k.ordinal = o.ordinal
        JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' WHERE o.suspicion = 'another' AND ${GIVES})`,
  `UPDATE staging.operation SET suspicion = 'gave', reason = coalesce(reason, 'somebody else takes a value of this person')
    WHERE suspicion IS NULL AND (ordinal IN (
      SELECT f.ordinal FROM staging.operation o JOIN staging.claim k ON k.ordinal = o.ordinal
        JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' WHERE o.suspicion = 'took' AND ${GIVES})
      OR name_from IN (SELECT name_to FROM staging.operation o WHERE o.suspicion = 'took' AND o.name_to IS NOT NULL AND o.feed = operation.feed))`,
];

/** Marks operations of the staged plan. Call once every feed has its plan, before the guards judge. */
export function suspectExchanges(database: Database): void {
  for (const sql of EXCHANGES) database.exec(sql);
}
