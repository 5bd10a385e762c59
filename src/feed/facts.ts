// Facts of a feed grow while it is taken and judged.

import type { FeedFacts } from '../report/facts.ts';

/** Facts with more known: notes and warnings are collected, everything else is replaced. */
export function withMore(facts: FeedFacts, more: Partial<FeedFacts>): FeedFacts {
  const notes = [...facts.notes, ...(more.notes ?? [])];
  const warnings = [...facts.warnings, ...(more.warnings ?? [])];
  return { ...facts, ...more, notes, warnings };
}
