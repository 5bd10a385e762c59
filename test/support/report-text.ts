// The text of a report, and a Monday morning on which everything happened.

import type { RunFacts } from '../../src/report/facts.ts';
import { operationLines } from '../../src/report/operation-line.ts';
import { buildReport } from '../../src/report/report.ts';
import { renderText, type TextOptions } from '../../src/report/text.ts';
import { creates, deletes, rejected, reportFacts, updates } from './report-facts.ts';

export const DIRECTORY = 'state/reports/20261123-021504-k3f9';

export function textOf(facts: RunFacts, options: Partial<TextOptions> = {}): string {
  return renderText(buildReport(facts), operationLines(facts.operations()), {
    colour: false,
    directory: facts.mode === 'run' ? DIRECTORY : null,
    ...options,
  });
}

export const mondayMorning = () =>
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
      { name: 'empty', feed: 'employees', actual: 4741, limit: 1, tripped: false, forced: false, note: null },
      { name: 'deletes', feed: 'employees', actual: 2, limit: 1, tripped: true, forced: false, note: null },
      { name: 'creates', feed: 'employees', actual: 2, limit: 1, tripped: true, forced: true, note: null },
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
