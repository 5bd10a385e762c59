// The emulator's clock, stopped: it moves only when the test moves it, so that windows and lags are exact.

import { vi } from 'vitest';

export interface StoppedClock {
  /** Milliseconds since 1970, as the emulator sees them. */
  nowMs(): number;
  advanceSeconds(seconds: number): void;
}

/** Stops the clock until `vi.restoreAllMocks()`. */
export function stopClock(): StoppedClock {
  let nowMs = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  return {
    nowMs: () => performance.timeOrigin + nowMs,
    advanceSeconds: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
}
