// Whatever bytes come, a file ends in rows or in a refusal, and no line of it is lost without a word. Seeded:
// `FUZZ_CASES=20000 FUZZ_SEED=7` runs more of other ones, and a failure prints its seed.

import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { FeedError, UsageError } from '../../src/errors.ts';
import type { Row } from '../../src/roster/employee.ts';
import type { FileFormat } from '../../src/roster/mapping.ts';
import { openRosterFile, type RosterFile } from '../../src/roster/roster-file.ts';
import { canonicalText } from '../../src/roster/text.ts';
import { fileWith, mapping, rowsOf } from './builders.ts';
import { encode, formatOf, type Shape, shape, type WrittenRoster, writeText } from './random-roster.ts';

const CASES = Number(process.env.FUZZ_CASES ?? 100);
const PARAMETERS = { numRuns: CASES, seed: Number(process.env.FUZZ_SEED ?? 1) };
const FILE = fileWith('');
const TIMEOUT_MS = 5000 + 50 * CASES;

interface Outcome {
  readonly file: RosterFile;
  readonly rows: readonly Row[];
}

/** null: refused. Any other error than a refusal is ours, and thrown. */
async function outcomeOf(bytes: Uint8Array, format: FileFormat, chunkBytes: number): Promise<Outcome | null> {
  try {
    writeFileSync(FILE, bytes);
    const file = await openRosterFile({ path: FILE, format, mapping: mapping(), chunkBytes });
    return { file, rows: await rowsOf(file) };
  } catch (error) {
    if (error instanceof FeedError || error instanceof UsageError) return null;
    throw error;
  }
}

/** Without quotes, each line from the header on is the header, a label, a row, blank fields or the trailer. */
function expectNoLineLost(bytes: Buffer, { file, rows }: Outcome, format: FileFormat): void {
  const text = iconv.decode(bytes, file.encoding);
  if (format.quote !== null && text.includes(format.quote)) return;
  const lines = text.split(/\r\n|\n|\r/);
  const saysDelimiter = /^"?sep=(?:[^\w\s"'\\]|\t)"?\s*$/i.test(lines[0] ?? '');
  const fromHeader = lines.slice(format.headerRow === 1 && saysDelimiter ? 1 : format.headerRow - 1);
  const filled = (line: string) => line.split(file.delimiter).some((cell) => canonicalText(cell) !== '');
  const isRow = (line: string) => filled(line) || line.includes('\0');
  const expected =
    fromHeader.filter(isRow).length - 1 - Math.min(format.skipRowsAfterHeader, fromHeader.filter(isRow).length - 1);
  const footers = file.notes
    .map((note) => /^(?:(\d+) rows? of the footer|the trailer)/.exec(note))
    .find((found) => found !== null);
  expect(rows.length + (footers ? Number(footers[1] ?? 1) : 0)).toBe(expected);
}

type Change = (bytes: Buffer, at: number, size: number, byte: number) => Buffer;

const CHANGES: Readonly<Record<string, Change>> = {
  flip: (bytes, at, _, byte) => Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1)]),
  cut: (bytes, at) => bytes.subarray(0, at),
  remove: (bytes, at, size) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]),
  insert: (bytes, at, _, byte) => Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]),
  double: (bytes, at, size) => Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]),
  swap: (bytes, at, size) =>
    Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(at + size, at + 2 * size),
      bytes.subarray(at, at + size),
      bytes.subarray(at + 2 * size),
    ]),
};

const STRUCTURE = [...'"\'\n\r\0,;|\t~\\=T '].map((character) => character.charCodeAt(0));
const change = fc.record({
  what: fc.constantFrom(...Object.keys(CHANGES)),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.integer({ min: 1, max: 40 }),
  byte: fc.oneof(fc.constantFrom(...STRUCTURE), fc.integer({ min: 0, max: 255 })),
});

