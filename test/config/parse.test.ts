import { describe, expect, it } from 'vitest';
import { Places } from '../../src/config/places.ts';
import { added, changed, parse, problemsOf, SMALLEST, withEmail, withSftp } from './written.ts';

describe('problems of a configuration', () => {
  it('are all told at once, in the order of the file, each with its line, path, rule and what was found', () => {
    const text = `workshp: 1
workshop:
  base_url: http://example.com/api
  api_key: [a]
  concurrency: 4.5
  timeout: 30
feeds:
  - name: bad name
    source: { type: ftp }
    file: a/b*.csv
    kind: full
    missing: remove
    contact:
      external_id: { columns: [A], template: "{B}" }
      first_name: { column: F, case: lowr }
      emial: Email
      last_name:
`;
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      [
        "line 1: workshp is not a known key; did you mean "workshop"?",
        "line 3: workshop.base_url must begin with https:// (http:// is only for this machine itself: localhost, 127.0.0.1, [::1]), but it is "http://example.com/api"",
        "line 4: workshop.api_key must be text, but it is a list",
        "line 5: workshop.concurrency must be a whole number from 1 to 50, but it is 4.5",
        "line 6: workshop.timeout must be a duration such as 500ms, 30s, 5m, 26h or 7d, but it is 30",
        "line 8: feeds[0].name must consist of letters, digits, _ and - (at most 64), but it is "bad name"",
        "line 9: feeds[0].source.type must be "sftp" or "folder", but it is "ftp"",
        "line 10: feeds[0].file must be a pattern for the file name alone; the folder belongs into source.directory, but it is "a/b*.csv"",
        "line 12: feeds[0].missing must be "delete" or "keep", but it is "remove"",
        "line 13: feeds[0].contact.email is missing: it must be a column name, a list of column names, or a group of keys such as column and case",
        "line 14: feeds[0].contact.external_id has columns and template; keep one",
        "line 15: feeds[0].contact.first_name.case must be "lower", "upper" or "title", but it is "lowr"",
        "line 16: feeds[0].contact.emial is not a known key; did you mean "email"?",
        "line 17: feeds[0].contact.last_name must be a column name, a list of column names, or a group of keys such as column and case, but it is empty",
      ]
    `);
  });

  it('know the column, for editors', () => {
    const parsed = parse(changed('missing: delete', 'missing: remove'));
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      {
        line: 10,
        column: 14,
        path: 'feeds[0].missing',
        message: 'feeds[0].missing must be "delete" or "keep", but it is "remove"',
      },
    ]);
  });

  it('are told of rules between keys even while another key has the wrong type', () => {
    expect(problemsOf(changed('missing: delete', 'max_age: soon'))).toMatchInlineSnapshot(`
      [
        "line 4: feeds[0].missing is missing: a full feed must say "delete" (remove people who are no longer in the file) or "keep"",
        "line 10: feeds[0].max_age must be a duration such as 500ms, 30s, 5m, 26h or 7d, but it is "soon"",
      ]
    `);
  });

  it('keep the number of a feed when the one before it is no feed at all', () => {
    const text = SMALLEST.replace('feeds:\n', 'feeds:\n  - nonsense\n').replace(
      'kind: full',
      'kind: full\n    max_age: 0s',
    );
    expect(problemsOf(text)).toEqual([
      'line 4: feeds[0] must be a group of keys, but it is "nonsense"',
      'line 11: feeds[1].max_age must be more than 0s, but it is "0s"',
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['a file of comments', '# nothing yet\n'],
    ['a list at the top', '- workshop\n- feeds\n'],
    ['text at the top', 'workshop\n'],
    ['no feeds', 'workshop: { api_key: "${WORKSHOP_API_KEY}" }\nfeeds: []\n'],
    ['a group where a list belongs', 'workshop: { api_key: "${WORKSHOP_API_KEY}" }\nfeeds: { name: x }\n'],
    ['two documents', `${SMALLEST}---\na: 1\n`],
    ['a bracket that is not closed', 'workshop: { api_key: x\nfeeds: []\n'],
    ['a variable inside brackets', 'workshop: { api_key: ${WORKSHOP_API_KEY} }\n'],
    ['a tab as indentation', 'workshop:\n\tapi_key: x\n'],
    ['a key without its colon', 'workshop:\n  api_key x\n  version: "1.2"\n'],
    ['a key that is a list', `${SMALLEST}[1, 2]: x\n`],
    ['the key __proto__', changed('email: Email', 'email: Email\n      attributes: { __proto__: Dept }')],
  ])('are readable for %s', (_what, text) => {
    expect(problemsOf(text)).toMatchSnapshot();
  });

  it('name both lines of a key that is written twice', () => {
    expect(problemsOf(changed('kind: full', 'kind: full\n    file: x.csv'))).toEqual([
      'line 10: feeds[0].file is written twice, first on line 8; keep one',
    ]);
  });

  it('suggest the nearest key for an unknown one, and list the keys when none is near', () => {
    expect(problemsOf(added('scheduel: { cron: "* * * * *" }'))).toEqual([
      'line 16: scheduel is not a known key; did you mean "schedule"?',
    ]);
    expect(problemsOf(added('server: { colour: red }'))).toEqual([
      'line 16: server.colour is not a known key; the keys here are port, host',
    ]);
    expect(problemsOf(withEmail('{ column: Email, cas: lower }'))).toEqual([
      'line 15: feeds[0].contact.email.cas is not a known key; did you mean "case"?',
    ]);
  });

  it('suggest only keys that the kind of source has', () => {
    expect(problemsOf(changed('directory: inbox', 'directory: inbox\n      hots: x'))).toEqual([
      'line 8: feeds[0].source.hots is not a known key; the keys here are type, directory',
    ]);
  });

  it('follow anchors, and stop at one that contains itself', () => {
    expect(
      problemsOf(changed('email: Email', 'email: &mail { column: Email }\n      attributes: { mail: *mail }')),
    ).toEqual([]);
    expect(problemsOf(withEmail('*nowhere'))).toEqual([
      'line 15: feeds[0].contact.email begins with *, which refers to an anchor that is not there; put it in quotes',
    ]);
    expect(problemsOf('workshop: &a\n  api_key: x\n  again: *a\n').at(-1)).toContain(
      'an anchor (&) that contains itself',
    );
  });

  it('stop at anchors that multiply', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = Array(10).fill(level === 0 ? 'x' : `*l${level - 1}`);
      return `l${level}: &l${level} [${items.join(', ')}]\n`;
    });
    expect(problemsOf(levels.join('')).some((text) => text.includes('holds more than a configuration can'))).toBe(true);
  });
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2';

  it.each([
    ['a wrong type', withSftp('host_key: x', `password: [${secret}]`)],
    ['a value with a broken variable', withSftp('host_key: x', `password: "${secret}\${"`)],
    ['an alias', withSftp('host_key: x', `password: *${secret}`)],
    ['a tag', withSftp('host_key: x', `password: !${secret}`)],
    ['a block scalar', withSftp('host_key: x', `password: |${secret}`)],
    ['a missing blank', withSftp('host_key: x', `password:${secret}`)],
    ['a missing blank in brackets', changed('    kind: full', `    kind: full\n    ready: {password:${secret}}`)],
    ['an equals sign in brackets', changed('    kind: full', `    kind: full\n    ready: {password=${secret}}`)],
    ['an unknown key', withSftp('host_key: x', `pasword: ${secret}`)],
    ['a login in the address', changed('workshop:', `workshop:\n  base_url: https://me:${secret}@example.com`)],
    ['blanks in the key', changed('${WORKSHOP_API_KEY}', `"${secret} ${secret}"`)],
    ['a webhook', added(`notify: [{ type: webhook, url: { to: ${secret} } }]`)],
  ])('are never shown by the problem with %s', (_what, text) => {
    const problems = problemsOf(text);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('are not shown as what was found, whatever rule they break', () => {
    const places = new Places();
    const path = ['feeds', 0, 'source', 'password'];
    places.add(path, { line: 7, column: 3, found: { kind: 'text', source: secret } });
    expect(places.problem(path, 'must be longer').message).toBe(
      'feeds[0].source.password must be longer, but it is something else',
    );
  });

  it('from the environment are not shown even where they do not belong', () => {
    expect(problemsOf(added('server: { port: "${SFTP_PASSWORD}" }'), { SFTP_PASSWORD: secret })).toEqual([
      'line 16: server.port must be a whole number from 0 to 65535, but it is what $SFTP_PASSWORD stands for',
    ]);
  });

  it('written into the file are accepted with a warning', () => {
    const parsed = parse(changed('${WORKSHOP_API_KEY}', 'wk-secret'));
    expect(parsed.ok && parsed.warnings).toEqual([
      'line 2: workshop.api_key is a secret written into the file; take it from an environment variable or from api_key_file',
    ]);
    expect(parsed.ok && parsed.secrets.apiKey).toMatchObject({ kind: 'text', text: 'wk-secret' });
  });

  it('of digits stay text, as written or from the environment', () => {
    const text = withSftp('host_key: "SHA256:' + 'A'.repeat(43) + '"', 'password: 007');
    const parsed = parse(text.replace('${WORKSHOP_API_KEY}', '${KEY}'), { KEY: '0123' });
    expect(parsed.ok && parsed.secrets.apiKey).toMatchObject({ text: '0123' });
    expect(parsed.ok && parsed.secrets.sftp.employees?.password).toMatchObject({ text: '007' });
  });

  it('may not be empty', () => {
    expect(problemsOf(SMALLEST, { WORKSHOP_API_KEY: '' })).toEqual(['line 2: workshop.api_key must not be empty']);
  });

  it('are not part of the settings', () => {
    const parsed = parse(changed('${WORKSHOP_API_KEY}', 'wk-secret'));
    expect(parsed.ok && JSON.stringify(parsed.settings)).not.toContain('wk-secret');
  });
});
