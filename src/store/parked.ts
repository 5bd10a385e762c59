// What intermediate updates took from contacts (specification §7, "Unique values"), remembered until the contacts have new
// values or these back: a run can be cut short in the middle of an exchange.

import { bodyToGiveBack, type TakenValues } from '../plan/give-back.ts';
import type { ContactBody } from '../plan/operation.ts';
import type { UniqueField } from '../plan/unique.ts';
import type { Database } from './database.ts';
import type { JournalEntry } from './journal.ts';
import type { Snapshot } from './snapshot.ts';

export interface ParkedValues extends TakenValues {
  readonly externalId: string;
}

export interface ParkedStore {
  /** To be called in the transaction of an outcome: what the operation, whose contact is `held` now, took or gave. */
  note(entry: JournalEntry, held: { externalId: string; email: string; phoneNumber: string | null } | null): void;
  ofFeed(feed: string): ParkedValues[];
  /**
   * Plans to give back what contacts of the feed miss, with their own operation where one is to be sent; not what that one
   * gives them anew, nor what somebody else has or wants.
   */
  planGivingBack(feed: string): void;
}

/** The table of parked values. */
export function createParkedStore(database: Database, snapshot: Snapshot): ParkedStore {
  const find = database.prepare<[string], { email: string | null; phoneNumber: string | null }>(
    'SELECT email, phone_number AS phoneNumber FROM parked WHERE external_id = ?',
  );
  const ofFeed = database.prepare<[string], ParkedValues>(
    `SELECT p.external_id AS externalId, p.email, p.phone_number AS phoneNumber FROM parked p
       JOIN contact c ON c.external_id = p.external_id WHERE c.feed = ? ORDER BY p.external_id`,
  );
  const put = database.prepare('INSERT OR REPLACE INTO parked (external_id, email, phone_number) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM parked WHERE external_id = ?');
  return {
    note: (entry, held) => {
      if (held === null || entry.body === null) return;
      const { body, before, isParking } = entry;
      const known = find.get(held.externalId) ?? { email: null, phoneNumber: null };
      /** What is missing afterwards: nothing new where the operation did not ask, or was not carried out. */
      const missing = (was: string | null, isDone: boolean, isTaken: boolean, former: string | null) =>
        isDone ? (isParking && isTaken ? (was ?? former) : null) : was;
      const isEmailDone = body.email !== undefined && body.email === held.email;
      const isPhoneDone = body.phone_number !== undefined && body.phone_number === held.phoneNumber;
      const email = missing(known.email, isEmailDone, body.email !== known.email, before?.email ?? null);
      const former = before?.phoneNumber ?? null;
      const phoneNumber = missing(known.phoneNumber, isPhoneDone, body.phone_number === null, former);
      if (email === null && phoneNumber === null) remove.run(held.externalId);
      else put.run(held.externalId, email, phoneNumber);
    },
    ofFeed: (feed) => ofFeed.all(feed),
    planGivingBack: (feed) => {
      for (const parked of ofFeed.all(feed)) planOne(database, snapshot, feed, parked);
    },
  };
}

function planOne(database: Database, snapshot: Snapshot, feed: string, parked: ParkedValues): void {
  const { externalId } = parked;
  const contact = snapshot.find(externalId);
  const own = database
    .prepare<[string], { ordinal: number; kind: string; body: string | null }>(
      "SELECT ordinal, kind, body FROM staging.operation WHERE external_id = ? AND state = 'pending' AND kind <> 'create'",
    )
    .get(externalId);
  if (contact === null || own?.kind === 'delete') return;
  const given = own?.body ? (JSON.parse(own.body) as ContactBody) : null;
  const body = bodyToGiveBack(parked, given, (field, value) => isFree(database, externalId, field, value));
  if (body === null) return;
  if (own !== undefined) {
    // One request for one contact: the outcome of each says what the whole contact is then.
    const both = JSON.stringify({ ...given, ...body });
    database.prepare('UPDATE staging.operation SET body = ? WHERE ordinal = ?').run(both, own.ordinal);
    return;
  }
  database
    .prepare(
      `INSERT INTO staging.operation (feed, kind, external_id, body, before, state, reason, gives_email, gives_phone, is_parking)
         VALUES (?, 'update', ?, ?, ?, 'pending', 'gives back what an exchange took, which was cut short', 0, 0, 1)`,
    )
    .run(feed, externalId, JSON.stringify(body), JSON.stringify(contact));
}

/** No other contact has it, and nothing that is to be sent wants it. */
function isFree(database: Database, externalId: string, field: UniqueField, value: string): boolean {
  const column = field === 'email' ? 'email_key' : 'phone_number';
  const sql = `SELECT 1 FROM contact WHERE external_id <> :externalId AND ${column} = lower(:value)
    UNION ALL SELECT 1 FROM staging.operation WHERE state = 'pending' AND lower(json_extract(body, '$.${field}')) = lower(:value) LIMIT 1`;
  return database.prepare<object>(sql).get({ externalId, value }) === undefined;
}
