// Dates in file names.

import { describe, expect, it } from 'vitest';
import { dateInName, datesInName } from '../../src/source/file-date.ts';

const GLOB = 'employees_*.csv';

describe('the date in a name', () => {
  it.each([
    ['employees_20260105.csv', '20260105000000'],
    ['employees_2026-01-05.csv', '20260105000000'],
    ['employees_2026_01_05.csv', '20260105000000'],
    ['employees_2026.01.05.csv', '20260105000000'],
    ['employees_202601050715.csv', '20260105071500'],
    ['employees_20260105_071530.csv', '20260105071530'],
    ['employees_20260105T071530Z.csv', '20260105071530'],
    ['employees_2026-01-05T07-15-30.csv', '20260105071530'],
    ['employees_2026-01-05 07.15.csv', '20260105071500'],
    ['employees_full_20260105_v2.csv', '20260105000000'],
    ['employees_20260105_7.csv', '20260105000000'],
    ['employees_20260105_9999.csv', '20260105000000'],
    ['employees_20240229.csv', '20240229000000'],
    ['employees_20260101_20260131.csv', '20260101000000 20260131000000'],
    ['employees_31-01-2026.csv', '20260131000000'],
    ['employees_01.31.2026.csv', '20260131000000'],
    ['employees_03-03-2026.csv', '20260303000000'],
    ['employees_20260105071530.csv', '20260105071530'],
    ['employees_20260105_071530-0001.csv', '20260105071530'],
    ['employees_05Jan2026.csv', '20260105000000'],
    ['employees_5-January-2026.csv', '20260105000000'],
    ['employees_05-JAN-2026.csv', '20260105000000'],
  ])('is read from %s', (name, date) => {
    expect(dateInName(name, GLOB)).toBe(date);
  });

  it.each([
    'employees_final.csv',
    'employees_20261305.csv',
    'employees_20260230.csv',
    'employees_20250229.csv',
    'employees_00010105.csv',
    'employees_120260105.csv',
    'employees_03-04-2026.csv',
    'employees_31-31-2026.csv',
    'employees_2026-01_05.csv',
    'employees_.csv',
    'employees_31-Feb-2026.csv',
    'employees_05-Foo-2026.csv',
  ])('is not read from %s', (name) => {
    expect(dateInName(name, GLOB)).toBeNull();
  });

  it.each([
    ['Personio Export Payroll 2018-07-20.csv', 'Personio Export *.csv', '20180720000000'],
    ['people_report_2026-01-05.csv', 'people_report_*.csv', '20260105000000'],
    ['Workers 20260105T071500Z.csv', 'Workers *.csv', '20260105071500'],
  ])('is read from the names of %s', (name, glob, date) => {
    expect(dateInName(name, glob)).toBe(date);
  });

  it.each([
    ['employees_20260105T071500Z.csv', '20260105071500'],
    ['employees_2026-01-05 07.15 GMT.csv', '20260105071500'],
    ['employees_20260105_071530_UTC.csv', '20260105071530'],
    ['employees_20260105T0115+02:00.csv', '20260104231500'],
    ['employees_20251231T2330-0100.csv', null],
    ['employees_20251231T2330-01:00.csv', '20260101003000'],
    ['employees_20260105T0115+9900.csv', null],
    ['employees_20260105T0115.csv', null],
    ['employees_20260105Z.csv', null],
    ['employees_20260105_0715_Zurich.csv', null],
  ])('is an instant where a time zone is behind a time: %s', (name, instant) => {
    expect(datesInName(name, GLOB)).toMatchObject({ written: dateInName(name, GLOB), instant });
  });

  it('is looked for only where the pattern has its wildcards', () => {
    expect(dateInName('feed_20200101_a.csv', 'feed_20200101_*.csv')).toBeNull();
    expect(dateInName('feed_20200101_20260105.csv', 'feed_20200101_*.csv')).toBe('20260105000000');
    expect(dateInName('20260105.csv', '20260105.csv')).toBeNull();
  });
});
