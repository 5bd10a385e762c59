// Random numbers that are the same in every soak with the same seed. Every round has its own, so that what one of them
// draws does not depend on how the ones before it went.

export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** A number between the two. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  shuffled<T>(list: Iterable<T>): T[];
}

export function randomNumbers(seed: number, round: number): Random {
  const next = mulberry32(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(round + 1, 0x85eb_ca6b));
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    shuffled: (list) => {
      const shuffled = [...list];
      for (let index = shuffled.length - 1; index > 0; index -= 1) {
        const other = below(index + 1);
        const [one, two] = [shuffled[index], shuffled[other]];
        if (one !== undefined && two !== undefined) [shuffled[index], shuffled[other]] = [two, one];
      }
      return shuffled;
    },
  };
}

/** Tommy Ettinger's generator: small, and good enough that neighbouring seeds have nothing in common. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
