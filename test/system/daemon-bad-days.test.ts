// One daemon through a series of bad days (specification §12): it never dies of a failed run, its probes tell why, its log
// tells it once a run, and it recovers by itself.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { takeLock } from '../../src/store/lock.ts';
import { freePort } from '../support/port.ts';
import type { Running } from '../support/program.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const PATIENCE = { timeout: 20_000, interval: 30 };
const SLOW = { timeout: 60_000 };

interface Daemon {
  readonly trial: Trial;
  readonly relay: Relay;
  readonly started: Running;
  /** Drops a file with one person more, so that there is something to send. */
  grow(): void;
  /** Waits for `/readyz` to say why it is not ready; the process is alive all the while. */
  unready(reason: RegExp): Promise<void>;
  /** Waits until it is ready and everybody of the file is in Workshop. */
  ready(): Promise<void>;
  /** Ends it, checks that it never ran two at once, and gives its log. */
  end(): Promise<Line[]>;
}

interface Line {
  readonly time: string;
  readonly msg: string;
  readonly run?: string;
  readonly exitCode?: number;
  readonly nextRunAt?: string;
  readonly err?: { readonly message: string };
}

/** A daemon in step with its file, which syncs every second and reaches Workshop through a relay. */
async function startDaemon({ workshop = 'timeout: 1s\n  attempts: 1', count = 3 } = {}): Promise<Daemon> {
  const trial = await newTrial();
  const relay = await startRelay(trial.emulator.port);
  const port = await freePort();
  trial.configure(
    everydayConfiguration({ ...trial, url: trial.emulator.url.replace(`${trial.emulator.port}`, `${relay.port}`) })
      .replace('server: null', `server: { port: ${port} }\nschedule: { cron: "* * * * * *", timezone: UTC }`)
      .replace('timeout: 5s', workshop),
  );
  let present = count;
  trial.drop('employees.csv', csv(...people(present)));
  const started = trial.start('run');
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const daemon: Daemon = {
    trial,
    relay,
    started,
    grow: () => {
      present += 1;
      trial.drop('employees.csv', csv(...people(present)));
    },
    unready: async (reason) => {
      await vi.waitFor(async () => {
        expect(await get('/readyz')).toEqual({ status: 503, body: expect.stringMatching(reason) });
      }, PATIENCE);
      expect(await get('/healthz')).toEqual({ status: 200, body: 'ok' });
    },
    ready: async () => {
      await vi.waitFor(async () => {
        expect(await get('/readyz')).toEqual({ status: 200, body: '{"ready":true,"reasons":[]}' });
        expect(await trial.contacts()).toHaveLength(present);
      }, PATIENCE);
    },
    end: () => endOf(trial, started),
  };
  await daemon.ready();
  return daemon;
}

async function endOf(trial: Trial, started: Running): Promise<Line[]> {
  started.kill('SIGTERM');
  const { code, stdout, stderr } = await started.ended;
  expect({ code, stdout }, stderr).toEqual({ code: 143, stdout: '' });
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const moments = lines.filter(({ msg }) => msg === 'run started' || msg === 'run finished');
  expect(moments.map(({ msg }) => msg)).toEqual(
    moments.map((_, at) => (at % 2 === 0 ? 'run started' : 'run finished')),
  );
  for (let at = 1; at < moments.length; at += 2) expect(moments[at]?.run).toBe(moments[at - 1]?.run);
  await checkTrial(trial);
  return lines;
}

/**
 * What the daemon said of each sync, those that are like the one before left out; and those that met a file just while it was
 * replaced, which the next one reads.
 */
function chapters(lines: readonly Line[]): number[] {
  const syncs = lines.filter(({ nextRunAt, msg }) => nextRunAt !== undefined && !msg.includes(': not ready;'));
  const codes = syncs.map(({ exitCode }) => exitCode ?? -1);
  return codes.filter((code, at) => code !== codes[at - 1]);
}

