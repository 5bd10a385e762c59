import { expect, it } from 'vitest';
import { operationLines } from '../../src/report/operation-line.ts';
import { buildReport } from '../../src/report/report.ts';
import type { Report } from '../../src/report/shape.ts';
import { renderText } from '../../src/report/text.ts';
import { contactNamed, creates, deletes, rejected, reportFacts, updates } from '../support/report-facts.ts';
import { mondayMorning, textOf } from '../support/report-text.ts';

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

    Refused or abandoned, in the words of the API; the next run tries them again
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
    'Does not balance: 3 operations planned, but 0 create + 0 update + 0 re-key + 0 delete + 0 intermediate make 0.',
    'Does not balance: 3 operations planned, but 0 applied + 0 refused + 0 abandoned + 0 held + 0 superseded make 0.',
  ]);
});
