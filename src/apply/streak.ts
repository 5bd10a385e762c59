// How many updates in a row, in the order of the plan, find their contact gone. Answers come in any order, those of contacts
// that are gone last, because they are asked about again; the order of the plan tells what lies side by side.

export interface Streak {
  /** An update is sent; in the order of the plan. */
  sent(ordinal: number): void;
  found(ordinal: number): void;
  /** Gives how many neighbours are gone, this one included: those that were not answered yet do not count. */
  gone(ordinal: number): number;
}

/** Neighbours further apart are not looked for, so that a plan of a million needs no memory. */
const REMEMBERED = 5000;

/** Follows the updates of one run. */
export function createStreak(): Streak {
  let places: number[] = [];
  const states = new Map<number, 'open' | 'found' | 'gone'>();
  const goneFrom = (start: number, step: 1 | -1): number => {
    let count = 0;
    for (let index = start + step; index >= 0 && index < places.length; index += step) {
      const state = states.get(places[index] ?? 0);
      if (state === 'found') break;
      if (state === 'gone') count += 1;
    }
    return count;
  };
  return {
    sent: (ordinal) => {
      places.push(ordinal);
      states.set(ordinal, 'open');
      if (places.length < 2 * REMEMBERED) return;
      for (const forgotten of places.slice(0, -REMEMBERED)) states.delete(forgotten);
      places = places.slice(-REMEMBERED);
    },
    found: (ordinal) => {
      if (states.has(ordinal)) states.set(ordinal, 'found');
    },
    gone: (ordinal) => {
      if (!states.has(ordinal)) return 1;
      states.set(ordinal, 'gone');
      const at = places.lastIndexOf(ordinal);
      return goneFrom(at, -1) + 1 + goneFrom(at, 1);
    },
  };
}
