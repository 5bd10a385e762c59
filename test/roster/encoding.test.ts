import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { format, glance, HEADER, open, person, read, refusal, rowsOf } from './builders.ts';

const EXPECTED = ['employee 1 @2', 'employee 2 @3', 'employee 3 @4'];

function table(last: string, lineEnd = '\n'): string {
  return [HEADER, person(1), person(2, last), person(3), ''].join(lineEnd);
}

async function lastNames(content: Uint8Array, encoding = 'auto', chunkBytes = 1 << 17): Promise<string[]> {
  const rows = await read(content, { format: { encoding }, chunkBytes });
  expect(glance(rows)).toEqual(EXPECTED);
  return rows.map((row) => (row.kind === 'employee' ? row.employee.lastName : row.kind));
}

function utf16(text: string, { bigEndian = false } = {}): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

describe('a file in UTF-16', () => {
  it.each([false, true])('is known by its BOM and by its zeros (big endian: %s)', async (bigEndian) => {
    for (const mark of ['', '\ufeff']) {
      const content = utf16(`${mark}${table('Łukaſz 😀', '\r\n')}`, { bigEndian });
      const name = bigEndian ? 'utf-16be' : 'utf-16le';
      for (const chunkBytes of [1, 5, 1 << 17]) {
        expect(await lastNames(content, 'auto', chunkBytes)).toEqual(['Lee', 'Łukaſz 😀', 'Lee']);
      }
      expect(await lastNames(content, name)).toEqual(['Lee', 'Łukaſz 😀', 'Lee']);
      const file = await open(content);
      expect([file.encoding, file.warnings]).toEqual([name, []]);
    }
  });

  it('is set aside with its line when half a surrogate pair stands in it', async () => {
    const content = utf16(table('#'));
    content[2 * table('#').indexOf('#') + 1] = 0xd8;
    expect((await refusal(open(content))).message).toContain('line 3 has bytes that are not utf-16le');
  });

  it.each([1, 2])('is set aside as cut off when its last character lacks bytes (%i)', async (missing) => {
    const whole = utf16(`\ufeff${table('x')}😀`);
    const error = await refusal(open(whole.subarray(0, -missing)));
    expect(error.message).toBe('employees.csv was set aside: it was cut off: it ends in the middle of a character');
  });

  it('is not what a file without a zero is, whatever the configuration says', async () => {
    const error = await refusal(open(table('x'), { format: { encoding: 'utf-16le' } }));
    expect(error.message).toContain('it is not utf-16le');
  });
});

describe('a file without a mark', () => {
  it('is UTF-8 when all of it is', async () => {
    const file = await open(table('Łukaſz 😀'));
    expect([file.encoding, file.warnings]).toEqual(['utf-8', []]);
  });

  it('is read as Windows-1252 when it is not, with a warning that names the first line', async () => {
    const content = iconv.encode(table('Müller–Łos’ €').replace('Ł', 'L'), 'windows-1252');
    expect(await lastNames(content)).toEqual(['Lee', 'Müller–Los’ €', 'Lee']);
    const file = await open(content);
    expect(file.encoding).toBe('windows-1252');
    const warning = 'read as windows-1252, because it is not UTF-8 (first: line 3); have it exported as UTF-8';
    await rowsOf(file);
    expect(file.warnings).toEqual([warning]);
  });

  it('is read as Windows-1252 also when the header alone shows it', async () => {
    const file = await open(Buffer.from(`${HEADER},Abteilungsgr\xf6\xdfe\r\n`, 'latin1'));
    expect(file.header.at(-1)).toBe('Abteilungsgröße');
  });

  it('is damaged UTF-8, and set aside, when no more lines speak against UTF-8 than for it', async () => {
    const bad = Buffer.from('9,Jos\xe9,Lee,jose@example.com\r\n', 'latin1');
    const lines = (good: number) => Array.from({ length: good }, (_, id) => `${person(id, 'Müller')}\r\n`).join('');
    const content = (good: number) => Buffer.concat([Buffer.from(`${HEADER}\r\n${lines(good)}`), bad, bad]);
    expect((await refusal(open(content(2)))).message).toContain('line 4 has bytes that are not UTF-8, and the rest');
    expect((await open(content(1))).encoding).toBe('windows-1252');
  });

  it('is cut off when its last character is there in part', async () => {
    const content = Buffer.from(`${HEADER}\n${person(1)}\n2,Zoë`).subarray(0, -1);
    expect((await refusal(open(content))).message).toContain('it was cut off');
  });

  it('is looked at as a whole, however long it is and whatever ends its lines', async () => {
    const many = `${person(1, 'x'.repeat(200))}\r`.repeat(6_000);
    const content = Buffer.concat([
      Buffer.from(`${HEADER}\r${many}`),
      Buffer.from('2,Jos\xe9', 'latin1'),
      Buffer.from('\r'),
    ]);
    expect((await open(content)).warnings[0]).toContain('(first: line 6002)');
  });

  it('is set aside when Windows-1252 cannot be what it is', async () => {
    const content = Buffer.from(`${HEADER}\n${person(1)}\n2,A\x81nn,Lee,a@example.com\n`, 'latin1');
    expect((await refusal(open(content))).message).toContain('line 3 has bytes that are not windows-1252');
  });
});

