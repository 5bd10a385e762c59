// Several feeds, and files that change while a run is at work: nobody is lost between them.

import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withOpenGuards } from '../support/guards.ts';
import { temporaryDirectory } from '../support/store.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow } from '../support/trial.ts';

function twoFeeds(facts: { url: string; directory: string; state: string }): string {
  const text = everydayConfiguration(facts);
  const feed = text.slice(text.indexOf('  - name: employees'), text.indexOf('state_directory'));
  const second = feed.replace('name: employees', 'name: contractors').replace('employees*.csv', 'contractors*.csv');
  return text.replace(feed, feed + second);
}

describe('a person in two feeds', () => {
  it('belongs to the first one; the row of the other does not count, run after run, and the report adds up', async () => {
    const trial = await newTrial({ configuration: twoFeeds });
    trial.drop('employees.csv', csv(...people(10)));
    trial.drop('contractors.csv', csv(personRow('00003'), personRow('00900')));
    for (const _ of [1, 2]) {
      const { code, stdout } = await trial.run('--once');
      expect(code).toBe(0);
      expect(stdout.replace(/\s+/g, ' ')).toContain('1 person also in the feed employees, whose word counts: 00003');
      expect(trial.report().feeds[1]?.rows).toMatchObject({ read: 2, accepted: 1, duplicate: 1 });
      await checkTrial(trial);
    }
    expect(await trial.contacts()).toHaveLength(11);
  });
});

describe('a source file that is to be deleted once it is applied', () => {
  it('stays when a newer file has taken its name meanwhile', async () => {
    const trial = await newTrial({
      emulator: { latencyMs: 40 },
      configuration: (facts) => everydayConfiguration(facts).replace('kind: full', 'kind: full\n    after: delete'),
    });
    trial.drop('employees.csv', csv(...people(20)));
    const started = trial.start('--once');
    await expect.poll(async () => (await trial.requests()).length, { timeout: 15_000 }).toBeGreaterThan(2);
    writeFileSync(join(trial.directory, 'outbound', 'employees.csv'), csv(...people(25)));
    expect((await started.ended).code).toBe(0);
    expect(readdirSync(join(trial.directory, 'outbound'))).toEqual(['employees.csv']);
    await trial.run('--once');
    expect(await trial.contacts()).toHaveLength(25);
    expect(readdirSync(join(trial.directory, 'outbound'))).toEqual([]);
    await checkTrial(trial);
  });
});

describe('a source file that is archived once it is applied', () => {
  it('leaves nothing to complain about until the next one comes, or should have come', async () => {
    const archived = (facts: Parameters<typeof everydayConfiguration>[0]) =>
      everydayConfiguration(facts).replace('kind: full', 'kind: full\n    after: archive');
    const trial = await newTrial({ configuration: archived });
    trial.drop('employees_1.csv', csv(...people(20)));
    expect((await trial.run('--once')).code).toBe(0);
    const quiet = await trial.run('--once');
    expect(quiet).toMatchObject({ code: 0 });
    expect(quiet.stdout).toContain('no new file since employees_1.csv was applied');
    await checkTrial(trial);
    trial.configure(
      archived({ ...trial, url: trial.emulator.url }).replace('after: archive', 'after: archive\n    max_age: 1ms'),
    );
    expect(await trial.run('--once')).toMatchObject({ code: 5, stdout: expect.stringContaining('stale') });
    trial.configure(archived({ ...trial, url: trial.emulator.url }));
    trial.drop('employees_2.csv', csv(...people(21)));
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(21);
  });
});

describe('what a killed dry run left behind', () => {
  it('is gone a day later', async () => {
    const TMPDIR = temporaryDirectory();
    const trial = await newTrial({ environment: { TMPDIR } });
    const left = join(TMPDIR, 'workshop-sync-abc');
    mkdirSync(left);
    utimesSync(left, 1_700_000_000, 1_700_000_000);
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('plan');
    expect(existsSync(left)).toBe(false);
  });
});

describe('a change of the configuration that was taken back', () => {
  it('is not taken for done because the file is an old one', async () => {
    const trial = await newTrial({ emulator: { latencyMs: 30 } });
    const before = withOpenGuards(everydayConfiguration({ ...trial, url: trial.emulator.url }));
    trial.drop('employees.csv', csv(...people(40)));
    await trial.run('--once');
    trial.configure(before.replace('        office: Office\n', ''));
    const started = trial.start('--once');
    const patches = async () => (await trial.requests()).filter(({ method }) => method === 'PATCH').length;
    await expect.poll(patches, { timeout: 15_000 }).toBeGreaterThan(5);
    started.kill('SIGKILL');
    await started.ended;
    trial.configure(before);
    expect((await trial.run('--once')).code).toBe(0);
    expect((await trial.contacts()).every(({ attributes }) => attributes.office === 'Austin')).toBe(true);
    await checkTrial(trial);
  });
});
