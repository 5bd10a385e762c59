import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';
import { added, changed, FINGERPRINT, parse, SMALLEST, settingsOf, withEmail, withSftp } from './written.ts';

const EMPTY_FIELD = {
  template: null,
  case: null,
  values: null,
  otherwise: 'keep',
  pattern: null,
  date: null,
  phone: null,
  pad: null,
  default: null,
};

describe('settings', () => {
  it('of the smallest configuration have every default', () => {
    const { feeds, ...rest } = settingsOf(SMALLEST);
    expect(rest).toEqual({
      workshop: {
        baseUrl: 'https://app.useworkshop.com/api',
        version: '1.2',
        requestsPerSecond: 5,
        concurrency: 4,
        timeoutMs: 30_000,
        attempts: 5,
      },
      guards: {
        deletes: { percent: 5, count: 5, cap: 200 },
        creates: { percent: 10, count: 25 },
        updates: { percent: 75, count: 25 },
        cleared: { percent: 10, count: 5 },
        rows: { dropPercent: 10, growPercent: 50, count: 10 },
        rejects: { percent: 5, count: 10 },
        identity: { fields: 2, count: 5 },
      },
      schedule: { cron: '*/15 * * * *', timezone: 'UTC' },
      stateDirectory: '/srv/state',
      reports: { keepMs: 90 * 86_400_000 },
      server: { port: 8080, host: '127.0.0.1' },
    });
    expect(feeds).toHaveLength(1);
    const { mapping, ...feed } = feeds[0] ?? {};
    expect(feed).toEqual({
      name: 'employees',
      source: { type: 'folder', directory: '/etc/sync/inbox' },
      file: 'employees_*.csv',
      kind: 'full',
      missing: 'delete',
      deleteAfter: { files: 1, hours: null },
      ready: { settleMs: 10_000, marker: null },
      maxAgeMs: null,
      after: 'keep',
      archiveDirectory: 'processed',
      packing: { compression: 'auto', zipEntry: null, pgp: null },
      format: {
        encoding: 'auto',
        delimiter: 'auto',
        quote: '"',
        escape: 'double',
        trailer: null,
        headerRow: 1,
        skipRowsAfterHeader: 0,
        nullWords: ['', 'NULL', 'N/A', 'nan', '-'],
      },
    });
    expect(mapping).toMatchObject({ phoneNumber: null, attributes: {}, status: null, exclude: [] });
    expect(mapping?.email).toEqual({ ...EMPTY_FIELD, columns: ['Email'], blank: 'keep' });
  });

  it('take a field as a column, a list or a group', () => {
    const fieldOf = (field: string) => settingsOf(withEmail(field)).feeds[0]?.mapping.email;
    expect(fieldOf('[A, B]')).toEqual({ ...EMPTY_FIELD, columns: ['A', 'B'], blank: 'keep' });
    expect(fieldOf('{ column: A, case: lower }')).toEqual({
      ...EMPTY_FIELD,
      columns: ['A'],
      case: 'lower',
      blank: 'keep',
    });
    expect(fieldOf('{ columns: [A, B], pad: 6, default: 000000 }')).toEqual({
      ...EMPTY_FIELD,
      columns: ['A', 'B'],
      pad: 6,
      default: '000000',
      blank: 'keep',
    });
    expect(fieldOf('{ template: "{A}@{B}" }')).toEqual({
      ...EMPTY_FIELD,
      columns: [],
      template: '{A}@{B}',
      blank: 'keep',
    });
  });

  it('clear blank attributes, and keep a blank phone number unless told otherwise', () => {
    const text = changed(
      'email: Email',
      'email: Email\n      phone_number: { column: P, phone: us }\n      attributes: { a: A, b: { column: B, blank: keep } }',
    );
    expect(settingsOf(text).feeds[0]?.mapping).toMatchObject({
      phoneNumber: { blank: 'keep', phone: 'US' },
      attributes: { a: { blank: 'clear' }, b: { blank: 'keep' } },
    });
    const cleared = text.replace('phone: us', 'blank: clear');
    expect(settingsOf(cleared).feeds[0]?.mapping.phoneNumber?.blank).toBe('clear');
  });

  it('keep numbers, booleans and null words as they are written where text belongs', () => {
    const text = changed(
      'email: Email',
      `email: { column: Email, values: { 001: 1.50, true: No, 0x10: yes }, otherwise: blank }
    status: { column: 7, employed: [1, 02], left: [NULL, false] }
    exclude: [{ column: Type, is: [3.0] }]
    format: { null_words: [NULL, ~, 0], delimiter: ~ }`,
    ).replace('workshop:', 'workshop:\n  version: 1.20');
    const settings = settingsOf(text);
    expect(settings.workshop.version).toBe('1.20');
    expect(settings.feeds[0]).toMatchObject({
      mapping: {
        email: { values: { '001': '1.50', true: 'No', '0x10': 'yes' }, otherwise: 'blank' },
        status: { column: '7', employed: ['1', '02'], left: ['NULL', 'false'] },
        exclude: [{ column: 'Type', is: ['3.0'] }],
      },
      format: { nullWords: ['NULL', '~', '0'], delimiter: '~' },
    });
  });

  it('keep the order of the attributes', () => {
    const text = changed('email: Email', 'email: Email\n      attributes: { zulu: Z, alpha: A, mike: M }');
    expect(Object.keys(settingsOf(text).feeds[0]?.mapping.attributes ?? {})).toEqual(['zulu', 'alpha', 'mike']);
  });

  it('read the delimiter, the quote and the encoding as people write them', () => {
    const formatOf = (format: string) =>
      settingsOf(changed('kind: full', `kind: full\n    format: ${format}`)).feeds[0]?.format;
    expect(formatOf(`{ delimiter: '\\t', quote: none, encoding: UTF8 }`)).toMatchObject({
      delimiter: '\t',
      quote: null,
      encoding: 'utf-8',
    });
    expect(formatOf('{ delimiter: "\\t", compression: none }')?.delimiter).toBe('\t');
    expect(formatOf('{ compression: auto, trailer: null, pgp: null }')?.delimiter).toBe('auto');
  });

  it('of an SFTP source have its keys and name its secret files', () => {
    const text = withSftp(
      `host_key: [${FINGERPRINT}, "${FINGERPRINT}="]`,
      'port: 2222',
      'private_key_file: keys/id',
      'passphrase_file: /run/p',
    );
    const parsed = parse(text);
    expect(parsed.ok && parsed.settings.feeds[0]?.source).toEqual({
      type: 'sftp',
      host: 'sftp.example.com',
      port: 2222,
      username: 'workshop',
      directory: '/outbound',
      hostKeys: [FINGERPRINT, FINGERPRINT],
      knownHostsFile: null,
    });
    expect(parsed.ok && parsed.secrets.sftp).toEqual({
      employees: {
        password: null,
        privateKey: { kind: 'file', file: '/etc/sync/keys/id', path: ['feeds', 0, 'source', 'private_key_file'] },
        passphrase: { kind: 'file', file: '/run/p', path: ['feeds', 0, 'source', 'passphrase_file'] },
      },
    });
    const known = settingsOf(withSftp('known_hosts_file: known_hosts', 'password: "${P}"'), { P: 'x' });
    expect(known.feeds[0]?.source).toMatchObject({ hostKeys: [], knownHostsFile: '/etc/sync/known_hosts' });
  });

  it('take the state directory from the file, then from $STATE_DIRECTORY', () => {
    const environment = { STATE_DIRECTORY: '/var/lib/sync' };
    expect(settingsOf(SMALLEST, environment).stateDirectory).toBe('/var/lib/sync');
    expect(settingsOf(added('state_directory: kept'), environment).stateDirectory).toBe('/srv/kept');
  });

  it('have no server when it is null, and a base URL without a slash at its end', () => {
    expect(settingsOf(added('server: null')).server).toBeNull();
    const text = changed('workshop:', 'workshop:\n  base_url: http://127.0.0.1:4010/api/');
    expect(settingsOf(text).workshop.baseUrl).toBe('http://127.0.0.1:4010/api');
  });
});

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['26h', 93_600_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '30', 's', '1.5h', '-1s', '5 m', '5M', '1w', '1h30m', '12345678901s'])('is not %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
