// Which of the known words did somebody mean? For suggestions in messages: configuration keys, column headers.

/**
 * The candidate closest to `word`, case and surrounding blanks aside; null when none is close enough to be
 * worth suggesting. A slip of the keyboard wins (insertions, deletions, replacements, swapped neighbours:
 * Damerau-Levenshtein, optimal string alignment; up to a third of the longer word), then a shortening of the
 * other (`Dept` for `Department`, `Email` for `Work Email`). Of equally close candidates the first wins.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = folded(word);
  return closestSlip(wanted, candidates) ?? candidates.find((known) => isShortening(wanted, folded(known))) ?? null;
}

function closestSlip(wanted: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const offered = folded(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, offered.length) / 3));
    if (Math.abs(wanted.length - offered.length) > allowed) continue;
    const found = distance(wanted, offered);
    if (found <= allowed && found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** Does one of the two shorten the other: by leaving letters out after the first one, or by leaving words out? */
function isShortening(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length < 3) return false;
  const shortWords = words(short);
  const longWords = words(long);
  if (shortWords.length > 0 && shortWords.every((part) => longWords.includes(part))) return true;
  return short[0] === long[0] && isSubsequence(short, long);
}

function isSubsequence(short: string, long: string): boolean {
  let matched = 0;
  for (const letter of long) {
    if (letter === short[matched]) matched += 1;
  }
  return matched === short.length;
}

function words(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
}

function distance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const removed = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      const swapped =
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? (beforePrevious[column - 2] ?? Number.POSITIVE_INFINITY) + 1
          : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, removed, inserted, swapped));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
