// The emulator's own clock: it shares nothing with the program it stands in for.

/** Milliseconds since the epoch, with fractions: arrivals within one millisecond stay apart. Never steps back. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** `Mon, 23 Nov 2026 02:15:05 GMT`: rounded up, so that whoever waits for it has waited long enough. */
export function httpDate(timeMs: number): string {
  return new Date(Math.ceil(timeMs / 1000) * 1000).toUTCString();
}

/** Waits without keeping the process alive: a stopped emulator never holds up the exit. */
export function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
