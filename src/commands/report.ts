// `report [RUN]` and `history`: what earlier runs did, from what they left behind.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type HistoryRow, renderHistory } from '../report/history.ts';
import { plainJson } from '../report/plain.ts';
import { renderText } from '../report/text.ts';
import { readReport } from '../report/write.ts';
import { databasePath } from '../store/database.ts';
import { lookAtState } from '../store/look.ts';
import { createRuns } from '../store/runs.ts';
import { type CommonFlags, type Io, wantsColor } from './io.ts';
import { reportDirectory } from './once.ts';

export interface ReportFlags extends CommonFlags {
  readonly format?: string;
}

/** Prints the report of a run, the latest by default. The exit code is about the printing, not about that run. */
export async function reportCommand(run: string | undefined, flags: ReportFlags, io: Io): Promise<ExitCode> {
  const format = formatOf(flags);
  const { stateDirectory } = loadConfiguration(flags.config).settings;
  const runs = readRuns(stateDirectory);
  const wanted = run ?? runs.find((record) => existsSync(reportDirectory(stateDirectory, record.run)))?.run;
  if (wanted === undefined) {
    throw new UsageError(`There is no report in ${stateDirectory} yet.`, {
      hint: 'Type `workshop-sync run --once` for a first sync.',
    });
  }
  if (run !== undefined && !runs.some((record) => record.run === run)) {
    throw new UsageError(`There was no run "${run}".`, {
      hint: 'Type `workshop-sync history` for the runs that there were.',
    });
  }
  const directory = reportDirectory(stateDirectory, wanted);
  const { report, operations } = readReport(directory);
  if (format === 'json') io.out(`${plainJson(report, 2)}\n`);
  else io.out(renderText(report, operations, { colour: wantsColor(io, flags), directory }));
  return EXIT.inSync;
}

/** `--json` wins: whoever asks for it parses what comes. */
function formatOf({ format = 'text', json }: ReportFlags): 'text' | 'json' {
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(
      format === 'html' ? 'The format html is not supported yet.' : `There is no format "${format}".`,
      { hint: 'Use --format text or --format json.' },
    );
  }
  return json === true ? 'json' : format;
}

/** One line per run, newest first. */
export async function historyCommand(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const runs = readRuns(loadConfiguration(flags.config).settings.stateDirectory);
  io.out(flags.json === true ? `${JSON.stringify(runs, null, 2)}\n` : renderHistory(runs));
  return EXIT.inSync;
}

const RUNS_SHOWN = 1000;

function readRuns(stateDirectory: string): HistoryRow[] {
  if (!existsSync(databasePath(stateDirectory))) return [];
  const workDirectory = mkdtempSync(join(tmpdir(), 'workshop-sync-'));
  try {
    return lookAtState(stateDirectory, workDirectory, (database) =>
      createRuns(database)
        .list(RUNS_SHOWN)
        .map(({ id, ...rest }) => ({ run: id, mode: 'run', ...rest })),
    );
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}
