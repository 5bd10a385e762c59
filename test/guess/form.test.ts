import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { guessed, lines } from './sample.ts';

const HEADER = ['ID', 'First Name', 'Last Name', 'Email'];
const person = (id: number) => [String(id), 'Ana', 'Ruiz', `a${id}@example.com`];
const PEOPLE = [HEADER, person(1), person(2), person(3)];
const table = (...end: string[]) => lines(...PEOPLE.map((row) => row.join(',')), ...end);
const formatOf = async (content: string) => (await guessed(content)).written.format;

describe('the form of a sample', () => {
  it('may be packed', async () => {
    const { trial, written } = await guessed(gzipSync(table()), 'people_20260105.csv.gz');
    expect(await trial()).toMatchObject({ employees: 3 });
    expect(written.file).toBe('people_*.csv.gz');
  });

  it('may be of other characters than UTF-8', async () => {
    const content = table().replace('Ruiz', 'Zoë');
    for (const bytes of [Buffer.from(`\ufeff${content}`, 'utf16le'), Buffer.from(content, 'latin1')]) {
      const { guess, trial } = await guessed(bytes);
      expect(guess.form.rows[0]?.[2]).toBe('Zoë');
      expect(await trial()).toMatchObject({ employees: 3 });
    }
  });

  it.each([',', ';', '|', '\t', '~'])('may have %j between the fields', async (delimiter) => {
    const { guess, trial } = await guessed(lines(...PEOPLE.map((row) => row.join(delimiter))));
    expect(guess.form).toMatchObject({ delimiter, quote: '"', rowCount: 3 });
    expect(await trial()).toMatchObject({ employees: 3 });
  });

  it('is told by the fields that all rows have, not by a comma in every value', async () => {
    const rows = PEOPLE.map(([id, first, last, email]) => `${id}|${last}, ${first}, RN|${first}|${last}|${email}`);
    expect((await guessed(lines(...rows))).guess.form.delimiter).toBe('|');
  });

  it('keeps what stands in quotes together', async () => {
    const { guess } = await guessed(lines('ID,"First, Name",Last Name,Email', '1,"An\na, ""A""",Ruiz,a@example.com'));
    expect(guess.form.header).toEqual(['ID', 'First, Name', 'Last Name', 'Email']);
    expect(guess.form.rows).toEqual([['1', 'An a, "A"', 'Ruiz', 'a@example.com']]);
  });

  it('needs nothing written where the defaults do', async () => {
    expect(await formatOf(table())).toBeUndefined();
    expect(await formatOf(`\ufeff${table().replaceAll('\n', '\r\n')}`)).toBeUndefined();
  });

  it('has no quotes where they make no sense', async () => {
    const rows = lines('ID,First Name,Last Name,Email', '1,"Ana,Ruiz,a@example.com', '2,Bo "B" x,Li,b@example.com');
    expect(await formatOf(rows)).toEqual({ quote: 'none' });
  });

  it('may have its quotes escaped by a backslash', async () => {
    const rows = lines('"ID","First Name","Last Name","Email"', '"1","An\\"na\\"","Ruiz","a@example.com"');
    const { written, guess } = await guessed(rows);
    expect(written.format).toEqual({ escape: 'backslash' });
    expect(guess.form.rows[0]?.[1]).toBe('An"na"');
  });

  it('has no escapes where a backslash is nothing but the end of a value', async () => {
    const rows = lines('"ID","First Name","Last Name","Email"', '"1","Ana\\","Ruiz ""R""","a@example.com"');
    const { written, guess } = await guessed(rows);
    expect(written.format).toBeUndefined();
    expect(guess.form.rows[0]?.slice(1, 3)).toEqual(['Ana\\', 'Ruiz "R"']);
  });

  it('begins below titles and blank lines, even with a quote that is never closed', async () => {
    expect(await formatOf(`"The staff of\n\nRun,today\n${table()}`)).toEqual({ header_row: 4 });
  });

  it('takes neither the header once more nor a blank row for a person', async () => {
    const rows = [...PEOPLE, HEADER, ['', '', '', ''], person(4)].map((row) => row.join(','));
    const { guess, doubts } = await guessed(lines(...rows));
    expect(guess.form.rows.map(([id]) => id)).toEqual(['1', '2', '3', '4']);
    expect(doubts).not.toContain('rejected');
  });

  it('knows the words for blank that occur', async () => {
    const { written, guess } = await guessed(
      lines('ID,First Name,Last Name,Email,Team', '1,A,B,a@example.com,n/a', '2,B,C,b@example.com,x'),
    );
    expect(written.format).toEqual({ null_words: ['', 'NULL', 'N/A', 'nan', '-', 'n/a'] });
    expect(guess.attributes).toHaveLength(1);
  });

  it('is no label row below the header when somebody only lacks an address', async () => {
    const { written } = await guessed(table().replace('1,Ana,Ruiz,a1@example.com', 'x,Ana,Ruiz,'));
    expect(written.format).toBeUndefined();
  });
});

