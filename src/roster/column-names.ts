// Which column of a header a name of the mapping means (specification §4). What people cannot see never counts;
// marks that an export puts around a name (`Email*`) count only where a column without them has the name.

import { canonicalText } from './text.ts';

/** A name as all its spellings share it: trimmed, without a BOM or zero-width characters, case folded. */
export function columnKey(name: string): string {
  return canonicalText(name).toLowerCase();
}

/**
 * The columns that each name may mean, by position: none when it is missing, several when nobody can tell which is
 * meant. A column that has one of the names exactly is never taken for another of them.
 */
export function findColumns(header: readonly string[], names: readonly string[]): ReadonlyMap<string, number[]> {
  const exact = positionsBy(header, columnKey);
  const loose = positionsBy(header, looseKey);
  const taken = new Set(names.flatMap((name) => exact.get(columnKey(name)) ?? []));
  const alike = (name: string) => loose.get(looseKey(name))?.filter((index) => !taken.has(index)) ?? [];
  return new Map(names.map((name) => [name, exact.get(columnKey(name)) ?? alike(name)]));
}

/** The key without asterisks at either end, and with straight quotes for curly ones. */
function looseKey(name: string): string {
  const key = columnKey(name);
  const bare = key
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/^[*\s]+|[*\s]+$/g, '');
  // A name of asterisks alone is no blank name.
  return bare === '' ? key : bare;
}

function positionsBy(header: readonly string[], keyOf: (name: string) => string): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  header.forEach((name, index) => {
    const key = keyOf(name);
    const at = positions.get(key);
    if (at === undefined) positions.set(key, [index]);
    else at.push(index);
  });
  return positions;
}
