// What may happen to a run, drawn at random: a Workshop that misbehaves in one of many ways, and an end before its time.

import { TRANSITIONS } from '../../src/plan/operation.ts';
import type { Strike } from '../support/program.ts';
import type { Random } from '../support/random.ts';
import { API_TROUBLES, type ApiTrouble } from './api-troubles.ts';

export type Ending =
  | {
      readonly kind: 'request';
      readonly when: 'start' | 'finish';
      readonly nth: number;
      readonly signal: 'SIGKILL' | 'SIGTERM';
    }
  | { readonly kind: 'time'; readonly afterMs: number; readonly signal: 'SIGKILL' | 'SIGTERM' }
  | { readonly kind: 'strike'; readonly strike: Strike };

export interface Trouble {
  /** For people, such as `lost answers 3% + SIGKILL at request 17`. */
  readonly words: string;
  /** What was drawn, for the sums at the end. */
  readonly kinds: readonly string[];
  readonly api: ApiTrouble | null;
  readonly ending: Ending | null;
}

const MOVES = [['', 'pending'], ...TRANSITIONS] as const;
/** The longest that an undisturbed run takes before it sends anything, and for one operation. */
const START_MS = 900;
const OPERATION_MS = 2;

/** `operations`: about how many the run has to do. */
export function drawTrouble(random: Random, operations: number): Trouble {
  const what = random.below(100);
  const ending = what < 25 || what >= 85 ? drawEnding(random, operations) : null;
  const api = what >= 25 && what < 93 ? random.pick(API_TROUBLES)(random, operations) : null;
  return troubleOf(api, ending);
}

/** A run that is only ended before its time. */
export function drawKill(random: Random, operations: number): Trouble {
  return troubleOf(null, drawEnding(random, operations));
}

function troubleOf(api: ApiTrouble | null, ending: Ending | null): Trouble {
  const words = [api?.words, ending === null ? undefined : wordsOf(ending)].filter((each) => each !== undefined);
  const kinds = [api?.kind, ending === null ? undefined : kindOf(ending)].filter((each) => each !== undefined);
  return { words: words.join(' + ') || 'none', kinds: kinds.length === 0 ? ['none'] : kinds, api, ending };
}

function drawEnding(random: Random, operations: number): Ending {
  const signal = random.chance(0.3) ? 'SIGTERM' : 'SIGKILL';
  const nth = 1 + random.below(operations * 1.2 + 3);
  switch (random.pick(['request', 'time', 'transition', 'statement'])) {
    case 'request':
      return { kind: 'request', when: random.pick(['start', 'finish']), nth, signal };
    case 'time':
      return { kind: 'time', afterMs: Math.round(random.between(0, START_MS + operations * OPERATION_MS)), signal };
    case 'transition': {
      const transition = random.pick(MOVES as unknown as [[string, string]]);
      // Most moves are seldom made; a strike at one that never comes is a run without trouble.
      const isCommon = ['>pending', 'pending>in_flight', 'in_flight>applied'].includes(transition.join('>'));
      const when = random.pick<'before' | 'after'>(['before', 'after']);
      return { kind: 'strike', strike: { transition, when, nth: isCommon ? nth : 1 + random.below(3), signal } };
    }
    default:
      return { kind: 'strike', strike: { statement: WRITES, nth: 1 + random.below(operations * 3 + 60), signal } };
  }
}

const WRITES = '^\\s*(INSERT|UPDATE|DELETE|REPLACE)';

function kindOf(ending: Ending): string {
  const signal = ending.kind === 'strike' && !('census' in ending.strike) ? ending.strike.signal : undefined;
  return ending.kind === 'strike' ? `${signal ?? 'SIGKILL'} by strike` : `${ending.signal} by ${ending.kind}`;
}

function wordsOf(ending: Ending): string {
  if (ending.kind === 'request') return `${ending.signal} at request ${ending.nth} (${ending.when})`;
  if (ending.kind === 'time') return `${ending.signal} after ${ending.afterMs} ms`;
  const { strike } = ending;
  if ('census' in strike) return 'census';
  if ('statement' in strike) return `${strike.signal} at write ${strike.nth}`;
  return `${strike.signal} ${strike.when} ${strike.transition.join('>')} ${strike.nth}`;
}
