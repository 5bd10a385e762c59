// One change of the company's file: what becomes of whom, and what is to be in Workshop once the file is in.

import type { Held, Member } from './member.ts';

export interface Step {
  /** What changed, for people: `+12 -9 ~40`. */
  readonly words: string;
  /** How many people changed, joined or left. */
  readonly changes: number;
  readonly file: string;
  /** By external_id: everybody whom Workshop holds once the file is in. */
  readonly expected: ReadonlyMap<string, Held>;
  /** External_ids whose every write Workshop refuses. */
  readonly refused: readonly string[];
  readonly hasRejects: boolean;
  /** External_ids of whoever is in the file, in whatever state their row is; the former ids of those with a new one, too. */
  readonly present: ReadonlySet<string>;
  /** Of those whom this file changes: who is removed, and whose office is another one. Nobody is refused. */
  readonly leavers: readonly string[];
  readonly movedOffice: readonly string[];
}

/** People by what becomes of them in one step; nobody is in two of these. */
export interface Changes {
  joined: number;
  left: Member[];
  tookPhone: number;
  returned: number;
  moved: number;
  rekeyed: number;
  exchanged: number;
  /** Who may be refused: nobody waits for a value of theirs, and they wait for nobody. By the id that Workshop knows. */
  readonly independent: Map<number, string>;
  readonly movedOffice: Map<number, string>;
}

export function noChanges(): Changes {
  return {
    joined: 0,
    left: [],
    tookPhone: 0,
    returned: 0,
    moved: 0,
    rekeyed: 0,
    exchanged: 0,
    independent: new Map(),
    movedOffice: new Map(),
  };
}

export function countOf({ joined, left, returned, moved, rekeyed, exchanged }: Changes): number {
  return joined + left.length + returned + moved + rekeyed + exchanged;
}

export function wordsOf(changes: Changes, rejectCount: number, refusedCount: number): string {
  const parts: [string, number][] = [
    ['+', changes.joined + changes.returned],
    ['-', changes.left.length],
    ['~', changes.moved],
    ['#', changes.rekeyed],
    ['x', changes.exchanged],
    ['!', rejectCount],
    ['?', refusedCount],
  ];
  const words = parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${count}`);
  return words.join(' ') || 'same file';
}
