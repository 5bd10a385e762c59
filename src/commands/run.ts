// `run`, `run --once`, `run --once --dry-run` and its alias `plan`.

import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { createLog, type Log } from '../log.ts';
import { FORCEABLE_GUARDS, GUARDS, type GuardName } from '../plan/guard.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import type { OperationRecord } from '../report/facts.ts';
import { operationLines } from '../report/operation-line.ts';
import { plainJson } from '../report/plain.ts';
import type { Report } from '../report/shape.ts';
import { renderText } from '../report/text.ts';
import { volumeWarning } from '../store/volume.ts';
import type { SyncOptions } from '../sync.ts';
import { PROGRAM_VERSION } from '../version.ts';
import { type CommonFlags, type Io, wantsColor } from './io.ts';
import { type FinishedRun, runOnce } from './once.ts';

export interface RunFlags extends CommonFlags {
  readonly once?: boolean;
  readonly dryRun?: boolean;
  readonly force?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly detailedExitcode?: boolean;
}

/** One sync, or with neither `--once` nor `--dry-run` the daemon. Gives the exit code. */
export async function runCommand(flags: RunFlags, io: Io): Promise<ExitCode> {
  const options = syncOptions(flags);
  if (flags.once !== true && options.dryRun) {
    throw new UsageError('--dry-run goes with --once.', {
      hint: 'Type `workshop-sync run --once --dry-run`, or `workshop-sync plan`.',
    });
  }
  if (flags.once !== true && (options.force.size > 0 || options.allowEmpty)) {
    throw new UsageError('--force and --allow-empty are for one run only.', { hint: 'Add --once.' });
  }
  const configuration = loadConfiguration(flags.config);
  const log = openLog(flags, io);
  const place = volumeWarning(configuration.settings.stateDirectory);
  for (const warning of [...configuration.warnings, ...(place === null ? [] : [place])]) log.warn({}, warning);
  if (flags.once !== true) return await runUntilStopped(configuration, options, log, io);
  const finished = await runOnce({
    configuration,
    options,
    log,
    progress: createProgress(wantsProgress({ isTTY: io.stdoutIsTerminal }, { isTTY: io.stderrIsTerminal })),
    signal: io.signal,
    present: (run) => print(run, flags, io),
  });
  return exitCodeOf(finished, flags);
}

/** `plan`: the same as `run --once --dry-run`. */
export async function planCommand(flags: RunFlags, io: Io): Promise<ExitCode> {
  return await runCommand({ ...flags, once: true, dryRun: true }, io);
}

/** A dry run leaves no files to point to: sent to a file or a pager it shows this many changes of a kind. */
const CHANGES_IN_A_FILE = 1000;

/** A log as the flags and the terminal ask for it. */
export function openLog(flags: CommonFlags, io: Io): Log {
  return createLog({ level: flags.logLevel ?? 'info', pretty: io.stderrIsTerminal, color: flags.color !== false });
}

function syncOptions(flags: RunFlags): SyncOptions {
  const force = new Set<GuardName>();
  for (const name of flags.force ?? []) {
    const guard = GUARDS.find((known) => known === name);
    if (guard === undefined || guard === 'empty') {
      throw new UsageError(`--force ${name}: there is no such guard to override.`, {
        hint:
          name === 'empty'
            ? 'Use --allow-empty for a file without a single employee.'
            : `Guards that can be overridden for one run: ${FORCEABLE_GUARDS.join(', ')}. There is no override for all.`,
      });
    }
    force.add(guard);
  }
  return { dryRun: flags.dryRun === true, force, allowEmpty: flags.allowEmpty === true };
}

function print({ report, operations, directory }: FinishedRun, flags: RunFlags, io: Io): void {
  if (flags.json === true) printJson(report, directory === null ? operations() : null, io);
  else
    io.out(
      renderText(report, operationLines(operations()), {
        colour: wantsColor(io, flags),
        directory,
        ...(directory === null && !io.stdoutIsTerminal ? { changesPerKind: CHANGES_IN_A_FILE } : {}),
      }),
    );
}

/** A dry run leaves no `operations.jsonl`, so its JSON holds the operations as well, under `changes`. */
function printJson(report: Report, operations: Iterable<OperationRecord> | null, io: Io): void {
  const text = plainJson(report, 2);
  if (operations === null) {
    io.out(`${text}\n`);
    return;
  }
  io.out(`${text.replace(/\n}$/, '')},\n  "changes": [`);
  let separator = '\n    ';
  for (const line of operationLines(operations)) {
    io.out(separator + plainJson(line));
    separator = ',\n    ';
  }
  io.out('\n  ]\n}\n');
}

function exitCodeOf({ report }: FinishedRun, flags: RunFlags): ExitCode {
  const pending = report.operations.planned > 0 && flags.detailedExitcode === true && report.exit_code === EXIT.inSync;
  return pending ? EXIT.pending : report.exit_code;
}

async function runUntilStopped(
  configuration: LoadedConfiguration,
  options: SyncOptions,
  log: Log,
  io: Io,
): Promise<ExitCode> {
  const { runDaemon } = await import('../daemon/daemon.ts');
  const { systemClock } = await import('../clock.ts');
  const { settings } = configuration;
  return await runDaemon({
    schedule: settings.schedule,
    server: settings.server,
    version: PROGRAM_VERSION,
    clock: systemClock,
    log,
    signal: io.signal,
    syncOnce: async (signal) => {
      const quiet = createProgress(false);
      const finished = await runOnce({
        configuration,
        options,
        log,
        progress: quiet,
        signal,
        present: () => undefined,
      });
      return runOutcome(finished);
    },
  });
}

function runOutcome({ report, contactCount, heldSinceMs }: FinishedRun) {
  return {
    exitCode: report.exit_code,
    verdict: report.verdict,
    run: report.run,
    durationMs: report.duration_ms,
    people: report.people,
    operations: report.outcomes,
    rejects: report.feeds.reduce((sum, feed) => sum + feed.rows.rejected, 0),
    contacts: contactCount,
    api: report.api,
    heldSinceMs,
    credentialsRefused:
      report.stopped?.kind === 'credentials' || report.feeds.some((feed) => feed.error?.kind === 'credentials'),
  };
}
