// The door to pino: what happened, on stderr, as JSON lines or readable on a terminal. Results go to stdout
// and never through here. Nobody's name, email or phone belongs in a log; secrets are struck out as a seat belt.

import { createRequire } from 'node:module';
import { pino } from 'pino';
import { OperatorError } from './errors.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Numbers, ids and field names that a machine may filter on; the message is for people. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export interface LogOptions {
  /** Lines below it are dropped. */
  readonly level: LogLevel;
  /** For a person at a terminal; else one JSON object a line. */
  readonly pretty: boolean;
  /** Only when pretty; default true. */
  readonly color?: boolean;
}

/** The log of this process, on stderr (specification §3). Written before the call returns, so an exit loses no line. */
export function createLog(options: LogOptions): Log {
  const stderr = pino.destination({ fd: 2, sync: true });
  // A reader of our logs that went away must not end a sync half-way.
  stderr.on('error', () => {});
  const destination = options.pretty ? prettyOver(stderr, options.color ?? true) : stderr;
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are told by `errorFields`, under whatever key.
      serializers: { err: (told: unknown) => told },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    debug: (fields, message) => logger.debug(clean(fields), printable(message)),
    info: (fields, message) => logger.info(clean(fields), printable(message)),
    warn: (fields, message) => logger.warn(clean(fields), printable(message)),
    error: (fields, message) => logger.error(clean(fields), printable(message)),
  };
}

/** A log that says nothing, for whoever wants none. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

interface Lines {
  write(line: string): unknown;
}

// As a plain function and not as a stream of pino-pretty: a stream hands lines on later, and an exit would lose them.
// Loaded only when wanted: a service never is at a terminal.
function prettyOver(lines: Lines, colorize: boolean): Lines {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  const prettify = prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss' });
  return { write: (line) => lines.write(prettify(line)) };
}

const SECRET_KEY = /api[-_]?key|pass(word|phrase)|authorization|secret|token|private[-_]?key/i;
const DEEPEST = 6;

function clean(fields: LogFields): Record<string, unknown> {
  return cleanRecord(fields, 0);
}

function cleanRecord(record: LogFields, depth: number): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    const isSecret = SECRET_KEY.test(key) && typeof value !== 'boolean' && value !== null && value !== undefined;
    cleaned[key] = isSecret ? '[redacted]' : cleanValue(value, depth + 1);
  }
  return cleaned;
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[too deep]';
  if (value instanceof Error) return cleanRecord(errorFields(value), depth);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, depth + 1));
  return cleanRecord(value as LogFields, depth);
}

// Only what is known to be harmless: clients hang requests, with their headers, on the errors they throw.
function errorFields(error: Error): LogFields {
  const fields: Record<string, unknown> = { type: error.name, message: error.message };
  if ('code' in error) fields.code = error.code;
  if (error instanceof OperatorError) fields.hint = error.hint;
  else fields.stack = error.stack;
  if (error.cause instanceof Error) fields.cause = errorFields(error.cause);
  return fields;
}

/** Without the control characters with which a hostile file could move the cursor of whoever reads the log. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

function ignore(): void {}
