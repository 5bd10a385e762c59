// The emulated limit on requests per second: a true rolling second, so a client that bursts across a boundary is caught.

import { type Answer, failure } from './exchange.ts';
import { retryAfterHeader } from './retry-after.ts';
import { RollingSecond } from './rolling-second.ts';
import type { Settings } from './settings.ts';

export class RateLimit {
  #admitted = new RollingSecond();
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** null when the request may pass, else the 429. Refused requests do not count, or nobody would ever get out. */
  refusal(atMs: number): Answer | null {
    const limit = this.#settings.requests_per_second;
    if (limit === null || this.#admitted.count(atMs) < limit) {
      this.#admitted.record(atMs);
      return null;
    }
    const freeInMs = this.#admitted.untilNextFreeMs(atMs);
    return failure(429, 'Too many requests.', retryAfterHeader(this.#settings.retry_after, atMs, freeInMs));
  }

  clear(): void {
    this.#admitted = new RollingSecond();
  }
}
