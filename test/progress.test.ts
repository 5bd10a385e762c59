// Progress as a terminal receives it.

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress, progressLine, wantsProgress } from '../src/progress.ts';

function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

describe('progress', () => {
  it('is shown only when both stdout and stderr are terminals', () => {
    expect(wantsProgress({ isTTY: true }, { isTTY: true })).toBe(true);
    expect(wantsProgress({ isTTY: true }, {})).toBe(false);
    expect(wantsProgress({}, { isTTY: true })).toBe(false);
  });

  it('writes nothing when it is not enabled', () => {
    const { stream, text } = terminal();
    const progress = createProgress(false, stream);
    progress.start('applying', 10);
    progress.update(5);
    progress.stop();
    expect(text()).toBe('');
  });

  it('draws each phase with done and total, and clears its line at the end', () => {
    const { stream, text } = terminal();
    const progress = createProgress(true, stream);
    progress.start('downloading', 4 * 1024 * 1024);
    progress.start('applying', 1500);
    progress.update(300);
    progress.stop();
    progress.stop();
    expect(text()).toContain('Downloading [');
    expect(text()).toContain('300/1,500');
    expect(text()).not.toContain('\n');
  });

  it('leaves signals to the process', () => {
    const { stream } = terminal();
    const progress = createProgress(true, stream);
    progress.start('applying', 10);
    expect(process.listenerCount('SIGTERM')).toBe(0);
    progress.stop();
  });
});

describe('a line of progress', () => {
  it('says done, total, rate and time left', () => {
    expect(progressLine({ phase: 'applying', done: 1204, total: 5000, elapsedMs: 240_800 })).toBe(
      'Applying [######------------------] 1,204/5,000 · 5.0/s · 12m 40s left',
    );
    expect(progressLine({ phase: 'downloading', done: 512 * 1024, total: 8 * 1024 * 1024, elapsedMs: 1000 })).toBe(
      'Downloading [##----------------------] 512 KiB/8.0 MiB · 512 KiB/s · 15s left',
    );
    expect(progressLine({ phase: 'applying', done: 10, total: 100_000, elapsedMs: 2000 })).toMatch(/5h 33m left$/);
  });

  it('promises no end while nothing is done or the total is not known', () => {
    expect(progressLine({ phase: 'applying', done: 0, total: 10, elapsedMs: 0 })).toBe(
      'Applying [------------------------] 0/10 · 0.0/s',
    );
    expect(progressLine({ phase: 'reading', done: 1024, total: 0, elapsedMs: 1000 })).toBe('Reading 1 KiB · 1 KiB/s');
  });
});
