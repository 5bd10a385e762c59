// `demo`: the whole job on an embedded sample. Starts the emulator, syncs a first file and then a changed one,
// and prints both reports. Needs no configuration, network or credentials, and leaves nothing behind.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import { startEmulator } from '../emulator/emulator.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { invariant } from '../invariant.ts';
import { silentLog } from '../log.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import { operationLines } from '../report/operation-line.ts';
import { renderText } from '../report/text.ts';
import { firstDay, secondDay } from './demo-feed.ts';
import { type CommonFlags, type Io, wantsColor } from './io.ts';
import { runOnce } from './once.ts';
import { withTemporaryDirectory } from './temporary.ts';

/** How many changes of a kind the demo shows of each sync. */
const CHANGES_SHOWN = 8;

/** Exits 0 when both syncs went as the sample is made to go. */
export async function demoCommand(flags: CommonFlags, io: Io): Promise<ExitCode> {
  return await withTemporaryDirectory((directory) => demonstrate(directory, flags, io));
}

async function demonstrate(directory: string, flags: CommonFlags, io: Io): Promise<ExitCode> {
  const emulator = await startEmulator();
  try {
    const feed = join(directory, 'outbound');
    mkdirSync(feed);
    const configuration = loadConfiguration(fileURLToPath(new URL('../../config/demo.yaml', import.meta.url)), {
      DEMO_BASE_URL: emulator.url,
      DEMO_API_KEY: emulator.apiKey,
      DEMO_DIRECTORY: feed,
      DEMO_STATE: join(directory, 'state'),
    });
    const reports = [];
    for (const { title, name, content } of days()) {
      writeFileSync(join(feed, name), content);
      if (flags.json !== true) io.out(`${title}\n\n`);
      reports.push(await syncAndShow(configuration, flags, io));
    }
    if (flags.json === true) io.out(`${JSON.stringify(reports, null, 2)}\n`);
    if (io.signal.aborted) return io.signal.reason === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    // The sample's bad rows make both syncs end with 4: that is what they are there to show.
    const asMade = reports.every((report) => report.balanced && report.exit_code === EXIT.incomplete);
    invariant(asMade, 'the demo did not end as its sample is made to end');
    if (flags.json !== true) io.out(goodbye(feed));
    return EXIT.inSync;
  } finally {
    await emulator.close();
  }
}

function days() {
  return [
    {
      title: '=== First sync: a company of 200, into an empty Workshop ===',
      name: 'employees_2026-11-22.csv',
      content: firstDay(),
    },
    {
      title: '\n=== Second sync: the next day, with joiners, movers and leavers ===',
      name: 'employees_2026-11-23.csv',
      content: secondDay(),
    },
  ];
}

async function syncAndShow(configuration: LoadedConfiguration, flags: CommonFlags, io: Io) {
  const colour = wantsColor(io, flags);
  const { report } = await runOnce({
    configuration,
    options: { dryRun: false, force: new Set(), allowEmpty: false },
    log: silentLog,
    progress: createProgress(wantsProgress({ isTTY: io.stdoutIsTerminal }, { isTTY: io.stderrIsTerminal })),
    signal: io.signal,
    present: (run) => {
      if (flags.json === true) return;
      const options = { colour, directory: null, changesPerKind: CHANGES_SHOWN };
      io.out(renderText(run.report, operationLines(run.operations()), options));
    },
  });
  return report;
}

function goodbye(feed: string): string {
  const lineCount = readFileSync(join(feed, 'employees_2026-11-23.csv'), 'utf8').trimEnd().split('\r\n').length;
  return `
That was a whole day's work: ${lineCount - 1} rows read, the rows that could not be understood left their people as
they were, and every other person in the emulator now matches the file. Nothing was left behind on this machine.

Next: "A first real sync in ten minutes" in README.md.
`;
}
