// Counts rows of one kind and remembers the lines of the first few, for one sentence at the end.

const LINES_NAMED = 5;

export class LineTally {
  #count = 0;
  readonly #lines: number[] = [];

  add(line: number): void {
    this.#count++;
    if (this.#lines.length < LINES_NAMED) this.#lines.push(line);
  }

  /** One sentence made of `3 rows`, with the lines behind it; none when there was no row. */
  sentence(say: (rows: string) => string): string[] {
    if (this.#count === 0) return [];
    const more = this.#count > this.#lines.length ? ['…'] : [];
    const lines = [...this.#lines, ...more].join(', ');
    const where = this.#count === 1 ? `line ${lines}` : `lines ${lines}`;
    return [`${say(this.#count === 1 ? '1 row' : `${this.#count} rows`)} (${where})`];
  }
}