describe('a file in a named encoding', () => {
  it.each([
    ['windows-1252', 'Müller’s', '€'],
    ['latin1', 'Müller', 'é'],
    ['iso-8859-2', 'Šafařík', 'Łoś'],
    ['iso-8859-15', 'Œuvre €', 'é'],
    ['iso-8859-16', 'Țepeș', 'Ș'],
    ['windows-1250', 'Šafařík', 'Łoś'],
    ['windows-1251', 'Иванов', 'Ё'],
    ['windows-1253', 'Παπαδόπουλος', 'Ω'],
    ['windows-1255', 'כהן', 'א'],
    ['windows-874', 'สมชาย', 'ก'],
    ['ibm866', 'Иванов', 'Ё'],
    ['macintosh', 'Müller', '™'],
    ['koi8-r', 'Иванов', 'Ё'],
    ['shift_jis', '表ソ山田', '噂'],
    ['euc-jp', '山田太郎', '表'],
    ['gb18030', '王€小明', '😀'],
    ['gbk', '王小明', '€'],
    ['big5', '功許蓋', '㗎'],
    ['euc-kr', '김민수', '똠'],
  ])('%s is read with the names that people have', async (encoding, name, other) => {
    const content = iconv.encode(table(`${name} ${other}`), encoding);
    for (const chunkBytes of [1, 1 << 17]) {
      expect((await lastNames(content, encoding, chunkBytes))[1]).toBe(`${name} ${other}`);
    }
  });

  it('gbk has the euro sign where the standard has it', async () => {
    const content = Buffer.from(table('#'), 'latin1');
    const at = content.indexOf('#');
    const bytes = Buffer.concat([content.subarray(0, at), Buffer.from([0xa2, 0xe3]), content.subarray(at + 1)]);
    expect(await lastNames(bytes, 'gbk')).toEqual(['Lee', '€', 'Lee']);
  });

  it.each(['shift_jis', 'windows-1255', 'big5'])(
    '%s names the line of bytes that mean nothing, far into the file',
    async (encoding) => {
      const many = `${person(1)}\r\n`.repeat(4_000);
      const bad = Buffer.from([0xff, 0x0a]);
      const content = Buffer.concat([Buffer.from(`${HEADER}\r\n${many}`), bad, Buffer.from(many)]);
      const error = await refusal(read(content, { format: { encoding } }));
      expect(error.message).toBe(`employees.csv was set aside: line 4002 has bytes that are not ${encoding}`);
    },
  );

  it('is cut off when its last character is there in part', async () => {
    const content = iconv.encode(`${HEADER}\n${person(1)}\n2,山`, 'shift_jis').subarray(0, -1);
    expect((await refusal(read(content, { format: { encoding: 'shift_jis' } }))).message).toContain('it was cut off');
  });

  it('is one that there is', async () => {
    for (const encoding of ['replacement', 'klingon']) {
      await expect(open(HEADER, { format: { encoding } })).rejects.toThrow(UsageError);
    }
  });

  it('has another layout: the same bytes would be other people', async () => {
    const layout = async (encoding: string) => (await open(HEADER, { format: { ...format(), encoding } })).layout;
    expect(await layout('windows-1252')).not.toBe(await layout('iso-8859-2'));
  });
});

describe('a file in UTF-8 by its name or its mark', () => {
  it('is set aside with the line of bytes that are not', async () => {
    const content = Buffer.concat([
      Buffer.from(`\ufeff${HEADER}\r\n${person(1)}\r\n4,"a\r\nb",Lee,a@b.co\r\n`),
      Buffer.from('9,Jos\xe9,Lee,jose@example.com\r\n', 'latin1'),
      Buffer.from(`${person(3)}\r\n`),
    ]);
    for (const chunkBytes of [1, 7, 1 << 17]) {
      for (const bytes of [content, content.subarray(3)]) {
        const error = await refusal(read(bytes, { chunkBytes, format: { encoding: 'utf-8' } }));
        expect(error.message).toBe('employees.csv was set aside: line 5 has bytes that are not UTF-8');
      }
    }
  });

  it('is cut off when its last character is there in part', async () => {
    const content = Buffer.from(`\ufeff${HEADER}\n${person(1)}\n2,Zoë`).subarray(0, -1);
    for (const chunkBytes of [1, 1 << 17]) {
      expect((await refusal(read(content, { chunkBytes }))).message).toContain('it was cut off');
    }
    expect((await refusal(open(Buffer.from('\ufeffID,Zoë').subarray(0, -1)))).message).toContain('it was cut off');
  });

  it('is what its mark says, not what the configuration says', async () => {
    const file = await open(`\ufeff${table('Zoë')}`, { format: { encoding: 'windows-1252' } });
    expect(glance(await rowsOf(file))).toEqual(EXPECTED);
    expect(file.warnings).toEqual([
      'read as utf-8, because the file begins with the byte order mark of it, although `encoding` says windows-1252',
    ]);
    const wide = await open(utf16(`\ufeff${table('Zoë')}`), { format: { encoding: 'utf-16be' } });
    expect([wide.encoding, wide.warnings.length]).toEqual(['utf-16le', 1]);
  });
});

describe('a long file in another encoding', () => {
  it.each([
    ['utf-16le', 'é表'],
    ['windows-1252', 'Zoé'],
    ['shift_jis', '表'],
  ])('%s has all its rows, and each as it is', async (encoding, last) => {
    const ids = Array.from({ length: 6000 }, (_, id) => String(10_000 + id));
    const content = iconv.encode([HEADER, ...ids.map((id) => person(id, last))].join('\r\n'), encoding);
    const rows = await read(content, { format: { encoding } });
    expect(glance(rows)).toEqual(ids.map((id, index) => `employee ${id} @${index + 2}`));
  });
});

describe('how far a file in another encoding is read', () => {
  it('is told in its own bytes', async () => {
    const content = utf16(table('Zoë'));
    const told: number[] = [];
    for await (const _ of (await open(content)).rows(null, (bytes) => told.push(bytes)));
    expect(told.at(-1)).toBe(content.length);
  });
});
