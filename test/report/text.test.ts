import { expect, it } from 'vitest';
import { creates, deletes, feedFacts, reportFacts, updates } from '../support/report-facts.ts';
import { mondayMorning, textOf } from '../support/report-text.ts';

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
      Approve   workshop-sync approve 20261123-021504-k3f9
                lets exactly this through once; \`--now\` at once, else with the next run
      Reject    workshop-sync reject 20261123-021504-k3f9
      Otherwise ask for a new export: what is held is not sent, and a good file clears it

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
      - 000201  Ann Lee 000201 <ann.000201@example.com>  no longer in the file  [held: deletes]
      - 000202  Ann Lee 000202 <ann.000202@example.com>  left (line 41)  [held: deletes]
      ! line 17  E17  email: "nobody" is not an email address
      ! line 23  11 fields, the header has 12

    Refused or abandoned, in the words of the API; the next run tries them again
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
    guards: [{ name: 'deletes', feed: 'employees', actual: 1, limit: 0, tripped: true, forced: false, note: null }],
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
      Approve   workshop-sync run --once, which holds it, and then workshop-sync approve
      Otherwise ask for a new export: what is held is not sent, and a good file clears it

    Changes that a run would make
      + 000301  Ann Lee 000301 <ann.000301@example.com>
      ~ 000401  Ann Lee 000401 <ann.000401@example.com>  office: Austin → Boston
      - 000201  Ann Lee 000201 <ann.000201@example.com>  no longer in the file  [would be held: deletes]

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
      { name: 'deletes', feed: 'contractors', actual: 0, limit: 5, tripped: false, forced: false, note: null },
      { name: 'empty', feed: 'contractors', actual: 8, limit: 1, tripped: false, forced: false, note: null },
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
