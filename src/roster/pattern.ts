// Regular expressions of the configuration (specification §4, `pattern`). They run on whatever people type, so one
// that could try the same text in ever more ways is refused before it is used: 30 letters would take it seconds, 60 centuries.

/** Longer values are rejected before a pattern sees them. */
export const PATTERN_LENGTH = 1000;

/** What is wrong with a pattern, as a phrase that follows its path; null when it can be used. */
export function patternProblem(pattern: string): string | null {
  const groupCount = captureGroupCount(pattern);
  if (groupCount === null) return 'must be a regular expression';
  if (groupCount === 0) return 'must have a capture group, the part in ( ) that becomes the value';
  return repeatsItself(pattern)
    ? 'must not repeat a group that can match the same text in several ways, such as (a+)+ or (a|b)*: some texts would take it for ever. Repeat a set of characters such as [ab]* instead'
    : null;
}

/** null: not a regular expression. */
function captureGroupCount(pattern: string): number | null {
  try {
    new RegExp(pattern, 'u');
    // With an empty alternative it matches anything, and the match has a place for every group.
    return (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1;
  } catch {
    return null;
  }
}

/** One part of a pattern that is no bracket: a character, a set, an assertion or a bar. */
interface Part {
  readonly text: string;
  /** How often it stands in a row; 1 and 1 without a quantifier. */
  readonly least: number;
  readonly most: number;
}

const PART =
  /(\\[pPu]\{[^}]*\}|\\u[\dA-Fa-f]{4}|\\x[\dA-Fa-f]{2}|\\c.|\\k<[^>]*>|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|:|<[^>]*>)|[^\\])([*+?]|\{\d+(?:,\d*)?\})?\??/gsu;

/** Is there a group, repeated more than once, whose text could be divided among its turns in more than one way? */
function repeatsItself(pattern: string): boolean {
  const open: { readonly bracket: string; readonly parts: Part[] }[] = [{ bracket: '', parts: [] }];
  for (const [, text = '', quantifier = ''] of pattern.matchAll(PART)) {
    const times = timesOf(quantifier);
    if (text.startsWith('(')) open.push({ bracket: text, parts: [] });
    else if (text !== ')') open.at(-1)?.parts.push({ text, ...times });
    else {
      const { bracket, parts } = open.pop() ?? { bracket: '', parts: [] };
      if (times.most > 1 && !isDivided(parts)) return true;
      // What looks ahead or behind takes no text.
      if (!/[=!]$/.test(bracket)) open.at(-1)?.parts.push(...parts.map((part) => multiplied(part, times)));
    }
  }
  return false;
}

function timesOf(quantifier: string): { least: number; most: number } {
  if (quantifier === '') return { least: 1, most: 1 };
  if (quantifier === '?') return { least: 0, most: 1 };
  if (quantifier === '*') return { least: 0, most: Number.POSITIVE_INFINITY };
  if (quantifier === '+') return { least: 1, most: Number.POSITIVE_INFINITY };
  const [least = '', most = least] = quantifier.slice(1, -1).split(',');
  return { least: Number(least), most: most === '' ? Number.POSITIVE_INFINITY : Number(most) };
}

/** To the group around it, a group is the parts that it has. */
function multiplied({ text, least, most }: Part, times: { least: number; most: number }): Part {
  return { text, least: least * times.least, most: most * times.most };
}

/**
 * Is it clear where each turn of these parts ends? It is with fixed parts alone, and when no character of a part whose
 * length changes can be one of another part, as in `(?:-\w+)*`, `(?:[^,]*,){3}` or `(?:\s+\w+)*`.
 */
function isDivided(parts: readonly Part[]): boolean {
  if (parts.some(({ text }) => text === '|')) return false;
  if (parts.every(isFixed)) return true;
  const apart = parts.every((part, index) =>
    parts.slice(index + 1).every((other) => (isFixed(part) && isFixed(other)) || !overlap(part.text, other.text)),
  );
  const certain = parts.filter((part) => part.least > 0 && overlap(part.text, '.'));
  return apart && (certain.length > 1 || certain.some(isFixed));
}

function isFixed({ least, most }: Part): boolean {
  return least === most;
}

/** Can one character be both? */
function overlap(one: string, other: string): boolean {
  // What a reference stands for is not known.
  if ([one, other].some((text) => /^\\[1-9k]/.test(text))) return true;
  const [first, second] = [one, other].map((text) => new RegExp(`^${text}$`, 'su'));
  return SAMPLE.some((character) => first?.test(character) && second?.test(character));
}

/** Latin, Greek and Cyrillic, and the punctuation of texts: what patterns tell apart. */
const SAMPLE = [
  ...Array.from({ length: 0x530 }, (_, code) => String.fromCodePoint(code)),
  ...Array.from({ length: 0x70 }, (_, index) => String.fromCodePoint(0x2000 + index)),
  '\u3000',
  '\u4e00',
];
