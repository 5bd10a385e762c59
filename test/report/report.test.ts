import { describe, expect, it } from 'vitest';
import type { FeedFacts, PeopleFacts, RowFacts } from '../../src/report/facts.ts';
import { buildReport } from '../../src/report/report.ts';
import { checkSums } from '../../src/report/sums.ts';
import { creates, deletes, feedFacts, rejected, reportFacts, updates } from '../support/report-facts.ts';

describe('the sums', () => {
  const change = (feed: FeedFacts, rows: Partial<RowFacts>, people: Partial<PeopleFacts>): FeedFacts => ({
    ...feed,
    rows: { ...feed.rows, ...rows },
    people: feed.people && { ...feed.people, ...people },
  });

  it('balance when every row and every contact is accounted for once', () => {
    const operations = [
      deletes('1'),
      deletes('2', { line: 8 }),
      creates('3', { state: 'refused' }),
      updates('4', { email: 'x@example.com' }, { state: 'abandoned' }),
      updates('5', { external_id: '6' }, { kind: 'rekey', state: 'superseded' }),
      updates('7', { email: 'y@example.com' }, { state: 'held', guard: 'updates' }),
    ];
    const facts = reportFacts({ operations, rejects: [rejected(9)] });
    expect(checkSums(facts)).toEqual([]);
    expect(buildReport(facts)).toMatchObject({ balanced: true, exit_code: 0, imbalances: [] });
  });

  it('do not balance when a row is lost between the file and the report', () => {
    const feeds = [change(feedFacts(), { read: 101, excluded: 2 }, {})];
    expect(checkSums(reportFacts({ feeds }))).toEqual([
      'Feed employees: 101 rows read, but 100 accepted + 0 rejected + 2 excluded + 0 duplicate make 102.',
    ]);
  });

  it('do not balance when an accepted row leads to nothing', () => {
    const feeds = [change(feedFacts(), { read: 101, accepted: 101 }, {})];
    expect(checkSums(reportFacts({ feeds }))).toEqual([
      'Feed employees: 101 rows accepted, but 0 create + 0 update + 0 re-key + 100 unchanged + 0 leavers deleted + 0 leavers without a contact make 100.',
    ]);
  });

  it('count a leaver without a contact as an accepted row that asks for nothing', () => {
    const feeds = [change(feedFacts(), { read: 101, accepted: 101 }, { leaversWithoutContact: 1 })];
    expect(checkSums(reportFacts({ feeds }))).toEqual([]);
  });

  it('do not balance when a contact is forgotten', () => {
    const feeds = [{ ...feedFacts(), contactsBefore: 103 }];
    expect(checkSums(reportFacts({ feeds }))).toEqual([
      'Feed employees: 103 contacts before, but 0 update + 0 re-key + 0 delete + 100 unchanged + 0 kept make 100.',
    ]);
  });

  it('do not balance when an operation is still under way at the end, or was never written down', () => {
    expect(checkSums(reportFacts({ operations: [creates('1', { state: 'in_flight' })] }))).toEqual([
      '1 operation planned, but 0 applied + 0 refused + 0 abandoned + 0 held + 0 superseded make 0.',
    ]);
    expect(checkSums(reportFacts({ operations: [creates('1')], outcomes: [] }))).toContain(
      '1 creates decided, but 0 recorded.',
    );
  });

  it('of a dry run are planned = pending + held', () => {
    const operations = [creates('1', { state: 'pending' }), deletes('2', { state: 'held', guard: 'deletes' })];
    const facts = reportFacts({ mode: 'dry-run', operations });
    expect(checkSums(facts)).toEqual([]);
    expect(buildReport(facts).operations).toEqual({
      planned: 2,
      applied: 0,
      refused: 0,
      abandoned: 0,
      held: 1,
      superseded: 0,
    });
  });

  it('that do not balance make the run a bug, whatever it would have ended with', () => {
    const report = buildReport(reportFacts({ planned: 1, exitCode: 3 }));
    expect(report).toMatchObject({ balanced: false, exit_code: 1 });
    expect(report.verdict).toBe('Unexpected error (our bug). The sums of this report do not balance.');
  });
});

