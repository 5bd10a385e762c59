// `doctor`: one line for everything that a sync relies on, each failure with its remedy, and the state untouched.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startSshServer } from '../support/ssh-server.ts';
import { hashTree } from '../support/tree.ts';
import { csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

/** A trial whose first sync is done. */
async function trialInStep(): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', csv(...people(5)));
  expect((await trial.run('--once')).code).toBe(0);
  return trial;
}

/** The lines of checks, without warnings about the machine that the tests run on. */
function checkLines(stdout: string): string[] {
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('      !'));
}

const configured = (trial: Trial, from: string | RegExp, to: string): string =>
  everydayConfiguration({ ...trial, url: trial.emulator.url }).replace(from, to);

describe('doctor', () => {
  it('passes when a sync would go, with what it found, and changes nothing', async () => {
    const trial = await trialInStep();
    const before = hashTree(trial.directory);
    const writes = await trial.writes();
    const { code, stdout } = await trial.run('doctor');
    expect(checkLines(stdout)).toEqual([
      `pass  configuration: ${trial.directory}/workshop-sync.yaml`,
      `pass  state directory: ${trial.state}: database intact, 5 contacts known`,
      `pass  feed employees: ${trial.directory}/outbound: employees.csv, 294 bytes, 7 columns, every mapped one is there`,
      `pass  Workshop: ${trial.emulator.url} answers, the key works, version 1.2`,
    ]);
    expect(code).toBe(0);
    expect(hashTree(trial.directory)).toEqual(before);
    expect(await trial.writes()).toEqual(writes);
  });

  it('passes before the first sync, and makes no state directory', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(5)));
    const before = hashTree(trial.directory);
    const { code, stdout } = await trial.run('doctor', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { check: 'configuration', passed: true, remedy: null },
      { check: 'state directory', passed: true, found: `${trial.state}: not there yet, the first sync makes it` },
      { check: 'feed employees', passed: true },
      { check: 'Workshop', passed: true },
    ]);
    expect(hashTree(trial.directory)).toEqual(before);
  });

  it('tells every problem of the configuration in a line of its own, and stops there with 7', async () => {
    const trial = await newTrial();
    trial.configure(configured(trial, 'kind: full', 'kind: ful').replace('missing: delete', 'missing: remove'));
    const { code, stdout } = await trial.run('doctor');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^FAIL {2}configuration: .*workshop-sync\.yaml has 2 problems\.$/);
    expect(lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^ {8}line 12: feeds\[0\]\.kind /),
      expect.stringMatching(/^ {8}line 13: feeds\[0\]\.missing /),
    ]);
    expect(lines[3]).toMatch(/^ {6}→ Correct the lines above/);
    expect({ code, count: lines.length }).toEqual({ code: 7, count: 4 });
  });

  it('tells a secret that is written into the file, and passes', async () => {
    const trial = await trialInStep();
    trial.configure(configured(trial, /api_key: .*/, `api_key: ${trial.emulator.apiKey}`));
    const { code, stdout } = await trial.run('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {6}! line 4: workshop\.api_key is a secret written into the file/m);
    expect(stdout).not.toContain(trial.emulator.apiKey);
  });

  it('goes on after a failure, and ends with the code that a sync would', async () => {
    const trial = await trialInStep();
    rmSync(join(trial.directory, 'outbound', 'employees.csv'));
    trial.configure(configured(trial, /api_key: .*/, 'api_key: a-key-of-yesteryear'));
    const before = hashTree(trial.state);
    const { code, stdout } = await trial.run('doctor');
    expect(checkLines(stdout).slice(2)).toEqual([
      expect.stringMatching(/^FAIL {2}feed employees: Looking for "employees\*\.csv" in .*: no file of that name\./),
      '      → Check `directory` in the configuration, and that the export ran.',
      expect.stringMatching(/^FAIL {2}Workshop: .* does not accept the API key \(401\)/),
      expect.stringMatching(/^ {6}→ Check workshop\.api_key .*; keys are made in Workshop under Settings, API\.$/),
    ]);
    expect(code).toBe(8);
    expect(hashTree(trial.state)).toEqual(before);
  });

  it.each([
    ['a file without a mapped column', 5, '"Department" is missing; did "Dept" replace it?', 'Have the export give'],
    ['a Workshop that is not there', 8, 'the connection was refused (ECONNREFUSED)', 'Check workshop.base_url'],
    ['a Workshop that redirects', 8, 'redirects to another address', 'Check workshop.base_url, which ends in /api'],
    ['a database that is not ours', 9, 'is not a workshop-sync database', 'Point state_directory at an empty'],
    ['a file in place of the state directory', 9, 'is a file, not a directory.', 'Set state_directory to a directory'],
  ])('ends on %s with %i', async (what, exitCode, found, remedy) => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(5)));
    if (exitCode === 5) trial.drop('employees.csv', csv(...people(5)).replace('Department', 'Dept'));
    if (what.endsWith('redirects')) await trial.faults([{ status: 302, headers: { location: 'https://example.org' } }]);
    else if (exitCode === 8) trial.configure(configured(trial, trial.emulator.url, 'http://127.0.0.1:9/api'));
    if (what.startsWith('a database')) mkdirSync(trial.state);
    if (what.startsWith('a database')) writeFileSync(join(trial.state, 'workshop-sync.db'), 'no database\n');
    if (what.startsWith('a file in')) writeFileSync(trial.state, 'a file\n');
    const { code, stdout } = await trial.run('doctor');
    const lines = checkLines(stdout);
    const failure = lines.findIndex((line) => line.startsWith('FAIL'));
    expect(lines[failure]).toContain(found);
    expect(lines[failure + 1]).toContain(`      → ${remedy}`);
    expect(lines.filter((line) => line.startsWith('pass'))).toHaveLength(3);
    expect(code).toBe(exitCode);
  });

  it('ends on Ctrl-C while a server hangs, and calls it no bug', async () => {
    const server = await startSshServer({ password: 'open sesame' });
    try {
      const trial = await newTrial();
      writeFileSync(join(server.directory, 'employees.csv'), csv(...people(5)));
      server.faults.neverReads = true;
      const { host, port, username, hostKeys } = server.settings();
      const sftp = `{ type: sftp, host: ${host}, port: ${port}, username: ${username}, password: open sesame, host_key: "${hostKeys[0]}", directory: / }`;
      trial.configure(configured(trial, /source: .*/, `source: ${sftp}`));
      const doctor = trial.start('doctor');
      await vi.waitFor(() => expect(server.logins).toContain('password'), { timeout: 20_000, interval: 50 });
      doctor.kill('SIGINT');
      const { code, stderr } = await doctor.ended;
      expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    } finally {
      await server.close();
    }
  });
});
