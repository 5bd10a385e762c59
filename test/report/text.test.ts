import { expect, it } from 'vitest';
import type { RunFacts } from '../../src/report/facts.ts';
import { buildReport, operationLines } from '../../src/report/report.ts';
import type { Report } from '../../src/report/shape.ts';
import { renderText, type TextOptions } from '../../src/report/text.ts';
import { contactNamed, creates, deletes, feedFacts, rejected, reportFacts, updates } from '../support/report-facts.ts';

const DIRECTORY = 'state/reports/20261123-021504-k3f9';

function textOf(facts: RunFacts, options: Partial<TextOptions> = {}): string {
  return renderText(buildReport(facts), operationLines(facts.operations()), {
    colour: false,
    directory: facts.mode === 'run' ? DIRECTORY : null,
    ...options,
  });
}

const mondayMorning = () =>
  reportFacts({
    exitCode: 3,
    unchanged: 4733,
    operations: [
      deletes('000201', { state: 'held', guard: 'deletes', status: null, attempts: 0 }),
      deletes('000202', { state: 'held', guard: 'deletes', status: null, attempts: 0, line: 41 }),
      creates('000301'),
      creates('000302', { state: 'refused', status: 422, error: 'email: has already been taken' }),
      updates('000401', { attributes: { office: null } }),
      updates('000402', {
        last_name: 'Roe-Featherstonehaugh',
        email: 'ann.roe-featherstonehaugh@example.com',
        attributes: { department: 'Finance', office: 'New York' },
      }),
      updates(
        '000403',
        { phone_number: '+15125550100' },
        { state: 'abandoned', status: 503, attempts: 5, error: 'Service Unavailable' },
      ),
      updates('000404', { external_id: '000999' }, { kind: 'rekey' }),
    ],
    rejects: [
      rejected(17),
      rejected(23, { externalId: null, field: null, rule: 'ragged', message: '11 fields, the header has 12' }),
    ],
    guards: [
      { name: 'empty', feed: 'employees', actual: 4741, limit: 1, tripped: false, forced: false },
      { name: 'deletes', feed: 'employees', actual: 2, limit: 1, tripped: true, forced: false },
      { name: 'creates', feed: 'employees', actual: 2, limit: 1, tripped: true, forced: true },
    ],
    api: {
      requests: 14,
      retries: 4,
      rateLimited: 1,
      p50Ms: 45.2,
      p95Ms: 1210,
      achievedPerSecond: 4.93,
      allowedPerSecond: 5,
    },
    phases: [
      { name: 'fetch', ms: 412 },
      { name: 'read', ms: 2100 },
      { name: 'apply', ms: 9500 },
    ],
    recovered: [{ kind: 'update', externalId: '000777', run: '20261122-021500-a1b2', outcome: 'had been applied' }],
    drift: [{ externalId: '000401', what: 'gone in Workshop, created again' }],
  });

