#!/usr/bin/env node
// The process: arguments in, signals, exit code out. The only place that ends it and that catches everything.

import { OperatorError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

const controller = new AbortController();

// A terminal that is closed asks to end as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second signal ends at once; the journal makes that as safe as a power cut.
    if (controller.signal.aborted) process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
    controller.abort(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

// Whoever reads our output may stop reading (`| head`), or its disk may be full: no reason to fail. What was done is
// recorded, and the exit code says how it went.
let isOutputLost = false;
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(
    `The output could not be written (${error.code}); \`workshop-sync report\` shows a run again.\n`,
  );
});

process.exitCode = await main();

async function main(): Promise<ExitCode> {
  try {
    // Loading the rest takes longer than everything above; a signal that comes meanwhile is listened to already.
    const { runCli } = await import('./cli.ts');
    return await runCli(process.argv.slice(2), {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      stdoutIsTerminal: process.stdout.isTTY === true,
      stderrIsTerminal: process.stderr.isTTY === true,
      signal: controller.signal,
    });
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): ExitCode {
  if (error instanceof OperatorError) {
    reportJson(error.exitCode, error.message, error.hint);
    process.stderr.write(`${error.message}\n  → ${error.hint}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  reportJson(EXIT.bug, 'This is a bug in workshop-sync.', 'Please report it with the lines on stderr.');
  process.stderr.write(`This is a bug in workshop-sync. Please report it with the lines below.\n${stack}\n`);
  return EXIT.bug;
}

/** Whoever asked for JSON reads it on stdout, whatever happens. */
function reportJson(exitCode: ExitCode, message: string, hint: string): void {
  if (!process.argv.includes('--json')) return;
  process.stdout.write(`${JSON.stringify({ exit_code: exitCode, error: { message, hint } }, null, 2)}\n`);
}
