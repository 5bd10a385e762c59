import { describe, expect, it } from 'vitest';
import { createStreak } from '../../src/apply/streak.ts';

function streakOf(count: number) {
  const streak = createStreak();
  for (let ordinal = 1; ordinal <= count; ordinal += 1) streak.sent(ordinal);
  return streak;
}

describe('contacts that are gone', () => {
  it('are in a row when they are neighbours in the plan, in whatever order the answers come', () => {
    const streak = streakOf(20);
    streak.found(3);
    streak.found(10);
    expect([8, 4, 6, 5, 9, 7].map(streak.gone)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('are not in a row when somebody between them is there, however late they are told', () => {
    const streak = streakOf(100);
    for (let ordinal = 1; ordinal <= 100; ordinal += 1) if (ordinal % 10 !== 0) streak.found(ordinal);
    expect([10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map(streak.gone)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it('are counted in a plan of any length, in bounded memory', () => {
    const streak = createStreak();
    for (let ordinal = 1; ordinal <= 30_000; ordinal += 1) {
      streak.sent(ordinal);
      streak.found(ordinal - 1);
    }
    streak.sent(30_001);
    expect(streak.gone(1)).toBe(1);
    expect(streak.gone(30_001)).toBe(1);
    expect(streak.gone(30_000)).toBe(2);
  });
});
