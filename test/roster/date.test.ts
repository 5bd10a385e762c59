import { describe, expect, it } from 'vitest';
import { compileDate, dateAmbiguity, dateFormatProblem } from '../../src/roster/date.ts';

describe('a date', () => {
  it.each([
    ['MM/dd/yyyy', '02/29/2024', '2024-02-29'],
    ['M/d/yyyy', '2/9/2024', '2024-02-09'],
    ['yyyy-MM-dd', '2024-02-29', '2024-02-29'],
    ['yyyy/MM/dd', '2024/02/29', '2024-02-29'],
    ['dd-MM-yyyy', '09-10-2023', '2023-10-09'],
    ['dd-MMM-yyyy', '15-Mar-2021', '2021-03-15'],
    ['d MMMM yyyy', '5 SEPTEMBER 2021', '2021-09-05'],
    ['MMMM d, yyyy', 'May 5, 2021', '2021-05-05'],
    ['MM/dd/yyyy HH:mm:ss', '03/15/2021 23:59:59', '2021-03-15'],
    ['M/d/yyyy h:mm a', '3/5/2021 12:30 AM', '2021-03-05'],
    ['excel', '44927', '2023-01-01'],
    ['excel', '44927.75', '2023-01-01'],
    ['excel', '44927,5', '2023-01-01'],
    ['excel', '59', '1900-02-28'],
    ['excel', '61', '1900-03-01'],
    ['M/d/yyyy', '12/31/2024', '2024-12-31'],
    ['dd.MM.yyyy', '01.02.2023', '2023-02-01'],
    ['yyyyMMdd', '20230102', '2023-01-02'],
    ['dd-MMM-yy', '23-Apr-85', '1985-04-23'],
    ['dd-MMM-yy', '01-JAN-19', '2019-01-01'],
    ['dd-MMM-yy', '01-JAN-70', '1970-01-01'],
    ['dd-MMM-yy', '01-JAN-69', '2069-01-01'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2023-01-02T03:04:05', '2023-01-02'],
  ])('of the form %s is read: %s', (from, text, iso) => {
    expect(compileDate([from], 'yyyy-MM-dd')(text)).toBe(iso);
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
    ['yyyyMMdd', '2024010'],
    ['dd-MMM-yyyy', '01-January-2024'],
    ['M/d/yyyy h:mm a', '3/5/2021 13:30 PM'],
    ['M/d/yyyy h:mm a', '3/5/2021 0:30 AM'],
    ['MM/dd/yyyy', '00/00/2024'],
    ['excel', '60'],
    ['excel', '2958466'],
    ['excel', '044927'],
    ['excel', '-1'],
    ['excel', '01/02/2024'],
    ['dd-MMM-yyyy', '01-Foo-2024'],
    ['yyyy-MM-dd HH:mm', '2024-01-01 24:00'],
  ])('of the form %s is not: %s', (from, text) => {
    const rewrite = compileDate([from], 'yyyy-MM-dd');
    expect(rewrite(text)).toBeNull();
    expect(rewrite(text)).toBeNull();
  });

  it('is written in any form', () => {
    expect(compileDate(['yyyy-MM-dd'], 'd MMM yy')('2024-03-05')).toBe('5 Mar 24');
    expect(compileDate(['yyyy-MM-dd'], 'M/dd/yyyy HH:mm:ss')('2024-03-05')).toBe('3/05/2024 00:00:00');
  });

  it('keeps its time of day, in either way of counting hours', () => {
    const rewrite = compileDate(['M/d/yyyy h:mm a'], 'HH:mm');
    const hours = ['12:05 AM', '1:05 am', '11:05 AM', '12:05 pm', '1:05 PM', '11:05 PM'];
    expect(hours.map((hour) => rewrite(`3/5/2021 ${hour}`))).toEqual([
      '00:05',
      '01:05',
      '11:05',
      '12:05',
      '13:05',
      '23:05',
    ]);
    const back = compileDate(['yyyy-MM-dd HH:mm'], 'hh:mm a/h');
    expect(['00:05', '01:05', '12:05', '13:05'].map((hour) => back(`2021-03-05 ${hour}`))).toEqual([
      '12:05 AM/12',
      '01:05 AM/1',
      '12:05 PM/12',
      '01:05 PM/1',
    ]);
  });

  it('is read by the first of several forms that fits', () => {
    const rewrite = compileDate(['MM/dd/yyyy', 'yyyy-MM-dd', 'excel'], 'yyyy-MM-dd');
    expect(['02/29/2024', '2024-02-28', '45351', '28.02.2024'].map(rewrite)).toEqual([
      '2024-02-29',
      '2024-02-28',
      '2024-02-29',
      null,
    ]);
  });

  it('of a spreadsheet is that of the calendar, whatever the number', () => {
    const rewrite = compileDate(['excel'], 'yyyy-MM-dd');
    const numbers = Array.from({ length: 400 }, (_, index) => 61 + index * 1003).filter((number) => number < 401404);
    const days = numbers.map((number) => new Date(Date.UTC(1899, 11, 30 + number)).toISOString().slice(0, 10));
    expect(numbers.map((number) => rewrite(String(number)))).toEqual(days);
  });

  it.each([
    ['MM/dd/yyyy', ['12/31/9999', '12/31/2999', '01/01/2999', '01/01/1900', '12/31/1899', '01/01/1753', '00/00/0000']],
    ['yyyy-MM-dd', ['2999-12-31', '9999-12-31', '1900-01-01', '0001-01-01', '0000-00-00']],
    ['yyyy-MM-dd HH:mm:ss', ['0000-00-00 00:00:00', '1900-01-01 00:00:00', '9999-12-31 23:59:59']],
    ['yyyyMMdd', ['00000000', '99991231']],
    ['dd-MMM-yyyy', ['31-DEC-9999', '01-JAN-1900']],
    ['excel', ['0', '1', '2958465', '401404']],
  ])('of the form %s that stands for none is blank', (form, texts) => {
    expect(texts.map(compileDate([form], 'yyyy-MM-dd'))).toEqual(texts.map(() => ''));
  });

  it.each([
    ['MM/dd/yyyy', ['12/31/2998', '01/02/1900', '01/01/2000']],
    ['dd-MMM-yy', ['01-Jan-00', '01-Jan-70']],
    ['excel', ['2', '401403']],
  ])('of the form %s beside those is a date', (form, texts) => {
    expect(texts.map(compileDate([form], 'yyyy')).filter((year) => !year)).toEqual([]);
  });

  it('of the last million people is read as the first', () => {
    const rewrite = compileDate(['d/M/yyyy'], 'yyyy');
    const texts = Array.from(
      { length: 12_000 },
      (_, index) => `${1 + (index % 12)}/1/${1901 + Math.floor(index / 12)}`,
    );
    const years = texts.map((text) => text.slice(-4));
    expect(texts.map(rewrite)).toEqual(years);
    expect(texts.map(rewrite)).toEqual(years);
  });
});

describe('a date format', () => {
  it('is judged before it is used', () => {
    expect(dateFormatProblem('MM/dd/yyyy')).toBeNull();
    expect(dateFormatProblem("yyyy-MM-dd'T'HH:mm:ss")).toBeNull();
    expect(dateFormatProblem('DD/MM/YYYY')).toBe('has "D", which is no date token');
    expect(dateFormatProblem('MM/yyyy')).toBe('has no day');
    expect(dateFormatProblem('MM/M/dd/yyyy')).toBe('names the same part of the date twice');
    expect(dateFormatProblem('M/d/yyyy h:mm a')).toBeNull();
    expect(dateFormatProblem('M/d/yyyy h:mm')).toBe('must have both h and a, or HH alone');
    expect(dateFormatProblem('M/d/yyyy HH:mm a')).toBe('must have both h and a, or HH alone');
    expect(dateFormatProblem('M/d/yyyy HH h:mm a')).toBe('names the same part of the date twice');
    expect(dateFormatProblem('excel')).toBeNull();
    expect(dateFormatProblem('Excel')).toBe('has "E", which is no date token');
  });
});

describe('several forms of a date', () => {
  it.each([
    [['MM/dd/yyyy', 'M/d/yyyy', 'yyyy-MM-dd', 'dd.MM.yyyy', 'dd-MMM-yyyy', 'dd-MMM-yy', 'yyyyMMdd', 'excel']],
    [['MM/dd/yyyy', 'MM/dd/yy', 'MM/dd/yyyy HH:mm:ss', 'M/d/yyyy h:mm a', 'MMMM d, yyyy']],
    [['dd-MM-yyyy', 'yyyy-MM-dd']],
    [['excel', 'excel']],
  ])('fit together: %j', (forms) => {
    expect(dateAmbiguity(forms)).toBeNull();
  });

  it.each([
    [['MM/dd/yyyy', 'dd/MM/yyyy']],
    [['yyyy-MM-dd', 'M/d/yyyy', 'd/M/yyyy']],
    [['dd.MM.yy', 'yy.MM.dd']],
    [['yyyyMMdd', 'ddMMyyyy']],
    [['yyMMdd', 'excel']],
    [['excel', 'ddMMyy']],
  ])('contradict each other: %j', (forms) => {
    expect(dateAmbiguity(forms)).toMatch(/^gives "\d\S+" two meanings: /);
  });
});
