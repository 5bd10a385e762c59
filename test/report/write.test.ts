import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatabaseError, UsageError } from '../../src/errors.ts';
import type { RunFacts } from '../../src/report/facts.ts';
import { operationLines } from '../../src/report/operation-line.ts';
import { buildReport } from '../../src/report/report.ts';
import { renderText } from '../../src/report/text.ts';
import { readReport, writeReport } from '../../src/report/write.ts';
import { contactNamed, creates, deletes, rejected, reportFacts, updates } from '../support/report-facts.ts';

let state: string;
let directory: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'report-'));
  directory = join(state, 'reports', 'r1');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const write = (facts: RunFacts) => writeReport(directory, buildReport(facts), facts);
const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');

it("writes every operation as a line, in the API's own words", async () => {
  await write(
    reportFacts({
      operations: [
        updates(
          'E1',
          { attributes: { office: null } },
          { before: contactNamed('E1', { phoneNumber: '+15125550100' }) },
        ),
        creates('E2', {
          state: 'refused',
          status: 422,
          attempts: 1,
          error: 'email: has already been taken',
          refusedRuns: 3,
        }),
      ],
      exitCode: 4,
    }),
  );
  const lines = textOf('operations.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      kind: 'update',
      external_id: 'E1',
      feed: 'employees',
      line: 3,
      file: 1,
      body: { attributes: { office: null } },
      before: {
        external_id: 'E1',
        first_name: 'Ann',
        last_name: 'Lee E1',
        email: 'ann.E1@example.com',
        phone_number: '+15125550100',
        attributes: { office: 'Austin' },
      },
      outcome: 'applied',
      guard: null,
      reason: null,
      status: 200,
      attempts: 1,
      error: null,
      refused_runs: null,
    },
    {
      kind: 'create',
      external_id: 'E2',
      feed: 'employees',
      line: 2,
      file: 1,
      body: { external_id: 'E2', first_name: 'Ann', last_name: 'Lee E2', email: 'ann.E2@example.com' },
      before: null,
      outcome: 'refused',
      guard: null,
      reason: null,
      status: 422,
      attempts: 1,
      error: 'email: has already been taken',
      refused_runs: 3,
    },
  ]);
});

it('lists everybody whom the run removes or would remove, and why', async () => {
  await write(
    reportFacts({
      operations: [
        deletes('E1'),
        deletes('E2', { line: 41 }),
        deletes('E3', { state: 'held', guard: 'deletes' }),
        creates('E4'),
      ],
    }),
  );
  expect(textOf('removals.csv')).toMatchInlineSnapshot(`
    "external_id,name,email,feed,outcome,reason
    E1,Ann Lee E1,ann.E1@example.com,employees,applied,no longer in the file
    E2,Ann Lee E2,ann.E2@example.com,employees,applied,left (line 41)
    E3,Ann Lee E3,ann.E3@example.com,employees,held,no longer in the file; guard deletes
    "
  `);
});

it('neutralises what a spreadsheet would run, and what a terminal would obey', async () => {
  const before = contactNamed('=1+1', {
    firstName: '=HYPERLINK("http://x")',
    lastName: 'a,b',
    email: '+a@example.com',
  });
  await write(
    reportFacts({
      operations: [deletes('=1+1', { before })],
      rejects: [rejected(3, { externalId: '@SUM(A1)', message: '\u001b[2J-2+3\nis not "it"' })],
    }),
  );
  expect(textOf('removals.csv').split('\n')[1]).toBe(
    `'=1+1,"'=HYPERLINK(""http://x"") a,b",'+a@example.com,employees,applied,no longer in the file`,
  );
  expect(parse(textOf('rejects.csv'))).toEqual([
    ['feed', 'line', 'external_id', 'field', 'rule', 'message', 'file'],
    ['employees', '3', "'@SUM(A1)", 'email', 'email', `'-2+3 is not "it"`, '1'],
  ]);
});

it('keeps values exact in JSON, with nothing in it that a terminal obeys', async () => {
  const message = 'a\u009b31m\u202Eb\u007f';
  await write(reportFacts({ rejects: [rejected(3, { message })], exitCode: 4 }));
  expect(textOf('report.json')).not.toMatch(/[\u007f-\u009f\u202e]/);
  expect(JSON.parse(textOf('report.json')).rejects[0].message).toBe(message);
});

it('lets only the owner look', async () => {
  await write(reportFacts());
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect([mode(join(state, 'reports')), mode(directory)]).toEqual([0o700, 0o700]);
  expect(readdirSync(directory).sort()).toEqual(['operations.jsonl', 'rejects.csv', 'removals.csv', 'report.json']);
  for (const name of readdirSync(directory)) expect(mode(join(directory, name))).toBe(0o600);
});

it('leaves no half-written report when the rows end in an error', async () => {
  const facts = reportFacts();
  function* broken() {
    yield creates('E1');
    throw new Error('the database is gone');
  }
  await expect(write({ ...facts, operations: broken })).rejects.toThrow('the database is gone');
  expect(readdirSync(join(state, 'reports'))).toEqual([]);
});

it('replaces what an interrupted run left, and an earlier report of the same run', async () => {
  mkdirSync(`${directory}.tmp`, { recursive: true });
  writeFileSync(join(`${directory}.tmp`, 'rejects.csv'), 'half');
  await write(reportFacts());
  await write(reportFacts({ operations: [creates('E1')] }));
  expect(readReport(directory).report.people.create).toBe(1);
  expect(readdirSync(join(state, 'reports'))).toEqual(['r1']);
});

it('says that the disk did not take the report', async () => {
  writeFileSync(join(state, 'reports'), 'a file where the directory should be');
  await expect(write(reportFacts())).rejects.toThrow(DatabaseError);
  await expect(write(reportFacts())).rejects.toThrow(/^Cannot write the report to .*r1: /);
});

it('shows a stored report as the run itself showed it', async () => {
  // Long enough that lines and characters straddle the pieces in which the file is read.
  const name = 'Zoë-Łukasz '.repeat(20);
  const operations = Array.from({ length: 900 }, (_, index) => updates(`E${index}`, { first_name: name }));
  const facts = reportFacts({
    operations: [...operations, deletes('E9', { state: 'held', guard: 'deletes' })],
    exitCode: 3,
  });
  await write(facts);
  const options = { colour: false, directory };
  const live = renderText(buildReport(facts), operationLines(facts.operations()), options);
  const stored = readReport(directory);
  expect(renderText(stored.report, stored.operations, options)).toBe(live);
  expect([...stored.operations]).toEqual([...operationLines(facts.operations())]);
});

it('tells a report that is not there from one of another version and one that is damaged', async () => {
  expect(() => readReport(directory)).toThrow(UsageError);
  await write(reportFacts({ operations: [creates('E1')] }));
  writeFileSync(join(directory, 'operations.jsonl'), '{"kind":"cre');
  expect(() => [...readReport(directory).operations]).toThrow(/operations\.jsonl is damaged/);
  writeFileSync(join(directory, 'report.json'), '{"schema": 2}');
  expect(() => readReport(directory)).toThrow('its schema is 2, not 1');
  writeFileSync(join(directory, 'report.json'), '{');
  expect(() => readReport(directory)).toThrow(DatabaseError);
});
