import { describe, expect, it } from 'vitest';
import type { Employee, Row } from '../../src/roster/employee.ts';
import type { FieldMapping, Mapping } from '../../src/roster/mapping.ts';
import { field, open, read, rowsOf } from './builders.ts';

const HEADER = 'ID,First,Last,Email,A,B,Status';

/** The row of one line with these cells in columns A and B, which the mapping given reads. */
async function rowOf(cells: { a?: string; b?: string; id?: string; status?: string }, mapping: Partial<Mapping>) {
  const { a = '', b = '', id = '7', status = '' } = cells;
  const rows = await read(`${HEADER}\n${id},Ann,Lee,ann@example.com,${a},${b},${status}\n`, { mapping });
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error('one row was expected');
  return row;
}

function employeeOf(row: Row): Employee {
  if (row.kind !== 'employee') throw new Error(`not an employee: ${JSON.stringify(row)}`);
  return row.employee;
}

/** What an attribute becomes: its value, or the reject's rule in brackets. */
async function attribute(a: string, more: Partial<FieldMapping>, b = ''): Promise<string | null | undefined> {
  const row = await rowOf({ a, b }, { attributes: { x: field('A', more) } });
  return row.kind === 'reject' ? `[${row.reject.rule}]` : employeeOf(row).attributes.x;
}

describe('a field', () => {
  it('takes the first of its columns that is not blank', async () => {
    const columns = { columns: ['A', 'B'] };
    expect(await attribute('one', columns, 'two')).toBe('one');
    expect(await attribute('N/A', columns, 'two')).toBe('two');
    expect(await attribute(' ', columns, '')).toBeUndefined();
  });

  it('fills a template, and is blank when every placeholder is', async () => {
    const template = { columns: [], template: '{A}, {B}' };
    expect(await attribute('Lee', template, 'Ann')).toBe('Lee, Ann');
    expect(await attribute('Lee', template, '-')).toBe('Lee,');
    expect(await attribute('', template, 'NULL')).toBeUndefined();
  });

  it('does not take a dollar sign in a cell for an instruction', async () => {
    expect(await attribute('$&', { columns: [], template: '<{A}>' })).toBe('<$&>');
  });

  it('changes case', async () => {
    expect(await attribute('ANN Lee', { case: 'lower' })).toBe('ann lee');
    expect(await attribute('ann Lee', { case: 'upper' })).toBe('ANN LEE');
    expect(await attribute('ANN LEE', { case: 'title' })).toBe('Ann Lee');
  });

  it('replaces whole values exactly, and the rest is kept, blanked or rejected', async () => {
    const values = { ATX: 'Austin' };
    expect(await attribute(' ATX ', { values })).toBe('Austin');
    expect(await attribute('atx', { values })).toBe('atx');
    expect(await attribute('NYC', { values, otherwise: 'keep' })).toBe('NYC');
    expect(await attribute('NYC', { values, otherwise: 'blank', blank: 'clear' })).toBeNull();
    expect(await attribute('NYC', { values, otherwise: 'reject' })).toBe('[value]');
    expect(await attribute('constructor', { values, otherwise: 'reject' })).toBe('[value]');
    expect(await attribute('', { values, otherwise: 'reject' })).toBeUndefined();
  });

  it('takes the first capture group of a pattern, and rejects what does not match', async () => {
    const pattern = '\\((\\d+)\\)$';
    expect(await attribute('Ruiz Ana (1001)', { pattern })).toBe('1001');
    expect(await attribute('Ruiz Ana', { pattern })).toBe('[pattern]');
    expect(await attribute('', { pattern })).toBeUndefined();
    expect(await attribute('', { pattern, default: 'none' })).toBe('none');
    expect(await attribute('NO_MANAGER', { pattern, values: { NO_MANAGER: '' } })).toBeUndefined();
  });

  it('rewrites dates, and rejects what is no date', async () => {
    const date = { from: ['MM/dd/yyyy'], to: 'yyyy-MM-dd' };
    expect(await attribute('02/29/2024', { date })).toBe('2024-02-29');
    expect(await attribute('02/30/2024', { date })).toBe('[date]');
    expect(await attribute('2024-02-29', { date: { ...date, from: ['MM/dd/yyyy', 'yyyy-MM-dd'] } })).toBe('2024-02-29');
    expect(await attribute('45351', { date: { ...date, from: ['excel'] } })).toBe('2024-02-29');
    expect(await attribute('12/31/9999', { date, default: 'open' })).toBe('open');
  });

  it('pads with zeros and never shortens', async () => {
    expect(await attribute('123', { pad: 6 })).toBe('000123');
    expect(await attribute('1234567', { pad: 6 })).toBe('1234567');
    expect(await attribute('', { pad: 6 })).toBeUndefined();
  });

  it('falls back on its default when blank, whatever made it blank', async () => {
    expect(await attribute('N/A', { default: 'Remote' })).toBe('Remote');
    expect(await attribute('x', { values: { y: 'z' }, otherwise: 'blank', default: 'Remote' })).toBe('Remote');
  });

  it('that is blank clears or keeps the attribute', async () => {
    expect(await attribute('', { blank: 'clear' })).toBeNull();
    expect(await attribute('', { blank: 'keep' })).toBeUndefined();
    const row = await rowOf({}, { attributes: { x: field('A', { blank: 'keep' }) } });
    expect(Object.keys(employeeOf(row).attributes)).toEqual([]);
  });

  it('that is longer than Workshop takes rejects the row', async () => {
    expect(await attribute('x'.repeat(256), {})).toBe('[too_long]');
  });
});

