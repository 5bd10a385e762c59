// A dry run through the code of `plan`, in this process: `plan-child.mjs plan CONFIG [FILE]`. With FILE, a
// bare csv-parse pass over it goes first. `plan-child.mjs confirm CONFIG` makes the snapshot equal to the file.

import { createReadStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { contactOf } from '../dist/apply/outcome.js';
import { runOnce } from '../dist/commands/once.js';
import { loadConfiguration } from '../dist/config/load.js';
import { takeFeed } from '../dist/feed/take.js';
import { silentLog } from '../dist/log.js';
import { createProgress } from '../dist/progress.js';
import { operationLines } from '../dist/report/report.js';
import { renderText } from '../dist/report/text.js';
import { openSource } from '../dist/source/open.js';
import { openStore } from '../dist/store/store.js';
import { peakMiB, timed } from './measure.mjs';

const [mode, config, file] = process.argv.slice(2);
const result = mode === 'confirm' ? await confirm() : await plan();
console.log(JSON.stringify(result));

async function plan() {
  const bare = file === undefined ? null : await timed(bareCsvParse);
  let report = null;
  const dry = await timed(() =>
    runOnce({
      configuration: loadConfiguration(config),
      options: { dryRun: true, force: new Set(), allowEmpty: false },
      log: silentLog,
      progress: createProgress(false),
      signal: new AbortController().signal,
      present: (run) => {
        report = run.report;
        renderText(run.report, operationLines(run.operations()), { colour: false, directory: null });
      },
    }),
  );
  const { people, phases, exit_code } = report;
  return {
    bareSeconds: bare?.seconds ?? null,
    planSeconds: dry.seconds,
    peakMiB: peakMiB(),
    people,
    phases,
    exit_code,
  };
}

/** Arrays, streamed: what merely reading the file with csv-parse costs. */
async function bareCsvParse() {
  let count = 0;
  for await (const _ of createReadStream(file).pipe(parse())) count += 1;
  return count;
}

/** As if a first sync had applied everything: the plan is opened and every operation settled, without an API. */
async function confirm() {
  const { settings } = loadConfiguration(config);
  const workDirectory = mkdtempSync(join(tmpdir(), 'workshop-sync-bench-'));
  mkdirSync(settings.stateDirectory, { recursive: true });
  const store = openStore({ stateDirectory: settings.stateDirectory, workDirectory, untouched: false });
  const signal = new AbortController().signal;
  const parts = {
    run: 'bench',
    settings,
    store,
    signal,
    workDirectory,
    openSource: (feed) => openSource(feed.source, null),
    unpack: async (_feed, file) => file,
    clock: { now: Date.now },
    wait: async () => undefined,
    progress: createProgress(false),
  };
  store.runs.start({ id: 'bench', processId: process.pid, startedAtMs: Date.now() });
  const [feed] = settings.feeds;
  const options = { dryRun: false, force: new Set(), allowEmpty: false };
  const taken = await takeFeed(parts, options, feed, (_, body) => body());
  if (taken.acceptance === null) throw new Error(JSON.stringify(taken.facts));
  const acceptances = [taken.acceptance];
  store.openPlan({ run: 'bench', nowMs: Date.now(), acceptances, heldSets: [], configured: [feed.name] });
  const settlement = { status: 200, attempts: 1, error: null, drift: null, atMs: Date.now() };
  const settleAll = store.database.transaction((entries) => {
    for (const entry of entries) {
      store.journal.start(entry.id);
      store.journal.applied(entry, contactOf(entry), settlement);
    }
  });
  let settledCount = 0;
  let page = store.journal.pending('bench', 0);
  while (page.length > 0) {
    settleAll(page);
    settledCount += page.length;
    page = store.journal.pending('bench', page.at(-1).ordinal);
  }
  store.runs.finish({ id: 'bench', finishedAtMs: Date.now(), exitCode: 0, verdict: 'bench' });
  store.close();
  rmSync(workDirectory, { recursive: true });
  return { settledCount, peakMiB: peakMiB() };
}
