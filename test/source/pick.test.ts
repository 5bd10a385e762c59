// Which file is the newest, and what is said when there is none.

import { describe, expect, it } from 'vitest';
import { type Picked, type PickRequest, pickNewest } from '../../src/source/pick.ts';
import type { Listing } from '../../src/source/source.ts';

/** Listed in the order of their age, the oldest first. */
function aged(...names: string[]): Listing[] {
  return names.map((name, index) => ({ name, size: 10, modifiedAtMs: 1_000_000 * (index + 1) }));
}

function pick(listings: readonly Listing[], more: Partial<PickRequest> = {}): Picked {
  return pickNewest({ listings, file: 'employees_*.csv', marker: null, lastAccepted: null, ...more });
}

function newest(picked: Picked): string | null {
  return picked.found ? picked.newest.name : null;
}

describe('the newest file', () => {
  it('is the one with the latest date in its name, whatever was written last', () => {
    const picked = pick(aged('employees_20260106.csv', 'employees_20260105.csv', 'employees_20251231.csv'));
    expect(picked).toMatchObject({
      newest: { name: 'employees_20260106.csv' },
      superseded: ['employees_20260105.csv', 'employees_20251231.csv'],
      warnings: [],
    });
  });

  it('is the one written last when not every name has a date', () => {
    expect(newest(pick(aged('employees_20260106.csv', 'employees_final.csv')))).toBe('employees_final.csv');
    expect(newest(pick(aged('employees_05-01-2026.csv', 'employees_04-01-2026.csv')))).toBe('employees_04-01-2026.csv');
  });

  it('is the one whose name sorts last when nothing else tells', () => {
    const listings = aged('employees_b.csv', 'employees_a.csv').map((listing) => ({ ...listing, modifiedAtMs: 5 }));
    expect(newest(pick(listings))).toBe('employees_b.csv');
  });

  it('is found by instants when every name tells its time zone, and else by what is written', () => {
    const zoned = aged('employees_20260105T0915+02:00.csv', 'employees_20260105T0800Z.csv');
    expect(newest(pick(zoned))).toBe('employees_20260105T0800Z.csv');
    const partly = aged('employees_20260105T0915+02:00.csv', 'employees_20260105T0800.csv');
    expect(newest(pick(partly))).toBe('employees_20260105T0915+02:00.csv');
  });

  it('is found among ten thousand', () => {
    const days = Array.from({ length: 10_000 }, (_, index) => {
      const day = new Date(Date.UTC(2000, 0, 1 + ((index * 7919) % 10_000)));
      return `employees_${day.toISOString().slice(0, 10)}.csv`;
    });
    const picked = pick(aged(...days), { lastAccepted: { name: 'employees_2027-05-01.csv', modifiedAtMs: 1 } });
    expect(picked).toMatchObject({ newest: { name: 'employees_2027-05-18.csv' } });
    expect(picked.found && picked.superseded.length + picked.warnings.length).toBe(9999);
  });

  it('of two with the same date is the one written last', () => {
    expect(newest(pick(aged('employees_20260105_b.csv', 'employees_20260105_a.csv')))).toBe('employees_20260105_a.csv');
  });
});

