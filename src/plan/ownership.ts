// Whose person somebody is of whom several feeds speak (specification §4 and §7): one roster, each person owned by the feed
// that last supplied them; of full feeds that have them at once, the first listed wins. A file of changes only borrows the
// people of a full feed: it may change or remove them, and the next new full file counts for them again. Pure.

/** A feed that reads its file now, and another one, which has the person so far. */
export interface FeedStanding {
  readonly kind: 'full' | 'changes';
  /** Its place in the configuration. */
  readonly place: number;
}

export interface OtherFeed extends FeedStanding {
  /** How far this run has come with it. */
  readonly taken: 'read' | 'not read' | 'not yet';
}

/**
 * When another feed keeps its person against a row of the feed that is read:
 *
 * - `never`: the row makes them a person of this feed.
 * - `contest`: when a new file of changes of the other feed speaks of them in this very run, unless the file that is read is
 *   new as well, and the newer of the two.
 * - `present`: when the other feed's file, read in this run, still has them.
 * - `last`: when the other feed's last accepted file had them; it is not read in this run.
 */
export type Keeps = 'never' | 'contest' | 'present' | 'last';

/** Does `other`, whose person it is so far, keep them against a row of `own`? null: it is no longer configured. */
export function keeps(own: FeedStanding, other: OtherFeed | null): Keeps {
  if (other === null) return 'never';
  if (other.kind === 'changes') return 'contest';
  if (own.kind === 'changes') return 'never';
  // A full file says the same as long as it lies there; among such feeds the first listed wins.
  if (own.place < other.place) return 'never';
  return other.taken === 'read' ? 'present' : 'last';
}
