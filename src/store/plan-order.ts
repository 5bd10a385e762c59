// The staged plan is put in order: which operation claims what another one gives up, intermediate updates, and who
// waits for whom. What follows from what is decided in `plan/order`; here are the questions to SQL.

import type { OperationKind } from '../plan/operation.ts';
import type { Arrangement, Link } from '../plan/order.ts';
import { toPark } from '../plan/park.ts';
import type { Database } from './database.ts';
import type { PlannedOperations } from './planned.ts';
import { GIVES } from './suspicions.ts';

/** A link of an operation that is to be sent, whose value it is, and what becomes of the one that gives it up. */
export interface PlannedLink extends Link {
  readonly ownerId: string;
  readonly ownerFeed: string;
  readonly freerKind: OperationKind | null;
  readonly freerState: 'pending' | 'held' | 'superseded' | null;
  readonly freerGuard: string | null;
  readonly freerFeed: string | null;
}

export interface PlanOrder {
  /** Claims of operations that are to be sent on values that a contact of the snapshot has; of one feed, or of all. */
  links(feed: string | null): PlannedLink[];
  /** Is there such a claim on a value that nobody gives up? */
  hasStuck(): boolean;
  /** Claims of the feed's operations on values that an operation of another feed, planned before, wants as well. */
  rivals(feed: string): PlannedLink[];
  /**
   * Deletes of people of whom a rejected row of another feed speaks, or did so in the last file of a feed in `troubled`,
   * which could not be taken now; and deletes of people who are missing although one of the `full` feeds still has a row of
   * theirs, if an outdated one. These people are not absent.
   */
  deletesSpokenFor(troubled: ReadonlySet<string>, full: readonly string[]): number[];
  /** Of these feeds' held operations: the claims on values whose freeing operation is held in another feed. */
  heldAcross(): { readonly feed: string; readonly freerFeed: string }[];
  /** Adds the intermediate updates and moves whoever comes earlier or later than planned. */
  arrange(arrangement: Arrangement): void;
}

const LINKS = `
  SELECT k.ordinal AS claimer, k.field, k.owner_id AS ownerId, c.feed AS ownerFeed, f.ordinal AS freer, f.kind AS freerKind,
         f.state AS freerState, f.guard AS freerGuard, f.feed AS freerFeed
    FROM staging.claim k CROSS JOIN contact c ON c.external_id = k.owner_id CROSS JOIN staging.operation o ON o.ordinal = k.ordinal
    LEFT JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' AND f.is_parking = 0
      AND ${GIVES}`;

/** The order of the plan in the staging database. */
export function createPlanOrder(database: Database, planned: PlannedOperations): PlanOrder {
  const links = database.prepare<object, PlannedLink>(
    `${LINKS} WHERE o.state = 'pending' AND (:feed IS NULL OR o.feed = :feed) ORDER BY k.ordinal, k.field, k.owner_id`,
  );
  return {
    links: (feed) => links.all({ feed }),
    hasStuck: () =>
      database.prepare(`${LINKS} WHERE o.state = 'pending' AND f.ordinal IS NULL LIMIT 1`).get() !== undefined,
    rivals: (feed) => findRivals(database, feed),
    deletesSpokenFor: (troubled, full) => {
      const spokenFor = `SELECT o.ordinal, o.external_id FROM staging.operation o JOIN (
          SELECT external_id, feed FROM staging.reject j WHERE NOT EXISTS (
            SELECT 1 FROM staging.spoken p WHERE p.feed = j.feed AND p.external_id = j.external_id AND p.is_new = 0)
          UNION SELECT external_id, feed FROM spoken_for WHERE feed IN (SELECT value FROM json_each(:troubled))
        ) r ON r.external_id = o.external_id WHERE o.kind = 'delete' AND r.feed <> o.feed
        UNION SELECT o.ordinal, o.external_id FROM staging.aside a JOIN staging.operation o ON o.external_id = a.external_id
          WHERE o.kind = 'delete' AND o.line IS NULL AND a.feed <> o.feed AND a.feed IN (SELECT value FROM json_each(:full))`;
      const names = { troubled: JSON.stringify([...troubled]), full: JSON.stringify(full) };
      database
        .prepare(
          `DELETE FROM staging.absent WHERE contact_id IN (SELECT c.id FROM contact c JOIN (${spokenFor}) s ON s.external_id = c.external_id)`,
        )
        .run(names);
      return database.prepare<object, number>(`SELECT DISTINCT ordinal FROM (${spokenFor})`).pluck().all(names);
    },
    heldAcross: () =>
      database
        .prepare<[], { feed: string; freerFeed: string }>(
          // In this order: the statistics of the tables are older than the plan.
          `SELECT DISTINCT o.feed, f.feed AS freerFeed FROM staging.claim k CROSS JOIN staging.operation o ON o.ordinal = k.ordinal
             CROSS JOIN staging.operation f ON f.external_id = k.owner_id AND f.kind <> 'create' AND f.state = 'held' AND f.feed <> o.feed
               AND ${GIVES}
            WHERE o.state = 'held'`,
        )
        .all(),
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

/** Two feeds can want the same new value, of which the snapshot knows nothing. */
function findRivals(database: Database, feed: string): PlannedLink[] {
  const fields = [
    // An email that is only written in another case is no new value.
    ['email', "lower(json_extract(body, '$.email'))", "(o.kind = 'create' OR o.gives_email = 1)"],
    ['phone_number', "json_extract(body, '$.phone_number')", 'TRUE'],
  ] as const;
  return fields.flatMap(([field, value, isNew]) => {
    database.exec(
      `CREATE INDEX IF NOT EXISTS staging.operation_${field} ON operation (${value}) WHERE ${value} IS NOT NULL`,
    );
    const of = (table: string) => value.replaceAll('body', `${table}.body`);
    return database
      .prepare<object, PlannedLink>(
        `SELECT o.ordinal AS claimer, '${field}' AS field, r.external_id AS ownerId, r.feed AS ownerFeed, NULL AS freer,
                NULL AS freerKind, NULL AS freerState, NULL AS freerGuard, NULL AS freerFeed
           FROM staging.operation o JOIN staging.operation r ON ${of('r')} = ${of('o')} AND ${of('r')} IS NOT NULL AND r.feed <> o.feed
          WHERE o.feed = :feed AND ${isNew} AND o.external_id <> r.external_id`,
      )
      .all({ feed });
  });
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
