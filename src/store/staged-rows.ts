// Rows of the roster file in their tables of the staging database.

import { canonicalEmployee } from '../roster/canonical.ts';
import { emailKey, type Reject, type Row } from '../roster/employee.ts';
import type { Database } from './database.ts';

type Inserts = ReturnType<typeof prepareInserts>;

/** The statements by which rows are staged. */
export function prepareInserts(database: Database) {
  return {
    employee: database.prepare(
      'INSERT INTO staging.employee (line, external_id, email_key, phone_key, employee, fingerprint) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    known: database.prepare('INSERT INTO staging.known (line, contact_id) VALUES (?, ?)'),
    leaver: database.prepare('INSERT INTO staging.leaver (line, external_id) VALUES (?, ?)'),
    excluded: database.prepare('INSERT INTO staging.excluded (line, external_id) VALUES (?, ?)'),
    mention: database.prepare('INSERT OR IGNORE INTO staging.mention (text) VALUES (?)'),
    reject: database.prepare(
      'INSERT INTO staging.reject (feed, line, external_id, field, rule, message, email_key) VALUES (:feed, :line, :externalId, :field, :rule, :message, :emailKey)',
    ),
  };
}

/** A reject as the table has it. */
export function rejectColumns({ line, externalId, field, rule, message, email }: Reject, feed: string) {
  return { feed, line, externalId, field, rule, message, emailKey: email === undefined ? null : emailKey(email) };
}

/** Puts one row into the table of its kind. */
export function addRow(insert: Inserts, feed: string, row: Row): void {
  switch (row.kind) {
    case 'known':
      insert.known.run(row.line, row.contactId);
      return;
    case 'employee': {
      const { employee, line, fingerprint } = row;
      const phoneKey = employee.phoneNumber ?? null;
      insert.employee.run(
        line,
        employee.externalId,
        emailKey(employee.email),
        phoneKey,
        canonicalEmployee(employee),
        fingerprint,
      );
      return;
    }
    case 'left':
      insert.leaver.run(row.line, row.externalId);
      return;
    case 'excluded':
      insert.excluded.run(row.line, row.externalId);
      noteMentions(insert, row.mentions);
      return;
    case 'left out':
      noteMentions(insert, row.mentions);
      return;
    case 'reject':
      insert.reject.run(rejectColumns(row.reject, feed));
      noteMentions(insert, row.reject.mentions);
  }
}

function noteMentions(insert: Inserts, mentions: readonly string[] = []): void {
  for (const text of mentions) {
    insert.mention.run(text);
    insert.mention.run(emailKey(text));
  }
}

/** The lines whose rows speak of a person, whatever became of them. */
export function linesOf(database: Database, feed: string, externalId: string): number[] {
  return database
    .prepare<{ externalId: string; feed: string }, number>(
      `SELECT line FROM staging.employee WHERE external_id = :externalId
             UNION SELECT line FROM staging.leaver WHERE external_id = :externalId
             UNION SELECT line FROM staging.excluded WHERE external_id = :externalId
             UNION SELECT line FROM staging.reject WHERE external_id = :externalId AND feed = :feed
             UNION SELECT k.line FROM staging.known k JOIN contact c ON c.id = k.contact_id WHERE c.external_id = :externalId
             ORDER BY line`,
    )
    .pluck()
    .all({ externalId, feed });
}
