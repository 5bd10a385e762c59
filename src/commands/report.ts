// `report [RUN]` and `history`: what earlier runs did, from what they left behind.

import { existsSync } from 'node:fs';
import { isoTime } from '../clock.ts';
import { loadConfiguration } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type HistoryRow, renderHistory } from '../report/history.ts';
import { plain, plainJson } from '../report/plain.ts';
import { renderText } from '../report/text.ts';
import { readReport } from '../report/write.ts';
import { type Database, databasePath } from '../store/database.ts';
import { createHeldSets, type HeldSet } from '../store/held-sets.ts';
import { lookAtState } from '../store/look.ts';
import { createRuns, type RunRecord } from '../store/runs.ts';
import { requireDirectory } from '../store/volume.ts';
import { type CommonFlags, type Io, wantsColor } from './io.ts';
import { reportDirectory } from './once.ts';
import { withTemporaryDirectory } from './temporary.ts';

export interface ReportFlags extends CommonFlags {
  readonly format?: string;
}

/** Prints the report of a run, the latest by default. The exit code is about the printing, not about that run. */
export async function reportCommand(run: string | undefined, flags: ReportFlags, io: Io): Promise<ExitCode> {
  const format = formatOf(flags);
  const { stateDirectory } = loadConfiguration(flags.config).settings;
  const runs = await readRuns(stateDirectory);
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
  else {
    io.out(renderText(report, operations, { colour: wantsColor(io, flags), directory }));
    for (const set of await readDecisions(stateDirectory, wanted)) io.out(`\n${decisionWords(set)}\n`);
  }
  return EXIT.inSync;
}

/** What became of the sets that the run held, as far as anything did. */
async function readDecisions(stateDirectory: string, run: string): Promise<HeldSet[]> {
  const sets = await look(stateDirectory, (database) => createHeldSets(database).ofRun(run));
  return sets.filter(({ state }) => state !== 'waiting');
}

function decisionWords({ feed, state, decidedBy, decidedAtMs, usedByRun }: HeldSet): string {
  const by = decidedBy === null ? '' : ` by ${decidedBy} at ${isoTime(decidedAtMs ?? 0)}`;
  const words = {
    waiting: 'waits for approval',
    approved: `approved${by}; the next run lets it through`,
    rejected: `rejected${by}`,
    used: `approved${by}, and applied by run ${usedByRun}`,
    superseded: `not waiting any more${by === '' ? '' : ` (decided${by})`}: a later run made another plan`,
  };
  return plain(`What this run held of feed ${feed}: ${words[state]}.`);
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
  const runs = await readRuns(loadConfiguration(flags.config).settings.stateDirectory);
  io.out(flags.json === true ? `${JSON.stringify(runs, null, 2)}\n` : renderHistory(runs));
  return EXIT.inSync;
}

const RUNS_SHOWN = 1000;

async function readRuns(stateDirectory: string): Promise<HistoryRow[]> {
  requireDirectory(stateDirectory);
  if (!existsSync(databasePath(stateDirectory))) return [];
  return await look(stateDirectory, (database, isRunning) =>
    createRuns(database)
      .list(RUNS_SHOWN)
      .map((record, index) => historyRow(record, isRunning && index === 0)),
  );
}

async function look<Result>(
  stateDirectory: string,
  body: (database: Database, isRunning: boolean) => Result,
): Promise<Result> {
  return await withTemporaryDirectory((workDirectory) => lookAtState(stateDirectory, workDirectory, body));
}

/** Only the newest run can be the one that is at work. */
function historyRow({ id, ...rest }: RunRecord, isRunning: boolean): HistoryRow {
  const verdict = isRunning && rest.finishedAtMs === null ? 'It is at work now.' : rest.verdict;
  return { run: id, mode: 'run', ...rest, verdict };
}
