// The exit codes, their words, and which one wins: an interface that users script against (specification §3).

export const EXIT = {
  inSync: 0,
  bug: 1,
  pending: 2,
  held: 3,
  incomplete: 4,
  feed: 5,
  locked: 6,
  usage: 7,
  unreachable: 8,
  database: 9,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, as printed at the end of every `--help` and in the verdict of a report. */
export const EXIT_WORDS: Readonly<Record<ExitCode, string>> = {
  0: 'in sync: everything applied, or nothing to do',
  1: 'unexpected error (our bug)',
  2: 'plan --detailed-exitcode: changes are pending',
  3: 'held: some or all changes wait for approval (the rest was applied)',
  4: 'finished, but some rows were rejected or some operations refused or abandoned',
  5: 'the feed: no file, stale, unreadable, incomplete or not credible; nothing of it was sent',
  6: 'another run holds the lock',
  7: 'usage or configuration',
  8: 'SFTP or Workshop unreachable or refusing our credentials, or the run stopped part way; the next run goes on',
  9: 'the state database: corrupt, disk full, or written by a newer version',
  130: 'interrupted (SIGINT), drained cleanly',
  143: 'terminated (SIGTERM), drained cleanly',
};

const PRECEDENCE: readonly ExitCode[] = [1, 9, 7, 6, 8, 5, 3, 4];

/** The code of a run to which several apply: the first of 1, 9, 7, 6, 8, 5, 3, 4 that fits, else 0. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.inSync;
}

/** The block that ends every `--help`. */
export function exitCodesHelp(): string {
  const lines = Object.entries(EXIT_WORDS).map(([code, words]) => `  ${code.padStart(3)}  ${words}`);
  return `\nExit codes:\n${lines.join('\n')}\n`;
}
