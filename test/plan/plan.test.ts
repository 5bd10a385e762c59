// Everybody of the roster and of the snapshot gets one decision. The questions are answered with arrays.

import { describe, expect, it } from 'vitest';
import { type FeedRules, planFeed, type RosterQuestions } from '../../src/plan/plan.ts';
import { contact, employee } from '../support/people.ts';

const HOUR_MS = 3_600_000;
const rules: FeedRules = {
  feed: 'employees',
  missing: 'delete',
  deleteAfter: { files: 1, hours: null },
  attributeKeys: new Set(['department']),
  identityFields: 2,
  nowMs: 100 * HOUR_MS,
};

function plan(answers: Partial<Record<keyof RosterQuestions, unknown[]>>, changes: Partial<FeedRules> = {}): string[] {
  const questions = {
    leavers: () => answers.leavers ?? [],
    missing: () => answers.missing ?? [],
    joiners: () => answers.joiners ?? [],
    moved: () => answers.moved ?? [],
    matched: () => answers.matched ?? [],
    owners: () => [],
  } as unknown as RosterQuestions;
  return [...planFeed(questions, { ...rules, ...changes })].map((decision) => {
    if (decision.kind === 'kept') return `keep ${decision.externalId}`;
    if (decision.kind === 'unchanged') return `nothing for contact ${decision.contactId}`;
    const { kind, externalId, line } = decision.operation;
    return line === null ? `${kind} ${externalId}` : `${kind} ${externalId} (line ${line})`;
  });
}

const missing = (externalId: string, absentFiles = 1, absentSinceMs = rules.nowMs) => ({
  contact: contact({ externalId }),
  absentFiles,
  absentSinceMs,
});

describe('the plan of a feed', () => {
  it('deletes first, then creates, then updates, so that emails and phones are free when they are claimed', () => {
    const matched = {
      line: 3,
      employee: employee({ externalId: 'C', lastName: 'New' }),
      contact: contact({ externalId: 'C' }),
      contactId: 3,
      fingerprint: 'f',
    };
    expect(
      plan({
        leavers: [{ line: 9, contact: contact({ externalId: 'L' }) }],
        missing: [missing('M')],
        joiners: [{ line: 2, employee: employee({ externalId: 'A' }), fingerprint: null }],
        matched: [matched],
      }),
    ).toEqual(['delete L (line 9)', 'delete M', 'create A (line 2)', 'update C (line 3)']);
  });

  it('asks for nothing when the contact equals the employee', () => {
    const same = { line: 3, employee: employee(), contact: contact(), contactId: 7, fingerprint: 'f' };
    expect(plan({ matched: [same] })).toEqual(['nothing for contact 7']);
  });

  it('keeps missing people when the feed says keep, yet removes an explicit leaver', () => {
    const answers = { leavers: [{ line: 9, contact: contact({ externalId: 'L' }) }], missing: [missing('M')] };
    expect(plan(answers, { missing: 'keep' })).toEqual(['delete L (line 9)', 'keep M']);
  });

  it('waits until somebody was missing from as many files as the grace says', () => {
    const changes = { deleteAfter: { files: 3, hours: null } };
    expect(plan({ missing: [missing('A', 2), missing('B', 3)] }, changes)).toEqual(['keep A', 'delete B']);
  });

  it('waits for the hours of the grace as well', () => {
    const changes = { deleteAfter: { files: 1, hours: 20 } };
    const answers = {
      missing: [missing('A', 5, rules.nowMs - 19 * HOUR_MS), missing('B', 5, rules.nowMs - 20 * HOUR_MS)],
    };
    expect(plan(answers, changes)).toEqual(['keep A', 'delete B']);
  });
});
