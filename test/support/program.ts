// The built program as a child process, and where it is to be struck.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const STRIKE = fileURLToPath(new URL('strike.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

export type Strike =
  | {
      /** Of the journal; '' stands for an operation that is not there yet. */
      readonly transition: readonly [from: string, to: string];
      readonly when: 'before' | 'after';
      readonly nth: number;
      readonly signal?: NodeJS.Signals;
    }
  | { readonly statement: string; readonly nth: number; readonly signal?: NodeJS.Signals }
  /** Strikes nobody: writes how often each transition was seen into this file. */
  | { readonly census: string };

/** The environment in which a program is struck (support/strike.mjs). */
export function struckBy(strike: Strike): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${STRIKE}`, STRIKE: JSON.stringify(strike) };
}

/** Starts the built program; it is gone when the test ends. */
export function startProgram(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, ended, kill: (signal: NodeJS.Signals) => void child.kill(signal) };
}
