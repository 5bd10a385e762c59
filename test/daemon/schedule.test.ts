// Ticks against a clock that the test moves.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Schedule, type ScheduleOptions, startSchedule } from '../../src/daemon/schedule.ts';
import { UsageError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';

const MINUTE_MS = 60_000;
let schedule: Schedule | null = null;

async function started(options: Pick<ScheduleOptions, 'tick'> & Partial<ScheduleOptions>): Promise<Schedule> {
  schedule = await startSchedule({ cron: '*/15 * * * *', timezone: 'UTC', log: silentLog, ...options });
  return schedule;
}

function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T07:01:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});

afterEach(async () => {
  await schedule?.stop();
  schedule = null;
  vi.useRealTimers();
});

describe('the schedule', () => {
  it('ticks at the times of its cron expression', async () => {
    const at: string[] = [];
    await started({ tick: async () => void at.push(new Date().toISOString().slice(11, 16)) });
    await vi.advanceTimersByTimeAsync(45 * MINUTE_MS);
    expect(at).toEqual(['07:15', '07:30', '07:45']);
  });

  it('keeps to the wall clock of its time zone when summer time ends', async () => {
    vi.setSystemTime(new Date('2026-10-31T12:00:00Z'));
    const { nextRunsAtMs } = await started({ cron: '0 7 * * *', timezone: 'America/Chicago', tick: async () => {} });
    const times = nextRunsAtMs(2).map((at) => new Date(at).toISOString());
    expect(times).toEqual(['2026-11-01T13:00:00.000Z', '2026-11-02T13:00:00.000Z']);
  });

  it('tells when it ticks next, and nothing once stopped', async () => {
    const running = await started({ tick: async () => {} });
    expect(running.nextRunAtMs()).toBe(Date.parse('2026-11-23T07:15:00Z'));
    await running.stop();
    expect(running.nextRunAtMs()).toBeNull();
  });

  it('leaves out a tick that falls due while one runs, and does not make it up', async () => {
    const slow = gate();
    let ticks = 0;
    const running = await started({
      tick: async () => {
        ticks += 1;
        if (ticks === 1) await slow.opened;
      },
    });
    void running.tickNow();
    await vi.advanceTimersByTimeAsync(45 * MINUTE_MS);
    expect(ticks).toBe(1);
    slow.open();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(ticks).toBe(1);
    await vi.advanceTimersByTimeAsync(15 * MINUTE_MS);
    expect(ticks).toBe(2);
  });

  it('makes up for all the ticks that the machine slept through with a single one', async () => {
    const done = gate();
    let ticks = 0;
    await started({
      tick: async () => {
        ticks += 1;
        await done.opened;
      },
    });
    vi.setSystemTime(new Date('2026-11-23T11:05:00Z'));
    await vi.advanceTimersByTimeAsync(14 * MINUTE_MS);
    done.open();
    await vi.advanceTimersByTimeAsync(1);
    expect(ticks).toBe(1);
  });

  it.each(['2026-11-22T07:01:00Z', '2016-11-23T07:01:00Z'])(
    'goes by the new time when the clock is set back to %s',
    async (time) => {
      const at: string[] = [];
      const { nextRunAtMs } = await started({ tick: async () => void at.push(new Date().toISOString()) });
      await vi.advanceTimersByTimeAsync(15 * MINUTE_MS);
      vi.setSystemTime(new Date(time));
      await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
      expect(at.slice(1)).toEqual([`${time.slice(0, 10)}T07:15:00.000Z`, `${time.slice(0, 10)}T07:30:00.000Z`]);
      expect(nextRunAtMs()).toBe(Date.parse(`${time.slice(0, 10)}T07:45:00Z`));
    },
  );

  it('survives a tick that rejects', async () => {
    let ticks = 0;
    const { tickNow } = await started({
      tick: async () => {
        ticks += 1;
        throw new Error('boom');
      },
    });
    await tickNow();
    await vi.advanceTimersByTimeAsync(45 * MINUTE_MS);
    expect(ticks).toBe(4);
  });

  it('stops only when the running tick has ended, and never ticks again', async () => {
    const slow = gate();
    let ticks = 0;
    let stopped = false;
    const running = await started({
      tick: async () => {
        ticks += 1;
        await slow.opened;
      },
    });
    void running.tickNow();
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
    expect(stopped).toBe(false);
    slow.open();
    await stopping;
    await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
    expect(ticks).toBe(1);
  });

  it.each([
    ['schedule.cron', { cron: 'every hour' }],
    ['schedule.cron', { cron: '61 * * * *' }],
    ['schedule.timezone', { timezone: 'America/Chikago' }],
  ])('refuses what is no %s, naming the key', async (key, wrong) => {
    const refused = startSchedule({
      cron: '0 * * * *',
      timezone: 'UTC',
      tick: async () => {},
      log: silentLog,
      ...wrong,
    });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(key);
  });
});
