// What the program says to a wrong command line, and what its help and version say.

import { describe, expect, it } from 'vitest';
import { csv, newTrial, people } from '../support/trial.ts';

const COMMANDS = [
  'run',
  'plan',
  'approve',
  'reject',
  'explain',
  'report',
  'history',
  'doctor',
  'init',
  'emulator',
  'demo',
];

describe('a wrong command line', () => {
  it.each([
    [
      ['frobnicate'],
      'There is no command "frobnicate".',
      'run, plan, approve, reject, explain, report, history, doctor, init, emulator, demo',
    ],
    [['help', 'frobnicate'], 'There is no command "frobnicate".', 'The commands are run,'],
    [['reprot'], 'There is no command "reprot"; did you mean "report"?', 'run, plan,'],
    [['--frobnicate'], "Unknown option '--frobnicate'", '`workshop-sync --help`'],
    [['run', '--onec'], "Unknown option '--onec' (Did you mean --once?)", '`workshop-sync run --help`'],
    [
      ['history', 'yesterday'],
      'history takes no argument, but there is "yesterday".',
      '`workshop-sync history --help`',
    ],
    [['report', 'one', 'two'], 'report takes one argument, but there is "one" "two".', '`workshop-sync report --help`'],
    [['run', '--once', '--force'], "Option '--force <guard...>' argument missing", '`workshop-sync run --help`'],
    [
      ['--once', '--log-level', 'loud'],
      "argument 'loud' is invalid. Allowed choices are debug, info, warn, error.",
      '--help',
    ],
    [['--dry-run'], '--dry-run goes with --once.', '`workshop-sync run --once --dry-run`'],
    [['--force', 'deletes'], '--force and --allow-empty are for one run only.', 'Add --once.'],
    [['--once', '--force', 'nonsense'], '--force nonsense: there is no such guard to override.', 'deletes'],
    [['--once', '--force', 'empty'], '--force empty: there is no such guard to override.', '--allow-empty'],
    [['report', '--format', 'xml'], 'There is no format "xml".', '--format text or --format json'],
    [['report', '--format', 'xml', '--json'], 'There is no format "xml".', '--format text or --format json'],
    [['emulator', '--port', 'http'], '--port takes a number from 0 to 65535, but it is "http".', '--help'],
    [['emulator', '--port', '70000'], '--port takes a number from 0 to 65535, but it is "70000".', '--help'],
  ])('%j is told with its remedy, as text and as JSON, and ends with 7', async (given, message, hint) => {
    const trial = await newTrial();
    const { code, stdout, stderr } = await trial.run(...given, '--json');
    expect(stderr).toContain(message);
    expect(stderr).toContain('\n  → ');
    expect(stderr).toContain(hint);
    expect(JSON.parse(stdout)).toEqual({
      exit_code: 7,
      error: { message: expect.stringContaining(message), hint: expect.stringContaining(hint) },
    });
    expect(code).toBe(7);
    expect(await trial.requests()).toEqual([]);
  });

  it('that names what the specification has and this version has not is told so', async () => {
    const trial = await newTrial();
    const { code, stderr } = await trial.run('rollback');
    expect(code).toBe(7);
    expect(stderr).toContain('The command "rollback" does not exist yet.');
  });
});

describe('the help', () => {
  it.each([['--help'], ['help'], ['help', 'run'], ...COMMANDS.map((command) => [command, '--help'])])(
    '%s %s ends with the exit codes',
    async (...given) => {
      const trial = await newTrial();
      const { code, stdout, stderr } = await trial.run(...given);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ {2}143 {2}terminated/);
      expect(stdout).toContain('    7  usage or configuration');
      expect(stdout).toContain('--json');
    },
  );
});

describe('the version', () => {
  it.each([[['--version']], [['run', '--version']]])('%j is that of the package', async (given) => {
    const trial = await newTrial();
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    const { code, stdout } = await trial.run(...given);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe('the flags', () => {
  it('of a dry run may be given to plan, which is one', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    const { code, stdout } = await trial.run('plan', '--once', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('would be in sync after 3 creates');
    expect(await trial.writes()).toEqual([]);
  });
});