describe('the phone number', () => {
  const phone = (more: Partial<FieldMapping>) => ({ phoneNumber: field('A', more) });

  it('becomes E.164 with a country, and stays as given without', async () => {
    expect(employeeOf(await rowOf({ a: '(512) 555-0100' }, phone({ phone: 'US' }))).phoneNumber).toBe('+15125550100');
    expect(employeeOf(await rowOf({ a: '(512) 555-0100' }, phone({}))).phoneNumber).toBe('(512) 555-0100');
  });

  it('that is none rejects the row', async () => {
    const row = await rowOf({ a: '12' }, phone({ phone: 'US' }));
    expect(row).toMatchObject({ kind: 'reject', reject: { rule: 'phone', field: 'phone_number', externalId: '7' } });
  });

  it('that is blank is left alone or cleared; a mapping without one leaves it alone', async () => {
    expect(employeeOf(await rowOf({}, phone({ blank: 'keep' }))).phoneNumber).toBeUndefined();
    expect(employeeOf(await rowOf({}, phone({ blank: 'clear' }))).phoneNumber).toBeNull();
    expect(employeeOf(await rowOf({}, {})).phoneNumber).toBeUndefined();
  });
});

describe('the status column', () => {
  const status = { status: { column: 'Status', employed: ['Active'], left: ['Terminated', ''] } };

  it('tells employees from leavers, who need nothing but their id', async () => {
    expect((await rowOf({ status: 'Active' }, status)).kind).toBe('employee');
    const rows = await read(`${HEADER}\n7,,,not an email,,,Terminated\n`, { mapping: status });
    expect(rows).toEqual([{ kind: 'left', line: 2, externalId: '7' }]);
  });

  it('removes nobody for an unknown word', async () => {
    const row = await rowOf({ status: 'active' }, status);
    expect(row).toMatchObject({ kind: 'reject', reject: { rule: 'status', field: 'status', externalId: '7' } });
    expect(row.kind === 'reject' && row.reject.message).toContain('"active" in "Status" is neither');
  });

  it('may list a blank as a word, and rejects it otherwise', async () => {
    expect((await rowOf({ status: 'N/A' }, status)).kind).toBe('left');
    const strict = { status: { ...status.status, left: ['Terminated'] } };
    expect(await rowOf({ status: '' }, strict)).toMatchObject({ reject: { rule: 'status' } });
  });

  it('rejects a leaver whose id cannot be read', async () => {
    const [row] = await read(`${HEADER}\n,,,no email,,,Terminated\n`, { mapping: status });
    const message = '"ID" is blank, and every person needs an id.';
    expect(row).toEqual({
      kind: 'reject',
      reject: {
        line: 2,
        externalId: null,
        field: 'external_id',
        rule: 'missing',
        message,
        mentions: ['no email', 'Terminated'],
      },
    });
  });
});

