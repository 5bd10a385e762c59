import { describe, expect, it } from 'vitest';
import { cronProblem } from '../../src/config/cron.ts';
import { added, changed, FINGERPRINT, problemsOf, SMALLEST, withEmail, withSftp } from './written.ts';

const feedLine = (line: string) => changed('    kind: full', `    kind: full\n    ${line}`);
const workshopLine = (line: string) => changed('workshop:', `workshop:\n  ${line}`);
const secondFeed = (name: string) =>
  `${SMALLEST}${SMALLEST.slice(SMALLEST.indexOf('  - name')).replace('employees', name)}`;

describe('rules of the configuration', () => {
  it('let the smallest one through', () => {
    expect(problemsOf(SMALLEST)).toEqual([]);
  });

  it.each([
    ['no API key', changed('  api_key: ${WORKSHOP_API_KEY}', '  attempts: 3')],
    ['two API keys', workshopLine('api_key_file: x')],
    ['an API key with a blank', changed('${WORKSHOP_API_KEY}', 'Bearer x')],
    ['http to another machine', workshopLine('base_url: http://app.useworkshop.com/api')],
    ['an address that is none', workshopLine('base_url: app.useworkshop.com')],
    ['an address with the version', workshopLine('base_url: https://app.useworkshop.com/api/v1')],
    ['an address with a query', workshopLine('base_url: https://app.useworkshop.com/api?key=x')],
    ['no rate', workshopLine('requests_per_second: 0')],
    ['too much concurrency', workshopLine('concurrency: 51')],
    ['no attempts', workshopLine('attempts: 0')],
    ['no time to answer', workshopLine('timeout: 0s')],
    ['a percentage over 100', added('guards: { deletes: { percent: 101 } }')],
    ['a negative count', added('guards: { deletes: { count: -1 } }')],
    ['reports kept for no time', added('reports: { keep: 0d }')],
    ['two feeds of one name', secondFeed('Employees')],
    ['a feed name for a path', changed('name: employees', 'name: ../employees')],
    ['no kind', changed('    kind: full\n', '')],
    ['no word on missing people', changed('    missing: delete\n', '')],
    ['an empty pattern for files', changed('"employees_*.csv"', '""')],
    ['a pattern with a folder', changed('employees_*', 'out/employees_*')],
    ['a marker in a folder', feedLine('ready: { marker: "../{name}.done" }')],
    ['a marker with another placeholder', feedLine('ready: { marker: "{file}.done" }')],
    ['an archive outside', feedLine('archive_directory: ../done')],
    ['an absolute archive', feedLine('archive_directory: /done')],
    ['an archive that is the source', feedLine('archive_directory: ./')],
    ['an archive of no name', feedLine('archive_directory: ""')],
    ['an SFTP server that is not pinned', withSftp('password: "${WORKSHOP_API_KEY}"')],
    ['a server pinned twice', withSftp('password_file: x', `host_key: ${FINGERPRINT}`, 'known_hosts_file: x')],
    ['a fingerprint of MD5', withSftp('password_file: x', 'host_key: "MD5:00:11"')],
    ['a fingerprint in a list', withSftp('password_file: x', 'host_key: [x]')],
    ['no login', withSftp(`host_key: ${FINGERPRINT}`)],
    ['two passwords', withSftp(`host_key: ${FINGERPRINT}`, 'password: "${WORKSHOP_API_KEY}"', 'password_file: x')],
    ['a passphrase without a key', withSftp(`host_key: ${FINGERPRINT}`, 'password_file: x', 'passphrase_file: x')],
    ['a field from nowhere', withEmail('{ case: lower }')],
    ['a field from two places', withEmail('{ column: A, columns: [B] }')],
    ['a template that is not closed', withEmail('{ template: "{A}{B" }')],
    ['a template without a column', withEmail('{ template: "A" }')],
    ['a broken pattern', withEmail('{ column: A, pattern: "(" }')],
    ['a pattern without a group', withEmail('{ column: A, pattern: "(?:a)b" }')],
    ['a pattern that can take for ever', withEmail('{ column: A, pattern: "^(a+)+$" }')],
    ['a date token that is none', withEmail('{ column: A, date: { from: DD/MM/yyyy, to: yyyy-MM-dd } }')],
    ['a date token to write that is none', withEmail('{ column: A, date: { from: dd/MM/yyyy, to: YYYY } }')],
    ['a list of dates with one that is none', withEmail('{ column: A, date: { from: [MM/dd/yyyy, DD], to: yyyy } }')],
    ['dates that contradict each other', withEmail('{ column: A, date: { from: [MM/dd/yyyy, d/M/yyyy], to: yyyy } }')],
    ['no form of a date', withEmail('{ column: A, date: { from: [], to: yyyy } }')],
    ['a country of three letters', withEmail('{ column: A, phone: USA }')],
    ['a country that does not exist', withEmail('{ column: A, phone: XX }')],
    ['a country by its nickname', withEmail('{ column: A, phone: UK }')],
    ['otherwise without values', withEmail('{ column: A, otherwise: blank }')],
    ['a required field that is cleared', withEmail('{ column: A, blank: clear }')],
    [
      'a status word in both lists',
      feedLine('status: { column: S, employed: [Active, Leave], left: [Left, " Leave"] }'),
    ],
    ['an encoding that does not exist', feedLine('format: { encoding: utf-9 }')],
    ['a delimiter that is none', feedLine('format: { delimiter: "::" }')],
    ['a cron expression of four fields', added('schedule: { cron: "* * * *" }')],
    ['an hour that does not exist', added('schedule: { cron: "0 24 * * *" }')],
    ['a time zone that does not exist', added('schedule: { timezone: America/Chcago }')],
  ])('refuse %s', (_what, text) => {
    expect(problemsOf(text)).toMatchSnapshot();
  });

  it.each([
    'http://localhost:4010/api',
    'http://127.0.0.1/api',
    'http://127.8.9.1',
    'http://[::1]:4010/api',
    'https://app-eu.useworkshop.com/api',
  ])('let the address %s through', (url) => {
    expect(problemsOf(workshopLine(`base_url: "${url}"`))).toEqual([]);
  });

  it.each([
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0',
    'ftp://localhost',
    'http://[::2]',
  ])('do not take %s for this machine', (url) => {
    expect(problemsOf(workshopLine(`base_url: "${url}"`))).toHaveLength(1);
  });

  it.each([
    ['MM/dd/yyyy', 'yyyy-MM-dd'],
    ['d.M.yy', 'yyyy'],
    ['dd-MMM-yyyy', "MMM d 'of' yyyy"],
    ['yyyy-MM-ddTHH:mm:ssZ', 'dd.MM.'],
    ['M/d/yyyy h:mm a', 'MMMM d'],
    ['excel', 'yyyy-MM-dd'],
  ])('let the date %s to %s through', (from, to) => {
    expect(problemsOf(withEmail(`{ column: A, date: { from: "${from}", to: "${to}" } }`))).toEqual([]);
  });

  it.each([
    'after: archive',
    'after: delete',
    'after: archive\n    archive_directory: done/2026',
    'delete_after: { files: 3, hours: 20 }',
    'ready: { settle: 0s, marker: "{name}.done" }',
    'format: { header_row: 3, skip_rows_after_header: 1, quote: none }',
    'exclude: [{ column: Type, is: [Contractor] }]',
    'format: { compression: zip, zip_entry: "*.csv", encoding: Windows-1252, escape: backslash }',
    'format: { trailer: { starts_with: "T|", count_column: 2, counts: rows } }',
    'format: { pgp: { private_key_file: x, passphrase_file: y, verify_key_file: z } }',
  ])('let "%s" through', (line) => {
    expect(problemsOf(feedLine(line))).toEqual([]);
  });
});

