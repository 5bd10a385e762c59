// What a soak did, in lines for whoever watches it and in sums for whoever comes back in the morning.

import type { Account } from './round.ts';

export interface Tally {
  /** Counts a round that is over, and gives its line. */
  add(number: number, words: string, account: Account, seconds: number): string;
  summary(facts: { seed: number; requests: number; seconds: number }): string;
}

export const LEGEND =
  'round | + joined or back, - left, ~ changed, # new id, x exchanged, ! rejected, ? refused | troubles | exits | operations | seconds';

export function createTally(): Tally {
  const endCounts = new Map<string, number>();
  const troubleCounts = new Map<string, number>();
  const struckCounts = new Map<string, number>();
  const calmCounts = new Map<string, number>();
  let roundCount = 0;
  let appliedCount = 0;
  return {
    add: (number, words, { runs, troubles }, seconds) => {
      roundCount += 1;
      const applied = runs.reduce((sum, { report }) => sum + (report?.operations.applied ?? 0), 0);
      appliedCount += applied;
      for (const { end } of runs) increase(endCounts, end);
      for (const [index, { api }] of troubles.entries())
        if (api !== null) increase(struckCounts, api.kind, runs[index]?.struck ?? 0);
      for (const kind of troubles.flatMap(({ kinds }) => kinds)) increase(troubleCounts, kind);
      increase(calmCounts, String(runs.length - troubles.length));
      const told = troubles.map((trouble) => trouble.words).join('; ') || 'none';
      const ends = runs.map(({ end }) => end).join(' ');
      return `${String(number).padStart(4)} | ${words} | ${told} | ${ends} | ${applied} | ${seconds.toFixed(1)}`;
    },
    summary: ({ seed, requests, seconds }) =>
      [
        `seed ${seed}: ${roundCount} rounds, ${sum(endCounts)} runs, ${killCount(endCounts)} of them killed`,
        `  ended with        ${listed(endCounts)}`,
        `  troubles          ${listed(troubleCounts)}`,
        `  requests struck   ${listed(struckCounts)}`,
        `  undisturbed runs until all was in: ${listed(calmCounts)}`,
        `  ${appliedCount} operations applied, as far as a report was written; ${requests} requests`,
        `  ${Math.round(seconds)} seconds`,
      ].join('\n'),
  };
}

function increase(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function killCount(counts: ReadonlyMap<string, number>): number {
  return counts.get('SIGKILL') ?? 0;
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([key, count]) => `${key} ×${count}`).join(', ');
}
