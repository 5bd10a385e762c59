import { describe, expect, it } from 'vitest';
import { compileDate, dateFormatProblem } from '../../src/roster/date.ts';

describe('a date', () => {
  it.each([
    ['MM/dd/yyyy', '02/29/2024', '2024-02-29'],
    ['M/d/yyyy', '2/9/2024', '2024-02-09'],
    ['M/d/yyyy', '12/31/2024', '2024-12-31'],
    ['dd.MM.yyyy', '01.02.2023', '2023-02-01'],
    ['yyyyMMdd', '20230102', '2023-01-02'],
    ['dd-MMM-yy', '23-Apr-85', '1985-04-23'],
    ['dd-MMM-yy', '01-JAN-19', '2019-01-01'],
    ['dd-MMM-yy', '01-JAN-70', '1970-01-01'],
    ['dd-MMM-yy', '01-JAN-69', '2069-01-01'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2023-01-02T03:04:05', '2023-01-02'],
  ])('of the form %s is read: %s', (from, text, iso) => {
    expect(compileDate(from, 'yyyy-MM-dd')(text)).toBe(iso);
  });

  it.each([
    ['MM/dd/yyyy', '02/30/2024'],
    ['MM/dd/yyyy', '02/29/2023'],
    ['MM/dd/yyyy', '02/29/1900'],
    ['MM/dd/yyyy', '13/01/2024'],
    ['MM/dd/yyyy', '00/10/2024'],
    ['MM/dd/yyyy', '1/2/2024'],
    ['MM/dd/yyyy', '01/02/2024 00:00'],
    ['MM.dd.yyyy', '01x02x2024'],
    ['dd-MMM-yyyy', '01-Foo-2024'],
    ['yyyy-MM-dd HH:mm', '2024-01-01 24:00'],
  ])('of the form %s is not: %s', (from, text) => {
    const rewrite = compileDate(from, 'yyyy-MM-dd');
    expect(rewrite(text)).toBeNull();
    expect(rewrite(text)).toBeNull();
  });

  it('is written in any form', () => {
    expect(compileDate('yyyy-MM-dd', 'd MMM yy')('2024-03-05')).toBe('5 Mar 24');
    expect(compileDate('yyyy-MM-dd', 'M/dd/yyyy HH:mm:ss')('2024-03-05')).toBe('3/05/2024 00:00:00');
  });

  it('of the last million people is read as the first', () => {
    const rewrite = compileDate('d/M/yyyy', 'yyyy');
    for (let year = 1000; year < 9999; year++) rewrite(`1/1/${year}`);
    for (let year = 1000; year < 9999; year++) expect(rewrite(`2/1/${year}`)).toBe(String(year));
  });
});

describe('a date format', () => {
  it('is judged before it is used', () => {
    expect(dateFormatProblem('MM/dd/yyyy')).toBeNull();
    expect(dateFormatProblem("yyyy-MM-dd'T'HH:mm:ss")).toBeNull();
    expect(dateFormatProblem('DD/MM/YYYY')).toBe('has "D", which is no date token');
    expect(dateFormatProblem('MM/yyyy')).toBe('has no day');
    expect(dateFormatProblem('MM/M/dd/yyyy')).toBe('names the same part of the date twice');
  });
});