describe('a feed of changes', () => {
  const changes = changed('kind: full\n    missing: delete', 'kind: changes');

  it('needs no word about the missing, and takes none', () => {
    expect(problemsOf(changes)).toEqual([]);
    expect(problemsOf(changed('kind: full', 'kind: changes'))).toEqual([
      expect.stringMatching(/^line 10: feeds\[0\]\.missing has no use for a feed of changes: /),
    ]);
  });
});

describe('what is said twice or for nothing', () => {
  it.each([
    ['passphrase and passphrase_file', 'format: { pgp: { private_key_file: x, passphrase: y, passphrase_file: z } }'],
    ['a zip entry without a zip', 'format: { compression: gzip, zip_entry: "*.csv" }'],
  ])('is refused: %s', (_what, line) => {
    expect(problemsOf(feedLine(line))).toEqual([expect.stringMatching(/keep one$|has no use with compression: gzip$/)]);
  });
});

describe('what comes with a later version', () => {
  it.each([
    ['audit_cron', added('schedule: { audit_cron: "0 6 * * 1" }')],
    ['notify', added('notify: [{ type: webhook, url_file: x }]')],
  ])('is refused rather than ignored: %s', (_what, text) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^line \d+: \S+ ("\S+" )?is not supported yet; /);
  });

  it('may be written with what it is without it', () => {
    expect(problemsOf(feedLine('format: { pgp: null, trailer: null, compression: none, encoding: utf-8 }'))).toEqual(
      [],
    );
    expect(problemsOf(added('schedule: { audit_cron: null }\nnotify: []'))).toEqual([]);
  });
});

describe('a cron expression', () => {
  it.each(['*/15 * * * *', '0 6 * * 1-5', '30 0 6 * * MON', '0 6,18 1 jan-jun sun', '5/10 * * * 7'])(
    'may be %s',
    (text) => {
      expect(cronProblem(text)).toBeNull();
    },
  );

  it.each([
    '',
    '* * * *',
    '* * * * * * *',
    '60 * * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    'x * * * *',
    '1-2-3 * * * *',
    '1, * * * *',
    '@daily',
  ])('may not be %j', (text) => {
    expect(cronProblem(text)).not.toBeNull();
  });
});
