// `run` as a service: what its endpoints say, what it survives, and how it ends.

import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../support/port.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const PATIENCE = { timeout: 25_000, interval: 50 };

type Started = ReturnType<Trial['start']>;

interface Daemon {
  readonly trial: Trial;
  readonly started: Started;
  get(path: string): Promise<{ status: number; body: string }>;
  /** Waits until `/readyz` answers so. */
  readyz(status: number, reason: string | RegExp): Promise<void>;
}

/** Starts `run` on a free port; `prepare` sees the trial before. */
async function startDaemon(prepare: (trial: Trial) => void | Promise<void>, latencyMs = 0): Promise<Daemon> {
  const trial = await newTrial({ emulator: { latencyMs } });
  const port = await freePort();
  trial.configure(serving(trial, port));
  await prepare(trial);
  const started = trial.start('run');
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const readyz = (status: number, reason: string | RegExp) =>
    vi.waitFor(async () => {
      const answer = await get('/readyz');
      expect(answer).toEqual({ status, body: expect.stringMatching(reason) });
    }, PATIENCE);
  return { trial, started, get, readyz };
}

function serving(trial: Trial, port: number): string {
  return everydayConfiguration({ ...trial, url: trial.emulator.url })
    .replace(
      'server: null',
      `server: { port: ${port} }\nschedule: { cron: "*/2 * * * * *", timezone: America/Chicago }`,
    )
    .replace('timeout: 5s', 'timeout: 5s\n  attempts: 1');
}

describe('the daemon', () => {
  it('syncs at start, answers its probes, counts, goes on by the schedule, and ends on SIGTERM with 143', async () => {
    const daemon = await startDaemon((trial) => trial.drop('employees.csv', csv(...people(30))), 300);
    const { trial, started, get, readyz } = daemon;
    await readyz(503, /first sync has not finished yet/);
    expect(await get('/healthz')).toEqual({ status: 200, body: 'ok' });
    await readyz(200, /"ready":true/);
    expect(await trial.contacts()).toHaveLength(30);
    const { body } = await get('/metrics');
    expect(body).toMatch(/^workshop_sync_runs_total\{exit_code="0"\} [1-9]/m);
    expect(body).toMatch(/^workshop_sync_operations_total\{kind="create",outcome="applied"\} 30$/m);
    expect(body).toMatch(/^workshop_sync_contacts 30$/m);
    expect(body).not.toMatch(/example\.com|Ruiz/);
    trial.drop('employees.csv', csv(...people(31)));
    await vi.waitFor(async () => expect(await trial.contacts()).toHaveLength(31), PATIENCE);
    started.kill('SIGTERM');
    const { code, stdout, stderr } = await started.ended;
    expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
    for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(stderr).not.toMatch(/example\.com|Ruiz/);
    await checkTrial(trial);
  });

  it('survives a feed without a file and a Workshop that is down, and readyz tells why', async () => {
    const { trial, started, get, readyz } = await startDaemon((trial) => trial.faults([{ status: 503 }]));
    await readyz(503, /no sync has succeeded since the start; .*exit code 5: The feed employees: no file/);
    trial.drop('employees.csv', csv(...people(5)));
    await readyz(503, /exit code 8: The run stopped, .*status 503/);
    expect((await get('/healthz')).status).toBe(200);
    await trial.control('DELETE', 'faults');
    await readyz(200, /"ready":true/);
    expect(await trial.contacts()).toHaveLength(5);
    started.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    await checkTrial(trial);
  });

  it('drains what is in flight when it is asked to end in the middle of a sync', async () => {
    const daemon = await startDaemon((trial) => trial.drop('employees.csv', csv(...people(48))), 300);
    const { trial, started } = daemon;
    await vi.waitFor(async () => expect(await trial.writes()).not.toEqual([]), PATIENCE);
    started.kill('SIGTERM');
    const { code } = await started.ended;
    expect(code).toBe(143);
    const { operations } = trial.report();
    expect(operations.applied + operations.superseded).toBe(48);
    expect(operations.superseded).toBeGreaterThan(0);
    await checkTrial(trial);
    await trial.control('POST', 'settings', { latency_ms: 0 });
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(48);
  });
});

describe('the daemon ends by itself', () => {
  it('with 9 when the state database is not ours', async () => {
    const { started } = await startDaemon((trial) => {
      writeFileSync(trial.state, 'a file\n');
    });
    const { code, stderr } = await started.ended;
    expect(stderr).toMatch(/The state directory .* cannot be used: .*\n {2}→ Set state_directory/);
    expect(code).toBe(9);
  });

  it('with 9 when the state is taken away under it, and not before', async () => {
    const { trial, started, readyz } = await startDaemon((trial) => trial.drop('employees.csv', csv(...people(3))));
    await readyz(200, /"ready":true/);
    started.kill('SIGSTOP');
    rmSync(trial.state, { recursive: true });
    writeFileSync(trial.state, 'a file\n');
    started.kill('SIGCONT');
    expect((await started.ended).code).toBe(9);
  });

  it('with 7 when its port is in use', async () => {
    const trial = await newTrial();
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    trial.configure(serving(trial, port));
    trial.drop('employees.csv', csv(...people(3)));
    const { code, stderr } = await trial.run('run');
    expect(stderr).toContain(`Cannot serve health and metrics on 127.0.0.1:${port}: another program uses this port.`);
    expect(stderr).toContain('\n  → Set server.port to a free port, or server to null to serve nothing.');
    expect(code).toBe(7);
    expect(await trial.requests()).toEqual([]);
  });

  it('with 7 when the schedule is none', async () => {
    const trial = await newTrial();
    trial.configure(serving(trial, 1).replace('*/2 * * * * *', 'every day'));
    const { code, stderr } = await trial.run('run');
    expect(stderr).toContain('schedule.cron');
    expect(code).toBe(7);
    expect(await trial.requests()).toEqual([]);
  });
});
