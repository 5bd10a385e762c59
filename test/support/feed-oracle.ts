// What several feeds should come to, one person at a time: an oracle that knows nothing of files, tables or plans.

export type FeedName = 'first' | 'second' | 'changes';
export type FullFeed = Exclude<FeedName, 'changes'>;

/** What the files of one round say: full ones only where there is a new one. `left` in a file of changes: has left. */
export interface Round {
  readonly first: ReadonlyMap<string, string> | null;
  readonly second: ReadonlyMap<string, string> | null;
  readonly changes: ReadonlyMap<string, string> | null;
  /** The file of changes is newer than the full ones of the round. */
  readonly changesAreNewer: boolean;
}

interface Known {
  readonly value: string;
  /** A file of changes only borrows the people of a full feed. */
  readonly home: FeedName;
}

export class FeedOracle {
  readonly #listed: readonly FeedName[];
  readonly #contacts = new Map<string, Known>();
  readonly #files = new Map<FullFeed, { rows: ReadonlyMap<string, string>; since: number }>();
  /** When changes said something of a person that counted. */
  readonly #words = new Map<string, number>();
  readonly #gone = new Map<string, { by: FeedName; round: number }>();
  #round = 0;

  constructor(listed: readonly FeedName[]) {
    this.#listed = listed;
  }

  play(round: Round, ids: readonly string[]): void {
    this.#round += 1;
    for (const feed of ['first', 'second'] as const) {
      const rows = round[feed];
      if (rows !== null) this.#files.set(feed, { rows, since: this.#round });
    }
    for (const id of ids) this.#playPerson(id, round);
  }

  /** The value of everybody in Workshop, by id. */
  values(): Record<string, string> {
    return Object.fromEntries([...this.#contacts].map(([id, { value }]) => [id, value]));
  }

  #playPerson(id: string, round: Round): void {
    const known = this.#contacts.get(id);
    const change = round.changes?.get(id);
    const newer = change === undefined ? undefined : this.#newerThanChanges(id, round, known);
    const isDropped = newer === undefined && this.#isDroppedByNewer(id, round, known);
    if (change !== undefined && newer === undefined && !isDropped) {
      this.#words.set(id, this.#round);
      this.#follow(id, change, known);
      return;
    }
    if (change !== undefined) this.#words.delete(id);
    this.#supply(id, newer ?? this.#supplier(id, known), known);
  }

  #follow(id: string, change: string, known: Known | undefined): void {
    if (change === 'left') this.#remove(id, 'changes');
    else this.#contacts.set(id, { value: change, home: known?.home ?? 'changes' });
  }

  #supply(id: string, feed: FullFeed | null, known: Known | undefined): void {
    if (feed === null) return;
    const value = this.#rowOf(feed, id);
    // Being absent counts once, in a new file, and not while another full file has the person, however old its row.
    const isAbsent = this.#files.get(feed)?.since === this.#round && this.#having(id).length === 0;
    if (value === undefined && isAbsent) this.#remove(id, feed);
    else if (value !== undefined && !(known?.home === feed && this.#isOutdated(feed, id)))
      this.#contacts.set(id, { value, home: feed });
  }

  /** The full file that counts although changes of the same round speak of the person. */
  #newerThanChanges(id: string, round: Round, known: Known | undefined): FullFeed | undefined {
    if (round.changesAreNewer) return undefined;
    const mayTake = (feed: FullFeed) =>
      known === undefined || known.home === 'changes' || this.#place(feed) <= this.#place(known.home);
    return this.#having(id).find((feed) => round[feed] !== null && mayTake(feed));
  }

  /** The full feed whose person it is has a file of this round that is newer than the changes, without the person. */
  #isDroppedByNewer(id: string, round: Round, known: Known | undefined): boolean {
    if (round.changesAreNewer || known === undefined || known.home === 'changes') return false;
    return round[known.home] !== null && this.#rowOf(known.home, id) === undefined;
  }

  /** The full feed whose file counts; null: nobody says anything that does. */
  #supplier(id: string, known: Known | undefined): FullFeed | null {
    const having = this.#having(id).filter((feed) => !this.#isOutdated(feed, id));
    if (known === undefined || known.home === 'changes') return having[0] ?? null;
    const { home } = known;
    const before = having.find((feed) => this.#place(feed) < this.#place(home));
    if (before !== undefined || this.#rowOf(home, id) !== undefined) return before ?? home;
    return having[0] ?? home;
  }

  /** Somebody has had a later word on the person than this feed's file. */
  #isOutdated(feed: FullFeed, id: string): boolean {
    const since = this.#files.get(feed)?.since ?? 0;
    const gone = this.#gone.get(id);
    const isGone = gone !== undefined && gone.by !== feed && gone.round >= since && !this.#contacts.has(id);
    return isGone || (since < this.#round && (this.#words.get(id) ?? -1) >= since);
  }

  #remove(id: string, by: FeedName): void {
    if (this.#contacts.delete(id)) this.#gone.set(id, { by, round: this.#round });
  }

  #rowOf(feed: FullFeed, id: string): string | undefined {
    return this.#files.get(feed)?.rows.get(id);
  }

  #having(id: string): FullFeed[] {
    const full = this.#listed.filter((feed) => feed !== 'changes');
    return full.filter((feed) => this.#rowOf(feed, id) !== undefined);
  }

  #place(feed: FeedName): number {
    return this.#listed.indexOf(feed);
  }
}