it('tells the whole story of a run in the order in which an operator needs it', () => {
  expect(textOf(mondayMorning())).toMatchInlineSnapshot(`
    "Held: 2 deletes wait for approval (limit 1); 2 rows were rejected, 1 operation was refused, 1 operation was abandoned; 1 created, 2 updated, 1 re-keyed.
    Exit code 3: held: some or all changes wait for approval (the rest was applied)
    Run 20261123-021504-k3f9, started 2026-11-23 02:15:04 UTC, took 12.3 s

    Feed employees
      File      employees_20261123.csv, 1.2 MB, 3 h 12 min old
      Rows      4,742 read = 4,740 accepted + 2 rejected + 0 excluded + 0 duplicates

    Recovered: 1 operation of earlier runs left in doubt
      update 000777 of run 20261122-021500-a1b2: had been applied
    Drift: 1 contact not as the snapshot had it
      000401: gone in Workshop, created again

    Plan
      People    create 2, update 3, re-key 1, delete 2, unchanged 4,733, kept 2
      Changes   8 planned = 4 applied + 1 refused + 1 abandoned + 2 held + 0 superseded

    Guards
      empty     4,741, minimum 1   not tripped
      deletes       2, limit 1     tripped
      creates       2, limit 1     tripped, let through by --force

    Held
      deletes   2 deletes of feed employees
      Check     state/reports/20261123-021504-k3f9/removals.csv
      Approve   workshop-sync run --once --force deletes

    Changes
      + 000301  Ann Lee 000301 <ann.000301@example.com>
      + 000302  Ann Lee 000302 <ann.000302@example.com>  [refused]
      ~ 000401  Ann Lee 000401 <ann.000401@example.com>  office: Austin → (removed)
      ~ 000402  Ann Lee 000402 <ann.000402@example.com>
          last_name: Lee 000402 → Roe-Featherstonehaugh
          email: ann.000402@example.com → ann.roe-featherstonehaugh@example.com
          department: (none) → Finance
          office: Austin → New York
      ~ 000403  Ann Lee 000403 <ann.000403@example.com>  [abandoned]
          phone_number: (none) → +15125550100
      > 000404 → 000999  Ann Lee 000404 <ann.000404@example.com>
      - 000201  Ann Lee 000201 <ann.000201@example.com>  no longer in the file  [held]
      - 000202  Ann Lee 000202 <ann.000202@example.com>  left (line 41)  [held]
      ! line 17  E17  email: "nobody" is not an email address
      ! line 23  11 fields, the header has 12

    Refused or abandoned, in the words of the API
      create 000302  refused: 422 email: has already been taken
      update 000403  abandoned after 5 attempts: 503 Service Unavailable

    Run
      API       14 requests, 4 retries, 1 rate limited (429), p50 45 ms, p95 1.2 s, 4.9/s of 5/s allowed
      Time      12.3 s: fetch 412 ms, read 2.1 s, apply 9.5 s
      Files     state/reports/20261123-021504-k3f9
    "
  `);
});

it('says of a dry run that nothing was sent, and speaks of what would be', () => {
  const facts = reportFacts({
    mode: 'dry-run',
    operations: [
      deletes('000201', { state: 'held', guard: 'deletes' }),
      creates('000301', { state: 'pending' }),
      updates('000401', { attributes: { office: 'Boston' } }, { state: 'pending' }),
    ],
    guards: [{ name: 'deletes', feed: 'employees', actual: 1, limit: 0, tripped: true, forced: false }],
    exitCode: 3,
  });
  expect(textOf(facts)).toMatchInlineSnapshot(`
    "Dry run: held: 1 delete would wait for approval (limit 0); 1 create and 1 update would be applied.
    Nothing was sent, nothing was changed.
    Exit code 3, as a run would end: held: some or all changes wait for approval (the rest was applied)
    Run 20261123-021504-k3f9, started 2026-11-23 02:15:04 UTC, took 12.3 s

    Feed employees
      File      employees_20261123.csv, 1.2 MB, 3 h 12 min old
      Rows      102 read = 102 accepted + 0 rejected + 0 excluded + 0 duplicates

    Plan (a run would)
      People    create 1, update 1, re-key 0, delete 1, unchanged 100, kept 0
      Changes   3 planned = 2 would be sent + 1 would be held

    Guards
      deletes   1, limit 0   tripped

    Would be held
      deletes   1 delete of feed employees
      Approve   workshop-sync run --once --force deletes

    Changes that a run would make
      + 000301  Ann Lee 000301 <ann.000301@example.com>
      ~ 000401  Ann Lee 000401 <ann.000401@example.com>  office: Austin → Boston
      - 000201  Ann Lee 000201 <ann.000201@example.com>  no longer in the file  [would be held]

    Run
      Time      12.3 s
    "
  `);
});

