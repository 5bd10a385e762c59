import { describe, expect, it } from 'vitest';
import { field, glance, HEADER, open, person, read, rowsOf } from './builders.ts';

describe('a bad row keeps its person', () => {
  it('when it has more or fewer fields than the header', async () => {
    const rows = await read(`${HEADER}\n1,Ann,Lee\n2,Ann,Lee,ann@example.com,x\n${person(3)}\n`);
    expect(glance(rows)).toEqual(['reject ragged 1 @2', 'reject ragged 2 @3', 'employee 3 @4']);
    expect(rows[0]).toMatchObject({
      reject: {
        field: null,
        message:
          'This row has 3 fields, the header has 4: probably a value that is missing, or a row that was cut off. Whoever it means stays as they are.',
      },
    });
  });

  it.each([
    ['text after a closing quote', '2,"Ann"x,Lee,a@b.co', 'there is text after a closing quote'],
    ['a quote inside a plain value', '2,An"n,Lee,a@b.co', 'there is a quote inside a value that is not quoted'],
    ['unescaped inner quotes', '2,"Ann "A, B" x",Lee,a@b.co', 'there is text after a closing quote'],
    ['a zero byte', '2,An\0n,Lee,a@b.co', 'it has zero bytes in it'],
    ['a zero byte in the id', '\x002,Ann,Lee,a@b.co', 'it has zero bytes in it'],
  ])('when it has %s', async (_, line, reason) => {
    const rows = await read([HEADER, person(1), line, person(3), ''].join('\n'));
    expect(glance(rows)).toEqual(['employee 1 @2', 'reject malformed 2 @3', 'employee 3 @4']);
    expect(rows[1]).toMatchObject({
      reject: { message: `This row cannot be read: ${reason}. Whoever it means stays as they are.` },
    });
  });

  it('when it is one of many bad rows among good ones', async () => {
    const lines = Array.from({ length: 500 }, (_, id) => (id % 7 === 3 ? `${id},"A"x,Lee,a@b.co` : person(id)));
    const rows = await read([HEADER, ...lines].join('\n'));
    const expected = lines.map((_, id) => `${id % 7 === 3 ? 'reject malformed' : 'employee'} ${id} @${id + 2}`);
    expect(glance(rows)).toEqual(expected);
  });

  it('with the id as the mapping makes it, not as the cell has it', async () => {
    const externalId = field('ID', { pad: 6 });
    expect(glance(await read(`${HEADER}\n12,Ann\n`, { mapping: { externalId } }))).toEqual(['reject ragged 000012 @2']);
  });

  it('although a delimiter in quotes comes before the id', async () => {
    const rows = await read(`Name,ID,First,Last,Email\n"Lee, ""A""",7,An"n,Lee,a@b.co\n`);
    expect(glance(rows)).toEqual(['reject malformed 7 @2']);
  });

  it.each([
    ['text beside the quotes of its id', '"2"x,Ann,Lee,a@b.co'],
    ['quotes around all of it', '"2,Ann,Lee,a@b.co"'],
    ['a quote before its id', '""2",Ann,Lee,a@b.co'],
    ['a delimiter before its id', ',2,Ann,Lee,a@b.co'],
  ])('whoever that may be, when it has %s', async (_, line) => {
    const [row] = await read(`${HEADER}\n${line}\n`);
    expect(row).toMatchObject({ kind: 'reject', reject: { mentions: expect.arrayContaining(['2', 'a@b.co']) } });
  });

  it('unless nothing tells who it is', async () => {
    expect(glance(await read(`Last,First,Email,ID\nLee,Ann\n`))).toEqual(['reject ragged null @2']);
  });
});

describe('a record whose bytes are known', () => {
  const content = `${HEADER}\n${person(1)}\n2,"An\nn",Lee,a@b.co\nbroken "x",\n${person(4)}\n`;

  it('is not parsed, and the others are as ever', async () => {
    const file = await open(content);
    const all = await rowsOf(file);
    const known = new Map(all.map((row) => [row.kind === 'employee' ? row.fingerprint : null, 40]));
    known.delete(null);
    const second = all[1]?.kind === 'employee' ? all[1].fingerprint : null;
    const rows = await rowsOf(file, (fingerprint) => (fingerprint === second ? 77 : null));
    expect(rows).toEqual([all[0], { kind: 'known', line: 3, contactId: 77 }, all[2], all[3]]);
    expect(glance(await rowsOf(file, (fingerprint) => known.get(fingerprint) ?? null))).toEqual([
      'known 40 @2',
      'known 40 @3',
      'reject malformed broken "x" @5',
      'known 40 @6',
    ]);
  });

  it('is known again whatever its line end and its place in the file', async () => {
    const [row] = await read(`${HEADER}\n${person(1)}`);
    const [, moved] = await read(`${HEADER}\r\n${person(0)}\r\n${person(1)}\r\n`);
    expect(row?.kind === 'employee' && row.fingerprint).toBe(moved?.kind === 'employee' && moved.fingerprint);
  });

  it('is known under one layout alone: mapping, format and header decide what bytes mean', async () => {
    const layouts = await Promise.all([
      open(`${HEADER}\n`),
      open(`${HEADER},X\n`),
      open(`${HEADER}\n`, { mapping: { email: field('Email', { case: 'lower' }) } }),
      open(`${HEADER}\n`, { format: { nullWords: [''] } }),
      open(`${HEADER.replaceAll(',', ';')}\n`),
    ]);
    expect(new Set(layouts.map((file) => file.layout)).size).toBe(layouts.length);
    expect((await open(`\ufeff${HEADER}\r\n${person(1)}`)).layout).toBe(layouts[0]?.layout);
  });
});
