import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBytes } from '../../src/roster/decode.ts';
import { type FileRecord, type Recognise, readRecords } from '../../src/roster/records.ts';
import { fileWith } from './builders.ts';

interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly endsWithLineEnd: boolean;
  readonly quoteAll: boolean;
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\0', '0')),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '~', '|', '\n', '\r', ' ', 'a', 'é', '😀'), maxLength: 8 }),
);

const table: fc.Arbitrary<Table> = fc.integer({ min: 2, max: 5 }).chain((columnCount) =>
  fc.record({
    rows: fc.array(fc.array(cell, { minLength: columnCount, maxLength: columnCount }), { minLength: 1, maxLength: 12 }),
    delimiter: fc.constantFrom(',', ';', '|', '\t', '~'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    endsWithLineEnd: fc.boolean(),
    quoteAll: fc.boolean(),
  }),
);

function write({ rows, delimiter, lineEnd, endsWithLineEnd, quoteAll }: Table): string {
  const needsQuotes = (text: string) => quoteAll || /["\n\r]/.test(text) || text.includes(delimiter);
  const written = (text: string) => (needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => row.map(written).join(delimiter));
  return lines.join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
}

async function readAll({ delimiter }: Table, path: string, chunkBytes: number, recognise: Recognise | null = null) {
  const source = await openBytes(path, 0, 'table.csv');
  const records: FileRecord[] = [];
  const dialect = { delimiter, quote: '"', escape: 'double' as const };
  const options = { dialect, fileName: 'table.csv', firstLine: 1, chunkBytes };
  try {
    for await (const batch of readRecords(source, { ...options, onRead: () => {} }, recognise)) records.push(...batch);
  } finally {
    await source.close();
  }
  return records;
}

/** Where each row begins, counted the slow way. */
function linesOf(subject: Table): number[] {
  const lines: number[] = [];
  let line = 1;
  for (const row of subject.rows) {
    lines.push(line);
    line += 1 + row.join('').split(/\r\n|\n|\r/).length - 1;
  }
  return lines;
}

describe('any table', () => {
  it('is read back as it was written, at every chunk size', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (subject, chunkBytes) => {
        const path = fileWith(write(subject));
        const records = await readAll(subject, path, chunkBytes);
        expect(records.map((record) => record.kind === 'parsed' && record.fields)).toEqual(subject.rows);
        expect(await readAll(subject, path, 1 << 17)).toEqual(records);
      }),
      { numRuns: 200 },
    );
  });

  it('numbers its records by the lines they begin in', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (subject) => {
        const tidy = { ...subject, rows: subject.rows.map((row) => row.map((text) => text.replaceAll('\r', ''))) };
        const records = await readAll(tidy, fileWith(write(tidy)), 16);
        expect(records.map((record) => record.line)).toEqual(linesOf(tidy));
      }),
      { numRuns: 100 },
    );
  });

  it('has the same other records whichever of them are known', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.infiniteStream(fc.boolean()), async (subject, answers) => {
        const path = fileWith(write(subject));
        const all = await readAll(subject, path, 64);
        const asked: (number | null)[] = [];
        const recognise = () => {
          const contactId = answers.next().value ? asked.length : null;
          asked.push(contactId);
          return contactId;
        };
        const records = await readAll(subject, path, 64, recognise);
        const expected = all.map((record, index) => {
          const contactId = asked[index] ?? null;
          return contactId === null ? record : { kind: 'known', line: record.line, contactId };
        });
        expect(records).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