describe('a daemon', () => {
  it('outlives days without a file, and with a bad one, and says so', SLOW, async () => {
    const { trial, unready, ready, grow, end } = await startDaemon();
    rmSync(join(trial.directory, 'outbound', 'employees.csv'));
    await unready(/exit code 5: The feed employees: no file; nothing of it was sent\. Looking for \S+employees\*\.csv/);
    grow();
    await ready();
    trial.drop('employees.csv', 'Employee ID,First\n00001,Ana\n');
    await unready(/exit code 5: The feed employees: quarantined; .* missing/);
    grow();
    await ready();
    expect(chapters(await end())).toEqual([0, 5, 0, 5, 0]);
  });

  it('stays ready while changes wait for approval, and sends what was approved', SLOW, async () => {
    const { trial, ready, end } = await startDaemon({ count: 100 });
    const endsWith = (code: number) =>
      vi.waitFor(() => expect(trial.report()).toMatchObject({ exit_code: code }), PATIENCE);
    trial.drop('employees.csv', csv(...people(90)));
    await endsWith(3);
    await ready();
    // The daemon holds the lock for a moment each second.
    await vi.waitFor(async () => expect(await trial.run('approve')).toMatchObject({ code: 0 }), PATIENCE);
    await vi.waitFor(async () => expect(await trial.contacts()).toHaveLength(90), PATIENCE);
    await endsWith(0);
    const lines = await end();
    expect(chapters(lines).filter((code) => code !== 6)).toEqual([0, 3, 0]);
    expect(lines.find(({ exitCode, nextRunAt }) => exitCode === 3 && nextRunAt)?.msg).toMatch(/^Held: 10 deletes wait/);
  });

  it('outlives another run that holds the lock', SLOW, async () => {
    const { trial, unready, ready, end } = await startDaemon();
    const lock = await vi.waitFor(() => takeLock(trial.state, { create: false }), PATIENCE);
    await unready(/exit code 6: Another run is at work on /);
    lock.release();
    await ready();
    const lines = await end();
    expect(chapters(lines)).toEqual([0, 6, 0]);
    expect(lines.find(({ exitCode }) => exitCode === 6)?.err?.message).toMatch(/^Another run is at work on /);
  });

  it.each<[string, RegExp, (daemon: Daemon) => Promise<void>]>([
    ['nobody listens', /refused|nothing answers|connect/i, ({ relay }) => relay.refuse()],
    ['our key is refused', /key/, ({ trial }) => trial.faults([{ status: 401 }])],
    ['everything fails', /503/, ({ trial }) => trial.faults([{ status: 503 }])],
    ['headers never end', /no whole answer within 1 s/, ({ trial }) => trial.faults([{ stream: 'slow_headers' }])],
    ['a body never ends', /its answer \(200\) could not be read/, ({ trial }) => trial.faults([{ stream: 'endless' }])],
    ['we are sent away', /redirect/, ({ trial }) => trial.faults([AWAY])],
    ['we are told to come tomorrow', /429/, ({ trial }) => trial.faults([{ status: 429, retry_after: '86400' }])],
  ])('outlives a Workshop where %s', SLOW, async (_what, reason, spoil) => {
    const daemon = await startDaemon();
    const { trial, relay, unready, ready, grow, end } = daemon;
    await spoil(daemon);
    grow();
    await unready(
      new RegExp(`more than twice the interval; the last sync ended with exit code 8: .*${reason.source}`, 'i'),
    );
    await trial.control('DELETE', 'faults');
    await relay.accept().catch(() => undefined);
    await ready();
    expect(chapters(await end())).toEqual([0, 8, 0]);
  });

  it('starts no second run beside a long one, and has no backlog after it', SLOW, async () => {
    const { trial, ready, grow, end } = await startDaemon({ workshop: 'timeout: 20s\n  attempts: 1' });
    await trial.faults([{ method: 'POST', delay_ms: 4500, count: 1 }]);
    grow();
    await ready();
    const lines = await end();
    expect(chapters(lines)).toEqual([0]);
    const long = lines.findIndex(({ msg }) => msg.includes('left out'));
    expect(long, 'no sync was left out').toBeGreaterThan(0);
    const after = lines.slice(long);
    const starts = after.filter(({ msg }) => msg === 'run started').map(({ time }) => Date.parse(time));
    const seconds = (Date.parse(after.at(-1)?.time ?? '') - Date.parse(after[0]?.time ?? '')) / 1000;
    expect(starts.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  });
});

const AWAY = { status: 302, headers: { location: 'http://localhost:9/api/v1/contacts' }, body: '' };
