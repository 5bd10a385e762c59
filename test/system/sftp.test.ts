// A sync from an SFTP server: the whole way when all is well, and not a secret told when it is not.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { oneLine } from '../support/text.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const PASSWORD = 'open sesame';

interface SftpTrial {
  readonly trial: Trial;
  readonly server: SshServer;
}

async function newSftpTrial(changes: { hostKey?: string; password?: string } = {}): Promise<SftpTrial> {
  const server = await startSshServer({ password: PASSWORD });
  onTestFinished(() => server.close());
  const trial = await newTrial({ environment: { TRIAL_SFTP_PASSWORD: changes.password ?? PASSWORD } });
  const { host, port, username, hostKeys } = server.settings();
  const source = `source:
      type: sftp
      host: ${host}
      port: ${port}
      username: ${username}
      password: \${TRIAL_SFTP_PASSWORD}
      host_key: ${changes.hostKey ?? hostKeys[0]}
      directory: /
    after: archive`;
  trial.configure(everydayConfiguration({ ...trial, url: trial.emulator.url }).replace(/source: .*/, source));
  writeFileSync(join(server.directory, 'employees_20260105.csv'), csv(...people(40)));
  return { trial, server };
}

describe('a sync from an SFTP server', () => {
  it('goes the whole way, twice, and archives what it applied', async () => {
    const { trial, server } = await newSftpTrial();
    const plan = await trial.run('plan');
    expect({ code: plan.code, files: readdirSync(server.directory) }).toEqual({
      code: 0,
      files: ['employees_20260105.csv'],
    });
    const first = await trial.run('--once');
    expect(first.code).toBe(0);
    expect(oneLine(first.stdout)).toContain('employees_20260105.csv was wholly applied and moved to processed');
    expect(await trial.contacts()).toHaveLength(40);
    expect(readdirSync(server.directory)).toEqual(['processed']);
    writeFileSync(join(server.directory, 'employees_20260106.csv'), csv(...people(41)));
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(41);
    expect(readdirSync(join(server.directory, 'processed')).sort()).toEqual([
      'employees_20260105.csv',
      'employees_20260106.csv',
    ]);
    await checkTrial(trial);
  });

  it('does not begin with a server whose key is not the pinned one, and tells it no secret', async () => {
    const { trial, server } = await newSftpTrial({ hostKey: `SHA256:${'A'.repeat(43)}` });
    const { code, stdout, stderr } = await trial.run('--once');
    expect(code).toBe(8);
    const text = oneLine(stdout);
    expect(text).toContain(server.hostKeys[0]?.fingerprint);
    expect(text).toContain('host_key');
    expect(text).toContain('unreachable');
    expect(server.logins).toEqual([]);
    expect(stdout + stderr).not.toContain(PASSWORD);
    expect(await trial.requests()).toEqual([]);
    expect(trial.report()).toMatchObject({ exit_code: 8, balanced: true, feeds: [{ error: { kind: 'unreachable' } }] });
    expect((await trial.run('doctor')).stdout).toContain(server.hostKeys[0]?.fingerprint);
  });

  it('ends with 8 when the password is refused, after one attempt', async () => {
    const { trial, server } = await newSftpTrial({ password: 'close sesame' });
    const { code, stdout, stderr } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toMatch(/refuse.* password/);
    expect(server.logins.filter((method) => method === 'password')).toHaveLength(1);
    expect(stdout + stderr).not.toContain('close sesame');
    expect(await trial.requests()).toEqual([]);
    expect(trial.report()).toMatchObject({ exit_code: 8, balanced: true, feeds: [{ error: { kind: 'credentials' } }] });
  });

  it('ends with 8 when nobody is there, and the people stay', { timeout: 90_000 }, async () => {
    const { trial, server } = await newSftpTrial();
    await trial.run('--once');
    await server.close();
    const { code, stdout, stderr } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toContain('nothing answers on this port. It was tried 4 times.');
    expect(stderr.match(/nothing answers on this port\. Trying again\./g)).toHaveLength(3);
    expect(stdout).toContain('40 contacts of this feed, untouched');
    await checkTrial(trial);
  });
});