describe('exclusion', () => {
  const exclude = [{ column: 'A', is: ['Contractor', 'Intern'] }];

  it('takes a row out before anything of it is judged', async () => {
    const rows = await read(`${HEADER}\n7,,,,Contractor,,?\n8,A,B,a@b.co,Staff,,\n`, {
      mapping: { exclude, status: { column: 'Status', employed: [''], left: [] } },
    });
    expect(rows.map((row) => row.kind)).toEqual(['excluded', 'employee']);
    expect(rows[0]).toEqual({ kind: 'excluded', line: 2, externalId: '7' });
  });

  it('can name a blank', async () => {
    expect((await rowOf({ a: 'nan' }, { exclude: [{ column: 'A', is: [''] }] })).kind).toBe('excluded');
  });
});

describe('a row that cannot be used', () => {
  it('is one reject with its first problem, the fields of the others, and its person', async () => {
    const [row] = await read(`${HEADER}\n7,,Lee,not an email,,,\n`);
    expect(row).toEqual({
      kind: 'reject',
      reject: {
        line: 2,
        externalId: '7',
        field: 'first_name',
        rule: 'missing',
        message: '"First" is blank, and every person needs a first name. Also wrong in this row: email.',
      },
    });
  });

  it('names the attribute in the words of the configuration and the column in those of the file', async () => {
    const row = await rowOf({ a: 'x' }, { attributes: { start_date: field('a', { date: { from: ['d'], to: 'd' } }) } });
    expect(row).toMatchObject({ reject: { field: 'attributes.start_date', rule: 'date' } });
    expect(row.kind === 'reject' && row.reject.message).toContain('"x" in "A"');
  });

  it('keeps the text of an id that a spreadsheet broke', async () => {
    const row = await rowOf({ id: '1.2E+07' }, {});
    expect(row).toMatchObject({ reject: { rule: 'scientific_id', field: 'external_id', externalId: '1.2E+07' } });
    expect(employeeOf(await rowOf({ id: '5E9934' }, {})).externalId).toBe('5E9934');
  });

  it('shows at most 60 characters of a value', async () => {
    const [row] = await read(`${HEADER}\n7,Ann,Lee,${'x'.repeat(200)},,,\n`);
    expect(row?.kind === 'reject' && row.reject.message).toBe(
      `"${'x'.repeat(60)}…" in "Email" is not an email address.`,
    );
  });
});

describe('values', () => {
  it('are canonical: ids keep their zeros, letters are composed, spaces folded', async () => {
    const [row] = await read(`${HEADER}\n000123,  Jose\u0301 \u00a0 Luis,Lee,ann@example.com,,,\n`);
    expect(row?.kind === 'employee' && row.employee).toMatchObject({ externalId: '000123', firstName: 'José Luis' });
  });

  it('with control characters are warned about once, with a count, and read again next time', async () => {
    const file = await open(`${HEADER}\n1,A\u0007nn,L\u0001ee,a@b.co,,,\n2,Bo,Li,b@b.co,,,\n3,C\u0002,D,c@b.co,,,\n`);
    const rows = await rowsOf(file);
    expect(rows.map((row) => row.kind === 'employee' && row.fingerprint === null)).toEqual([true, false, true]);
    expect(file.warnings).toEqual(['control characters were removed from 3 values (first: line 2, First)']);
    await rowsOf(file);
    expect(file.warnings).toHaveLength(1);
    expect(file.warnings[0]).toContain('3 values');
  });
});
