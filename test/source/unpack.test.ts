// What is around the table comes off: gzip and zip, by content, within limits.

import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Zippable, zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { packingPlace } from '../support/packing.ts';

const CSV = 'id,name\n1,Ana\n2,José\n';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)])) as Zippable);

let at: ReturnType<typeof packingPlace>;

beforeEach(() => {
  at = packingPlace();
});

describe('a file that is packed', () => {
  it.each([
    ['gzip', gzipSync(CSV)],
    ['gzip of several parts', Buffer.concat([gzipSync(CSV.slice(0, 9)), gzipSync(CSV.slice(9))])],
    ['zip', zip({ 'export.csv': CSV })],
    ['zip without compression', zipSync({ 'a.csv': [bytes(CSV), { level: 0 }] })],
    ['zip of one gzip file', zipSync({ 'export.csv.gz': new Uint8Array(gzipSync(CSV)) })],
    ['zip of one file of any name', zip({ export: CSV })],
  ])('comes out whole: %s', async (_what, content) => {
    expect(await at.read({ content })).toBe(CSV);
  });

  it('is unpacked beside the copy, for its owner alone, and the copy stays as it was delivered', async () => {
    const content = gzipSync(CSV);
    const { path } = await at.open({ content });
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(at.path).equals(content)).toBe(true);
    expect(at.names()).toEqual(['roster', 'roster.unpacked']);
  });

  it('is not packed at all, and stays where it is', async () => {
    for (const compression of ['auto', 'none'] as const) {
      expect(await at.open({ content: CSV, compression })).toEqual({ path: at.path, size: Buffer.byteLength(CSV) });
    }
  });

  it('may be a text that begins with an accent, or like an archive', async () => {
    for (const text of [Buffer.from('Álvaro,1\n', 'latin1'), Buffer.from('Ärger,1\n'), Buffer.from('BZh,id\n1,2\n')]) {
      expect((await at.open({ content: text })).path).toBe(at.path);
    }
  });

  it('is left as it is where the configuration says so', async () => {
    expect((await at.open({ content: gzipSync(CSV), compression: 'none' })).path).toBe(at.path);
  });
});

describe('what the configuration insists on', () => {
  it.each([
    ['gzip', CSV, 'it is not compressed with gzip, as `compression` in the configuration asks for'],
    ['gzip', '', 'it is not compressed with gzip'],
    ['gzip', zip({ 'a.csv': CSV }), 'an Excel workbook or a zip archive'],
    [
      'zip',
      gzipSync(CSV),
      'not compressed with zip, as `compression` in the configuration asks for; it is compressed with gzip',
    ],
  ] as const)('%s is not given', async (compression, content, words) => {
    const trouble = await at.troubleOf({ content, compression });
    expect(trouble).toMatchObject({ trouble: 'quarantined', message: expect.stringContaining(words) });
  });
});

