import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/roster/text.ts';
import { open, rowsOf } from './builders.ts';
import { encode, formatOf, shape, writeText } from './random-roster.ts';

describe('any roster in any dialect', () => {
  it('is read back as it was written, and known again by its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (drawn) => {
        const options = { format: formatOf(drawn), chunkBytes: drawn.chunkBytes };
        const file = await open(encode(writeText(drawn).text, drawn), options);
        const rows = await rowsOf(file);
        const people = rows.flatMap((row) => (row.kind === 'employee' ? [row.employee] : []));
        const { length: headers } = drawn.people.filter((_, index) => drawn.between[index] === 'header');
        expect(rows.filter((row) => row.kind === 'excluded')).toHaveLength(headers);
        expect(rows).toHaveLength(people.length + headers);
        expect(
          people.map(({ externalId, firstName, lastName, email }) => [externalId, firstName, lastName, email]),
        ).toEqual(
          drawn.people.map(({ id, first, last, email }) => [id, canonicalText(first), canonicalText(last), email]),
        );
        expect(file.delimiter).toBe(drawn.delimiter);
        const prints = new Set(rows.map((row) => (row.kind === 'employee' ? row.fingerprint : null)));
        const again = await rowsOf(file, (print) => (prints.has(print) ? 7 : null));
        expect(again.map(({ kind }) => kind)).toEqual(rows.map(({ kind }) => (kind === 'employee' ? 'known' : kind)));
      }),
      { numRuns: 200 },
    );
  });
});
