// The door to cli-progress: how far long work has come, for somebody watching a terminal. Drawn on stderr,
// and gone when the work is done, so that it never mixes with the result on stdout.

import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';
import { elapsedClockMs } from './clock.ts';

/** downloading and reading count bytes, applying counts operations. */
export type Phase = 'downloading' | 'reading' | 'applying';

export interface Progress {
  /** Begins a phase, and ends the one before. `total` 0: not known. */
  start(phase: Phase, total: number): void;
  /** How much of the total is done by now. Cheap: call it as often as you like. */
  update(done: number): void;
  /** Ends the phase; harmless when none runs. A bar that is never stopped keeps the process alive. */
  stop(): void;
}

export interface Terminal {
  readonly isTTY?: boolean;
}

/** Progress is for people: never when stdout or stderr is piped (specification §3). */
export function wantsProgress(stdout: Terminal, stderr: Terminal): boolean {
  return stdout.isTTY === true && stderr.isTTY === true;
}

/** Draws on `terminal`; draws nothing at all unless enabled. */
export function createProgress(enabled: boolean, terminal: NodeJS.WritableStream = process.stderr): Progress {
  if (!enabled) return { start() {}, update() {}, stop() {} };
  const { SingleBar: Bar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  let bar: SingleBar | null = null;
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    start(phase, total) {
      stop();
      const startedMs = elapsedClockMs();
      bar = new Bar({
        stream: terminal,
        format: (_options, drawn) =>
          progressLine({ phase, done: drawn.value, total, elapsedMs: elapsedClockMs() - startedMs }),
        clearOnComplete: true,
        hideCursor: true,
        forceRedraw: true,
        // Signals are main's alone; whoever drains the work stops the bar.
        gracefulExit: false,
      });
      bar.start(total, 0);
    },
    update: (done) => bar?.update(done),
    stop,
  };
}

export interface Drawn {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
}

const BAR_WIDTH = 24;

/** `Applying [######------] 1,204/5,000 · 5.0/s · 12m 39s left` */
export function progressLine(drawn: Drawn): string {
  const { phase, done, total, elapsedMs } = drawn;
  const words = phase === 'applying' ? countWords : byteWords;
  const title = phase.charAt(0).toUpperCase() + phase.slice(1);
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const rate = phase === 'applying' ? `${perSecond.toFixed(1)}/s` : `${byteWords(perSecond)}/s`;
  if (total <= 0) return `${title} ${words(done)} · ${rate}`;
  const filled = Math.round(BAR_WIDTH * Math.min(1, done / total));
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  const left = done > 0 ? ` · ${durationWords((Math.max(0, total - done) * elapsedMs) / done)} left` : '';
  return `${title} [${bar}] ${words(done)}/${words(total)} · ${rate}${left}`;
}

function countWords(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function byteWords(bytes: number): string {
  const mebibytes = bytes / 1024 / 1024;
  return mebibytes >= 1 ? `${mebibytes.toFixed(1)} MiB` : `${countWords(bytes / 1024)} KiB`;
}

function durationWords(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
