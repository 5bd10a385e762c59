// The daemon from its first sync to its exit code, with real HTTP and a clock that the test moves.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type DaemonOptions, type RunOutcome, runDaemon } from '../../src/daemon/daemon.ts';
import { DatabaseError, LockedError, UnreachableError, UsageError } from '../../src/errors.ts';
import type { ExitCode } from '../../src/exit-codes.ts';
import type { Log } from '../../src/log.ts';

const QUARTER_MS = 15 * 60_000;

function outcome(exitCode: ExitCode, changed: Partial<RunOutcome> = {}): RunOutcome {
  return {
    exitCode,
    verdict: `ended with ${exitCode}`,
    run: 'r1',
    durationMs: 5,
    people: { create: 0, update: 0, rekey: 0, delete: 0, unchanged: 3, kept: 0 },
    operations: [],
    rejects: 0,
    contacts: 3,
    api: null,
    heldSinceMs: null,
    credentialsRefused: false,
    ...changed,
  };
}

function thrown(error: Error): never {
  throw error;
}

interface Line {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

function daemon(syncOnce: DaemonOptions['syncOnce'], changed: Partial<DaemonOptions> = {}) {
  const stop = new AbortController();
  const lines: Line[] = [];
  const at =
    (level: string): Log['info'] =>
    (fields, message) =>
      void lines.push({ level, fields, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const ended = runDaemon({
    schedule: { cron: '*/15 * * * *', timezone: 'UTC' },
    server: null,
    version: '1.2.3',
    syncOnce,
    clock: systemClock,
    log,
    signal: stop.signal,
    ...changed,
  });
  ended.catch(() => {});
  const until = (message: string): Promise<Line> =>
    vi.waitUntil(() => lines.find((line) => line.message.includes(message)));
  return { ended, stop, lines, until };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T07:00:30Z'), toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function fakeTimeouts(): void {
  vi.useRealTimers();
  vi.useFakeTimers({ now: new Date('2026-11-23T07:00:30Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
}

describe('the daemon', () => {
  it('syncs at start, then by the schedule, and survives every failed run', async () => {
    fakeTimeouts();
    const ends: (() => RunOutcome)[] = [
      () => outcome(8),
      () => {
        throw new UnreachableError('Cannot reach SFTP.', { hint: 'Look.' });
      },
      () => {
        throw new TypeError('a bug');
      },
      () => outcome(5),
      () => outcome(6),
      () => outcome(0),
    ];
    let syncs = 0;
    let started = (): void => {};
    const first = new Promise<void>((resolve) => {
      started = resolve;
    });
    const { ended, stop, lines } = daemon(async () => {
      started();
      const end = ends[syncs];
      syncs += 1;
      return end === undefined ? outcome(0) : end();
    });
    await first;
    expect(syncs).toBe(1);
    await vi.advanceTimersByTimeAsync(5 * QUARTER_MS);
    expect(syncs).toBe(6);
    stop.abort('SIGTERM');
    expect(await ended).toBe(143);
    expect(lines.map((line) => line.level)).toEqual(['warn', 'warn', 'error', 'warn', 'warn', 'info', 'info']);
    expect(lines[0]?.fields).toMatchObject({ exitCode: 8, run: 'r1', nextRunAt: '2026-11-23T07:15:00.000Z' });
    expect(lines[1]?.fields).toMatchObject({ exitCode: 8, err: { message: 'Cannot reach SFTP.' } });
  });

  it.each([7, 9] as const)('ends with %i, which no later sync can mend', async (exitCode) => {
    const { ended } = daemon(async () => outcome(exitCode));
    expect(await ended).toBe(exitCode);
  });

  it('passes the error that ended it to whoever tells the operator, and tells it nowhere else', async () => {
    const corrupt = new DatabaseError('The state database is corrupt.', { hint: 'Run adopt.' });
    const { ended, lines } = daemon(async () => {
      throw corrupt;
    });
    await expect(ended).rejects.toBe(corrupt);
    expect(lines.filter((line) => line.level !== 'info')).toEqual([]);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('lets the running sync drain on %s and returns %i', async (signal, exitCode) => {
    let told: AbortSignal | null = null;
    let drain = (): void => {};
    const { ended, stop, until } = daemon(
      (aborted) =>
        new Promise((resolve) => {
          told = aborted;
          drain = () => resolve(outcome(exitCode));
        }),
    );
    await vi.waitUntil(() => told);
    stop.abort(signal);
    await until('stopping');
    expect(told).toMatchObject({ aborted: true, reason: signal });
    const first = await Promise.race([ended, new Promise((resolve) => setImmediate(() => resolve('still draining')))]);
    expect(first).toBe('still draining');
    drain();
    expect(await ended).toBe(exitCode);
  });

  it('starts no sync when it is stopped before the first', async () => {
    let syncs = 0;
    const stop = new AbortController();
    stop.abort('SIGTERM');
    const { ended } = daemon(
      async () => {
        syncs += 1;
        return outcome(0);
      },
      { signal: stop.signal },
    );
    expect(await ended).toBe(143);
    expect(syncs).toBe(0);
  });

  it('refuses an unusable schedule before it syncs', async () => {
    const { ended } = daemon(async () => outcome(0), { schedule: { cron: 'often', timezone: 'UTC' } });
    await expect(ended).rejects.toThrow(UsageError);
  });
});

describe('the probes of the daemon', () => {
  it('follow the first sync, an open hold and the stop', async () => {
    const held = { heldSinceMs: Date.parse('2026-11-23T07:00:00Z') };
    const syncs: ((end: RunOutcome) => void)[] = [];
    const { ended, stop, until } = daemon(() => new Promise((resolve) => void syncs.push(resolve)), {
      server: { host: '127.0.0.1', port: 0 },
      schedule: { cron: '0 0 1 1 *', timezone: 'UTC' },
    });
    const { fields } = await until('serving');
    const readyz = async () => {
      const answer = await fetch(`http://127.0.0.1:${fields.port}/readyz`);
      const body = (await answer.json()) as { reasons: string[] };
      return `${answer.status} ${body.reasons.join(', ')}`;
    };
    expect(await readyz()).toBe('503 first sync has not finished yet');

    syncs[0]?.(outcome(3, held));
    await until('ended with 3');
    expect(await readyz()).toBe('200 ');
    vi.setSystemTime(new Date('2026-11-24T08:00:00Z'));
    expect(await readyz()).toBe(
      '503 changes have been held for 25 h; `workshop-sync report` says which, and what to do',
    );

    const metrics = await (await fetch(`http://127.0.0.1:${fields.port}/metrics`)).text();
    expect(metrics).toContain('workshop_sync_runs_total{exit_code="3"} 1');
    stop.abort('SIGTERM');
    expect(await ended).toBe(143);
    await expect(readyz()).rejects.toThrow();
  });

  it.each<[string, () => RunOutcome, string]>([
    ['the verdict of its report', () => outcome(5, { verdict: 'The feed:\nno file.' }), 'The feed: no file.'],
    ['the message of its error', () => thrown(new LockedError('It is\nlocked.', { hint: '' })), 'It is locked.'],
    [
      'that it is our bug, and no more',
      () => thrown(new TypeError('Ana Ruiz')),
      'a bug in workshop-sync; the log has its stack',
    ],
  ])('tell why the last sync failed, on one line: %s', async (_what, syncOnce, why) => {
    const { ended, stop, until, lines } = daemon(async () => syncOnce(), { server: { host: '127.0.0.1', port: 0 } });
    const { fields } = await until('serving');
    const { fields: failed } = await vi.waitUntil(() => lines.find(({ fields }) => 'exitCode' in fields));
    const answer = await fetch(`http://127.0.0.1:${fields.port}/readyz`);
    expect(await answer.json()).toEqual({
      ready: false,
      reasons: [`no sync has succeeded since the start; the last sync ended with exit code ${failed.exitCode}: ${why}`],
    });
    stop.abort('SIGTERM');
    expect(await ended).toBe(143);
  });

  it('answer until the running sync is drained', async () => {
    let drain = (): void => {};
    const { ended, stop, until } = daemon(
      () =>
        new Promise((resolve) => {
          drain = () => resolve(outcome(143));
        }),
      { server: { host: '127.0.0.1', port: 0 } },
    );
    const { fields } = await until('serving');
    stop.abort('SIGTERM');
    await until('stopping');
    const answer = await fetch(`http://127.0.0.1:${fields.port}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ reasons: expect.arrayContaining(['stopping']) });
    expect((await fetch(`http://127.0.0.1:${fields.port}/healthz`)).status).toBe(200);
    drain();
    await ended;
  });
});
