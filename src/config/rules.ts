// The rules that one key alone cannot tell: each a named function, all of them asked, every problem at once.

import type { Places, Problem } from './places.ts';
import { fieldRules } from './rules-field.ts';
import { laterRules } from './rules-later.ts';
import { sourceRules } from './rules-source.ts';
import { workshopRules } from './rules-workshop.ts';
import type { Draft } from './schema.ts';

/** What a rule looks at: the values of the right type, and where they stand. */
export interface RuleSubject {
  readonly draft: Draft;
  readonly places: Places;
}

export type Rule = (subject: RuleSubject) => readonly Problem[];

export const RULES: readonly Rule[] = [...workshopRules, ...sourceRules, ...fieldRules, ...laterRules];

/** Every problem that the rules find. */
export function checkRules(subject: RuleSubject): Problem[] {
  return RULES.flatMap((rule) => rule(subject));
}
