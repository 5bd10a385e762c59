// Patterns and templates on the names, ids and managers of real exports, and patterns that would never end.

import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/roster/employee.ts';
import type { FieldMapping, Mapping } from '../../src/roster/mapping.ts';
import { patternProblem } from '../../src/roster/pattern.ts';
import { field, open, read, rowsOf } from './builders.ts';

async function rowOf(cell: string, mapping: Partial<Mapping>): Promise<Row> {
  const cells = [cell, '7', 'Ann', 'Lee', 'ann@example.com'].map((text) => `"${text.replaceAll('"', '""')}"`);
  const [row] = await read(`A,ID,First,Last,Email\n${cells.join(',')}\n`, { mapping });
  if (row === undefined) throw new Error('one row was expected');
  return row;
}

const from = (more: Partial<FieldMapping>) => field('A', more);

describe('a name in one column', () => {
  const names = {
    firstName: from({ pattern: '^[^,]+,\\s*([^,]+)' }),
    lastName: from({ pattern: '^([^,]+),' }),
    attributes: { suffix: from({ pattern: '^[^,]+,[^,]+,?(.*)$', blank: 'clear' }) },
  };

  it.each([
    ['Ruiz, Ana', { firstName: 'Ana', lastName: 'Ruiz', attributes: { suffix: null } }],
    ['Ruiz, Ana, Jr.', { firstName: 'Ana', lastName: 'Ruiz', attributes: { suffix: 'Jr.' } }],
    ['de la Cruz,Ana María', { firstName: 'Ana María', lastName: 'de la Cruz', attributes: { suffix: null } }],
  ])('is taken apart: %s', async (cell, employee) => {
    expect(await rowOf(cell, names)).toMatchObject({ employee });
  });

  it('that does not match rejects the row', async () => {
    expect(await rowOf('Ana Ruiz', names)).toMatchObject({ reject: { rule: 'pattern', field: 'first_name' } });
  });

  it('is taken apart by blanks with the number behind it', async () => {
    const worker = {
      externalId: from({ pattern: '\\((\\d+)\\)$' }),
      firstName: from({ pattern: '^(.+?) \\S+ \\(\\d+\\)$' }),
      lastName: from({ pattern: '(\\S+) \\(\\d+\\)$' }),
      attributes: { manager_id: from({ pattern: '\\((\\d+)\\)$', pad: 6 }), name: from({ pattern: '^(.*) \\(' }) },
    };
    expect(await rowOf('Ana María Ruiz (1001)', worker)).toMatchObject({
      employee: {
        externalId: '1001',
        firstName: 'Ana María',
        lastName: 'Ruiz',
        attributes: { manager_id: '001001', name: 'Ana María Ruiz' },
      },
    });
    expect(await rowOf('Ana Ruiz', worker)).toMatchObject({ reject: { rule: 'pattern', field: 'external_id' } });
  });

  it('is put together by a template, for required fields as for attributes', async () => {
    const mapping = {
      externalId: field([], { template: 'US-{ID}' }),
      firstName: field([], { template: '{First} {A}' }),
      attributes: { display: field([], { template: '{Last}, {First} ({ID})', pattern: '^(.*) \\(' }) },
    };
    expect(await rowOf('M.', mapping)).toMatchObject({
      employee: { externalId: 'US-7', firstName: 'Ann M.', attributes: { display: 'Lee, Ann' } },
    });
  });
});

describe('a pattern', () => {
  it('never reads more than 1,000 characters', async () => {
    const attributes = { a: from({ pattern: '^(.)' }) };
    expect(await rowOf('x'.repeat(1000), { attributes })).toMatchObject({ employee: { attributes: { a: 'x' } } });
    const row = await rowOf('x'.repeat(1001), { attributes });
    expect(row).toMatchObject({ reject: { rule: 'too_long', field: 'attributes.a', externalId: '7' } });
    expect(row.kind === 'reject' && row.reject.message).toMatch(/^"x{60}…" in "A" is longer than the 1000 characters/);
  });

  it.each([
    '(a+)+$',
    '(a*)*b',
    '^(\\w+\\s?)+$',
    '(?:\\s*\\w+)+(x)',
    '(a|a)+$',
    '(?:\\d{1,3})+(x)',
    '(?:(?:a+)b?)*(x)',
    '(?:a+(?!,))+(x)',
    '(?:\\b\\w+)*(x)',
    '(?:,\\w*\\w*)+(x)',
    '(?:,a*[ab]b*)+(x)',
    '(x)(?:,\\1?)+',
    '(.*,){9}(x)',
    '(?<n>[a-z]+)+?$',
    '([(]|[)])*',
  ])('that could take for ever is refused: %s', (pattern) => {
    expect(patternProblem(pattern)).toMatch(/^must not repeat a group/);
  });

  it.each([
    '^(\\d+)',
    '\\((\\d+)\\)$',
    '^[^,]+,\\s*([^,]+)',
    '^([^,]+),? ?(?:Jr|Sr)?\\.?$',
    '^(\\w+(?:-\\w+)*)$',
    '^(\\w+(?:\\s+\\w+)*)$',
    '^(?:[^,]*,){3}([^,]*)',
    '(?<year>\\d{4})-\\d{2}',
    '^(?:ab){2,}(c)',
    '^(?:Mr|Dr)\\. (.+)$',
    '([\\p{Lu}\\])]+)',
    '(?=.*\\d)([a-z\\d]+)',
    '^(\\d{1,3}(?:\\.\\d{3})*)',
  ])('of every day is not, and is soon done with hostile text: %s', (pattern) => {
    expect(patternProblem(pattern)).toBeNull();
    const hostile = ['a', '1', 'a ', 'a,', '-a', '.111', 'Ab'].map((piece) => `${piece.repeat(1000).slice(0, 999)}!`);
    expect(hostile.filter((text) => new RegExp(pattern, 'u').test(text)).length).toBeLessThan(7);
  });
});

describe('a date that stands for none', () => {
  it('is noted once, with a count, and the row is known again next time', async () => {
    const date = { from: ['MM/dd/yyyy'], to: 'yyyy-MM-dd' };
    const mapping = { attributes: { until: field('A', { date, blank: 'clear' }) } };
    const lines = ['12/31/9999', '12/31/2024', '00/00/0000'].map((cell, id) => `${cell},${id},A,B,a${id}@b.co`);
    const file = await open(['A,ID,First,Last,Email', ...lines].join('\n'), { mapping });
    const rows = await rowsOf(file);
    expect(rows.map((row) => row.kind === 'employee' && row.employee.attributes.until)).toEqual([
      null,
      '2024-12-31',
      null,
    ]);
    expect(rows.map((row) => row.kind === 'employee' && row.fingerprint === null)).toEqual([false, false, false]);
    expect(file.warnings).toEqual([
      'a date that stands for none, such as 12/31/9999, was read as blank in 2 values (first: line 2, "A")',
    ]);
  });
});