it('says so when there was nothing to do for an unchanged file', () => {
  const feed = feedFacts();
  const facts = reportFacts({ feeds: [{ ...feed, file: feed.file && { ...feed.file, unchanged: true } }] });
  expect(textOf(facts)).toMatchInlineSnapshot(`
    "In sync: nothing to do (unchanged file).
    Exit code 0: in sync: everything applied, or nothing to do
    Run 20261123-021504-k3f9, started 2026-11-23 02:15:04 UTC, took 12.3 s

    Feed employees
      File      employees_20261123.csv, 1.2 MB, 3 h 12 min old, unchanged file
      Rows      100 read = 100 accepted + 0 rejected + 0 excluded + 0 duplicates

    Plan
      People    create 0, update 0, re-key 0, delete 0, unchanged 100, kept 0
      Changes   0 planned = 0 applied + 0 refused + 0 abandoned + 0 held + 0 superseded

    Run
      Time      12.3 s
      Files     state/reports/20261123-021504-k3f9
    "
  `);
});

it('tells of a feed in trouble what went wrong, what to do, and that its people stay', () => {
  const trouble = {
    kind: 'quarantined',
    message: 'Cannot trust employees_20261123.csv: the mapped column "Department" is missing; did "Dept" replace it?',
    hint: 'Ask the HRIS team to bring the column back, or change `contact.attributes.department` in the configuration to "Dept".',
  };
  const contractors = feedFacts(
    { operations: [creates('C1', { feed: 'contractors' })], unchanged: 7 },
    {
      name: 'contractors',
      missing: 'keep',
      notes: ['2 columns are not mapped: Cost Center, Badge'],
      warnings: ['contractors.csv is not UTF-8; it was read as Windows-1252'],
    },
  );
  const nothing = { read: 0, accepted: 0, rejected: 0, excluded: 0, duplicate: 0 };
  const facts = reportFacts({
    operations: [creates('C1', { feed: 'contractors' })],
    feeds: [feedFacts({}, { trouble, rows: nothing, people: null, contactsBefore: 4812 }), contractors],
    guards: [
      { name: 'deletes', feed: 'contractors', actual: 0, limit: 5, tripped: false, forced: false },
      { name: 'empty', feed: 'contractors', actual: 8, limit: 1, tripped: false, forced: false },
    ],
    exitCode: 5,
  });
  expect(textOf(facts)).toMatchInlineSnapshot(`
    "The feed employees: quarantined; nothing of it was sent; 1 created. Cannot trust employees_20261123.csv: the mapped column "Department" is missing; did "Dept" replace it?
    Exit code 5: the feed: no file, stale, unreadable, incomplete or not credible; nothing of it was sent
    Run 20261123-021504-k3f9, started 2026-11-23 02:15:04 UTC, took 12.3 s

    Feed employees
      Trouble   quarantined: Cannot trust employees_20261123.csv: the mapped column "Department" is
                missing; did "Dept" replace it?
      To do     Ask the HRIS team to bring the column back, or change \`contact.attributes.department\` in
                the configuration to "Dept".
      Kept      4,812 contacts of this feed, untouched
      File      employees_20261123.csv, 1.2 MB, 3 h 12 min old
      Rows      0 read = 0 accepted + 0 rejected + 0 excluded + 0 duplicates
      People    create 0, update 0, re-key 0, delete 0, unchanged 0, kept 4,812

    Feed contractors
      File      employees_20261123.csv, 1.2 MB, 3 h 12 min old
      Rows      8 read = 8 accepted + 0 rejected + 0 excluded + 0 duplicates
      People    create 1, update 0, re-key 0, delete 0, unchanged 7, kept 0
      Missing   people who are no longer in the file are kept
      Note      2 columns are not mapped: Cost Center, Badge
      Warning   contractors.csv is not UTF-8; it was read as Windows-1252

    Plan
      People    create 1, update 0, re-key 0, delete 0, unchanged 7, kept 4,812
      Changes   1 planned = 1 applied + 0 refused + 0 abandoned + 0 held + 0 superseded

    Guards
      deletes (contractors)  0, limit 5     not tripped
      empty (contractors)    8, minimum 1   not tripped

    Changes
      + C1  Ann Lee C1 <ann.C1@example.com>

    Run
      Time      12.3 s
      Files     state/reports/20261123-021504-k3f9
    "
  `);
});

