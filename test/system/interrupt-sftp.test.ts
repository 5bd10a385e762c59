// SIGTERM and SIGINT while an SFTP server keeps a run waiting (specification §9): for a login, a listing, a file that stalls
// half-way, and the archiving of a file that is wholly applied.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seen } from '../support/evolving.ts';
import { checkNextRun, checkTidy, interrupt, SIGNALS } from '../support/interruption.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import type { SftpFaults } from '../support/sftp-directory.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const FILE = 'employees_20260105.csv';
const PASSWORD = 'open sesame';
const IDS = Array.from({ length: 40 }, (_, index) => String(index + 1).padStart(5, '0'));

interface SftpTrial {
  readonly trial: Trial;
  readonly server: SshServer;
  readonly relay: Relay;
  /** The next runs reach the server without the relay. */
  recover(): void;
}

/** A trial whose SFTP server stands behind a relay, and whose file is 40 people and so many bytes of `padding`. */
async function newSftpTrial(padding = 0): Promise<SftpTrial> {
  const server = await startSshServer({ password: PASSWORD });
  onTestFinished(() => server.close());
  const relay = await startRelay(server.port);
  const trial = await newTrial({ environment: { TRIAL_SFTP_PASSWORD: PASSWORD } });
  const { host, username, hostKeys } = server.settings();
  const configure = (port: number): void => {
    const source = `source:
      { type: sftp, host: ${host}, port: ${port}, username: ${username}, password: "\${TRIAL_SFTP_PASSWORD}",
        host_key: "${hostKeys[0]}", directory: / }
    after: archive`;
    trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }).replace(/source: .*/, source));
  };
  configure(relay.port);
  // Blank lines are no rows.
  writeFileSync(join(server.directory, FILE), csv(...people(40)) + '\n'.repeat(padding));
  return { trial, server, relay, recover: () => configure(server.port) };
}

/** The line goes dead in the moment in which the server looks at one of its faults, that is, at a certain request. */
function stallAt({ server, relay }: SftpTrial, fault: keyof SftpFaults): void {
  Object.defineProperty(server.faults, fault, {
    get: () => {
      relay.stall();
      return false;
    },
  });
}

describe.each(SIGNALS)('a run that is asked to end by %s', (signal, exitCode) => {
  it.each<[string, (at: SftpTrial) => void]>([
    ['a login', ({ relay }) => relay.stall()],
    ['a listing', (at) => stallAt(at, 'deniesList')],
    ['the rest of a file', ({ relay }) => relay.stallAfter(500_000)],
  ])('while it waits for %s, has planned nothing', async (_what, stall) => {
    const at = await newSftpTrial(2_000_000);
    const { trial, relay, recover } = at;
    stall(at);
    const started = trial.start('--once');
    await seen(started, async () => relay.isStalled() && relay.connectionCount() > 0);
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    expect(trial.report()).toMatchObject({ operations: { planned: 0 }, feeds: [{ error: null }] });
    expect(await trial.requests()).toEqual([]);
    recover();
    await checkNextRun(trial, IDS);
  });

  it('while it archives what it applied, has applied it', async () => {
    const at = await newSftpTrial();
    const { trial, server, relay, recover } = at;
    stallAt(at, 'deniesRename');
    const started = trial.start('--once');
    await seen(started, async () => relay.isStalled());
    expect(await interrupt(started, signal)).toMatchObject({ code: exitCode });
    checkTidy(trial);
    expect(trial.report().operations).toMatchObject({ planned: 40, applied: 40 });
    await checkTrial(trial);
    // The server had carried it out; else the next run would.
    expect(readdirSync(server.directory)).toEqual(['processed']);
    writeFileSync(join(server.directory, FILE), csv(...people(41)));
    recover();
    await checkNextRun(trial, [...IDS, '00041']);
  });
});

describe('a second signal', () => {
  it('in the middle of a download ends at once, and the next run clears up', async () => {
    const { trial, relay, recover } = await newSftpTrial(2_000_000);
    relay.stallAfter(500_000);
    const started = trial.start('--once');
    await seen(started, async () => relay.isStalled());
    const { code } = await interrupt(started, 'SIGTERM', 'SIGINT');
    expect([130, 143]).toContain(code);
    recover();
    await checkNextRun(trial, IDS);
    expect(existsSync(join(trial.state, 'work'))).toBe(false);
  });
});
