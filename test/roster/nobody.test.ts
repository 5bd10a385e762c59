// Rows that are left out as nobody, and rows that hide: nobody is lost with them.

import { describe, expect, it } from 'vitest';
import { allRowsOf, field, HEADER, open, person, read } from './builders.ts';

describe('whoever stands where nobody should', () => {
  const last = { trailer: { kind: 'last', rows: 1 } as const };

  it.each([
    ['a person who was cut off behind the address', '1,Ann,Lee,ann@example.com\n2,Bob,Li,bob@example.com,Sa'],
    ['a person with a field too many', '1,Ann,Lee,ann@example.com\n2,Bob,Li,bob@example.com,Sales, West'],
    ['a person with nothing but an id and an address', '1,Ann,Lee,ann@example.com\n2,,,bob@example.com'],
  ])('sets the file aside: %s', async (_, rows) => {
    await expect(read(`${HEADER}\n${rows}`, { format: last })).rejects.toThrow('line 3 is a person');
  });

  it('sets it aside as well where the person is outside the scope of the sync', async () => {
    const exclude = [{ column: 'Last', is: ['Li'] }];
    const content = `${HEADER}\n1,Ann,Lee,ann@example.com\n2,Bob,Li,bob@example.com`;
    await expect(read(content, { format: last, mapping: { exclude } })).rejects.toThrow('line 3 is a person');
  });

  it('keeps whom a row may mean that looks like nobody and like no footer either', async () => {
    const rows = await allRowsOf(await open(`${HEADER}\n1,Ann,Lee,ann@example.com\n1005,Bo`, { format: last }));
    expect(rows.at(-1)).toEqual({ kind: 'left out', line: 3, mentions: ['1005'] });
  });

  it('is no trailer that counts', async () => {
    const trailer = { kind: 'counted', startsWith: 'T', countColumn: 2, counts: 'rows' } as const;
    const content = `${HEADER}\nT1,0,Lee,ann@example.com`;
    await expect(read(content, { format: { trailer } })).rejects.toThrow('its trailer is missing');
  });
});

describe('a label row that is missing', () => {
  it('sets the file aside, because the first person would be skipped', async () => {
    const content = `${HEADER}\n1,Ann,Lee,ann@example.com`;
    await expect(read(content, { format: { skipRowsAfterHeader: 1 } })).rejects.toThrow(
      'line 2 is a person, and `skip_rows_after_header` says that it is to be skipped',
    );
  });

  it('keeps whoever stands there without an address', async () => {
    const rows = await allRowsOf(
      await open(`${HEADER}\n7,Ann,Lee,\n${person(8)}`, { format: { skipRowsAfterHeader: 1 } }),
    );
    expect(rows[0]).toEqual({ kind: 'left out', line: 2, mentions: ['7'] });
  });
});

describe('whom an unclear row may mean', () => {
  it('is told by its id as the mapping makes it', async () => {
    const [row] = await read(`${HEADER}\n,103,Ann,Lee`, { mapping: { externalId: field('ID', { pad: 6 }) } });
    expect(row).toMatchObject({ reject: { mentions: expect.arrayContaining(['103', '000103']) } });
  });

  it('is told of an excluded row with a damaged id, too', async () => {
    const exclude = [{ column: 'Last', is: ['Lee'] }];
    const [row] = await read(`${HEADER}\n103.0,Ann,Lee,ann@example.com`, { mapping: { exclude } });
    expect(row).toMatchObject({ kind: 'excluded', mentions: expect.arrayContaining(['103', 'ann@example.com']) });
  });
});

it('two quotes that happen to pair do not hide the rows between them', async () => {
  const content = `${HEADER}\n1,Ann,"Lee\n2,Bob,Li,bob@example.com\n3,Cy",cy@example.com`;
  await expect(read(content)).rejects.toThrow('the quote opened in line 2 is unbalanced');
});
