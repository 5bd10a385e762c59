// Counts rows of one kind and remembers the lines of the first few, for one sentence at the end.

const LINES_NAMED = 5;

export class LineTally {
  #count = 0;
  readonly #lines: number[] = [];

  add(line: number): void {
    this.#count++;
    if (this.#lines.length < LINES_NAMED) this.#lines.push(line);
  }

  /** `3 rows of some kind were left out (lines 3, 5, 9)`; nothing when there was no row. */
  leftOut(kind: string): string[] {
    if (this.#count === 0) return [];
    const lines = this.#count > this.#lines.length ? [...this.#lines, '…'] : this.#lines;
    const where = `(${this.#count === 1 ? 'line' : 'lines'} ${lines.join(', ')})`;
    return [
      this.#count === 1 ? `1 row ${kind} was left out ${where}` : `${this.#count} rows ${kind} were left out ${where}`,
    ];
  }
}