describe('which file of a zip archive', () => {
  it('is the only one, whatever else a computer adds', async () => {
    const content = zip({ 'out/': '', '__MACOSX/out/._a.csv': 'x', 'out/.DS_Store': 'x', 'out/a.csv': CSV });
    expect(await at.read({ content })).toBe(CSV);
  });

  it('is the only one that is called like a table', async () => {
    expect(await at.read({ content: zip({ 'readme.pdf': 'x', 'data.TXT': CSV }) })).toBe(CSV);
  });

  it('is the one that zip_entry matches, in any folder', async () => {
    const content = zip({ 'x/employees_1.csv': CSV, 'departments.csv': 'x' });
    expect(await at.read({ content, zipEntry: 'employees*.csv' })).toBe(CSV);
  });

  it('is asked, with the names, when there are several', async () => {
    const names = ['a', 'b\u001b[2J', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.csv`);
    const trouble = await at.troubleOf({ content: zip(Object.fromEntries(names.map((name) => [name, CSV]))) });
    expect(trouble.trouble).toBe('quarantined');
    expect(trouble.message).toContain('has 7 files; in it are: a.csv, b[2J.csv, c.csv, d.csv, e.csv and 2 more');
    expect(trouble.hint).toContain('`zip_entry`');
  });

  it('is none, or more than one, of what zip_entry says', async () => {
    const content = zip({ 'a1.csv': CSV, 'a2.csv': CSV, 'b.csv': CSV });
    expect((await at.troubleOf({ content, zipEntry: 'x*' })).message).toContain(
      'no file of the zip archive matches `zip_entry` "x*"; in it are: a1.csv, a2.csv, b.csv',
    );
    expect((await at.troubleOf({ content, zipEntry: 'a*' })).message).toContain(
      '`zip_entry` "a*" matches 2 files of the zip archive: a1.csv, a2.csv',
    );
  });

  it('is none in an empty archive, and none in a workbook', async () => {
    expect((await at.troubleOf({ content: zip({}) })).message).toContain('has no file in it');
    expect((await at.troubleOf({ content: zip({ 'out/': '' }) })).message).toContain('has no file in it');
    const workbook = zip({ '[Content_Types].xml': 'x', 'xl/workbook.xml': 'x' });
    expect((await at.troubleOf({ content: workbook })).message).toContain('it is an Excel workbook');
  });

  it('never decides where it goes', async () => {
    expect(await at.read({ content: zip({ '../../../tmp/stolen.csv': CSV }) })).toBe(CSV);
    expect(at.names()).toEqual(['roster', 'roster.unpacked']);
  });
});

describe('a damaged file is set aside whole', () => {
  const noise = Array.from({ length: 20_000 }, (_, index) => `${index * 7919},x\n`).join('');

  it.each([
    ['gzip that ends in the middle', gzipSync(noise).subarray(0, 20_000), 'ends in the middle'],
    ['gzip with a wrong checksum', changed(gzipSync(noise), -8), 'damaged'],
    ['gzip with a changed byte', changed(gzipSync(noise), 20_000), 'damaged'],
    ['zip that ends in the middle', zip({ 'a.csv': noise }).subarray(0, 20_000), 'damaged'],
    ['zip with a changed byte', changed(zip({ 'a.csv': noise }), 20_000), 'inside the zip archive|damaged'],
    ['zip with a wrong size', withSize(zip({ 'a.csv': noise }), 17), 'damaged|should have'],
    ['zip with a wrong checksum', changed(zip({ 'a.csv': noise }), -22 - 51 + 16), 'checksum'],
    ['zip with a password', withFlag(zip({ 'a.csv': noise })), 'protected with a password'],
    ['zip of another method', withMethod(zip({ 'a.csv': noise }), 99), 'not supported .method 99'],
  ])('%s', async (_what, content, words) => {
    const trouble = await at.troubleOf({ content });
    expect(trouble).toMatchObject({ trouble: 'quarantined', message: expect.stringMatching(words) });
  });

  it.each([
    ['gzip in gzip', gzipSync(gzipSync(CSV)), 'packed twice'],
    ['zip in zip', zipSync({ 'a.csv': zip({ 'b.csv': CSV }) }), 'packed twice'],
    ['zip in gzip', gzipSync(zip({ 'b.csv': CSV })), 'packed twice'],
    ['7z', Buffer.from('377abcaf271c0004', 'hex'), 'a 7z archive'],
    ['tar in gzip', gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\u000000')])), 'a tar archive'],
  ])('and so is what nobody unpacks: %s', async (_what, content, words) => {
    expect(await at.troubleOf({ content })).toMatchObject({
      trouble: 'quarantined',
      message: expect.stringContaining(words),
    });
  });
});

describe('a bomb', () => {
  it('is noticed by what comes out of it, long before the end', async () => {
    const zeros = new Uint8Array(100 * 1024 * 1024);
    const trouble = await at.troubleOf({ content: gzipSync(zeros) });
    expect(trouble).toMatchObject({ trouble: 'quarantined' });
    expect(trouble.message).toContain('its 100 KiB unpack to more than 64 MiB');
    expect((await at.troubleOf({ content: zipSync({ 'a.csv': zeros }) })).message).toContain('more than 64 MiB');
  });

  it('is noticed in a zip archive that lies about its size', async () => {
    const content = withSize(zipSync({ 'a.csv': new Uint8Array(1024 * 1024) }), 10);
    expect((await at.troubleOf({ content })).trouble).toBe('quarantined');
  });

  it('is noticed when two small layers make a large one', async () => {
    const limits = { bytes: 2 ** 31, harmlessBytes: 1000, ratio: 200 };
    const content = zipSync({ 'a.csv.gz': new Uint8Array(gzipSync(new Uint8Array(1024 * 1024))) });
    expect((await at.troubleOf({ content, limits })).message).toContain('unpack to more than');
  });

  it('is whatever is larger than any employee file, and not what packs well', async () => {
    const text = 'a,b,c\n'.repeat(10_000);
    const limits = { bytes: 50_000, harmlessBytes: 1000, ratio: 1000 };
    expect((await at.troubleOf({ content: gzipSync(text), limits })).message).toContain('more than 49 KiB');
    expect(await at.read({ content: gzipSync(text), limits: { ...limits, bytes: 60_000 } })).toBe(text);
  });
});

it('an abort ends it between two chunks, and leaves nothing', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(at.open({ content: gzipSync(CSV), signal })).rejects.toThrow('enough');
  await expect(at.open({ content: zip({ 'a.csv': CSV }), signal })).rejects.toThrow('enough');
  expect(at.names()).toEqual(['roster']);
});

/** The same with another byte; counted from the end when negative. */
function changed(content: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(content);
  const place = index < 0 ? copy.length + index : index;
  copy[place] = (copy[place] ?? 0) ^ 0x55;
  return copy;
}

function directoryOf(content: Uint8Array): { copy: Buffer; at: number } {
  const copy = Buffer.from(content);
  return { copy, at: copy.readUInt32LE(copy.length - 6) };
}

function withSize(content: Uint8Array, size: number): Uint8Array {
  const { copy, at: place } = directoryOf(content);
  copy.writeUInt32LE(size, place + 24);
  return copy;
}

function withFlag(content: Uint8Array): Uint8Array {
  const { copy, at: place } = directoryOf(content);
  copy.writeUInt16LE(1, place + 8);
  return copy;
}

function withMethod(content: Uint8Array, method: number): Uint8Array {
  const { copy, at: place } = directoryOf(content);
  copy.writeUInt16LE(method, place + 10);
  return copy;
}
