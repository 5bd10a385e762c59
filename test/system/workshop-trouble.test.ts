// Workshop refuses us, or is not there: exit 8 whatever the plan, the same from a dry run, and the next run goes on.

import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../support/snapshot.ts';
import { oneLine } from '../support/text.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow, type Trial } from '../support/trial.ts';

/** Nothing listens on the port of discard. */
const NOBODY = 'http://127.0.0.1:9/api';

const configured = (trial: Trial, url: string = trial.emulator.url): string =>
  everydayConfiguration({ ...trial, url }).replace('timeout: 5s', 'timeout: 5s\n  attempts: 1');

describe('a wrong API key', () => {
  it('ends a sync and a dry run with 8, says what to check, and is no secret told', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    trial.configure(configured(trial).replace(/api_key: .*/, 'api_key: a-key-of-yesteryear'));
    const dry = await trial.run('plan', '--json');
    expect(dry.code).toBe(8);
    expect(JSON.parse(dry.stdout)).toMatchObject({ exit_code: 8, balanced: true, stopped: { kind: 'credentials' } });
    const real = await trial.run('--once');
    expect(real.code).toBe(8);
    const text = oneLine(real.stdout);
    expect(text).toContain('Workshop does not accept the API key (401)');
    expect(text).toContain('WORKSHOP_API_KEY (workshop.api_key)');
    expect(trial.report()).toMatchObject({
      balanced: true,
      stopped: { kind: 'credentials' },
      operations: { planned: 10, applied: 0, superseded: 10 },
    });
    for (const output of [dry, real]) expect(output.stdout + output.stderr).not.toContain('yesteryear');
    expect(await trial.contacts()).toEqual([]);
    trial.configure(configured(trial));
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(10);
    await checkTrial(trial);
  });
});

describe('a Workshop that cannot be reached', () => {
  it('ends a large first sync with 8 long before its end, as a dry run does', async () => {
    const count = 80;
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(count)));
    trial.configure(configured(trial, NOBODY));
    const dry = await trial.run('plan', '--json');
    const real = await trial.run('--once', '--json');
    for (const { code, stdout } of [dry, real]) {
      expect(code).toBe(8);
      expect(JSON.parse(stdout)).toMatchObject({ exit_code: 8, balanced: true, stopped: { kind: 'unreachable' } });
    }
    expect(trial.report().operations).toMatchObject({ planned: count, applied: 0 });
    const reason = expect.stringContaining('the connection was refused (ECONNREFUSED)');
    expect(JSON.parse(dry.stdout).verdict).toEqual(reason);
    expect(trial.operations()).toContainEqual(expect.objectContaining({ outcome: 'abandoned', error: reason }));
  });

  it('ends a later sync with 8 too, and everybody stays', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...people(9)));
    trial.configure(configured(trial, NOBODY));
    const dry = await trial.run('plan');
    const real = await trial.run('--once');
    expect({ dry: dry.code, run: real.code }).toEqual({ dry: 8, run: 8 });
    expect(await trial.contacts()).toHaveLength(10);
    await checkTrial(trial);
  });

  it('costs no request, and no failure, when nothing changed', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(10)));
    await trial.run('--once');
    trial.configure(configured(trial, NOBODY));
    expect((await trial.run('--once')).code).toBe(0);
  });
});

describe('an address that is not that of the API', () => {
  it('ends the first sync with 8, as a dry run does', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    trial.configure(configured(trial, trial.emulator.url.replace(/\/api$/, '')));
    const dry = await trial.run('plan');
    const real = await trial.run('--once');
    expect({ dry: dry.code, run: real.code }).toEqual({ dry: 8, run: 8 });
    for (const { stdout } of [dry, real]) expect(oneLine(stdout)).toContain('Check workshop.base_url');
  });
});

describe('a Workshop whose sync source is something else', () => {
  it('is told in its own words', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(60)));
    await trial.control('POST', 'settings', { sync_source: 'other' });
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toContain('sync source');
    expect(await trial.contacts()).toEqual([]);
  });
});

describe('the Workshop of another company', () => {
  it('gets nobody, not even a joiner; exit 8 in a dry run too, and the snapshot stays', async () => {
    const trial = await newTrial();
    const elsewhere = await newTrial();
    trial.drop('employees.csv', csv(...people(9)));
    await trial.run('--once');
    const before = snapshotOf(trial);
    const movers = people(7, 3).map((row) => row.replace('Austin', 'Boston'));
    trial.drop('employees.csv', csv(...people(1), ...movers, personRow('00100')));
    trial.configure(everydayConfiguration({ ...trial, url: elsewhere.emulator.url }));
    expect(await trial.run('plan')).toMatchObject({ code: 8 });
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(stdout).toContain('does not know 9 of 9 contacts');
    expect(await elsewhere.writes()).toEqual([]);
    expect(snapshotOf(trial).map(stripped)).toEqual(before.map(stripped));
    expect(trial.report()).toMatchObject({ balanced: true, operations: { planned: 9, superseded: 9 } });
    trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

/** Whether somebody is absent from a file is learnt from the file, whatever becomes of the sending. */
function stripped({ external_id, email, phone_number, attributes }: ReturnType<typeof snapshotOf>[number]): object {
  return { external_id, email, phone_number, attributes };
}
