import { expect, test } from 'vitest';
import { RequestLog } from '../../src/emulator/request-log.ts';
import { RollingSecond } from '../../src/emulator/rolling-second.ts';

test('events a full second apart are not in the same second', () => {
  const second = new RollingSecond();
  expect([0, 500, 999.9, 1000, 1500].map((at) => second.record(at))).toEqual([1, 2, 3, 3, 3]);
});

test('the busiest second straddles calendar seconds', () => {
  const log = new RequestLog();
  for (const at of [0, 900, 950, 999, 1001, 1050, 1100, 2500]) log.received(at, 'GET', '/');
  expect(log.summary(0)).toMatchObject({ busiest_second: 6 });
});

test('the time until a place is free is that of the oldest event', () => {
  const second = new RollingSecond();
  expect(second.untilNextFreeMs(0)).toBe(0);
  for (const at of [100, 300]) second.record(at);
  expect(second.count(400)).toBe(2);
  expect(second.untilNextFreeMs(400)).toBe(700);
});

test('counts stay right over far more events than are kept', () => {
  const second = new RollingSecond();
  let wrong = 0;
  for (let index = 0; index < 50_000; index++) if (second.record(index) !== Math.min(index + 1, 1000)) wrong++;
  expect(wrong).toBe(0);
});

test('the log keeps the newest hundred thousand requests and counts them all', () => {
  const log = new RequestLog();
  for (let index = 0; index < 100_500; index++) log.received(index, 'GET', `/${index}`);
  const { total, requests } = log.summary(Number.POSITIVE_INFINITY) as { total: number; requests: { path: string }[] };
  expect([total, requests.length, requests[0]?.path, requests.at(-1)?.path]).toEqual([
    100_500,
    100_000,
    '/500',
    '/100499',
  ]);
});
