// A quota of requests in a fixed window, and the headers that tell a client how much of it is left.

import { type Answer, failure } from './exchange.ts';
import { retryAfterHeader } from './retry-after.ts';
import type { Settings } from './settings.ts';

export const QUOTA_HEADERS = ['none', 'ratelimit', 'ratelimit_fields', 'x_ratelimit', 'x_ratelimit_epoch'] as const;
export type QuotaHeaders = (typeof QUOTA_HEADERS)[number];

/** How the quota stood once a request was counted: later requests do not change what its answer says. */
export interface QuotaStanding {
  readonly quota: number;
  readonly windowS: number;
  readonly remaining: number;
  readonly endMs: number;
}

export class Quota {
  #startMs: number | null = null;
  #spent = 0;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** null when the quota has room, else the 429. The first request after a window opens the next one. */
  refusal(atMs: number): Answer | null {
    const { quota, retry_after } = this.#settings;
    if (quota === null) {
      this.clear();
      return null;
    }
    if (this.#startMs === null || atMs >= this.#endMs(this.#startMs)) {
      this.#startMs = atMs;
      this.#spent = 0;
    }
    if (this.#spent < quota) return null;
    const waitMs = this.#endMs(this.#startMs) - atMs;
    return failure(429, 'The quota is used up.', retryAfterHeader(retry_after, atMs, waitMs));
  }

  /** Counts a request that nothing refused: not the quota, and not the limit per second either. */
  spend(): void {
    this.#spent++;
  }

  /** null while there is no quota. */
  standing(): QuotaStanding | null {
    const { quota, quota_window_s } = this.#settings;
    if (quota === null || this.#startMs === null) return null;
    const remaining = Math.max(0, quota - this.#spent);
    return { quota, windowS: quota_window_s, remaining, endMs: this.#endMs(this.#startMs) };
  }

  clear(): void {
    this.#startMs = null;
    this.#spent = 0;
  }

  #endMs(startMs: number): number {
    return startMs + this.#settings.quota_window_s * 1000;
  }
}

/** The headers of an answer that leaves at `nowMs`. */
export function quotaHeaders(
  form: QuotaHeaders,
  standing: QuotaStanding | null,
  nowMs: number,
): Record<string, string> {
  if (standing === null) return {};
  const { quota, windowS, remaining, endMs } = standing;
  const resetS = Math.max(0, Math.ceil((endMs - nowMs) / 1000));
  switch (form) {
    case 'none':
      return {};
    case 'ratelimit':
      return threeHeaders('ratelimit', quota, remaining, resetS);
    case 'ratelimit_fields':
      return {
        ratelimit: `"default";r=${remaining};t=${resetS}`,
        'ratelimit-policy': `"default";q=${quota};w=${windowS}`,
      };
    case 'x_ratelimit':
      return threeHeaders('x-ratelimit', quota, remaining, resetS);
    case 'x_ratelimit_epoch':
      return threeHeaders('x-ratelimit', quota, remaining, Math.ceil(endMs / 1000));
  }
}

function threeHeaders(prefix: string, limit: number, remaining: number, reset: number): Record<string, string> {
  return {
    [`${prefix}-limit`]: String(limit),
    [`${prefix}-remaining`]: String(remaining),
    [`${prefix}-reset`]: String(reset),
  };
}
