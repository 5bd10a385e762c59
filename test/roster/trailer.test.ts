import { describe, expect, it } from 'vitest';
import type { Trailer } from '../../src/roster/mapping.ts';
import { field, glance, HEADER, open, person, read, refusal, rowsOf } from './builders.ts';

function lines(...text: string[]): string {
  return `${[HEADER, ...text].join('\n')}\n`;
}

function counted(more: Partial<Extract<Trailer, { kind: 'counted' }>> = {}): Trailer {
  return { kind: 'counted', startsWith: 'T,', countColumn: 2, counts: 'rows', ...more };
}

const PEOPLE = [person(1), person(2), person(3)];
const ROWS = ['employee 1 @2', 'employee 2 @3', 'employee 3 @4'];

describe('a trailer that counts', () => {
  it.each([
    ['rows', 3],
    ['rows_and_header', 4],
    ['rows_and_trailer', 4],
    ['all', 5],
  ] as const)('is taken out when it counts %s', async (counts, count) => {
    const trailer = counted({ counts });
    for (const chunkBytes of [1, 30, 1 << 17]) {
      const file = await open(lines(...PEOPLE, '', ',,,', `T,${count}`), { format: { trailer }, chunkBytes });
      expect(glance(await rowsOf(file))).toEqual(ROWS);
      expect(file.notes).toContain(`the trailer (line 7) counts ${count}, and all are there`);
    }
  });

  it.each(['T,003', '"T","3"', 'T,3,,', '"T",3', 'T, 3 '])('may be written %s', async (text) => {
    for (const startsWith of ['T', 'T,', '"T"']) {
      const trailer = counted({ startsWith });
      expect(glance(await read(lines(...PEOPLE, text), { format: { trailer } }))).toEqual(ROWS);
    }
  });

  it('may have separators in its count, or its words in the field of the count', async () => {
    const many = Array.from({ length: 1234 }, (_, id) => person(id));
    for (const [text, trailer] of [
      ['T,"1,234"', counted()],
      ['T,1.234', counted()],
      ['"Count: 1,234"', counted({ startsWith: 'Count: ', countColumn: 1 })],
    ] as const) {
      expect(await read(lines(...many, text), { format: { trailer } })).toHaveLength(1234);
    }
  });

  it('counts rows that are rejected, and not those skipped after the header', async () => {
    const trailer = counted({ counts: 'rows' });
    const content = lines('Id,First name,Last name,Mail', person(1), 'broken', 'x"y', 'T,3');
    const rows = await read(content, { format: { trailer, skipRowsAfterHeader: 1 } });
    expect(rows.map(({ kind }) => kind)).toEqual(['employee', 'reject', 'reject']);
  });

  it('may count nobody', async () => {
    expect(await read(lines('T,0'), { format: { trailer: counted() } })).toEqual([]);
  });

  it('counts records that are known by their bytes and not parsed', async () => {
    const file = await open(lines(...PEOPLE, 'T,3'), { format: { trailer: counted() } });
    const prints = (await rowsOf(file)).map((row) => (row.kind === 'employee' ? row.fingerprint : null));
    const recognise = (print: string) => (prints.includes(print) ? prints.indexOf(print) + 40 : null);
    expect(glance(await rowsOf(file, recognise))).toEqual(['known 40 @2', 'known 41 @3', 'known 42 @4']);
    const shorter = await open(lines(person(1), person(2), 'T,3'), { format: { trailer: counted() } });
    await expect(rowsOf(shorter, recognise)).rejects.toThrow('counts 3 rows and the file has 2');
    const none = await open(lines(person(1)), { format: { trailer: counted() } });
    await expect(rowsOf(none, recognise)).rejects.toThrow('its trailer is missing');
  });

  it.each([
    [
      'says more',
      [person(1), 'T,2'],
      'its trailer (line 3) counts 2 rows and the file has 1: the file was probably cut off',
    ],
    ['says less', [...PEOPLE, 'T,2'], 'counts 2 rows and the file has 3: rows were added'],
    [
      'is missing',
      PEOPLE,
      'its last row (line 4) does not begin with "T,", so its trailer is missing: the file was probably cut off',
    ],
    ['is not the last', ['T,1', person(1)], 'its last row (line 3) does not begin with "T,"'],
    ['is all that is missing', [], 'it has no rows and no trailer'],
    ['has no count', [person(1), 'T,x'], 'field 2 of its trailer (line 3) holds no count'],
    ['has too few fields', [person(1), 'T,'], 'holds no count'],
  ])('sets the file aside when it %s', async (_, content, reason) => {
    const error = await refusal(read(lines(...content), { format: { trailer: counted() } }));
    expect([error.trouble, error.message]).toEqual(['quarantined', expect.stringContaining(reason)]);
  });

  it('says which setting would agree with its count', async () => {
    const error = await refusal(read(lines(...PEOPLE, 'T,5'), { format: { trailer: counted() } }));
    expect(error.hint).toContain('With `counts: all` the two would agree.');
  });
});

