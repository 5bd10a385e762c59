// The fewest operations to park so that nobody waits in a circle any more. Pure.

import type { UniqueField } from './unique.ts';

/** `claimer` waits for `freer` to give a value up. */
export interface Edge {
  readonly claimer: number;
  readonly freer: number;
  readonly field: UniqueField;
}

/** Up to so many operations every choice is tried; beyond, whoever has most to do with others is taken first. */
const TRIED_AT_MOST = 10;

/** Splits edges into groups that have nothing to do with each other. */
export function tangles(edges: readonly Edge[]): Edge[][] {
  const leaders = new Map<number, number>();
  const leaderOf = (operation: number): number => {
    let leader = operation;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) {
      leaders.set(leader, leaders.get(next) ?? next);
      leader = next;
    }
    return leader;
  };
  for (const { claimer, freer } of edges) leaders.set(leaderOf(claimer), leaderOf(freer));
  const groups = new Map<number, Edge[]>();
  for (const edge of edges) {
    const leader = leaderOf(edge.claimer);
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [edge]);
    else group.push(edge);
  }
  return [...groups.values()];
}

/**
 * Operations of one tangle whose parking opens every circle: as few as possible in a small one, and in a large one in an
 * order in which few are likely to be enough (the caller stops asking once no circle is left).
 */
export function toOpen(tangle: readonly Edge[]): number[] {
  const candidates = inOrderOfUse(tangle);
  if (candidates.length > TRIED_AT_MOST) return candidates;
  for (let count = 0; count < candidates.length; count += 1) {
    const chosen = choices(candidates, count).find((set) => isOpen(tangle, set));
    if (chosen !== undefined) return chosen;
  }
  return candidates;
}

function inOrderOfUse(tangle: readonly Edge[]): number[] {
  const needs = new Map<number, number>();
  const wanted = new Map<number, number>();
  const phones = new Map<number, number>();
  const add = (counts: Map<number, number>, operation: number) =>
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
  for (const { claimer, freer, field } of tangle) {
    add(needs, claimer);
    add(wanted, freer);
    // An email can always be parked; a phone number only by doing without one for a moment.
    if (field === 'phone_number') add(phones, freer);
  }
  const use = (operation: number) => (needs.get(operation) ?? 0) * (wanted.get(operation) ?? 0);
  const phonesOf = (operation: number) => phones.get(operation) ?? 0;
  const operations = [...new Set(tangle.flatMap(({ claimer, freer }) => [claimer, freer]))];
  return operations.sort((a, b) => use(b) - use(a) || phonesOf(a) - phonesOf(b) || a - b);
}

function choices(items: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) => choices(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]));
}

/** Is there no circle left when nobody waits for these any more? */
function isOpen(tangle: readonly Edge[], parked: readonly number[]): boolean {
  let edges = tangle.filter(({ freer }) => !parked.includes(freer));
  for (;;) {
    const waiting = new Set(edges.map(({ claimer }) => claimer));
    const left = edges.filter(({ freer }) => waiting.has(freer));
    if (left.length === edges.length) return edges.length === 0;
    edges = left;
  }
}