it('shows no more changes of a kind than asked for, and points to the files for the rest', () => {
  const facts = reportFacts({
    operations: [
      ...['1', '2', '3', '4'].map((id) => deletes(id)),
      ...['5', '6', '7'].map((id) => creates(id, { state: 'refused', status: 422, error: 'no' })),
    ],
    rejects: [rejected(1), rejected(2), rejected(3)],
    exitCode: 4,
  });
  const text = textOf(facts, { changesPerKind: 2 });
  expect(text.slice(text.indexOf('Changes\n'), text.indexOf('\nRun\n'))).toMatchInlineSnapshot(`
    "Changes
      + 5  Ann Lee 5 <ann.5@example.com>  [refused]
      + 6  Ann Lee 6 <ann.6@example.com>  [refused]
      ... and 1 more create, all in state/reports/20261123-021504-k3f9/operations.jsonl
      - 1  Ann Lee 1 <ann.1@example.com>  no longer in the file
      - 2  Ann Lee 2 <ann.2@example.com>  no longer in the file
      ... and 2 more deletes, all in state/reports/20261123-021504-k3f9/removals.csv
      ! line 1  E1  email: "nobody" is not an email address
      ! line 2  E2  email: "nobody" is not an email address
      ... and 1 more rejected row, all in state/reports/20261123-021504-k3f9/rejects.csv

    Refused or abandoned, in the words of the API
      create 5  refused: 422 no
      create 6  refused: 422 no
      ... and 1 more operation, all in state/reports/20261123-021504-k3f9/operations.jsonl
    "
  `);
});

it('reads no further into the operations than it has to', () => {
  const facts = reportFacts({ operations: ['1', '2', '3', '4'].map((id) => creates(id)) });
  let read = 0;
  function* counting() {
    for (const line of operationLines(facts.operations())) {
      read += 1;
      yield line;
    }
  }
  renderText(buildReport(facts), counting(), { colour: false, directory: null, changesPerKind: 2 });
  expect(read).toBe(2);
});

it('strips terminal escapes and whatever reorders text from the values of the file', () => {
  const facts = reportFacts({
    operations: [
      updates(
        'E1',
        { first_name: '\u001b]0;owned\u0007\u001b[31mEve\u001b[0m', attributes: { title: 'a\u202Eb\u009b31mc\r\nd' } },
        { before: contactNamed('E1', { firstName: '\u001b[2J' }) },
      ),
    ],
    rejects: [rejected(9, { externalId: '\u001b[8mE9', message: '"\u001b[5mx" is not an email address' })],
    exitCode: 4,
  });
  const text = textOf(facts, { colour: false });
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('first_name: (none) → Eve');
  expect(text).toContain('title: (none) → abc d');
  expect(text).toContain('! line 9  E9  email: "x" is not an email address');
});

it('colours only when asked to, whatever stdout is', () => {
  const facts = mondayMorning();
  const coloured = textOf(facts, { colour: true });
  expect(textOf(facts)).not.toContain('\u001b');
  expect(coloured).toContain('\u001b[32m+ 000301  Ann Lee 000301 <ann.000301@example.com>\u001b[39m');
  expect(coloured).toContain('\u001b[31m! line 17');
});

it('shows the sums that do not balance', () => {
  const facts = reportFacts({ planned: 3 });
  const report: Report = buildReport(facts);
  const text = renderText(report, [], { colour: false, directory: null });
  expect(text.split('\n').slice(0, 5)).toEqual([
    'Unexpected error (our bug). The sums of this report do not balance.',
    'Exit code 1: unexpected error (our bug)',
    'Run 20261123-021504-k3f9, started 2026-11-23 02:15:04 UTC, took 12.3 s',
    'Does not balance: 3 operations planned, but 0 create + 0 update + 0 re-key + 0 delete make 0.',
    'Does not balance: 3 operations planned, but 0 applied + 0 refused + 0 abandoned + 0 held + 0 superseded make 0.',
  ]);
});
