import { describe, expect, it } from 'vitest';
import { fileKind, filePattern } from '../../src/guess/file-pattern.ts';
import { nameMatcher } from '../../src/source/pick.ts';
import { guessed, lines } from './sample.ts';

const PEOPLE = lines('ID,First Name,Last Name,Email', '1,Ana,Ruiz,ana@example.com');

describe('the pattern for the names of files', () => {
  it.each([
    ['employees.csv', 'employees.csv'],
    ['employees_20260105.csv', 'employees_*.csv'],
    ['employees_20260105_071500.csv', 'employees_*.csv'],
    ['employees-2026-01-05T07-15-00Z.csv', 'employees-*.csv'],
    ['people_report_05.01.2026.csv', 'people_report_*.csv'],
    ['UTA1000_E52D4_EEHISTORY_20260105_071500.txt', 'UTA1000_E52D4_EEHISTORY_*.txt'],
    ['Personio Export Alle 2018-07-20.csv', 'Personio Export Alle *.csv'],
    ['employees_20260105.csv.gz', 'employees_*.csv.gz'],
    ['feed_003.csv', 'feed_*.csv'],
    ['employees (1).csv', 'employees*.csv'],
    ['20260105.csv', '????????.csv'],
    ['2026-01-05.csv', '????-??-??.csv'],
    ['2026-01-05_0715.csv', '????-??-??_????.csv'],
    ['Workshop_Roster_7_2026-01-05.txt', 'Workshop_Roster_*.txt'],
    ['modification_history_2026-03-02_1.csv', 'modification_history_*.csv'],
    ['20260105_7_staff.csv', '*_staff.csv'],
    ['roster 05-Jan-2026.csv', 'roster *.csv'],
    ['roster_5January26.csv', 'roster_*.csv'],
    ['roster January 2026.csv', 'roster *.csv'],
    ['roster_2026-Jan-05_final.csv', 'roster_*_final.csv'],
    ['roster_050126.csv', 'roster_*.csv'],
    ['roster_999999_all.csv', 'roster_999999_all.csv'],
    ['roster_2026_W02.csv', 'roster_*.csv'],
    ['roster_W02.csv', 'roster_*.csv'],
    ['roster_1234.csv', 'roster_*.csv'],
    ['roster_12345.csv', 'roster_*.csv'],
    ['mayor_2_staff.csv', 'mayor_2_staff.csv'],
    ['staff', 'staff'],
  ])('of %s is %s', (name, pattern) => {
    expect(filePattern(name)).toBe(pattern);
    expect(nameMatcher(pattern)(name)).toBe(true);
  });

  it('matches the name itself, and another only where something was left open', () => {
    for (const name of [
      'a[1-3]b.csv',
      'a{b,c}.csv',
      '!staff.csv',
      'a+(b).csv',
      'who?.csv',
      'a*b.csv',
      'x(y)z.csv',
      '$' + '{HOME}.csv',
    ]) {
      expect(nameMatcher(filePattern(name))(name), name).toBe(true);
      expect(nameMatcher(filePattern(name))('employees.csv'), name).toBe(false);
    }
  });
});

describe('the name of a file', () => {
  it.each([
    'z_delta_changes_20260105.csv',
    'modification_history_2026-03-02_1.csv',
    'Personio Export Data changes 2026-03-02.csv',
    'EmployeeDelta.csv',
    'staff-incremental.csv',
  ])('says that the file holds only changes: %s', (name) => {
    expect(fileKind(name)).toBe('changes');
  });

  it.each(['employees.csv', 'exchange_staff.csv', 'deltaville_2026.csv'])('says nothing of changes: %s', (name) => {
    expect(fileKind(name)).toBe('full');
  });

  it('decides the kind that init writes, which is told', async () => {
    const { written, text, doubts, trial } = await guessed(PEOPLE, 'z_delta_changes_20260105.csv');
    expect(written).toMatchObject({ kind: 'changes' });
    expect(written).not.toHaveProperty('missing');
    expect(text).toContain('every file that matches is read, the oldest first');
    expect(doubts).toContain('only changes, so kind is changes');
    expect(await trial()).toMatchObject({ employees: 1 });
    const usual = await guessed(PEOPLE, 'staff_20260105.csv');
    expect(usual.written).toMatchObject({ kind: 'full', missing: 'keep' });
    expect(usual.doubts).not.toContain('kind');
  });

  it('is doubted when it is nothing but a date', async () => {
    const { written, doubts } = await guessed(PEOPLE, '2026-01-05.csv');
    expect(written.file).toBe('????-??-??.csv');
    expect(doubts).toContain('is nothing but a date');
  });
});
