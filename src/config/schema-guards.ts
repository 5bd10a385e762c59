// How people write the guards: the limits above which changes wait for approval (specification §8).

import { z } from 'zod';
import { group, percent, wholeNumber } from './schema-parts.ts';

const atLeastNothing = 'must be a number, at least 0';

export const guardsSchema = group({
  deletes: group({
    ...limit(5, 5),
    cap: count().default(200).describe('Never more than this without approval.'),
  })
    .prefault({})
    .describe('More deletes than this are held until somebody approves them.'),
  creates: group(limit(10, 25))
    .prefault({})
    .describe('More new people than this are held, re-keys with them; not before a first file was wholly applied.'),
  updates: group(limit(75, 25)).prefault({}).describe('More changed people than this are held.'),
  cleared: group(limit(10, 5, 'Of those who have the attribute.'))
    .prefault({})
    .describe('Removing one attribute from more people than this is held.'),
  rows: group({
    drop_percent: percent().default(10).describe('Fewer accepted rows than in the last accepted file, in percent.'),
    grow_percent: z
      .number({ error: atLeastNothing })
      .min(0, { error: atLeastNothing })
      .default(50)
      .describe('More accepted rows than in the last accepted file, in percent.'),
    count: count().default(10).describe('So many fewer or more are always fine.'),
  })
    .prefault({})
    .describe('A file that shrinks or grows by more than this is held whole.'),
  rejects: group(limit(5, 10, 'Of the rows.'))
    .prefault({})
    .describe('A file with more rows that cannot be understood than this is held whole.'),
  identity: group({
    fields: wholeNumber(1, 3)
      .default(2)
      .describe('A row that changes so many of email, full name and phone under one id may be another person.'),
    count: count().default(5).describe('So many such rows and re-keys are always fine.'),
  })
    .prefault({})
    .describe('Rows that seem to be another person: more than this are held, and every swap between people.'),
})
  .prefault({})
  .describe('Limits above which changes wait for approval. The larger of percent and count applies.');

function limit(percentage: number, number: number, whole = "Of the feed's contacts.") {
  return {
    percent: percent().default(percentage).describe(whole),
    count: count().default(number).describe('So many are always fine.'),
  };
}

function count() {
  return wholeNumber(0, 10_000_000);
}
