import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { feedOf } from '../../src/commands/init-trial.ts';
import { replaceVariables } from '../../src/config/variables.ts';
import { commentLines, yamlText, yamlValue } from '../../src/guess/yaml-text.ts';
import { guessed, lines, withLeftOut } from './sample.ts';

const VARIABLE = `\${HOME}`;

describe('the configuration that init writes', () => {
  it('holds hostile column names and words as nothing but text', async () => {
    const names = [
      '__proto__',
      'a: b',
      '# x',
      "'q'",
      VARIABLE,
      '- x',
      '[x]',
      '{y}',
      '*z',
      '&a',
      'true',
      'é✓',
      '%',
      '42',
    ];
    const row = names.map((_, index) => `v${index}`);
    const { text, path, guess, trial } = await guessed(
      lines(
        ['ID', 'First Name', 'Last Name', 'Email', 'Status', ...names].join(','),
        ['1', 'A', 'B', 'a@example.com', 'Active', ...row].join(','),
        ['2', 'A', 'B', 'b@example.com', 'Terminated', ...row].join(','),
        ['3', 'A', 'B', 'c@example.com', `${VARIABLE}: # no\u001b[2J`, ...row].join(','),
      ),
    );
    const feed = feedOf(withLeftOut(text), path);
    const columns = Object.values(feed.mapping.attributes).flatMap((field) => field.columns);
    expect(columns).toEqual(names);
    expect(Object.keys(feed.mapping.attributes)).toContain('proto');
    expect(guess.status?.unknown).toEqual([[`${VARIABLE}: # no[2J`, 1]]);
    expect(await trial()).toMatchObject({ employees: 1, left: 1, rejected: 1 });
  });

  it('cannot be broken out of by the name of a column, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), async (name) => {
        const quoted = `"${name.replaceAll('"', '""')}"`;
        const { text, path, guess } = await guessed(
          lines(`ID,First Name,Last Name,Email,${quoted}`, '1,A,B,a@example.com,x', '2,A,B,b@example.com,y'),
        );
        const feed = feedOf(withLeftOut(text), path);
        const known = Object.values(feed.mapping.attributes).flatMap((field) => field.columns);
        expect(known.every((column) => guess.form.header.includes(column))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('gives every text back as it is', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.string(), fc.constantFrom(VARIABLE, '$', '"', '\\', '\u202e', '\u0085')))
          .map((parts) => parts.join('')),
        (text) => {
          const written = yamlText(text);
          expect(written).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
          expect(replaceVariables(parse(`[${written}]`)[0], {})).toEqual({ text, names: [], problems: [] });
        },
      ),
    );
    for (const word of ['true', 'No', 'null', '~', '1e3', '0x1F', '2026-01-05', ' a', 'a ', 'a: b', 'a #b', '-', '']) {
      expect(parse(`{ k: ${yamlValue(word)} }`)).toEqual({ k: word });
    }
  });

  it('keeps a comment a comment', () => {
    expect(commentLines('one\ntwo', '  ')).toEqual(['  # one two']);
    expect(commentLines('word '.repeat(60).trim()).every((line) => line.startsWith('# ') && line.length <= 116)).toBe(
      true,
    );
  });
});