describe('whatever bytes come', () => {
  it('a file ends in rows or in a refusal', { timeout: TIMEOUT_MS }, async () => {
    const soup = fc.array(
      fc.oneof(fc.constantFrom(...STRUCTURE, ...Buffer.from('ID,First,Last,Email')), fc.integer({ min: 0, max: 255 })),
      { maxLength: 300 },
    );
    const beginning = fc.constantFrom(
      '',
      'ID,First,Last,Email\n',
      '\ufeffID;First;Last;Email\r\n',
      'sep=~\rID~First~Last~Email\r',
      'PK',
    );
    await fc.assert(
      fc.asyncProperty(beginning, soup, shape, async (text, bytes, drawn) => {
        for (const encoding of ['utf8', 'utf16le'] as const) {
          const content = Buffer.concat([Buffer.from(text, encoding), Buffer.from(bytes)]);
          const outcome = await outcomeOf(content, formatOf(drawn), drawn.chunkBytes);
          if (outcome !== null) expectNoLineLost(content, outcome, formatOf(drawn));
        }
      }),
      PARAMETERS,
    );
  });

  it('a damaged roster loses no line without a word', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.array(change, { minLength: 1, maxLength: 3 }), async (drawn, changes) => {
        let bytes = encode(writeText(drawn).text, drawn);
        for (const { what, at, size, byte } of changes) {
          bytes = Buffer.from(CHANGES[what]?.(bytes, Math.floor(at * bytes.length), size, byte) ?? bytes);
        }
        const outcome = await outcomeOf(bytes, formatOf(drawn), drawn.chunkBytes);
        if (outcome === null) return;
        expectNoLineLost(bytes, outcome, formatOf(drawn));
        expect(await outcomeOf(bytes, formatOf(drawn), 1 << 17)).toMatchObject({ rows: outcome.rows });
      }),
      PARAMETERS,
    );
  });
});

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Text put in where it hits nobody's id: there, it would make another id of it that nobody could tell. */
function withInserted({ text, ids }: WrittenRoster, { at, text: inserted }: Insertion): string | null {
  // Two quotes beside those of an id are one that belongs to it.
  const margin = inserted.includes('""') ? 1 : 0;
  if (ids.some(({ start, end }) => at >= start - margin && at <= end + margin)) return null;
  return text.slice(0, at) + inserted + text.slice(at);
}

/** Everybody of whom the rows speak: employees by id, rejects by id or by all that they say. */
function spokenOf(rows: readonly Row[]): Set<string> {
  const ids = rows.flatMap((row) => {
    if (row.kind === 'employee') return [row.employee.externalId];
    return row.kind === 'reject' ? [row.reject.externalId ?? '', ...(row.reject.mentions ?? [])] : [];
  });
  return new Set(ids);
}

describe('a roster with something put into it', () => {
  const insertions = (drawn: Shape, written: WrittenRoster) =>
    fc.record({
      at: fc.integer({ min: 0, max: written.text.length }),
      text: fc.oneof(
        fc.constantFrom('"', '\n', '\r', '\0', drawn.delimiter, '""', '\\', '=', '"\n'),
        fc
          .tuple(fc.nat(written.text.length), fc.integer({ min: 1, max: 60 }))
          .map(([from, size]) => written.text.slice(from, from + size)),
      ),
    });

  it('still speaks of everybody, or is set aside', { timeout: TIMEOUT_MS }, async () => {
    const damaged = shape.chain((drawn) => {
      const written = writeText(drawn);
      return insertions(drawn, written).map((insertion) => ({ drawn, written, insertion }));
    });
    await fc.assert(
      fc.asyncProperty(damaged, async ({ drawn, written, insertion }) => {
        const text = withInserted(written, insertion);
        if (text === null) return;
        const outcome = await outcomeOf(encode(text, drawn), formatOf(drawn), drawn.chunkBytes);
        if (outcome === null) return;
        const spoken = spokenOf(outcome.rows);
        expect(drawn.people.map(({ id }) => id).filter((id) => !spoken.has(id))).toEqual([]);
      }),
      PARAMETERS,
    );
  });
});
