import { describe, expect, it } from 'vitest';
import { glance, HEADER, open, person, read, refusal, rowsOf } from './builders.ts';

const DELIMITERS = [',', ';', '|', '\t', '~'];

function delimited(text: string, delimiter: string): string {
  return text.replaceAll(',', delimiter);
}

describe.each(DELIMITERS)('a file delimited by %j', (delimiter) => {
  const table = (...lines: string[]) => delimited([HEADER, person(1), ...lines, person(3)].join('\r\n'), delimiter);

  it.each([
    ['text after a closing quote', '2,"Ann"x,Lee,a@b.co', 'malformed'],
    ['a quote inside a plain value', '2,An"n,Lee,a@b.co', 'malformed'],
    ['a zero byte', '2,An\0n,Lee,a@b.co', 'malformed'],
    ['a field too few', '2,Ann,Lee', 'ragged'],
    ['a field too many', '2,Ann,Lee,a@b.co,', 'ragged'],
  ])('rejects a row with %s', async (_, line, rule) => {
    for (const escaping of ['double', 'backslash'] as const) {
      const rows = await read(table(line), { format: { escape: escaping } });
      expect(glance(rows)).toEqual(['employee 1 @2', `reject ${rule} 2 @3`, 'employee 3 @4']);
    }
  });

  it('is set aside when a quote is not balanced', async () => {
    for (const escaping of ['double', 'backslash'] as const) {
      const unclosed = await refusal(read(table('2,"Ann,Lee,a@b.co'), { format: { escape: escaping } }));
      expect(unclosed.message).toContain('the quote opened in line 3 is never closed');
      const swallowing = await refusal(
        read(table('2,"Ann,Lee,a@b.co', '4,"Bo",Li,b@b.co'), { format: { escape: escaping } }),
      );
      expect(swallowing.message).toContain('the quote opened in line 3 is unbalanced');
    }
  });

  it('may quote every field, double quotes, and have line ends of all kinds', async () => {
    const lines = [
      '"ID","First","Last","Email"\r',
      '"1","A ""B"" C","x,\r\ny","a@b.co"\n',
      '"2","Ann","Lee","b@b.co"\r\n',
    ];
    const rows = await read(delimited(lines.join(''), delimiter));
    expect(glance(rows)).toEqual(['employee 1 @2', 'employee 2 @4']);
    expect(rows[0]).toMatchObject({
      employee: { firstName: 'A "B" C', lastName: delimiter === '\t' ? 'x y' : delimited('x, y', delimiter) },
    });
  });

  it('may say so in a first line for Excel', async () => {
    for (const line of [`sep=${delimiter}`, `"sep=${delimiter}"`, `\ufeffSEP=${delimiter}`]) {
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const file = await open(Buffer.from(`${line}\r\n${table()}`, encoding));
        expect(file.delimiter).toBe(delimiter);
        expect(glance(await rowsOf(file))).toEqual(['employee 1 @3', 'employee 3 @4']);
      }
    }
  });
});

describe('a first line for Excel', () => {
  it('says the delimiter, even one that nobody would guess, unless one is configured', async () => {
    expect((await open(delimited(`sep=,\n${HEADER}`, '^'))).delimiter).toBe('^');
    expect((await open(`sep=;\n${HEADER}`, { format: { delimiter: ',' } })).delimiter).toBe(',');
  });

  it('is a line of the file like any other when the header is said to stand further down', async () => {
    const file = await open(`sep=,\nEmployees\n${HEADER}\n${person(1)}`, { format: { headerRow: 3 } });
    expect(glance(await rowsOf(file))).toEqual(['employee 1 @4']);
    const next = await open(`sep=,\n${HEADER}\n${person(1)}`, { format: { headerRow: 2 } });
    expect(glance(await rowsOf(next))).toEqual(['employee 1 @3']);
  });
});

