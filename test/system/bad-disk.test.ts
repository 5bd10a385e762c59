// A disk that loses, damages or takes away the state (specification §10): exit 9 with what to do, nothing is sent that could
// not be recorded, and once it is mended the next run goes on. A full disk is tried in test/real.

import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { seen } from '../support/evolving.ts';
import { withOpenGuards } from '../support/guards.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { checkTrial, csv, everydayConfiguration, inBoston, newTrial, people, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 60_000 };
const PAGE_BYTES = 4096;

/** A trial of sixty people whose first sync is done. */
async function trialInStep(): Promise<Trial> {
  const trial = await newTrial({ configuration: (facts) => withOpenGuards(everydayConfiguration(facts)) });
  trial.drop('employees.csv', csv(...people(60)));
  expect((await trial.run('--once')).code).toBe(0);
  return trial;
}

/** Starts a run that changes everybody, and gives control when so many of its requests have been seen. */
async function inTheMiddle(trial: Trial, requestCount: number) {
  const before = (await trial.requests()).length;
  await trial.control('POST', 'settings', { latency_ms: 20 });
  trial.drop('employees.csv', csv(...inBoston(people(60))));
  const running = trial.start('--once');
  await seen(running, async () => (await trial.requests()).length >= before + requestCount);
  return running;
}

describe('a state that the disk has damaged', () => {
  it('ends a run and a dry run with 9, says what to restore, and sends nothing', SLOW, async () => {
    const trial = await trialInStep();
    const backup = join(trial.directory, 'backup');
    cpSync(trial.state, backup, { recursive: true });
    scribble(join(trial.state, 'workshop-sync.db'));
    const writes = await trial.writes();
    trial.drop('employees.csv', csv(...inBoston(people(60))));
    for (const command of ['--once', 'plan']) {
      const { code, stderr } = await trial.run(command);
      expect(stderr).toContain('is corrupt');
      expect(stderr).toContain('Restore the whole state directory from a backup');
      expect(code).toBe(9);
    }
    const doctor = await trial.run('doctor');
    expect(doctor).toMatchObject({ code: 9, stdout: expect.stringContaining('FAIL  state directory') });
    expect(await trial.writes()).toEqual(writes);

    // As the README says: the whole directory in place of what is there.
    rmSync(trial.state, { recursive: true });
    cpSync(backup, trial.state, { recursive: true });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('is found by doctor also where no run looks', SLOW, async () => {
    const trial = await trialInStep();
    const database = new Sqlite(join(trial.state, 'workshop-sync.db'));
    database.pragma('foreign_keys = OFF');
    database.exec("UPDATE file SET run = 'a run that never was'");
    database.close();
    const { code, stdout } = await trial.run('doctor');
    expect(stdout).toContain('a row of the table "file" points to nothing');
    expect(code).toBe(9);
  });
});

describe('a backup that is older than Workshop', () => {
  it('costs requests and loses nobody: the next run puts everything as the file says', SLOW, async () => {
    const trial = await trialInStep();
    const backup = join(trial.directory, 'backup');
    cpSync(trial.state, backup, { recursive: true });
    trial.drop('employees.csv', csv(...inBoston(people(50)), ...people(20, 61)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    rmSync(trial.state, { recursive: true });
    cpSync(backup, trial.state, { recursive: true });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(70);
    await checkTrial(trial);
  });
});

describe('a write-ahead log that was cut short', () => {
  it.each([
    ['to nothing', 0],
    ['in its middle', 0.5],
  ])('%s ends every run with 9, because what was sent is not known any more', SLOW, async (_, share) => {
    const trial = await trialInStep();
    const running = await inTheMiddle(trial, 30);
    running.kill('SIGKILL');
    await running.ended;
    const log = join(trial.state, 'workshop-sync.db-wal');
    const whole = readFileSync(log);
    truncateSync(log, Math.floor(whole.length * share));
    // The next file takes everything back: to whoever forgot what was sent, there would seem to be nothing to do.
    trial.drop('employees.csv', csv(...people(60)));
    const requests = await trial.requests();
    for (const command of ['plan', '--once', '--once']) {
      const { code, stderr } = await trial.run(command);
      expect(stderr).toMatch(/lost the last \d+ of \d+ commits/);
      expect(stderr).toContain(`delete ${join(trial.state, 'commits')} to go on with what is left`);
      expect(code).toBe(9);
    }
    expect(await trial.run('doctor')).toMatchObject({ code: 9, stdout: expect.stringContaining('lost the last') });
    expect(await trial.requests()).toHaveLength(requests.length + 1);

    rmSync(join(trial.state, 'commits'));
    trial.drop('employees.csv', csv(...inBoston(people(60))));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });

  it('is not suspected after a plain kill, nor when the power cut left no count', SLOW, async () => {
    const trial = await trialInStep();
    for (const leave of [() => undefined, () => truncateSync(join(trial.state, 'commits'), 3)]) {
      trial.drop('employees.csv', csv(...people(60)));
      await trial.run('--once');
      const running = await inTheMiddle(trial, 20);
      running.kill('SIGKILL');
      await running.ended;
      leave();
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      await checkTrial(trial);
    }
  });
});

describe('a state directory that is taken away under a run', () => {
  it('ends it with 9: what cannot be recorded is not sent, and it is not made anew', SLOW, async () => {
    const trial = await trialInStep();
    const running = await inTheMiddle(trial, 10);
    const away = join(trial.directory, 'away');
    renameSync(trial.state, away);
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('was taken away or replaced while the run was at work on it');
    expect(code).toBe(9);
    expect(existsSync(join(trial.state, 'reports'))).toBe(false);
    const patched = (await trial.contacts()).filter(({ attributes }) => attributes.office === 'Boston').length;
    expect(patched).toBeLessThan(60);
    rmSync(trial.state, { recursive: true, force: true });
    renameSync(away, trial.state);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(snapshotOf(trial)).toHaveLength(60);
    await checkTrial(trial);
  });
});

describe('a lock file that is removed under a run', () => {
  it('ends the run with 9, because another one could take it for dead', SLOW, async () => {
    const trial = await trialInStep();
    const running = await inTheMiddle(trial, 10);
    rmSync(join(trial.state, 'lock.db'));
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('was taken away or replaced while the run was at work on it');
    expect(code).toBe(9);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('a state database that another program holds', () => {
  it('ends a run with 9 and sends nothing; once it is let go the next run goes on', SLOW, async () => {
    const trial = await trialInStep();
    trial.drop('employees.csv', csv(...inBoston(people(60))));
    const writes = await trial.writes();
    const other = new Sqlite(join(trial.state, 'workshop-sync.db'));
    other.exec('BEGIN EXCLUSIVE');
    const { code, stderr } = await trial.run('--once');
    other.close();
    expect(stderr).toContain('is locked by another program');
    expect(stderr).toContain('Close whatever has the database file open');
    expect(code).toBe(9);
    expect(await trial.writes()).toEqual(writes);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

/** Nonsense over every page but the first. */
function scribble(path: string): void {
  const size = readFileSync(path).length;
  const file = openSync(path, 'r+');
  for (let at = PAGE_BYTES; at < size; at += PAGE_BYTES) writeSync(file, Buffer.alloc(64, 0xa5), 0, 64, at);
  closeSync(file);
}