describe('rows at the end that are no people', () => {
  const last = (rows: number): Trailer => ({ kind: 'last', rows });

  it.each([
    ['of one field', ['Total'], 1],
    ['of all fields', ['Total,3,,'], 1],
    ['of several lines and blank ones between', ['Total,3', '', ',,,', 'Page 1 of 1', ' '], 2],
    ['that are no CSV', ['Report "x" by Ann'], 1],
  ])('are left out when they are %s', async (_, footer, count) => {
    for (const chunkBytes of [1, 1 << 17]) {
      const file = await open(lines(...PEOPLE, ...footer), { format: { trailer: last(count) }, chunkBytes });
      expect(glance(await rowsOf(file))).toEqual(ROWS);
      expect(file.notes.at(-1)).toMatch(
        count === 1
          ? /^1 row of the footer was left out \(line 5\)$/
          : /^2 rows of the footer were left out \(lines 5, 8\)$/,
      );
    }
  });

  it.each([
    ['an employee', person(4)],
    ['a leaver', '4,Gone,Lee,x@example.com'],
    ['a person whose email is wrong', '4,Ann,Lee,nobody'],
    ['a person without email', '4,Ann,Lee,'],
  ])('set the file aside when one of them is %s: the footer was missing once', async (_, row) => {
    const status = { column: 'First', employed: ['Ann1', 'Ann2', 'Ann3', 'Ann4', 'Ann'], left: ['Gone'] };
    const format = { trailer: last(1) };
    const error = await refusal(read(lines(...PEOPLE, row), { format, mapping: { status } }));
    expect(error.message).toContain('line 5 is a person, and `trailer` says that the last row is a footer');
  });

  it('set the file aside when one of them is known by its bytes', async () => {
    const file = await open(lines(...PEOPLE), { format: { trailer: last(1) } });
    await expect(rowsOf(file, () => 40)).rejects.toThrow('line 4 is a person');
  });

  it('never hide what a quote swallowed', async () => {
    const content = lines(person(1), '2,"Ann,Lee,a@b.co', '3,"Bo",Li,b@b.co');
    await expect(read(content, { format: { trailer: last(1) } })).rejects.toThrow('is unbalanced');
  });

  it('give no warning of their values', async () => {
    const file = await open(lines(person(1), 'To\u0007tal,,,'), { format: { trailer: last(1) } });
    await rowsOf(file);
    expect(file.warnings).toEqual([]);
  });
});

describe('a row at the end that looks like a footer', () => {
  const messages = async (content: string, options = {}) =>
    (await read(content, options)).flatMap((row) => (row.kind === 'reject' ? [row.reject.message] : []));

  it.each([
    ['Total', '`trailer: { last_rows: 1 }`'],
    ['"TOTAL, 9 employees"', '`trailer: { last_rows: 1 }`'],
    ['"TOTAL", 9 employees', '`trailer: { last_rows: 1 }`'],
    ['Total,,,', '`trailer: { last_rows: 1 }`'],
    ['Page 1 of 1', '`trailer: { last_rows: 1 }`'],
    ['Report generated 2026-03-01 by Ann', '`trailer: { last_rows: 1 }`'],
    ['End of report', '`trailer: { last_rows: 1 }`'],
    ['Count: 3', '`trailer: { starts_with: "Count: ", count_column: 1, counts: rows }`'],
    ['T,3', '`trailer: { starts_with: "T,", count_column: 2, counts: rows }`'],
    ['TRAILER,x,00005', '`trailer: { starts_with: "TRAILER,", count_column: 3, counts: all }`'],
    ['TRL,00005', '`trailer: { starts_with: "TRL,", count_column: 2, counts: all }`'],
  ])('is a reject, and says what to configure: %s', async (footer, advice) => {
    const [message, ...others] = await messages(lines(...PEOPLE, footer));
    expect(others).toEqual([]);
    expect(message).toContain(`It looks like a footer; if the file always ends so, set ${advice}.`);
  });

  it('counts the rows that belong to it', async () => {
    const both = await messages(lines(...PEOPLE, 'Total,3', 'Page 1 of 1'));
    expect(both).toEqual(Array(2).fill(expect.stringContaining('`trailer: { last_rows: 2 }`')));
    const [one] = await messages(lines(...PEOPLE, 'Total,3', 'Page 1 of 1'), {
      format: { trailer: { kind: 'last', rows: 1 } },
    });
    expect(one).toContain('`trailer: { last_rows: 2 }`');
  });

  it('is not one that can be left out when people follow', async () => {
    const [message] = await messages(lines('Total,3', person(1)));
    expect(message).toMatch(
      /^This row has 2 fields, the header has 4: .* It looks like a footer in the middle of the file\.$/,
    );
  });

  it('is not just any broken row', async () => {
    for (const row of ['4,Ann,Lee', 'Totally,Ann,Lee', '4,Total', 'Ann', '4,Paige 1']) {
      expect(await messages(lines(person(1), row))).toEqual([expect.not.stringContaining('footer')]);
    }
  });
});

describe('records with type codes', () => {
  it('are read by column name, below a batch header and above a trailer', async () => {
    const content = ['B|20260301|7', 'H|ID|First|Last|Email', 'D|1|Ann|Lee|a@b.co', 'D|2|Bo|Li|b@b.co', 'T|2'].join(
      '\r\n',
    );
    const trailer = counted({ startsWith: 'T|' });
    const file = await open(content, { format: { headerRow: 2, trailer }, mapping: { externalId: field('ID') } });
    expect(glance(await rowsOf(file))).toEqual(['employee 1 @3', 'employee 2 @4']);
    expect(file.unmapped).toEqual(['H']);
  });
});
