// The staged plan is put in order: which operation claims what another one gives up, intermediate updates, and who
// waits for whom. What follows from what is decided in `plan/order`; here are the questions to SQL.

import type { Arrangement, Link } from '../plan/order.ts';
import { toPark } from '../plan/park.ts';
import type { Database } from './database.ts';
import type { PlannedOperations } from './planned.ts';

/** A link, and whose value it is. */
export interface PlannedLink extends Link {
  readonly ownerId: string;
  readonly ownerFeed: string;
}

export interface PlanOrder {
  /** Every claim on a value that a contact of the snapshot has; of one feed, or of all. */
  links(feed: string | null): PlannedLink[];
  /** Marks updates that take over the email of a person who stays, and were above suspicion before. */
  suspectTakenEmails(feed: string): void;
  /** Adds the intermediate updates and moves whoever comes earlier or later than planned. */
  arrange(arrangement: Arrangement): void;
}

/** The order of the plan in the staging database. */
export function createPlanOrder(database: Database, planned: PlannedOperations): PlanOrder {
  const links = database.prepare<object, PlannedLink>(
    `SELECT k.ordinal AS claimer, k.field, k.owner_id AS ownerId, c.feed AS ownerFeed, f.ordinal AS freer
       FROM staging.claim k JOIN contact c ON c.external_id = k.owner_id JOIN staging.operation o ON o.ordinal = k.ordinal
       LEFT JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' AND f.is_parking = 0 AND f.state <> 'superseded'
         AND CASE k.field WHEN 'email' THEN f.gives_email ELSE f.gives_phone END = 1
      WHERE o.state <> 'superseded' AND (:feed IS NULL OR o.feed = :feed) ORDER BY k.ordinal, k.field, k.owner_id`,
  );
  return {
    links: (feed) => links.all({ feed }),
    suspectTakenEmails: (feed) =>
      void database
        .prepare(
          `UPDATE staging.operation SET suspicion = 'took_email' WHERE feed = ? AND kind = 'update' AND suspicion IS NULL
             AND EXISTS (SELECT 1 FROM staging.claim k JOIN staging.operation f ON f.external_id = k.owner_id
               WHERE k.ordinal = staging.operation.ordinal AND k.field = 'email' AND f.kind IN ('update', 'rekey') AND f.gives_email = 1)`,
        )
        .run(feed),
    arrange: database.transaction((arrangement: Arrangement) => {
      const move = prepareMove(database);
      const parkingOf = insertParkings(database, planned, arrangement);
      const placeOf = new Map<number, number>();
      for (const [index, ordinal] of arrangement.first.entries()) {
        // Deletes and re-keys come first anyway; updates that give up what others claim come before them.
        if (planned.find(ordinal).kind === 'update')
          placeOf.set(ordinal, move(ordinal, index - arrangement.first.length));
      }
      let last = lastOrdinal(database);
      const place = (ordinal: number) => placeOf.get(ordinal) ?? ordinal;
      const waits = database.prepare('UPDATE staging.operation SET waits_for = ? WHERE ordinal = ?');
      for (const { operation, operations, parkings } of arrangement.waits) {
        last += 1;
        placeOf.set(operation, move(operation, last));
        const before = [...parkings.map((parked) => parkingOf.get(parked)), ...operations.map(place)];
        waits.run(JSON.stringify(before), last);
      }
    }),
  };
}

/** Intermediate updates come before everything else; gives their places by the operation that they belong to. */
function insertParkings(database: Database, planned: PlannedOperations, { parkings, first }: Arrangement) {
  const insert = database.prepare(
    `INSERT INTO staging.operation (ordinal, feed, kind, external_id, line, body, before, fingerprint, state, reason, gives_email, gives_phone, is_parking)
       VALUES (:ordinal, :feed, :kind, :externalId, :line, :body, :before, NULL, 'pending', :reason, 0, 0, 1)`,
  );
  const places = new Map<number, number>();
  const firstPlace = -first.length - parkings.length;
  for (const [index, { operation, fields }] of parkings.entries()) {
    const { feed, kind, externalId, line, body, before } = toPark(planned.find(operation), fields);
    const ordinal = firstPlace + index;
    const reason = `gives up ${fields.join(' and ')} for a moment, because people exchange them`;
    const texts = { body: JSON.stringify(body), before: JSON.stringify(before) };
    insert.run({ ordinal, feed, kind, externalId, line, reason, ...texts });
    places.set(operation, ordinal);
  }
  return places;
}

function prepareMove(database: Database): (ordinal: number, place: number) => number {
  const operation = database.prepare('UPDATE staging.operation SET ordinal = ? WHERE ordinal = ?');
  return (ordinal, place) => {
    operation.run(place, ordinal);
    return place;
  };
}

function lastOrdinal(database: Database): number {
  return Number(database.prepare('SELECT coalesce(max(ordinal), 0) FROM staging.operation').pluck().get());
}