describe('the end of a sample', () => {
  it.each([
    ['a total', ['Total,,,']],
    ['a count in words', ['Count: 3']],
    ['a page number', ['Page 1 of 1,,,']],
    ['a page number in German', ['Seite 1 von 1']],
    ['a word in dashes', ['--- End of report ---']],
    ['a day', ['As of 01/05/2026']],
    ['a stamp', ['Report generated 01/05/2026 by hr@example.com']],
  ])('may have %s', async (_what, end) => {
    expect(await formatOf(table(...end))).toEqual({ trailer: { last_rows: 1 } });
  });

  it('may have several lines that are nobody', async () => {
    expect(await formatOf(table(',,,', 'Total: 3', ',,,', 'Page 1 of 1'))).toEqual({ trailer: { last_rows: 2 } });
    expect(await formatOf(table(',,,'))).toBeUndefined();
  });

  it.each([
    ['rows', 'T90,3', 2, 'T90,'],
    ['rows_and_header', 'T,20260105,000004', 3, 'T,'],
    ['all', 'FF,5', 2, 'FF,'],
    ['rows', '"TRAILER","3"', 2, '"TRAILER",'],
  ])('may count %s, as in %s', async (counts, end, column, start) => {
    expect(await formatOf(table(end))).toEqual({ trailer: { starts_with: start, count_column: column, counts } });
  });

  it('is left out, with a warning, when it counts something else', async () => {
    const { written, doubts } = await guessed(table('T90,412'));
    expect(written.format).toEqual({ trailer: { last_rows: 1 } });
    expect(doubts).toContain('none of its numbers fits the 3 rows');
  });

  it('is not told by how it begins when somebody begins so, too', async () => {
    const { written } = await guessed(table('T,Di,Fu,t@example.com', 'T,4'));
    expect(written.format).toEqual({ trailer: { last_rows: 1 } });
  });

  it('is somebody who lacks a field, and so is no footer', async () => {
    expect(await formatOf(table('4,Di,Fu'))).toBeUndefined();
    expect(await formatOf(table('4,Di,Fu,'))).toBeUndefined();
  });
});

describe('a sample that is no table of people', () => {
  it.each([
    ['', 'it is empty'],
    [' \n\n', 'it is empty'],
    ['Dear all,\nplease find attached\nthe list', 'none of its first lines'],
    ['ana\nbo\ncy\n', 'no delimiter'],
    [
      'ID,First Name,Email\n1,Ana,a@example.com,\n2,Bo,b@example.com,\n',
      'line 1 names 3 columns, and most rows have 4 fields',
    ],
    ['1,ana@example.com,Ruiz\n2,bo@example.com,Li\n', 'none of its first lines looks like the names of its columns'],
    ['PK\u0003\u0004xyz', 'an Excel workbook'],
  ])('is refused: %j', async (content, reason) => {
    await expect(guessed(content)).rejects.toMatchObject({ exitCode: 5, message: expect.stringContaining(reason) });
  });

  it('may have no people yet', async () => {
    const { written, doubts, trial } = await guessed(lines(HEADER.join(',')));
    expect(written.contact).toMatchObject({ external_id: 'ID', email: { column: 'Email' } });
    expect(doubts).toContain('The sample has no people in it');
    expect(await trial()).toMatchObject({ rows: 0 });
  });
});