describe('a candidate', () => {
  it.each([
    'employees_1.csv.tmp',
    'employees_1.csv.PART',
    'employees_1.csv.partial',
    'employees_1.csv.filepart',
    'employees_1.csv.uploading',
    'employees_1.csv.crdownload',
    'employees_1.csv.incomplete',
    'employees_1.csv.download',
    'employees_1.csv.crswap',
    '~$employees_1.csv',
    '.employees_1.csv',
  ])('is never an upload under way: %s', (name) => {
    expect(newest(pick(aged(name), { file: '*' }))).toBeNull();
    expect(newest(pick(aged(name), { file: '{.*,*}' }))).toBeNull();
  });

  it.each(['../employees_1.csv', 'a/employees_1.csv', 'employees_\u0000.csv', 'employees_\n.csv', '..'])(
    'never has a hostile name: %j',
    (name) => {
      expect(pick(aged(name), { file: '**' })).toEqual({ found: false, outdated: [], nearMisses: [] });
    },
  );

  it.each([
    'Test_employees_1.csv',
    'TEST-employees_1.csv',
    'test.employees_1.csv',
    'test employees_1.csv',
    'OE_employees_1.csv',
  ])('is never a test file, unless the pattern asks for one: %s', (name) => {
    const picked = pick(aged(name, 'Testimonials.csv'), { file: '*employees*.csv' });
    expect(picked).toMatchObject({ found: false });
    expect(picked.found || picked.nearMisses[0]).toBe(`${name} (a test file by its name)`);
    expect(newest(pick(aged(name), { file: `${name.split('employees')[0]}*.csv` }))).toBe(name);
    expect(pick(aged(name))).toMatchObject({ nearMisses: [`${name} (a test file by its name)`] });
    expect(newest(pick(aged('testers.csv', 'boeing.csv'), { file: '*.csv' }))).toBe('boeing.csv');
  });

  it('is never the marker of another file', () => {
    const listings = aged('employees_1.csv', 'employees_1.csv.done');
    expect(newest(pick(listings, { file: 'employees_*', marker: '{name}.done' }))).toBe('employees_1.csv');
  });

  it('may have parentheses, and blanks', () => {
    const listings = aged('Employees (1) 2026.csv');
    expect(newest(pick(listings, { file: 'Employees (1)*.csv' }))).toBe('Employees (1) 2026.csv');
    expect(newest(pick(listings, { file: 'Employees (1) 2026.csv' }))).toBe('Employees (1) 2026.csv');
  });

  it('is matched by braces, classes and question marks', () => {
    for (const file of ['employees_{1,2}.csv', 'employees_[0-9].csv', 'employees_?.csv']) {
      expect(newest(pick(aged('employees_1.csv'), { file }))).toBe('employees_1.csv');
    }
  });
});

describe('next to the last accepted file', () => {
  const lastAccepted = { name: 'employees_20260105.csv', modifiedAtMs: 5_000_000 };
  const at = (name: string, modifiedAtMs: number): Listing => ({ name, size: 10, modifiedAtMs });

  it('the same file is taken again', () => {
    expect(newest(pick([at('employees_20260105.csv', 5_000_000)], { lastAccepted }))).toBe('employees_20260105.csv');
  });

  it('older files that lie around are superseded, without a warning', () => {
    const listings = [at('employees_20260104.csv', 4_000_000), at('employees_20260105.csv', 5_000_000)];
    expect(pick(listings, { lastAccepted })).toMatchObject({ superseded: ['employees_20260104.csv'], warnings: [] });
  });

  it('an older file that arrives late is ignored with a warning', () => {
    const listings = [at('employees_20260103.csv', 9_000_000), at('employees_20260105.csv', 5_000_000)];
    const picked = pick(listings, { lastAccepted });
    expect(newest(picked)).toBe('employees_20260105.csv');
    expect(picked).toMatchObject({
      superseded: [],
      warnings: ['employees_20260103.csv is older than the last accepted file, employees_20260105.csv: ignored'],
    });
  });

  it('a file that is older by the date in its name is not taken, however late it was written', () => {
    expect(pick([at('employees_20260103.csv', 9_000_000)], { lastAccepted })).toEqual({
      found: false,
      outdated: ['employees_20260103.csv'],
      nearMisses: [],
    });
  });

  it('a file that is older by its modification time is not taken, where names have no dates', () => {
    const picked = pick([at('employees_a.csv', 4_999_999)], {
      lastAccepted: { ...lastAccepted, name: 'employees_b.csv' },
    });
    expect(picked).toMatchObject({ found: false, outdated: ['employees_a.csv'] });
  });

  it('a file with a date follows one without by its modification time', () => {
    const last = { name: 'employees_final.csv', modifiedAtMs: 5_000_000 };
    expect(newest(pick([at('employees_20200101.csv', 6_000_000)], { lastAccepted: last }))).toBe(
      'employees_20200101.csv',
    );
  });
});

describe('without a candidate', () => {
  it('the names that are there are told, the likeliest first, at most five', () => {
    const listings = aged('z.txt', 'a.pdf', 'x.log', 'y.log', 'Employees_1.csv', 'employees_2.csv.part', '.hidden');
    expect(pick(listings)).toEqual({
      found: false,
      outdated: [],
      nearMisses: [
        'employees_2.csv.part (a temporary name)',
        'Employees_1.csv (upper and lower case differ)',
        'y.log',
        'x.log',
        'a.pdf',
      ],
    });
  });
});
