import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configurationFile, environmentForbidsColor, loadConfiguration } from '../../src/config/load.ts';
import { UsageError } from '../../src/errors.ts';
import { asNobody } from '../support/nobody.ts';
import { changed, FINGERPRINT, SMALLEST, withSftp } from './written.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'workshop-sync-config-'));
  file = join(directory, 'sync.yaml');
  vi.stubEnv('WORKSHOP_API_KEY', 'wk-123');
  vi.stubEnv('WORKSHOP_SYNC_CONFIG', undefined);
  vi.stubEnv('STATE_DIRECTORY', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

describe('loading the configuration', () => {
  it('reads the file, the environment and the secrets', () => {
    writeFileSync(file, SMALLEST);
    const loaded = loadConfiguration(file);
    expect(loaded).toMatchObject({ file, secrets: { apiKey: 'wk-123', sftp: {} }, warnings: [] });
    expect(loaded.settings.feeds[0]?.source).toEqual({ type: 'folder', directory: join(directory, 'inbox') });
    expect(loaded.settings.stateDirectory).toBe(join(process.cwd(), 'state'));
  });

  it('finds the file by --config, then $WORKSHOP_SYNC_CONFIG, then in config/', () => {
    vi.stubEnv('WORKSHOP_SYNC_CONFIG', '/etc/sync.yaml');
    expect(configurationFile('mine.yaml')).toBe('mine.yaml');
    expect(configurationFile(undefined)).toBe('/etc/sync.yaml');
    vi.stubEnv('WORKSHOP_SYNC_CONFIG', '');
    expect(configurationFile(undefined)).toBe('config/workshop-sync.yaml');
  });

  it('takes $STATE_DIRECTORY from the environment', () => {
    vi.stubEnv('STATE_DIRECTORY', '/var/lib/workshop-sync');
    writeFileSync(file, SMALLEST);
    expect(loadConfiguration(file).settings.stateDirectory).toBe('/var/lib/workshop-sync');
  });

  it('says where it looked when there is no file', () => {
    const error = errorOf(() => loadConfiguration(file));
    expect(error.message).toBe(`Reading the configuration failed: ${file} does not exist.`);
    expect(error.hint).toMatchInlineSnapshot(
      `"It is looked for in three places: --config FILE, then $WORKSHOP_SYNC_CONFIG, then config/workshop-sync.yaml. To begin, copy config/workshop-sync.example.yaml to config/workshop-sync.yaml and adapt it."`,
    );
    expect(error.exitCode).toBe(7);
  });

  it('says why a file cannot be read', () => {
    expect(errorOf(() => loadConfiguration(directory)).message).toBe(
      `Reading the configuration failed: ${directory} is a directory.`,
    );
    writeFileSync(file, Buffer.from('\ufeffworkshop:', 'utf16le'));
    expect(errorOf(() => loadConfiguration(file)).message).toBe(
      `Reading the configuration failed: ${file} is not UTF-8 text.`,
    );
  });

  it('tells every problem in one error, one on each line', () => {
    writeFileSync(file, changed('    missing: delete\n', '').replace('kind: full', 'kind: ful'));
    const error = errorOf(() => loadConfiguration(file));
    expect(error.message.replace(file, 'FILE')).toMatchInlineSnapshot(`
      "Reading the configuration failed: FILE has 2 problems.
        line 4: feeds[0].missing is missing: a full feed must say "delete" (remove people who are no longer in the file) or "keep"
        line 9: feeds[0].kind must be "full" or "changes", but it is "ful""
    `);
    expect(error.hint).toMatchInlineSnapshot(
      `"Correct the lines above; config/workshop-sync.example.yaml shows and explains every key."`,
    );
    writeFileSync(file, changed('    missing: delete\n', '    missing: remove\n').replace('kind: full', 'kind: ful'));
    expect(errorOf(() => loadConfiguration(file)).message.replace(file, 'FILE')).toMatchInlineSnapshot(`
      "Reading the configuration failed: FILE has 2 problems.
        line 9: feeds[0].kind must be "full" or "changes", but it is "ful"
        line 10: feeds[0].missing must be "delete" or "keep", but it is "remove""
    `);
  });

  it('reads a file saved with a byte order mark', () => {
    writeFileSync(file, `\ufeff${SMALLEST}`);
    expect(loadConfiguration(file).settings.feeds).toHaveLength(1);
  });
});

describe('secret files', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
  const sftp = (...lines: string[]) =>
    withSftp(`host_key: ${FINGERPRINT}`, ...lines).replace(
      'api_key: ${WORKSHOP_API_KEY}',
      'api_key_file: secrets/api_key',
    );

  beforeEach(() => {
    mkdirSync(join(directory, 'secrets'));
    writeFileSync(join(directory, 'secrets', 'api_key'), 'wk-from-file\r\n');
  });

  it('are read from beside the configuration, without the line end', () => {
    writeFileSync(join(directory, 'secrets', 'password'), 'pa ss\n');
    writeFileSync(join(directory, 'id'), key);
    writeFileSync(file, sftp('password_file: secrets/password', 'private_key_file: id'));
    expect(loadConfiguration(file).secrets).toEqual({
      apiKey: 'wk-from-file',
      pgp: {},
      sftp: { employees: { password: 'pa ss', privateKey: key, passphrase: null } },
    });
  });

  it('that cannot be used are problems, all in one error, and their contents are not shown', () => {
    writeFileSync(join(directory, 'secrets', 'api_key'), 'two words');
    writeFileSync(join(directory, 'empty'), '\n');
    writeFileSync(join(directory, 'id.pub'), 'ssh-ed25519 AAAA hunter2');
    writeFileSync(file, sftp('password_file: nowhere', 'private_key_file: id.pub', 'passphrase_file: empty'));
    const { message } = errorOf(() => loadConfiguration(file));
    expect(message.replaceAll(directory, 'DIR')).toMatchInlineSnapshot(`
      "Reading the configuration failed: DIR/sync.yaml has 4 problems.
        line 2: workshop.api_key_file names a file whose text must be one line without blanks or special letters; was something else copied along?
        line 11: feeds[0].source.password_file names a file that does not exist: DIR/nowhere
        line 12: feeds[0].source.private_key_file names a file that is not a private key: it is the public key; give the file without .pub
        line 13: feeds[0].source.passphrase_file names a file that is empty: DIR/empty"
    `);
  });

  it('that this user may not read are a problem', async () => {
    for (const path of [directory, join(directory, 'secrets')]) chmodSync(path, 0o755);
    chmodSync(join(directory, 'secrets', 'api_key'), 0);
    writeFileSync(file, sftp('password_file: secrets/api_key'));
    chmodSync(file, 0o644);
    const error = await asNobody(() => errorOf(() => loadConfiguration(file)));
    expect(error.message).toContain('may not be read by this user');
  });
});

describe('$NO_COLOR', () => {
  it('counts when it is set to anything', () => {
    vi.stubEnv('NO_COLOR', '1');
    expect(environmentForbidsColor()).toBe(true);
    vi.stubEnv('NO_COLOR', '');
    expect(environmentForbidsColor()).toBe(false);
  });
});

function errorOf(act: () => unknown): UsageError {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
