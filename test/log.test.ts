// The log as its reader sees it: another process writes it, and exits at once.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LOG = new URL('../dist/log.js', import.meta.url).href;
const ERRORS = new URL('../dist/errors.js', import.meta.url).href;

function logged(options: object, statements: string) {
  const program = `
    import { createLog } from ${JSON.stringify(LOG)};
    import { UsageError } from ${JSON.stringify(ERRORS)};
    const log = createLog(${JSON.stringify(options)});
    ${statements}
    process.exit(0);`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  expect(child.status, child.stderr).toBe(0);
  return child;
}

function loggedLines(statements: string, level = 'info'): Record<string, unknown>[] {
  const { stderr } = logged({ level, pretty: false }, statements);
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('the log', () => {
  it('goes to stderr as JSON lines with an ISO time and the level in words, and leaves stdout alone', () => {
    const { stdout, stderr } = logged({ level: 'info', pretty: false }, `log.warn({ rows: 3 }, 'read');`);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      rows: 3,
      msg: 'read',
    });
  });

  it('drops what is below its level', () => {
    const lines = loggedLines(`log.debug({}, 'a'); log.info({}, 'b'); log.error({}, 'c');`);
    expect(lines.map((line) => line.msg)).toEqual(['b', 'c']);
  });

  it('loses no line when the process exits right after it', () => {
    const lines = loggedLines(`for (let n = 0; n < 2000; n += 1) log.info({ n }, 'line');`);
    expect(lines).toHaveLength(2000);
    const { stderr } = logged({ level: 'info', pretty: true }, `log.info({}, 'first'); log.info({}, 'last words');`);
    expect(stderr).toContain('last words');
  });

  it('is readable on a terminal: no JSON, and no colour when none is wanted', () => {
    const { stderr } = logged({ level: 'info', pretty: true, color: false }, `log.info({ rows: 3 }, 'read the file');`);
    expect(stderr).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: read the file \{"rows":3\}\n$/);
    const colored = logged({ level: 'info', pretty: true }, `log.info({}, 'read the file');`);
    expect(colored.stderr).toContain('\u001b[');
  });

  it('strikes out secrets at any depth', () => {
    const [line] = loggedLines(`log.info({
      apiKey: 's3cret', request: { headers: { Authorization: 'Bearer s3cret' } }, feeds: [{ sftp_password: 's3cret' }],
      passphrase: 's3cret', credentialsRefused: true, externalId: '000123' }, 'sent');`);
    expect(JSON.stringify(line)).not.toContain('s3cret');
    expect(line).toMatchObject({ apiKey: '[redacted]', credentialsRefused: true, externalId: '000123' });
  });

  it('tells of an error its message, code, hint and cause, and nothing that a client hung on it', () => {
    const [line] = loggedLines(`
      const refused = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED', config: { sent: 's3cret' } });
      log.error({ err: new UsageError('No such key', { hint: 'Spell it right.', cause: refused }) }, 'failed');`);
    expect(line?.err).toEqual({
      type: 'UsageError',
      message: 'No such key',
      hint: 'Spell it right.',
      cause: { type: 'Error', message: 'connect refused', code: 'ECONNREFUSED', stack: expect.any(String) },
    });
  });

  it('keeps the stack of a bug', () => {
    const [line] = loggedLines(`log.error({ err: new TypeError('x is undefined') }, 'failed');`);
    expect(line?.err).toMatchObject({ type: 'TypeError', stack: expect.stringContaining('at ') });
  });

  it('lets no text move the cursor of the terminal', () => {
    const { stderr } = logged(
      { level: 'info', pretty: true, color: false },
      `log.info({ file: 'a\\u001b[2Jb\\u009b31m' }, 'clear\\u001b[2J');`,
    );
    expect(stderr).toMatch(/clear\[2J/);
    expect(stderr).not.toMatch(/[\u001b\u009b]/);
  });
});
