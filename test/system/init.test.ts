// `init` as a newcomer uses it: a sample, a configuration, a first plan.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';
import { csv, newTrial, people } from '../support/trial.ts';

describe('init', () => {
  it('writes a configuration with which doctor passes and plan would create everybody', async () => {
    const trial = await newTrial();
    trial.drop('employees_20260105.csv', csv(...people(5)));
    const config = join(trial.directory, 'config', 'guessed.yaml');
    const run = (...args: string[]) =>
      startProgram(args, {
        WORKSHOP_SYNC_CONFIG: config,
        WORKSHOP_API_KEY: trial.emulator.apiKey,
        WORKSHOP_BASE_URL: trial.emulator.url,
        STATE_DIRECTORY: trial.state,
      }).ended;
    const init = await run('init', join(trial.directory, 'outbound', 'employees_20260105.csv'));
    expect(init.stderr).toBe('');
    expect(init.stdout).toContain('5 rows: 5 employees.');
    expect(init.code).toBe(0);
    expect((await run('doctor')).code).toBe(0);
    // The time in which a file must not change is not what is tested here.
    writeFileSync(config, readFileSync(config, 'utf8').replace('kind: full', 'kind: full\n    ready: { settle: 0s }'));
    const plan = await run('plan', '--json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ exit_code: 0, people: { create: 5 } });
    expect(plan.code).toBe(0);
    expect(await trial.writes()).toEqual([]);
  });

  it('leaves a configuration that is there as it is, and ends with 7', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(1)));
    const before = readFileSync(join(trial.directory, 'workshop-sync.yaml'), 'utf8');
    const { code, stdout, stderr } = await trial.run('init', join(trial.directory, 'outbound', 'employees.csv'));
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(stderr).toContain('is there already, and init overwrites nothing.\n  → Name another file');
    expect(readFileSync(join(trial.directory, 'workshop-sync.yaml'), 'utf8')).toBe(before);
  });
});
