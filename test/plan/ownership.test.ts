import { describe, expect, it } from 'vitest';
import { keeps, type OtherFeed, type ReadingFeed, takesBack } from '../../src/plan/ownership.ts';

const full = (place: number, isNew = true): ReadingFeed => ({ kind: 'full', place, isNew });
const changes = (place: number, isNew = true): ReadingFeed => ({ kind: 'changes', place, isNew });
const other = (kind: OtherFeed['kind'], place: number, taken: OtherFeed['taken'] = 'read'): OtherFeed => ({
  kind,
  place,
  taken,
});

describe('somebody of another feed', () => {
  it.each([
    [
      'goes to a full feed that is listed first, whatever its age',
      full(0, false),
      other('full', 1, 'not yet'),
      'never',
    ],
    ['stays while the full feed listed first has them', full(1), other('full', 0), 'present'],
    ['stays while the last file of the full feed listed first had them', full(1), other('full', 0, 'not read'), 'last'],
    ['goes to new changes', changes(1), other('full', 0, 'not yet'), 'never'],
    ['does not go to changes that were read before', changes(1, false), other('full', 0), 'always'],
    ['goes from changes to a newer full file', full(0), other('changes', 1), 'never'],
    ['stays with changes of this very run that are listed first', full(1), other('changes', 0), 'spoken'],
    ['stays with changes while the full file is an old one', full(0, false), other('changes', 1), 'always'],
    ['stays with changes of this very run against later listed ones', changes(1), other('changes', 0), 'spoken'],
    ['goes to whoever speaks of them when their feed is no longer configured', full(0, false), null, 'never'],
  ] as const)('%s', (_, own, from, expected) => {
    expect(keeps(own, from)).toBe(expected);
  });
});

describe('somebody whom changes took over in this run', () => {
  it('goes back to a new full file that is listed before them, and to no other', () => {
    expect(takesBack(full(0), other('changes', 1))).toBe(true);
    expect(takesBack(full(0, false), other('changes', 1))).toBe(false);
    expect(takesBack(full(1), other('changes', 0))).toBe(false);
    expect(takesBack(changes(0), other('changes', 1))).toBe(false);
  });
});
