// What spreadsheets and wrong encodings do to values, and that nobody's contact suffers from it.

import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/roster/employee.ts';
import type { Mapping } from '../../src/roster/mapping.ts';
import { type FileOptions, field, glance, open, read, rowsOf } from './builders.ts';

const HEADER = 'ID,First,Last,Email,A';
const attribute: Partial<Mapping> = { attributes: { a: field('A') } };

interface Line {
  id?: string;
  first?: string;
  last?: string;
  email?: string;
  a?: string;
}

function lineOf({ id = '7', first = 'Ann', last = 'Lee', email = 'ann@example.com', a = '' }: Line): string {
  return [id, first, last, email, a].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

async function rowOf(
  line: Line,
  mapping: Partial<Mapping> = attribute,
  format: FileOptions['format'] = {},
): Promise<Row> {
  const [row, ...others] = await read(`${HEADER}\n${lineOf(line)}\n`, { mapping, format });
  if (row === undefined || others.length > 0) throw new Error('one row was expected');
  return row;
}

function messageOf(row: Row): string {
  return row.kind === 'reject' ? row.reject.message : JSON.stringify(row);
}

describe('a spreadsheet formula that keeps a text as it is', () => {
  it('is read as its text, with a note of how many and where', async () => {
    const lines = [lineOf({ id: '="00123"', a: '="he said ""x"""' }), lineOf({ id: '8' }), lineOf({ id: '="9"' })];
    const file = await open([HEADER, ...lines].join('\n'), { mapping: attribute });
    const rows = await rowsOf(file);
    expect(rows[0]).toMatchObject({ employee: { externalId: '00123', attributes: { a: 'he said "x"' } } });
    expect(rows.map((row) => row.kind === 'employee' && row.fingerprint === null)).toEqual([false, false, false]);
    expect(file.warnings).toEqual([
      'the spreadsheet formula ="…" was read as its text in 3 values (first: line 2, ID)',
    ]);
  });

  it.each([
    ['=""', null],
    ['=" - "', null],
    [' ="x" ', 'x'],
    ['="a"&"b"', '="a"&"b"'],
    ['=A1', '=A1'],
    ['="', '="'],
  ])('of %s gives %s', async (a, value) => {
    const row = await rowOf({ a }, { attributes: { a: field('A', { blank: 'clear' }) } });
    expect(row).toMatchObject({ employee: { attributes: { a: value } } });
  });

  it('is no status and no exclusion of its own', async () => {
    const status = { column: 'A', employed: ['Active'], left: ['Gone'] };
    expect((await rowOf({ a: '="Gone"' }, { status })).kind).toBe('left');
    expect((await rowOf({ a: '="Gone"' }, { exclude: [{ column: 'A', is: ['Gone'] }] })).kind).toBe('excluded');
  });

  it('hides no id or email in a row that does not tell whose it is', async () => {
    const row = await rowOf({ id: '', a: '="00123"' });
    expect(row).toMatchObject({ reject: { rule: 'missing', mentions: expect.arrayContaining(['00123']) } });
  });
});

describe('an id that was taken for a number', () => {
  it('is rejected, and protects the person who is meant', async () => {
    const row = await rowOf({ id: '1001.0' });
    expect(row).toMatchObject({ reject: { rule: 'decimal_id', field: 'external_id', externalId: '1001.0' } });
    expect(row).toMatchObject({ reject: { mentions: expect.arrayContaining(['1001', '1001.0', 'ann@example.com']) } });
    expect(messageOf(row)).toBe(
      '"1001.0" in "ID" is no id: a spreadsheet or a script took the id for a number. Have the column exported as text, or take the decimals off with pattern: "^(\\\\d+)".',
    );
  });

  it('protects the person with the zeros that the mapping adds', async () => {
    const padded = { externalId: field('ID', { pad: 8 }) };
    expect(await rowOf({ id: '1001.00' }, padded)).toMatchObject({
      reject: { rule: 'decimal_id', mentions: expect.arrayContaining(['00001001']) },
    });
    expect(glance(await read(`${HEADER}\n1001.0,Ann\n`, { mapping: padded }))).toEqual(['reject ragged 00001001 @2']);
  });

  it('is repaired by the pattern of the message', async () => {
    const row = await rowOf({ id: '1001.0' }, { externalId: field('ID', { pattern: '^(\\d+)', pad: 6 }) });
    expect(row).toMatchObject({ employee: { externalId: '001001' } });
  });

  it('in digits of a power of ten protects all that the row says', async () => {
    for (const id of ['1E+11', '1,2E+07', '1.2E+07']) {
      expect(await rowOf({ id })).toMatchObject({
        reject: {
          rule: 'scientific_id',
          externalId: id,
          mentions: expect.arrayContaining([id, 'Ann', 'Lee', 'ann@example.com']),
        },
      });
    }
    expect((await rowOf({ id: '5E9934' })).kind).toBe('employee');
  });
});

describe('what a spreadsheet shows in the place of a value', () => {
  it.each(['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '########', '#NV', '#¡REF!', ' #N/A ', '="#N/A"'])(
    'rejects the row, in any field: %s',
    async (a) => {
      expect(await rowOf({ a })).toMatchObject({
        reject: { rule: 'spreadsheet_error', field: 'attributes.a', externalId: '7' },
      });
    },
  );

  it.each(['#1', '#', 'No. #N/A', '#general', 'REF!'])('is not %s', async (a) => {
    expect(await rowOf({ a })).toMatchObject({ employee: { attributes: { a } } });
  });

  it('says how to go on', async () => {
    expect(messageOf(await rowOf({ a: '#N/A' }))).toBe(
      '"#N/A" in "A" is no value but what a spreadsheet shows in the place of one. Correct the export, or list it under null_words if it means blank.',
    );
  });

  it('is blank where the configuration says so, and another value where it says that', async () => {
    const clear = { attributes: { a: field('A', { blank: 'clear' }) } };
    const nullWords = ['', '#N/A'];
    expect(await rowOf({ a: '#N/A' }, clear, { nullWords })).toMatchObject({ employee: { attributes: { a: null } } });
    const values = { attributes: { a: field('A', { values: { '#REF!': 'Remote' } }) } };
    expect(await rowOf({ a: '#REF!' }, values)).toMatchObject({ employee: { attributes: { a: 'Remote' } } });
  });

  it('is found in every part of a template, and in a column that others stand in for', async () => {
    const a = (more: object) => ({ attributes: { a: field([], more) } });
    expect(await rowOf({ a: '#N/A' }, a({ template: '{First} {A}' }))).toMatchObject({
      reject: { rule: 'spreadsheet_error' },
    });
    expect(await rowOf({ a: '#N/A' }, a({ columns: ['A', 'First'] }))).toMatchObject({
      reject: { rule: 'spreadsheet_error' },
    });
    expect((await rowOf({ a: '#N/A' }, a({ columns: ['First', 'A'] }))).kind).toBe('employee');
  });

  it('in an unmapped column is nobody’s trouble', async () => {
    expect((await rowOf({ a: '#N/A' }, {})).kind).toBe('employee');
  });

  it('as an id tells nobody, and as a status or scope removes nobody', async () => {
    expect(await rowOf({ id: '#N/A' })).toMatchObject({
      reject: { externalId: null, mentions: expect.arrayContaining(['ann@example.com']) },
    });
    const status = { column: 'A', employed: ['Active'], left: ['Gone'] };
    expect(await rowOf({ a: '#N/A' }, { status })).toMatchObject({
      reject: { rule: 'spreadsheet_error', field: 'status', externalId: '7' },
    });
    const exclude = [{ column: 'A', is: ['Contractor'] }];
    const left = { column: 'First', employed: ['x'], left: ['Ann'] };
    for (const mapping of [{ exclude }, { exclude, status: left }]) {
      expect(await rowOf({ a: '#N/A' }, mapping)).toMatchObject({
        reject: { rule: 'spreadsheet_error', field: 'exclude', externalId: '7' },
      });
    }
  });
});

describe('a value in the wrong encoding', () => {
  it.each([
    ['a lost character', { a: 'Mu\ufffdoz' }, 'attributes.a', 'has lost characters'],
    ['letters that became two', { first: 'JosÃ©' }, 'first_name', 'is garbled'],
    ['a letter that became two, one of them a space', { a: 'NicolÃ\u00a0' }, 'attributes.a', 'is garbled'],
    ['a letter that became two, one of them a control', { last: 'Ã\u0081lvarez' }, 'last_name', 'is garbled'],
    ['a question mark in a first name', { first: 'Jos?' }, 'first_name', 'has ? in the place of letters'],
    ['a question mark in a last name', { last: 'Mu?oz' }, 'last_name', 'has ? in the place of letters'],
    ['question marks for a whole name', { last: '???' }, 'last_name', 'has ? in the place of letters'],
  ])('is a reject: %s', async (_, line: Line, at, what) => {
    const row = await rowOf(line);
    expect(row).toMatchObject({ reject: { rule: 'garbled', field: at, externalId: '7' } });
    expect(messageOf(row)).toMatch(
      new RegExp(
        `^".+" in "\\w+" ${what.replace('?', '\\?')}: the file was exported, or saved again, in the wrong encoding. Export`,
      ),
    );
  });

  it.each([{ first: 'José' }, { last: 'Müller-Łuć' }, { last: 'MAGALHÃES' }, { a: 'Who? We!' }, { first: 'Ann (?)' }])(
    'is not %o',
    async (line: Line) => {
      expect((await rowOf(line)).kind).toBe('employee');
    },
  );

  it('in the id tells nobody for sure', async () => {
    expect(await rowOf({ id: '7\ufffd' })).toMatchObject({
      reject: { rule: 'garbled', externalId: null, mentions: expect.arrayContaining(['ann@example.com']) },
    });
  });

  it('is understood where the configuration lists it', async () => {
    const values = { attributes: { a: field('A', { values: { 'ZÃ¼rich': 'Zürich' } }) } };
    expect(await rowOf({ a: 'ZÃ¼rich' }, values)).toMatchObject({ employee: { attributes: { a: 'Zürich' } } });
    const status = { column: 'A', employed: ['Active'], left: ['DÃ©part'] };
    expect((await rowOf({ a: 'DÃ©part' }, { status })).kind).toBe('left');
  });
});

describe('a null word', () => {
  it.each(['nan', 'NULL', '-', '\u00a0', ' -\u00a0', '\ufeffnan', '=" nan "'])(
    'is blank, exactly, when trimmed: %j',
    async (a) => {
      expect(await rowOf({ a })).toMatchObject({ employee: { attributes: {} } });
    },
  );

  it.each(['NaN', 'null', '--', 'Nan Lee', '– '])('is not %j', async (a) => {
    expect(await rowOf({ a })).toMatchObject({ employee: { attributes: { a: a.trim() } } });
  });
});
