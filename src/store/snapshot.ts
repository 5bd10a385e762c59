// The snapshot: what the API last confirmed, one contact at a time, by external_id.

import type { Contact } from '../plan/operation.ts';
import { emailKey } from '../roster/employee.ts';
import type { Database } from './database.ts';

/** A row of the table of contacts, as SQL gives it. */
export interface ContactRow {
  readonly id: number;
  readonly external_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone_number: string | null;
  readonly attributes: string;
}

export const CONTACT_COLUMNS = ['external_id', 'first_name', 'last_name', 'email', 'phone_number', 'attributes'];

export interface Snapshot {
  find(externalId: string): Contact | null;
  count(feed?: string): number;
  /** The contact that the row with this fingerprint was last confirmed to equal. */
  recogniser(feed: string): (fingerprint: string) => number | null;
  /** Puts the contact in place of what stood under `externalId`. */
  put(feed: string, externalId: string, contact: Contact, fingerprint: string | null): void;
  remove(externalId: string): void;
  /** Up to `count` contacts other than `except`, from the oldest to the newest, for asking whether this is our Workshop. */
  sample(count: number, except: ReadonlySet<string>): string[];
}

/** The table of contacts. */
export function createSnapshot(database: Database): Snapshot {
  const statement = {
    find: database.prepare<[string], ContactRow>('SELECT * FROM contact WHERE external_id = ?'),
    count: database
      .prepare<[string | null, string | null], number>('SELECT count(*) FROM contact WHERE ? IS NULL OR feed = ?')
      .pluck(),
    otherFeed: database.prepare<[string], number>('SELECT 1 FROM feed WHERE name <> ?').pluck(),
    recognise: database.prepare<[string], number>('SELECT id FROM contact WHERE row_fingerprint = ?').pluck(),
    recogniseOf: database
      .prepare<[string, string], number>('SELECT id FROM contact WHERE row_fingerprint = ? AND feed = ?')
      .pluck(),
    update: database.prepare(
      `UPDATE contact SET external_id = :external_id, first_name = :first_name, last_name = :last_name, email = :email,
         email_key = :email_key, phone_number = :phone_number, attributes = :attributes, row_fingerprint = :fingerprint
       WHERE external_id = :former_id`,
    ),
    insert: database.prepare(
      `INSERT INTO contact (feed, external_id, first_name, last_name, email, email_key, phone_number, attributes, row_fingerprint)
       VALUES (:feed, :external_id, :first_name, :last_name, :email, :email_key, :phone_number, :attributes, :fingerprint)`,
    ),
    remove: database.prepare('DELETE FROM contact WHERE external_id = ?'),
    range: database.prepare<[], { first: number | null; last: number | null }>(
      'SELECT min(id) AS first, max(id) AS last FROM contact',
    ),
    from: database.prepare<[number], string>('SELECT external_id FROM contact WHERE id >= ? ORDER BY id').pluck(),
  };
  return {
    find: (externalId) => {
      const row = statement.find.get(externalId);
      return row === undefined ? null : contactFromRow(row);
    },
    count: (feed) => Number(statement.count.get(feed ?? null, feed ?? null)),
    recogniser: (feed) => {
      // With one feed the index alone answers; asking every contact for its feed would cost a visit to each.
      const isAlone = statement.otherFeed.get(feed) === undefined;
      return isAlone
        ? (fingerprint) => statement.recognise.get(fingerprint) ?? null
        : (fingerprint) => statement.recogniseOf.get(fingerprint, feed) ?? null;
    },
    put: (feed, externalId, contact, fingerprint) => {
      const row = { ...rowFromContact(contact), fingerprint };
      const { changes } = statement.update.run({ ...row, former_id: externalId });
      if (changes === 0) statement.insert.run({ ...row, feed });
    },
    remove: (externalId) => void statement.remove.run(externalId),
    sample: (count, except) => {
      const { first, last } = statement.range.get() ?? {};
      const sampled = new Set<string>();
      if (typeof first !== 'number' || typeof last !== 'number') return [];
      // Spread, because whoever came at the same time may well leave at the same time.
      for (let index = 0; index < count; index += 1) {
        const start = first + Math.floor(((last - first + 1) * index) / count);
        for (const externalId of statement.from.iterate(start)) {
          if (except.has(externalId) || sampled.has(externalId)) continue;
          sampled.add(externalId);
          break;
        }
      }
      return [...sampled];
    },
  };
}

/** The contact of a table row. */
export function contactFromRow(row: Omit<ContactRow, 'id'>): Contact {
  return {
    externalId: row.external_id,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phoneNumber: row.phone_number,
    attributes: JSON.parse(row.attributes),
  };
}

function rowFromContact(contact: Contact) {
  return {
    external_id: contact.externalId,
    first_name: contact.firstName,
    last_name: contact.lastName,
    email: contact.email,
    email_key: emailKey(contact.email),
    phone_number: contact.phoneNumber,
    attributes: JSON.stringify(contact.attributes),
  };
}