describe('a file that escapes with backslashes', () => {
  const first = async (cell: string) => {
    const rows = await read(`${HEADER}\n1,"${cell}",Lee,a@b.co\n${person(2)}\n`, { format: { escape: 'backslash' } });
    expect(rows[1]).toMatchObject({ kind: 'employee' });
    return rows[0]?.kind === 'employee' ? rows[0].employee.firstName : glance(rows)[0];
  };

  it.each([
    ['a quote', String.raw`Ann \"A, B\" x`, 'Ann "A, B" x'],
    ['a quote at the end', String.raw`Ann \"A\"`, 'Ann "A"'],
    ['a backslash', String.raw`A\\B`, String.raw`A\B`],
    ['a backslash at the end', String.raw`A\\`, 'A\\'],
    ['a backslash before a quote', String.raw`A\\\"`, String.raw`A\"`],
    ['a quote before a line end', 'A\\"\nB', 'A" B'],
  ])('has %s inside a field', async (_, cell, name) => {
    expect(await first(cell)).toBe(name);
  });

  it('keeps a backslash that escapes nothing', async () => {
    expect(await first(String.raw`DOMAIN\ann`)).toBe(String.raw`DOMAIN\ann`);
    const plain = await read(`${HEADER}\n1,A\\B,Lee\\,a@b.co\n`, { format: { escape: 'backslash' } });
    expect(plain[0]).toMatchObject({ employee: { firstName: 'A\\B', lastName: 'Lee\\' } });
  });

  it('does not double quotes', async () => {
    expect(await first('A ""B"" C')).toBe('reject malformed 1 @2');
    expect(await first('A"')).toBe('reject malformed 1 @2');
  });

  it('is set aside when a backslash takes the closing quote away', async () => {
    const content = `${HEADER}\n1,"Ann\\",Lee,a@b.co\n${person(2)}\n`;
    const error = await refusal(read(content, { format: { escape: 'backslash' } }));
    expect(error.message).toContain('the quote opened in line 2 is never closed');
  });

  it('is another layout', async () => {
    const [double, backslash] = await Promise.all([open(HEADER), open(HEADER, { format: { escape: 'backslash' } })]);
    expect(double.layout).not.toBe(backslash.layout);
  });
});

describe('="00123", as Excel keeps the zeros of an id', () => {
  it('is the text in the quotes, in each field that begins so', async () => {
    const lines = ['="00123",Ann,="Lee, A ""B""",a@b.co', person(2), '3,="Bo",Li,b@b.co'];
    const rows = await read([HEADER, ...lines].join('\n'));
    expect(glance(rows)).toEqual(['employee 00123 @2', 'employee 2 @3', 'employee 3 @4']);
    expect(rows[0]).toMatchObject({ employee: { lastName: 'Lee, A "B"' } });
    expect(rows[2]).toMatchObject({ employee: { firstName: 'Bo' } });
  });

  it('may stand in the header and next to backslashes', async () => {
    const content = '="ID",First,Last,Email\n="007",="A\\"B\\C",Lee,a@b.co\n';
    const rows = await read(content, { format: { escape: 'backslash' } });
    expect(rows[0]).toMatchObject({ employee: { externalId: '007', firstName: 'A"B\\C' } });
  });

  it('is nothing special inside another field, nor is a broken one repaired', async () => {
    const lines = ['1,"x,=""y""",Lee,a@b.co', '="2,Ann,Lee,b@b.co', '="3"x,Ann,Lee,c@b.co', 'x="4",Ann,Lee,d@b.co'];
    const rows = await read([HEADER, ...lines].join('\n'));
    expect(rows[0]).toMatchObject({ employee: { firstName: 'x,="y"' } });
    expect(
      glance(rows)
        .slice(1)
        .map((row) => row.split(' ').slice(0, 2).join(' ')),
    ).toEqual(Array(3).fill('reject malformed'));
  });

  it('is known again by its bytes', async () => {
    const file = await open(`${HEADER}\n="00123",Ann,Lee,a@b.co\n`);
    const [row] = await rowsOf(file);
    const fingerprint = row?.kind === 'employee' ? row.fingerprint : null;
    expect(glance(await rowsOf(file, (known) => (known === fingerprint ? 40 : null)))).toEqual(['known 40 @2']);
  });
});
