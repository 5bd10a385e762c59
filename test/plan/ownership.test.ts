import { describe, expect, it } from 'vitest';
import { type FeedStanding, keeps, type OtherFeed } from '../../src/plan/ownership.ts';

const full = (place: number): FeedStanding => ({ kind: 'full', place });
const changes = (place: number): FeedStanding => ({ kind: 'changes', place });
const other = (kind: OtherFeed['kind'], place: number, taken: OtherFeed['taken'] = 'read'): OtherFeed => ({
  kind,
  place,
  taken,
});

describe('somebody of another feed', () => {
  it.each([
    ['goes to a full feed that is listed first', full(0), other('full', 1, 'not yet'), 'never'],
    ['stays while the full feed listed first has them', full(1), other('full', 0), 'present'],
    ['stays while the last file of the full feed listed first had them', full(1), other('full', 0, 'not read'), 'last'],
    ['is changed by changes, whatever full feed they are of', changes(1), other('full', 0, 'not yet'), 'never'],
    ['goes from changes to the newer file', full(0), other('changes', 1), 'contest'],
    ['goes from changes to newer changes', changes(1), other('changes', 0), 'contest'],
    ['goes to whoever speaks of them when their feed is no longer configured', full(0), null, 'never'],
  ] as const)('%s', (_, own, from, expected) => {
    expect(keeps(own, from)).toBe(expected);
  });
});