describe('report.json', () => {
  it('has the keys that others use', () => {
    const report = buildReport(
      reportFacts({
        operations: [deletes('2', { state: 'held', guard: 'deletes' })],
        rejects: [rejected(9)],
        poison: [{ feed: 'employees', externalId: '7', runs: 3, sinceMs: Date.parse('2026-11-23T02:15:04.000Z') }],
        guards: [{ name: 'deletes', feed: 'employees', actual: 1, limit: 0, tripped: true, forced: false, note: null }],
        api: {
          requests: 3,
          retries: 1,
          rateLimited: 1,
          p50Ms: 45.4,
          p95Ms: 90.5,
          achievedPerSecond: 4.96,
          allowedPerSecond: 5,
        },
        phases: [
          { name: 'read', ms: 10.4 },
          { name: 'apply', ms: 7 },
          { name: 'read', ms: 5.2 },
        ],
        exitCode: 3,
      }),
    );
    expect(report).toEqual({
      schema: 1,
      run: '20261123-021504-k3f9',
      program_version: '0.1.0',
      mode: 'run',
      exit_code: 3,
      verdict: 'Held: 1 delete waits for approval (limit 0); 1 row was rejected.',
      started_at: '2026-11-23T02:15:04.000Z',
      finished_at: '2026-11-23T02:15:16.340Z',
      duration_ms: 12_340,
      balanced: true,
      imbalances: [],
      stopped: null,
      feeds: [
        {
          name: 'employees',
          kind: 'full',
          missing: 'delete',
          error: null,
          file: {
            name: 'employees_20261123.csv',
            size: 1_234_567,
            modified_at: '2026-11-22T23:03:04.000Z',
            sha256: 'a3f5'.repeat(16),
            age_ms: 11_520_000,
            unchanged: false,
          },
          files: [],
          rows: { read: 101, accepted: 100, rejected: 1, excluded: 0, duplicate: 0 },
          contacts_before: 102,
          people: { create: 0, update: 0, rekey: 0, delete: 1, unchanged: 100, kept: 1 },
          notes: [],
          warnings: [],
        },
      ],
      people: { create: 0, update: 0, rekey: 0, delete: 1, unchanged: 100, kept: 1 },
      operations: { planned: 1, applied: 0, refused: 0, abandoned: 0, held: 1, superseded: 0 },
      intermediate: 0,
      left_out: 0,
      outcomes: [{ feed: 'employees', kind: 'delete', outcome: 'held', count: 1 }],
      guards: [{ name: 'deletes', feed: 'employees', actual: 1, limit: 0, tripped: true, forced: false, note: null }],
      held: [
        {
          feed: 'employees',
          guard: 'deletes',
          operations: { create: 0, update: 0, rekey: 0, delete: 1 },
          actual: 1,
          limit: 0,
          note: null,
          command: 'workshop-sync approve 20261123-021504-k3f9',
          force: 'workshop-sync run --once --force deletes',
        },
      ],
      recovered: [],
      drift: [],
      poison: [{ feed: 'employees', external_id: '7', runs: 3, since: '2026-11-23T02:15:04.000Z' }],
      rejects: [
        {
          feed: 'employees',
          line: 9,
          file: 1,
          external_id: 'E9',
          field: 'email',
          rule: 'email',
          message: '"nobody" is not an email address',
        },
      ],
      api: {
        requests: 3,
        retries: 1,
        rate_limited: 1,
        p50_ms: 45,
        p95_ms: 91,
        achieved_per_second: 5,
        allowed_per_second: 5,
      },
      phases: [
        { name: 'read', ms: 16 },
        { name: 'apply', ms: 7 },
      ],
    });
  });

  it('counts the contacts of a feed in trouble as kept', () => {
    const trouble = { kind: 'stale', message: 'Too old.', hint: 'Ask.' };
    const facts = reportFacts({ feeds: [feedFacts({}, { people: null, trouble, contactsBefore: 12 })], exitCode: 5 });
    expect(buildReport(facts).people).toEqual({ create: 0, update: 0, rekey: 0, delete: 0, unchanged: 0, kept: 12 });
  });

  it('holds the first 1,000 rejects and reads no more of them', () => {
    let read = 0;
    const facts = reportFacts();
    function* rejects() {
      for (;;) {
        read += 1;
        yield rejected(read);
      }
    }
    expect(buildReport({ ...facts, rejects }).rejects).toHaveLength(1000);
    expect(read).toBe(1000);
  });
});
