// A source whose server may be away for a moment: whatever only reads is asked again, a few times and ever later. What the
// server refused, and what it answered, is never asked twice.

import { rm } from 'node:fs/promises';
import { UnreachableError } from '../errors.ts';
import { PassingTrouble } from './sftp-trouble.ts';
import type { Source } from './source.ts';

export interface AgainOptions {
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Hears of every trouble after which there is another attempt. */
  readonly onTrouble?: (trouble: PassingTrouble, delayMs: number) => void;
}

const DELAYS_MS = [1000, 4000, 15_000];

/**
 * Opens the source, and opens it again when the connection fails: at most four attempts from the first to the last byte.
 * Moving and deleting are asked once. Throws as `open` and `Source` do; the last trouble says how often it was tried. An abort
 * ends the waiting with the error of `wait`.
 */
export async function openPatiently(open: () => Promise<Source>, options: AgainOptions): Promise<Source> {
  const line = startLine(open, options);
  const { description } = await line.opened();
  return {
    description,
    list: () => line.ask((source) => source.list()),
    listDirectories: () => line.ask((source) => source.listDirectories()),
    download: (name, toPath, onProgress) =>
      line.ask(async (source) => {
        // Never a part of one attempt with a part of the next.
        await rm(toPath, { force: true });
        await source.download(name, toPath, onProgress);
      }),
    archive: async (name, archiveDirectory) => (await line.opened()).archive(name, archiveDirectory),
    remove: async (name) => (await line.opened()).remove(name),
    close: line.close,
  };
}

interface PatientLine {
  ask<Answer>(question: (source: Source) => Promise<Answer>): Promise<Answer>;
  opened(): Promise<Source>;
  close(): Promise<void>;
}

function startLine(open: () => Promise<Source>, { wait, signal, onTrouble }: AgainOptions): PatientLine {
  let current: Source | null = null;
  let isClosed = false;
  let failures = 0;
  const hangUp = async (): Promise<void> => {
    const source = current;
    current = null;
    await source?.close();
  };
  /** How long to wait before the next attempt; null: there is none. */
  const nextDelayMs = (trouble: PassingTrouble): number | null =>
    isClosed || signal.aborted || failures >= trouble.attempts ? null : (DELAYS_MS[failures - 1] ?? null);
  const ask: PatientLine['ask'] = async (question) => {
    while (true) {
      try {
        current ??= await open();
        return await question(current);
      } catch (error) {
        if (!(error instanceof PassingTrouble)) throw error;
        failures += 1;
        await hangUp();
        const delayMs = nextDelayMs(error);
        if (delayMs === null) throw counted(error, failures);
        onTrouble?.(error, delayMs);
        await wait(delayMs, signal);
        signal.throwIfAborted();
      }
    }
  };
  return {
    ask,
    opened: () => ask(async (source) => source),
    async close() {
      isClosed = true;
      await hangUp();
    },
  };
}

function counted(trouble: PassingTrouble, attempts: number): UnreachableError {
  if (attempts === 1) return trouble;
  const { message, hint } = trouble;
  return new UnreachableError(`${message} It was tried ${attempts} times.`, { hint, cause: trouble });
}
