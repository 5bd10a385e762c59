// A small disk of its own, to be filled up. Needs the right to mount one, or else /dev/shm, of which all but the size that is
// asked for is taken up by a ballast.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './store.ts';

export interface SmallDisk {
  readonly directory: string;
  /** Gives it so much more room. */
  grow(): void;
}

const ROOMY = '64m';
const BLOCK_BYTES = 4096;

/** A disk with so many KiB in all; it is gone when the test ends. */
export function smallDisk(sizeKib: number): SmallDisk {
  const directory = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'tmpfs', directory], { stdio: 'pipe' });
  } catch {
    return sharedMemory(sizeKib);
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  return {
    directory,
    grow: () => void execFileSync('mount', ['-o', `remount,size=${ROOMY}`, directory]),
  };
}

/** A directory on a disk that nobody may write to, root included. */
export function readOnlyDisk(): string {
  const directory = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', directory], { stdio: 'pipe' });
  } catch {
    return '/sys/kernel';
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  return directory;
}

function sharedMemory(sizeKib: number): SmallDisk {
  const directory = mkdtempSync('/dev/shm/workshop-sync-test-');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { bavail, bsize } = statfsSync(directory);
  const ballast = join(directory, 'ballast');
  const file = openSync(ballast, 'w');
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let left = bavail * bsize - sizeKib * 1024; left > 0; left -= BLOCK_BYTES) writeSync(file, block);
  closeSync(file);
  return { directory, grow: () => truncateSync(ballast, 0) };
}
