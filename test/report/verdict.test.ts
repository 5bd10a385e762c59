import { expect, it } from 'vitest';
import type { OperationRecord, RunFacts } from '../../src/report/facts.ts';
import { buildReport } from '../../src/report/report.ts';
import {
  creates,
  deletes,
  type FactsOverrides,
  feedFacts,
  rejected,
  reportFacts,
  updates,
} from '../support/report-facts.ts';

const verdict = (overrides: FactsOverrides) => buildReport(reportFacts(overrides)).verdict;
const held = (operation: OperationRecord, guard: string): OperationRecord => ({ ...operation, state: 'held', guard });
const pending = (operation: OperationRecord): OperationRecord => ({ ...operation, state: 'pending' });
const superseded = (operation: OperationRecord): OperationRecord => ({ ...operation, state: 'superseded' });
const tripped = (name: string, actual: number, limit: number) => [
  { name, feed: 'employees', actual, limit, tripped: true, forced: false, note: null },
];
const troubled = (kind: string, message: string): RunFacts['feeds'] => [
  feedFacts({}, { file: null, people: null, trouble: { kind, message, hint: 'Look.' } }),
];

it('counts what was done when everything is in sync', () => {
  const operations = [
    deletes('1'),
    creates('2'),
    creates('3'),
    updates('4', { first_name: 'B' }),
    updates('5', { external_id: '6' }, { kind: 'rekey' }),
  ];
  expect(verdict({ operations })).toBe('In sync: 2 created, 1 updated, 1 re-keyed, 1 deleted.');
  expect(verdict({})).toBe('In sync: nothing to do.');
});

it('says what is held, over which limit, and what was done all the same', () => {
  const deleted = [held(deletes('1'), 'deletes'), held(deletes('2'), 'deletes')];
  const guards = tripped('deletes', 2, 1);
  expect(verdict({ operations: [...deleted, creates('3')], guards, exitCode: 3 })).toBe(
    'Held: 2 deletes wait for approval (limit 1); 1 created.',
  );
  expect(verdict({ operations: [held(deletes('1'), 'rows')], guards: tripped('rows', 900, 100), exitCode: 3 })).toBe(
    'Held: 1 delete waits for approval (rows: 900, limit 100).',
  );
});

it('names each guard when several hold', () => {
  const operations = [held(deletes('1'), 'deletes'), held(creates('3'), 'creates'), held(creates('4'), 'creates')];
  const guards = [...tripped('deletes', 1, 0), ...tripped('creates', 2, 1)];
  expect(verdict({ operations, guards, exitCode: 3 })).toBe(
    'Held: 1 delete (limit 0) and 2 creates (limit 1) wait for approval.',
  );
});

it('tells a run that is held before it has a plan by the reason', () => {
  const stopped = {
    kind: 'unreachable',
    message: 'Workshop has 4,000 contacts and the snapshot is empty',
    hint: 'Run adopt.',
  };
  expect(verdict({ stopped, exitCode: 3 })).toBe(
    'Held: changes wait for approval. Workshop has 4,000 contacts and the snapshot is empty.',
  );
});

it('counts the rows and operations that kept a run from being wholly done', () => {
  const operations = [
    creates('1', { state: 'refused', status: 422 }),
    creates('2', { state: 'abandoned' }),
    creates('3', { state: 'abandoned' }),
    creates('4'),
  ];
  expect(verdict({ operations, rejects: [rejected(9)], exitCode: 4 })).toBe(
    'Finished, but 1 row was rejected, 1 operation was refused, 2 operations were abandoned; 1 created.',
  );
});

it('says which feed is in trouble, why, and that nothing of it was sent', () => {
  const feeds = troubled('no file', 'No file in /outbound matches "employees_*.csv"');
  expect(verdict({ feeds, exitCode: 5 })).toBe(
    'The feed employees: no file; nothing of it was sent. No file in /outbound matches "employees_*.csv".',
  );
  const two = [
    ...feeds,
    feedFacts({}, { name: 'contractors', people: null, trouble: { kind: 'stale', message: 'Old', hint: 'Look.' } }),
  ];
  expect(verdict({ feeds: two, exitCode: 5 })).toContain('nothing of it was sent; 1 more feed in trouble.');
});

it('tells a server that cannot be reached from one that refuses us', () => {
  const unreachable = troubled('unreachable', 'Connecting to sftp.example.com failed: timed out');
  const credentials = troubled('credentials', 'sftp.example.com refused the password');
  expect(verdict({ feeds: unreachable, exitCode: 8 })).toBe(
    'The feed employees: unreachable; the next run goes on. Connecting to sftp.example.com failed: timed out.',
  );
  expect(verdict({ feeds: credentials, exitCode: 8 })).toContain('The feed employees: our credentials are refused;');
});

it('says how far a run came that stopped part way', () => {
  const stopped = { kind: 'unreachable', message: 'Workshop refused the API key (401).', hint: 'Make a new one.' };
  expect(verdict({ operations: [creates('1'), superseded(creates('2'))], stopped, exitCode: 8 })).toBe(
    'The run stopped part way; the next run goes on; 1 created; 1 not sent, planned again by the next run. Workshop refused the API key (401).',
  );
  expect(verdict({ operations: [superseded(creates('2'))], stopped, exitCode: 8 })).toContain(
    'The run stopped, nothing applied; the next run goes on;',
  );
});

it('says that an interrupted run was drained', () => {
  expect(verdict({ operations: [creates('1'), superseded(creates('2'))], exitCode: 143 })).toBe(
    'Terminated (SIGTERM), drained cleanly; 1 created; 1 not sent, planned again by the next run.',
  );
  expect(verdict({ exitCode: 130 })).toBe('Interrupted (SIGINT), drained cleanly.');
});

it('uses "would" in a dry run', () => {
  const mode = 'dry-run';
  const operations = [pending(creates('1')), pending(updates('2', { first_name: 'B' }))];
  expect(verdict({ mode, operations })).toBe('Dry run: would be in sync after 1 create and 1 update.');
  expect(verdict({ mode })).toBe('Dry run: in sync: nothing to do.');
  expect(verdict({ mode, operations, exitCode: 2 })).toBe('Dry run: changes are pending: 1 create and 1 update.');
  expect(verdict({ mode, operations: [...operations, held(deletes('3'), 'deletes')], exitCode: 3 })).toBe(
    'Dry run: held: 1 delete would wait for approval (deletes); 1 create and 1 update would be applied.',
  );
  expect(verdict({ mode, operations, rejects: [rejected(3)], exitCode: 4 })).toBe(
    'Dry run: finished, but 1 row was rejected; 1 create and 1 update would be applied.',
  );
});

it('is one line without terminal escapes, whatever the reason says', () => {
  const feeds = troubled('unreadable', 'The file\n\u001b[2Jis\tbad');
  expect(verdict({ feeds, exitCode: 5 })).toBe(
    'The feed employees: unreadable; nothing of it was sent. The file is bad.',
  );
});

it('says of what was refused how much of it is refused again and again', () => {
  const refused = (id: string, refusedRuns: number) => creates(id, { state: 'refused', status: 422, refusedRuns });
  const poison = [{ feed: 'employees', externalId: '1', runs: 3, sinceMs: 0 }];
  expect(verdict({ operations: [refused('1', 3)], poison, exitCode: 4 })).toBe(
    'Finished, but 1 operation was refused (in three or more runs in a row).',
  );
  expect(verdict({ operations: [refused('1', 3), refused('2', 1)], poison, exitCode: 4 })).toBe(
    'Finished, but 2 operations were refused (1 of them in three or more runs in a row).',
  );
});
