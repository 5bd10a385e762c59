// How many events fall into the second that ends now, in constant time and bounded by one second of traffic.

const WINDOW_MS = 1000;
const COMPACT_AFTER = 4096;

/** Counts events in (now - 1 s, now]. Times must not decrease. */
export class RollingSecond {
  #times: number[] = [];
  #first = 0;

  /** Adds one event and gives the number in the second that ends with it. */
  record(atMs: number): number {
    this.#times.push(atMs);
    return this.count(atMs);
  }

  count(atMs: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? 0) <= atMs - WINDOW_MS) this.#first++;
    if (this.#first > COMPACT_AFTER) {
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }

  /** Milliseconds until the oldest counted event leaves the window; 0 when there is none. */
  untilNextFreeMs(atMs: number): number {
    const oldest = this.#times[this.#first];
    return oldest === undefined ? 0 : Math.max(0, oldest + WINDOW_MS - atMs);
  }
}
