import { describe, expect, it } from 'vitest';
import { canonicalText, hasControls, isPlain, quoted, titleCase } from '../../src/roster/text.ts';

describe('canonical text', () => {
  it.each([
    ['plain text stays as it is', 'Ann Lee', 'Ann Lee'],
    ['spaces around go', '  Ann ', 'Ann'],
    ['inner runs of spaces are folded', 'Ann   Lee', 'Ann Lee'],
    ['no-break and ideographic spaces are spaces', '\u00a0Ann\u00a0\u3000Lee\u2009', 'Ann Lee'],
    ['a line break inside a value is a space', '12 Main\r\nAustin', '12 Main Austin'],
    ['decomposed letters are composed', 'Jose\u0301', 'José'],
    ['control characters go', 'An\u0007n\u007f', 'Ann'],
    ['zero-width characters and a BOM go', '\ufeffA\u200bn\u2060n', 'Ann'],
    ['a joiner after a Latin letter goes', 'Ann\u200d', 'Ann'],
    ['a joiner that shapes Persian stays', '\u0645\u06cc\u200c\u062e', '\u0645\u06cc\u200c\u062e'],
    ['nothing but spaces is nothing', ' \u00a0\t', ''],
  ])('%s', (_, raw, canonical) => {
    expect(canonicalText(raw)).toBe(canonical);
    expect(canonicalText(canonical)).toBe(canonical);
    expect(isPlain(raw) ? raw : canonical).toBe(canonical);
  });

  it('tells control characters, which are warned about, from line breaks, which are not', () => {
    expect(hasControls('a\u0001b')).toBe(true);
    expect(hasControls('a\r\n\tb')).toBe(false);
  });
});

describe('a quoted value in a message', () => {
  it('is cut after 60 characters and moves no cursor', () => {
    expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`);
    expect(quoted('a\u001b[31mb')).toBe('"a[31mb"');
  });
});

describe('title case', () => {
  it.each([
    ["MARY-JANE O'NEIL", "Mary-Jane O'Neil"],
    ["women's health", "Women's Health"],
    ['ÉMILE ZOLA', 'Émile Zola'],
    ['R&D (west)', 'R&D (West)'],
  ])('%s becomes %s', (raw, title) => {
    expect(titleCase(raw)).toBe(title);
  });
});
