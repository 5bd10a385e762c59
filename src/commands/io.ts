// What a command may use of the process it runs in. Results go out, messages for people go to err.

import { environmentForbidsColor } from '../config/load.ts';
import type { LogLevel } from '../log.ts';

export interface Io {
  /** To stdout, as it is. */
  out(text: string): void;
  /** To stderr, as it is. */
  err(text: string): void;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Aborted with the reason `SIGTERM` or `SIGINT`. */
  readonly signal: AbortSignal;
}

/** The flags that every command understands (specification §2). */
export interface CommonFlags {
  readonly config?: string;
  readonly json?: boolean;
  readonly logLevel?: LogLevel;
  /** False after `--no-color`. */
  readonly color?: boolean;
}

/** Colour is for terminals, and for people who want it. */
export function wantsColor(io: Io, flags: CommonFlags): boolean {
  return io.stdoutIsTerminal && flags.color !== false && !environmentForbidsColor();
}
