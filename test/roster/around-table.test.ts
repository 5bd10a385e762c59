import { describe, expect, it } from 'vitest';
import { field, glance, HEADER, open, person, read, rowsOf } from './builders.ts';

describe('a row with blank fields alone', () => {
  it.each([',,,', ' , ,,', '"","","",""', ',', '\u00a0,,,', '""'])('is no row, and is counted: %s', async (blank) => {
    const file = await open([HEADER, person(1), blank, person(2), blank, ''].join('\r\n'));
    expect(glance(await rowsOf(file))).toEqual(['employee 1 @2', 'employee 2 @4']);
    expect(file.notes).toEqual(['2 rows with blank fields alone were left out (lines 3, 5)']);
  });

  it('names the first few of many', async () => {
    const file = await open([HEADER, person(1), ...Array(9).fill(',,,')].join('\n'));
    await rowsOf(file);
    expect(file.notes).toEqual(['9 rows with blank fields alone were left out (lines 3, 4, 5, 6, 7, …)']);
    expect((await open([HEADER, person(1), ',,,'].join('\n'))).notes).toEqual([]);
  });

  it('is a row when it has a null word or a zero byte in it', async () => {
    expect(glance(await read([HEADER, 'NULL,,,', ',\0,,'].join('\n')))).toEqual([
      'reject missing null @2',
      'reject malformed null @3',
    ]);
  });

  it('is not what a label row is either', async () => {
    const rows = await read([HEADER, ',,,', 'Id,First name,Last name,Mail', person(1)].join('\n'), {
      format: { skipRowsAfterHeader: 1 },
    });
    expect(glance(rows)).toEqual(['employee 1 @4']);
  });
});

describe('a header that is repeated', () => {
  const repeated = [HEADER, person(1), HEADER, person(2), '"ID", First ,Last,Email\u200b', person(3)].join('\n');

  it('is nobody, and noted with its lines', async () => {
    const file = await open(repeated);
    const rows = await rowsOf(file);
    expect(glance(rows)).toEqual([
      'employee 1 @2',
      'excluded null @3',
      'employee 2 @4',
      'excluded null @5',
      'employee 3 @6',
    ]);
    expect(file.notes).toEqual(['2 rows repeating the header were left out (lines 3, 5)']);
  });

  it('is nobody even where the mapping would make a person of it', async () => {
    const email = field([], { template: '{ID}@example.com' });
    const rows = await read(repeated, { mapping: { email } });
    expect(rows.filter(({ kind }) => kind === 'excluded')).toHaveLength(2);
  });

  it('is read anew with each reading', async () => {
    const file = await open(repeated);
    await rowsOf(file);
    await rowsOf(file);
    expect(file.notes).toEqual(['2 rows repeating the header were left out (lines 3, 5)']);
  });
});
