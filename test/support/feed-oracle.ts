// What several feeds should come to, one person at a time: an oracle that knows nothing of files, tables or plans.

export type FeedName = 'first' | 'second' | 'changes';
export type FullFeed = Exclude<FeedName, 'changes'>;

/** What the files of one round say: full ones only where there is a new one. `left` in a file of changes: has left. */
export interface Round {
  readonly first: ReadonlyMap<string, string> | null;
  readonly second: ReadonlyMap<string, string> | null;
  readonly changes: ReadonlyMap<string, string> | null;
}

interface Known {
  readonly value: string;
  readonly owner: FeedName;
}

interface Lying {
  readonly rows: ReadonlyMap<string, string>;
  readonly since: number;
}

export class FeedOracle {
  readonly #listed: readonly FeedName[];
  readonly #contacts = new Map<string, Known>();
  readonly #files = new Map<FullFeed, Lying>();
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

  /** Value and owner of everybody in Workshop, by id. */
  contacts(): Record<string, string> {
    return Object.fromEntries([...this.#contacts].map(([id, { value, owner }]) => [id, `${value} of ${owner}`]));
  }

  #playPerson(id: string, round: Round): void {
    const known = this.#contacts.get(id);
    const change = round.changes?.get(id);
    const winner = this.#winner(id, round, { known, change });
    if (winner === 'changes' && change !== undefined) {
      if (change === 'left') this.#remove(id, 'changes');
      else this.#contacts.set(id, { value: change, owner: 'changes' });
    } else if (winner === 'first' || winner === 'second') {
      const value = this.#rowOf(winner, id);
      if (value === undefined) this.#remove(id, winner);
      else this.#contacts.set(id, { value, owner: winner });
    }
  }

  /** Whose word counts; null: nobody says anything that counts. */
  #winner(
    id: string,
    round: Round,
    { known, change }: { known: Known | undefined; change: string | undefined },
  ): FeedName | null {
    const having = this.#full().filter((feed) => this.#rowOf(feed, id) !== undefined);
    const isNew = (feed: FullFeed) => round[feed] !== null;
    if (change !== undefined && (known !== undefined || change !== 'left')) {
      return having.find((feed) => isNew(feed) && this.#place(feed) < this.#place('changes')) ?? 'changes';
    }
    if (known === undefined) return having.find((feed) => !this.#isOutdated(feed, id)) ?? null;
    if (known.owner === 'changes') return having.find(isNew) ?? null;
    return having.find((feed) => this.#place(feed) <= this.#place(known.owner)) ?? having[0] ?? known.owner;
  }

  #isOutdated(feed: FullFeed, id: string): boolean {
    const gone = this.#gone.get(id);
    return gone !== undefined && gone.by !== feed && gone.round >= (this.#files.get(feed)?.since ?? 0);
  }

  #remove(id: string, by: FeedName): void {
    if (this.#contacts.delete(id)) this.#gone.set(id, { by, round: this.#round });
  }

  #rowOf(feed: FullFeed, id: string): string | undefined {
    return this.#files.get(feed)?.rows.get(id);
  }

  #full(): FullFeed[] {
    return this.#listed.filter((feed) => feed !== 'changes');
  }

  #place(feed: FeedName): number {
    return this.#listed.indexOf(feed);
  }
}
