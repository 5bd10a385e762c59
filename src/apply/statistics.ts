// What the API was like during a run: counts, latencies and the rate, in bounded memory.

export interface ApiStatistics {
  readonly requests: number;
  readonly retries: number;
  /** Answers with status 429. */
  readonly rateLimited: number;
  /** null when nothing was answered. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** null when fewer than two requests were sent. */
  readonly achievedPerSecond: number | null;
  readonly allowedPerSecond: number;
}

/** Latencies beyond these replace the oldest. */
const LATENCIES_KEPT = 10_000;

export interface StatisticsRecorder {
  sent(atMs: number, isRetry: boolean): void;
  answered(latencyMs: number, isRateLimited: boolean): void;
  read(allowedPerSecond: number): ApiStatistics;
}

/** Records what one run asks of the API. */
export function createStatistics(): StatisticsRecorder {
  const latencies: number[] = [];
  const counts = { requests: 0, retries: 0, rateLimited: 0, answered: 0 };
  let firstMs = 0;
  let lastMs = 0;
  return {
    sent: (atMs, isRetry) => {
      if (counts.requests === 0) firstMs = atMs;
      lastMs = atMs;
      counts.requests += 1;
      if (isRetry) counts.retries += 1;
    },
    answered: (latencyMs, isRateLimited) => {
      latencies[counts.answered % LATENCIES_KEPT] = latencyMs;
      counts.answered += 1;
      if (isRateLimited) counts.rateLimited += 1;
    },
    read: (allowedPerSecond) => {
      const sorted = latencies.toSorted((a, b) => a - b);
      const { requests, retries, rateLimited } = counts;
      // The last request has its share of time too; without it a handful would seem faster than they were.
      const achievedPerSecond =
        lastMs > firstMs ? (requests * 1000) / (lastMs - firstMs + 1000 / allowedPerSecond) : null;
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
      return { requests, retries, rateLimited, p50Ms: at(0.5), p95Ms: at(0.95), achievedPerSecond, allowedPerSecond };
    },
  };
}
