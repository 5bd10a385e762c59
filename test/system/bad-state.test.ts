// A state directory that cannot be used, or is in use: nothing is sent, nothing in it is changed, and the message says
// what to do.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { hashTree } from '../support/tree.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const databaseFile = (trial: Trial) => join(trial.state, 'workshop-sync.db');

/** Every command that reads the state ends with 9 and says so on stderr, and as JSON on stdout. */
async function expectUnusable(trial: Trial, says: RegExp, hint: string): Promise<void> {
  const commands = ['--once', 'plan'];
  const ended = await Promise.all(commands.map((command) => trial.run(command, '--json')));
  for (const { code, stdout, stderr } of ended) {
    expect(stderr).toMatch(says);
    expect(stderr).toContain(`\n  → ${hint}`);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 9, error: { message: expect.stringMatching(says) } });
    expect(code).toBe(9);
  }
  expect(await trial.requests()).toEqual([]);
}

/** A trial with a file to sync and whatever `prepare` puts in the place of its state. */
async function trialOn(prepare: (trial: Trial) => void): Promise<Trial> {
  const trial = await newTrial();
  trial.drop('employees.csv', csv(...people(3)));
  prepare(trial);
  return trial;
}

const OURS_HINT = 'Point state_directory at an empty directory, or at the one that workshop-sync made.';

describe('a state database that is not ours', () => {
  it('but a text file, is left as it is', async () => {
    const trial = await trialOn(({ state }) => {
      mkdirSync(state);
      writeFileSync(join(state, 'workshop-sync.db'), 'Dear colleague, this is not a database at all.\n');
    });
    await expectUnusable(trial, /^The state in .*state is not a workshop-sync database/m, OURS_HINT);
    expect(readFileSync(databaseFile(trial), 'utf8')).toMatch(/^Dear colleague/);
  });

  it('but that of another program, is left as it is', async () => {
    const trial = await trialOn(({ state }) => {
      mkdirSync(state);
      const theirs = new Sqlite(join(state, 'workshop-sync.db'));
      theirs.exec('CREATE TABLE invoice (id INTEGER PRIMARY KEY); INSERT INTO invoice VALUES (7)');
      theirs.close();
    });
    const before = readFileSync(databaseFile(trial));
    await expectUnusable(trial, /^The database in .*state belongs to another program\./m, OURS_HINT);
    expect(readFileSync(databaseFile(trial))).toEqual(before);
  });

  it('but from a newer version, is left as it is', async () => {
    const trial = await trialOn(() => undefined);
    await trial.run('--once');
    const database = new Sqlite(databaseFile(trial));
    database.pragma('user_version = 99');
    database.close();
    await trial.control('POST', 'reset');
    const before = hashTree(trial.state);
    await expectUnusable(
      trial,
      /^The database in .* was written by a newer version of workshop-sync \(schema 99, this one knows \d+\)\./m,
      'Run the newer version again, or restore the state directory from before the upgrade.',
    );
    expect(hashTree(trial.state)).toEqual(before);
  });
});

describe('a state directory that cannot be made', () => {
  it('because a file is in its place, ends with 9, in a dry run too', async () => {
    const trial = await trialOn(({ state }) => writeFileSync(state, 'a file\n'));
    await expectUnusable(
      trial,
      /^The state directory .*state cannot be used: .*state is a file, not a directory\./m,
      'Set state_directory to a directory, or to a path where one can be made.',
    );
  });

  it('because a file is on the way to it, ends with 9, in a dry run too', async () => {
    const trial = await trialOn((given) => {
      writeFileSync(given.state, 'a file\n');
      const text = everydayConfiguration({ ...given, url: given.emulator.url });
      given.configure(text.replace(given.state, `${given.state}/deep/state`));
    });
    await expectUnusable(
      trial,
      /^The state directory .*deep\/state cannot be used: .*state is a file, not a directory\./m,
      'Set state_directory to a directory, or to a path where one can be made.',
    );
  });
});

describe('a second run', () => {
  it('at the same time sends nothing and ends with 6, and so does a plan', async () => {
    const trial = await newTrial({ emulator: { latencyMs: 500 } });
    trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }).replace('5s', '60s'));
    trial.drop('employees.csv', csv(...people(40)));
    const first = trial.start('--once');
    await vi.waitFor(async () => expect(await trial.requests()).not.toEqual([]), { timeout: 20_000, interval: 20 });
    // It stands still, lock in hand, while the others look.
    first.kill('SIGSTOP');
    const [second, plan, history, report] = await Promise.all([
      trial.run('--once', '--json'),
      trial.run('plan'),
      trial.run('history'),
      trial.run('report'),
    ]);
    for (const { code, stderr } of [second, plan]) {
      expect(stderr).toContain(`Another run is at work on ${trial.state}.`);
      expect(stderr).toContain('\n  → Wait until it ends');
      expect(code).toBe(6);
    }
    expect(JSON.parse(second.stdout)).toMatchObject({ exit_code: 6 });
    expect(history).toMatchObject({ code: 0, stdout: expect.stringContaining('is at work now') });
    expect(report).toMatchObject({ code: 7, stderr: expect.stringContaining('There is no report in') });
    first.kill('SIGCONT');
    expect((await first.ended).code).toBe(0);
    expect(readdirSync(join(trial.state, 'reports'))).toHaveLength(1);
    expect(await trial.writes()).toHaveLength(40);
    await checkTrial(trial);
  });
});

describe('a machine without a place for temporary files', () => {
  it('is told so by whatever needs one, and can still sync', async () => {
    const nowhere = '/nowhere/at/all';
    const trial = await newTrial({ environment: { TMPDIR: nowhere } });
    trial.drop('employees.csv', csv(...people(3)));
    expect((await trial.run('--once')).code).toBe(0);
    const commands = ['plan', 'doctor', 'history', 'demo'];
    const ended = await Promise.all(commands.map((command) => trial.run(command)));
    for (const { code, stderr } of ended) {
      expect(stderr).toContain(`Making a temporary directory in ${nowhere} failed (ENOENT).`);
      expect(stderr).toContain('\n  → Set the environment variable TMPDIR to a directory that may be written');
      expect(code).toBe(7);
    }
  });
});
