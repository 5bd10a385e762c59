// Whose person somebody is of whom several feeds speak (specification §4 and §7): one roster, each person owned by the feed
// that last supplied them; of feeds that say so at once, the first listed wins. Pure.

/** A feed that reads its file now. */
export interface ReadingFeed {
  readonly kind: 'full' | 'changes';
  /** Its place in the configuration. */
  readonly place: number;
  /** Its file was never accepted before. Of a feed of changes: the file of the row in question. */
  readonly isNew: boolean;
}

/** Another feed, and how far this run has come with it. */
export interface OtherFeed {
  readonly kind: 'full' | 'changes';
  readonly place: number;
  readonly taken: 'read' | 'not read' | 'not yet';
}

/**
 * When another feed keeps a person of its own of whom a row of this feed speaks:
 *
 * - `never`: the row makes them a person of this feed.
 * - `always`
 * - `spoken`: when a new file of changes of the other feed speaks of them in this very run.
 * - `present`: when the other feed's file, read in this run, still has them.
 * - `last`: when the other feed's last accepted file had them; it is not read in this run.
 */
export type Keeps = 'never' | 'always' | 'spoken' | 'present' | 'last';

/** Does `other`, the owner of a person so far, keep them against a row of `own`? null: it is no longer configured. */
export function keeps(own: ReadingFeed, other: OtherFeed | null): Keeps {
  // A file of changes says something once, when it is new: whoever spoke later knows better.
  if (own.kind === 'changes' && !own.isNew) return 'always';
  if (other === null) return 'never';
  if (other.kind === 'changes') {
    if (!own.isNew) return 'always';
    return other.place < own.place ? 'spoken' : 'never';
  }
  // A full file says the same as long as it lies there; among such feeds the first listed wins.
  if (own.kind === 'changes' || own.place < other.place) return 'never';
  return other.taken === 'read' ? 'present' : 'last';
}

/** A person whom `other` took over in this very run: does `own` take them back? */
export function takesBack(own: ReadingFeed, other: OtherFeed): boolean {
  return other.kind === 'changes' && own.kind === 'full' && own.isNew && own.place < other.place;
}
