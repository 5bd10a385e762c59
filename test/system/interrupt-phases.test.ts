// SIGTERM and SIGINT in every phase of a run (specification §9): the program signals itself at a statement of that phase.

import { describe, expect, it } from 'vitest';
import { checkNextRun, checkTidy, SIGNALS } from '../support/interruption.ts';
import { AFTER, newMovingCompany, PLANNED } from '../support/moving-company.ts';
import { checkTrial } from '../support/trial.ts';

describe.each(SIGNALS)('a run that gets a %s', (signal, exitCode) => {
  it.each([
    ['as it begins', 'INSERT INTO run', 1, 'download'],
    ['as it looks for operations in doubt', 'FROM operation\\s+WHERE in_doubt', 1, 'download'],
    ['at the last row that it reads', 'INSERT INTO staging.employee', 8, 'plan'],
    ['at the first operation that it plans', 'INSERT INTO staging.operation', 1, 'judge'],
    ['at the last operation that it plans', 'INSERT INTO staging.operation', PLANNED, 'judge'],
    ['as it judges the plan', 'SELECT suspicion, count', 1, 'journal'],
    ['as it opens the plan', 'INSERT INTO operation', 1, 'a request'],
  ])('%s has sent nothing, and goes no further', async (_when, statement, nth, further) => {
    const trial = await newMovingCompany();
    const before = (await trial.requests()).length;
    const { code } = await trial.startStruck({ statement, nth, signal }, '--once').ended;
    expect(code).toBe(exitCode);
    checkTidy(trial);
    const { phases, operations } = trial.report();
    expect(phases.map(({ name }) => name)).not.toContain(further);
    expect(operations).toMatchObject({ applied: 0, superseded: operations.planned });
    expect((await trial.requests()).length).toBe(before);
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });

  it.each([
    ['as it notes what it is about to send', "SET state = 'in_flight'", 1],
    ['in the middle of the outcomes', 'SET state = :state, status', 5],
  ])('%s settles what is in flight', async (_when, statement, nth) => {
    const trial = await newMovingCompany((text) => text.replace('concurrency: 8', 'concurrency: 2'));
    const { code } = await trial.startStruck({ statement, nth, signal }, '--once').ended;
    expect(code).toBe(exitCode);
    checkTidy(trial);
    const { planned, applied, superseded } = trial.report().operations;
    expect(planned).toBe(PLANNED);
    expect(applied + superseded).toBe(PLANNED);
    expect(applied).toBeLessThan(PLANNED);
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });

  // Everything was applied. Whether it is said that somebody wanted the end depends on whether the facts of the report are
  // gathered by then: both are true.
  it.each([
    ['at the last outcome', 'SET state = :state, status', PLANNED, [0, exitCode]],
    ['as it finishes a feed', 'SET settled_content = :content', 1, [0, exitCode]],
    ['as it records its end', 'UPDATE run SET finished', 1, [0]],
    ['as its report is done', 'SELECT min.started_at_ms', 1, [0]],
  ])('%s has applied everything', async (_when, statement, nth, codes) => {
    const trial = await newMovingCompany();
    const { code, stdout } = await trial.startStruck({ statement, nth, signal }, '--once').ended;
    expect(codes).toContain(code);
    expect(trial.report()).toMatchObject({ exit_code: code, operations: { planned: PLANNED, applied: PLANNED } });
    expect(stdout).toContain(trial.report().verdict);
    await checkTrial(trial);
    await checkNextRun(trial, AFTER);
  });
});
