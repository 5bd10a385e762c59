import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { openRosterFile } from '../../src/roster/roster-file.ts';
import { field, fileWith, format, glance, HEADER, mapping, open, person, read, refusal, rowsOf } from './builders.ts';

describe('a roster file', () => {
  it('gives one employee per row with the line it stands in', async () => {
    expect(await read(`${HEADER}\n${person(1)}\n${person(2)}\n`)).toEqual([
      {
        kind: 'employee',
        line: 2,
        employee: {
          externalId: '1',
          firstName: 'Ann1',
          lastName: 'Lee',
          email: 'ann1@example.com',
          phoneNumber: undefined,
          attributes: {},
        },
        fingerprint: expect.stringMatching(/^[\w+/]{22}$/),
      },
      expect.objectContaining({ line: 3 }),
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('may end its lines with %s, and need not end the last; blank lines are no rows', async (_, lineEnd) => {
    const lines = [HEADER, person(1), '', '  ', person(2, '"Le\ne"'), person(3)];
    expect(glance(await read(lines.join(lineEnd)))).toEqual(['employee 1 @2', 'employee 2 @5', 'employee 3 @7']);
  });

  it('may begin with a BOM', async () => {
    const file = await open(`\ufeff${HEADER}\n${person(1)}\n`);
    expect(file.header).toEqual(['ID', 'First', 'Last', 'Email']);
    expect(glance(await rowsOf(file))).toEqual(['employee 1 @2']);
  });

  it.each([',', ';', '|', '\t', '~'])('may be delimited by %j without being told', async (delimiter) => {
    const lines = [HEADER, `7,"Ann${delimiter}x",Lee,ann@example.com`];
    const file = await open(lines.map((line) => line.replaceAll(/,/g, delimiter)).join('\n'));
    expect(file.delimiter).toBe(delimiter);
    const [row] = await rowsOf(file);
    expect(row?.kind === 'employee' && row.employee.externalId).toBe('7');
  });

  it('takes the delimiter under which the mapped columns are found, not the one that is most frequent', async () => {
    const file = await open('ID;First;Last;Email;Groups (a,b,c,d,e,f)\n');
    expect(file.delimiter).toBe(';');
  });

  it('may have titles above the header and labels below it', async () => {
    const content = `Report "Workers\r\n\r\n${HEADER}\r\nId,First name,Last name,Mail\r\n\r\n${person(1)}\r\n`;
    const file = await open(content, { format: { headerRow: 3, skipRowsAfterHeader: 1 } });
    expect(glance(await rowsOf(file))).toEqual(['employee 1 @6']);
  });

  it('that never quotes takes quotes for text', async () => {
    const rows = await read(`${HEADER}\n1,"Ann,Lee",ann@example.com\n`, { format: { quote: null } });
    expect(rows[0]).toMatchObject({ employee: { firstName: '"Ann', lastName: 'Lee"' } });
  });

  it('may quote with another character', async () => {
    const rows = await read(`${HEADER}\n1,'Ann, ''A''',Lee,ann@example.com\n`, { format: { quote: "'" } });
    expect(rows[0]).toMatchObject({ employee: { firstName: "Ann, 'A'" } });
  });

  it('of a header alone has no rows: whether that is credible is for the guard', async () => {
    expect(await read(`${HEADER}\n`)).toEqual([]);
    expect(await read(HEADER)).toEqual([]);
    expect(await read(HEADER, { format: { skipRowsAfterHeader: 2 } })).toEqual([]);
  });

  it('tells how many of its bytes were read', async () => {
    const content = `${HEADER}\n${person(1)}\n`;
    const file = await open(content);
    const told: number[] = [];
    for await (const _ of file.rows(null, (bytes) => told.push(bytes)));
    expect(told.at(-1)).toBe(content.length);
  });

  it('lists the columns that nobody mapped', async () => {
    expect((await open(`${HEADER},Salary\n`)).unmapped).toEqual(['Salary']);
  });
});

describe('a file that cannot be trusted is set aside', () => {
  it.each([
    ['nothing', ''],
    ['a BOM alone', '\ufeff'],
    ['blank lines', '\r\n \r\n'],
  ])('when it holds %s', async (_, content) => {
    const error = await refusal(open(content));
    expect(error.trouble).toBe('unreadable');
    expect(error.message).toContain('is empty');
  });

  it.each([
    ['gzip', gzipSync('ID'), 'compressed with gzip'],
    ['a workbook', Buffer.from('PK\u0003\u0004 and so on'), 'Excel workbook'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x49, 0, 0, 0]), 'UTF-32'],
    ['full of zeros', Buffer.concat([Buffer.from(HEADER), Buffer.alloc(40)]), 'full of zero bytes'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'PDF'],
  ])('when it is %s', async (_, content, words) => {
    const error = await refusal(open(content));
    expect(error.trouble).toBe('quarantined');
    expect(error.message).toContain(words);
    expect(error.hint).toContain('UTF-8');
  });

  it('when a quote is never closed, naming the line where it opened', async () => {
    const content = `${HEADER}\n${person(1)}\n2,"Ann,Lee,ann@example.com\n${person(3)}\n${person(4)}\n`;
    for (const chunkBytes of [1, 16, 1 << 17]) {
      expect((await refusal(read(content, { chunkBytes }))).message).toContain(
        'the quote opened in line 3 is never closed',
      );
    }
  });

  it('when a quote swallowed other rows before the next quote ended it', async () => {
    const swallowed = `${HEADER}\n1,"Ann,Lee,ann@example.com\n${person(2)}\n3,"Bo",Li,bo@example.com\n`;
    const error = await refusal(read(swallowed));
    expect(error.trouble).toBe('quarantined');
    expect(error.message).toContain('the quote opened in line 2 is unbalanced');
    const ragged = `${HEADER}\n${person(1)}\n2,Ann,"Lee,ann@example.com\n${person(3)}\n4,"\n`;
    expect((await refusal(read(ragged))).message).toContain('the quote opened in line 3 is unbalanced');
  });

  it('when a quote in the header, or in a label row below it, swallowed rows', async () => {
    const inHeader = `${HEADER},"Notes\n${person(1)}\n${person(2)}\n","x"\n${person(3)}`;
    expect((await refusal(open(inHeader))).message).toContain('the quote opened in line 1, in the header');
    const inLabels = `${HEADER}\nId,"First,Last,Mail\n${person(1)}\n2,"Bo",Li,b@b.co\n${person(3)}`;
    const error = await refusal(open(inLabels, { format: { skipRowsAfterHeader: 1 } }));
    expect(error.message).toContain('the quote opened in line 2, in the header or a row below it that is skipped');
    const harmless = await open(`${HEADER},"Hired\n(MM, DD)"\nId,First,Last,Mail,"Hired\non"\n`, {
      format: { skipRowsAfterHeader: 1 },
    });
    expect(harmless.header.at(-1)).toBe('Hired (MM, DD)');
  });

  it('when an open quote runs on for more than a record can be long', async () => {
    const content = `${HEADER}\n1,"Ann,Lee\n${`${person(2)}\n`.repeat(60_000)}`;
    expect((await refusal(read(content))).message).toContain('the quote opened in line 2 is never closed');
  });

  it('when it has no line ends', async () => {
    const error = await refusal(read(`${HEADER}\n${'x'.repeat(3 << 20)}`));
    expect(error.message).toContain('line 2 is longer than 1 MiB');
  });

  it('when a mapped column is missing', async () => {
    const attributes = { department: field('Department') };
    const error = await refusal(open(`${HEADER},Dept\n`, { mapping: { attributes } }));
    expect(error.message).toBe('employees.csv was set aside: "Department" is missing; did "Dept" replace it?');
  });

  it('when the header is not where it should be', async () => {
    expect((await refusal(open(`\n${HEADER}\n`))).message).toContain('line 1, where the header should be, is blank');
    expect((await refusal(open(`${HEADER}\n`, { format: { headerRow: 3 } }))).message).toContain('in line 3');
    expect((await refusal(open(`"${HEADER}\n`))).message).toContain('cannot be read as CSV');
  });

  it('when it cannot be opened', async () => {
    const missing = `${fileWith('')}.gone`;
    const error = await refusal(openRosterFile({ path: missing, format: format(), mapping: mapping() }));
    expect(error.trouble).toBe('unreadable');
    expect(error.message).toContain('ENOENT');
  });

  it('unless the configuration asks for what nobody can read', async () => {
    await expect(open(HEADER, { format: { encoding: 'replacement' } })).rejects.toThrow(UsageError);
    await expect(open(HEADER, { format: { delimiter: '::' } })).rejects.toThrow(UsageError);
  });
});
