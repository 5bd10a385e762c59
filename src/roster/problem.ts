// Why a value of a record cannot be used, and the steps of a field that find it. Values themselves, never thrown.

import type { RejectRule } from './validate.ts';

/** An id that is there but spoilt: whose row it is can only be guessed. */
export interface DoubtfulId {
  readonly text: string;
  /** What it most likely was, the likeliest first; may be empty. */
  readonly meant: readonly string[];
}

/** Why a value cannot be used. */
export class Problem {
  readonly rule: RejectRule;
  readonly message: string;
  /** Where the value is an id that still tells something of whose row it is. */
  readonly id: DoubtfulId | null;

  constructor(rule: RejectRule, message: string, id: DoubtfulId | null = null) {
    this.rule = rule;
    this.message = message;
    this.id = id;
  }
}

/** One step of a field: gets text that is not blank, gives other text (blank when empty) or a problem. */
export type Step = (text: string) => string | Problem;
