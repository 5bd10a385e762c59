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
  creates: group(limit(10, 25)).optional().describe('Limit for new people. Not supported yet.'),
  updates: group(limit(75, 25)).optional().describe('Limit for changed people. Not supported yet.'),
  cleared: group(limit(10, 5)).optional().describe('Limit for one attribute removed from many. Not supported yet.'),
  rows: group({
    drop_percent: percent().default(10).describe('Fewer rows than in the last file, in percent.'),
    grow_percent: z
      .number({ error: atLeastNothing })
      .min(0, { error: atLeastNothing })
      .default(50)
      .describe('More rows than in the last file, in percent.'),
    count: count().default(10).describe('So many fewer or more are always fine.'),
  })
    .optional()
    .describe('Limit for a file that shrinks or grows. Not supported yet.'),
  rejects: group(limit(5, 10)).optional().describe('Limit for rows that cannot be understood. Not supported yet.'),
  identity: group({
    fields: wholeNumber(1, 3).default(2).describe('How many of email, full name and phone change under one id.'),
    count: count().default(5).describe('So many such rows are always fine.'),
  })
    .optional()
    .describe('Limit for rows that seem to be another person. Not supported yet.'),
})
  .prefault({})
  .describe('Limits above which changes wait for approval. The larger of percent and count applies.');

function limit(percentage: number, number: number) {
  return {
    percent: percent().default(percentage).describe("Of the feed's contacts."),
    count: count().default(number).describe('So many are always fine.'),
  };
}

function count() {
  return wholeNumber(0, 10_000_000);
}
