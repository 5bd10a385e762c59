// The commands and flags of specification §2. What a command needs is imported when it runs, so that `--help`
// answers at once. Every help ends with the exit codes.

import { Command, CommanderError, Option } from 'commander';
import type { CommonFlags, Io } from './commands/io.ts';
import { tooManyArguments, unknownCommand, wrongFlags } from './commands/wrong-usage.ts';
import type { UsageError } from './errors.ts';
import { EXIT, type ExitCode, exitCodesHelp } from './exit-codes.ts';
import { PROGRAM_VERSION } from './version.ts';

type Action<Flags> = (flags: Flags, io: Io, argument: string | undefined) => Promise<ExitCode>;

/** Runs the command that the arguments name and gives its exit code. Throws what the command throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.inSync;
  const settle = (code: ExitCode) => {
    exitCode = code;
  };
  const program = createProgram(io, settle);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are wanted; everything else that commander ends on is a wrong command line.
    if (error.exitCode === 0) return EXIT.inSync;
    throw wrongLine(program, error);
  }
  return exitCode;
}

function createProgram(io: Io, settle: (code: ExitCode) => void): Command {
  const program = new Command('workshop-sync')
    .description('Keeps Workshop in step with the employee file that your HRIS drops on an SFTP server.')
    .option('--config <file>', 'configuration file (else $WORKSHOP_SYNC_CONFIG, else config/workshop-sync.yaml)')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option('--log-level <level>', 'how much to log on stderr').choices(['debug', 'info', 'warn', 'error']),
    )
    .option('--no-color', 'no colours')
    .version(PROGRAM_VERSION, '--version', 'print the version');
  addSyncCommands(program, io, settle);
  addDecideCommands(program, io, settle);
  addLookCommands(program, io, settle);
  addTrialCommands(program, io, settle);
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      // Its complaints are thrown on, and told as every other error is.
      .configureOutput({ writeOut: io.out, writeErr: () => undefined })
      .allowExcessArguments()
      .configureHelp({ showGlobalOptions: true })
      .addHelpText('after', exitCodesHelp());
  }
  return program;
}

function addSyncCommands(program: Command, io: Io, settle: (code: ExitCode) => void): void {
  const run = program
    .command('run', { isDefault: true })
    .description('syncs on the configured schedule and serves health and metrics; with --once one sync')
    .option('--once', 'one sync, then exit')
    .option('--dry-run', 'with --once: print what a sync would do; send nothing, change nothing')
    .action(act(io, settle, async (flags, out) => (await import('./commands/run.ts')).runCommand(flags, out)));
  const plan = program
    .command('plan')
    .description('the same as run --once --dry-run: what would a sync do?')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .addOption(new Option('--once').hideHelp())
    .addOption(new Option('--dry-run').hideHelp())
    .action(act(io, settle, async (flags, out) => (await import('./commands/run.ts')).planCommand(flags, out)));
  for (const command of [run, plan]) {
    command
      .option(
        '--force <guard...>',
        'let one guard through for this run: rows, rejects, deletes, creates, updates, cleared or identity',
      )
      .option('--allow-empty', 'let a file without a single employee through to the other guards');
  }
}

function addDecideCommands(program: Command, io: Io, settle: (code: ExitCode) => void): void {
  const approve = program
    .command('approve')
    .description('lets what a run held through once (default: the latest held run)')
    .option('--now', 'start a run at once that applies it; without, the next run does')
    .action(
      act(io, settle, async (flags, out, run) =>
        (await import('./commands/approve.ts')).approveCommand(run, flags, out),
      ),
    );
  const reject = program
    .command('reject')
    .description('drops what a run held (default: the latest held run)')
    .action(
      act(io, settle, async (flags, out, run) =>
        (await import('./commands/approve.ts')).rejectCommand(run, flags, out),
      ),
    );
  for (const command of [approve, reject]) {
    command
      .argument('[run]', 'as `history` shows it')
      .option('--by <name>', 'who decides, for the record (default: the user of this machine)');
  }
}

function addLookCommands(program: Command, io: Io, settle: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('everything known of one person: row, contact, decision and the rule behind it, past operations')
    .argument('<external_id>', 'as the file writes it')
    .action(
      act(io, settle, async (flags, out, id) => (await import('./commands/explain.ts')).explainCommand(id, flags, out)),
    );
  program
    .command('report')
    .description('the reconciliation report of a run (default: the latest)')
    .argument('[run]', 'as `history` shows it')
    .option('--format <format>', 'text or json')
    .action(
      act(io, settle, async (flags, out, run) => (await import('./commands/report.ts')).reportCommand(run, flags, out)),
    );
  program
    .command('history')
    .description('one line per run, newest first')
    .action(act(io, settle, async (flags, out) => (await import('./commands/report.ts')).historyCommand(flags, out)));
  program
    .command('doctor')
    .description('checks configuration, state directory, source and API; one line each, with the remedy')
    .action(act(io, settle, async (flags, out) => (await import('./commands/doctor.ts')).doctorCommand(flags, out)));
}

function addTrialCommands(program: Command, io: Io, settle: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('reads a sample CSV and writes a commented configuration that fits it')
    .argument('<file>', 'the sample, as the HR system exports it')
    .option('--print', 'print the configuration instead of writing it')
    .action(
      act(io, settle, async (flags, out, file) => (await import('./commands/init.ts')).initCommand(file, flags, out)),
    );
  program
    .command('emulator')
    .description('a local Workshop Contacts API for trials and tests')
    .option('--port <port>', 'where to listen; 0 for a free port (default: 4010)')
    .option('--api-key <key>', 'the key it accepts (default: emulator-key)')
    .option('--state <file>', 'keep the contacts in this file')
    .option('--requests-per-second <number>', 'answer 429 above this rate')
    .option('--seed <number>', 'makes the probabilities of fault scripts repeatable')
    .option('--latency <ms>', 'delay every answer by so many milliseconds')
    .action(
      act(io, settle, async (flags, out) => (await import('./commands/emulator.ts')).emulatorCommand(flags, out)),
    );
  program
    .command('demo')
    .description('the whole job on an embedded sample, with the emulator: two syncs and their reports')
    .action(act(io, settle, async (flags, out) => (await import('./commands/demo.ts')).demoCommand(flags, out)));
}

/** Commander hands over arguments, options and the command; a command of ours wants its flags and its one argument. */
function act<Flags extends CommonFlags>(io: Io, settle: (code: ExitCode) => void, action: Action<Flags>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1);
    if (!(command instanceof Command)) throw new TypeError('commander gave no command');
    refuseExcess(command);
    const argument = typeof given[0] === 'string' ? given[0] : undefined;
    settle(await action(command.optsWithGlobals() as Flags, io, argument));
  };
}

/** `run` is also what an unknown command ends up in. */
function refuseExcess(command: Command): void {
  const allowed = command.registeredArguments.length;
  const excess = command.args.slice(allowed);
  if (excess[0] === undefined) return;
  const { parent } = command;
  if (parent === null || parent.args[0] === command.name()) {
    throw tooManyArguments(command.name(), command.args, allowed);
  }
  throw unknownCommand(excess[0], commandNames(parent));
}

function wrongLine(program: Command, error: CommanderError): UsageError {
  const [first, second] = program.args;
  // `help frobnicate`: commander has only the whole help to offer.
  if (error.code === 'commander.help') return unknownCommand(second ?? '', commandNames(program));
  return wrongFlags(error.message, commandNames(program).find((name) => name === first) ?? null);
}

function commandNames(program: Command): string[] {
  return program.commands.map((command) => command.name());
}
