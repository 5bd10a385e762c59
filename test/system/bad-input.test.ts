// Files that cannot be taken at their word: each is named with its reason and what to do about it, nothing is sent,
// and everybody stays as they are.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../support/text.ts';
import {
  checkTrial,
  csv,
  everydayConfiguration,
  HEADER,
  newTrial,
  people,
  personRow,
  type Trial,
} from '../support/trial.ts';

/** The first sync says all of `says`, ends with 5, and asks Workshop nothing. */
async function expectSetAside(trial: Trial, says: readonly string[]): Promise<void> {
  const { code, stdout } = await trial.run('--once');
  for (const words of says) expect(oneLine(stdout)).toContain(words);
  expect(code).toBe(5);
  expect(await trial.requests()).toEqual([]);
  await checkTrial(trial);
}

interface BadFile {
  readonly what: string;
  readonly content: string | Uint8Array;
  readonly says: readonly string[];
}

const UTF8_HINT = 'Have the file exported as UTF-8 text (CSV).';
const rows = people(10);

const BAD_FILES: readonly BadFile[] = [
  {
    what: 'of 0 bytes',
    content: '',
    says: ['Reading employees.csv failed: it is empty', 'Nobody was changed. Check the export'],
  },
  {
    what: 'with a header only',
    content: csv(),
    says: ['has a header and no rows', 'not taken to mean that everybody left', 'Ask for a new export.'],
  },
  {
    what: 'of bad rows only',
    content: csv(...rows.map((row) => row.replace('@', ' at '))),
    says: ['None of the 10 rows of the file is an employee (10 rejected, 0 excluded)', 'See under Rejected why'],
  },
  {
    what: 'with a renamed column',
    content: csv(...rows).replace('Department', 'Dept'),
    says: [
      'employees.csv was set aside: "Department" is missing; did "Dept" replace it?',
      'Have the export give the column under its old name again, or change the name in the configuration.',
    ],
  },
  {
    what: 'with a mapped column twice',
    content: csv(...rows.map((row) => `${row},Sales`)).replace(HEADER, `${HEADER},department`),
    says: ['employees.csv was set aside: "Department" occurs more than once in the header (line 1)'],
  },
  {
    what: 'with a quote that is never closed',
    content: csv(...rows.slice(0, 5), '00006,"Ana,Ruiz,p@example.com,,Sales,Austin', ...rows.slice(6)),
    says: ['employees.csv was set aside: the quote opened in line 7 is never closed', 'Have the export repaired'],
  },
  {
    what: 'in UTF-8 that was damaged',
    content: Buffer.concat([
      Buffer.from(csv(...rows, '00011,Zoë,Ruiz,p11@example.com,,Sales,Austin')),
      Buffer.from('00012,Jos\xe9,Ruiz,p12@example.com,,Sales,Austin\n', 'latin1'),
    ]),
    says: ['employees.csv was set aside: line 13 has bytes that are not UTF-8', UTF8_HINT],
  },
  {
    what: 'that was cut off',
    content: Buffer.from(csv(...rows), 'utf16le').subarray(0, -1),
    says: ['employees.csv was set aside: it was cut off', 'Ask for the file again'],
  },
  {
    what: 'of zero bytes',
    content: new Uint8Array(5000),
    says: ['employees.csv was set aside: it is full of zero bytes', UTF8_HINT],
  },
  {
    what: 'that is an Excel workbook',
    content: zipSync({ '[Content_Types].xml': new Uint8Array(9), 'xl/workbook.xml': new Uint8Array(9) }),
    says: ['employees.csv was set aside: it is an Excel workbook', UTF8_HINT],
  },
  {
    what: 'that is a login page',
    content: '<!DOCTYPE html>\n<html><body>Please log in</body></html>\n',
    says: ['line 1 has none of the mapped columns', 'that this is the right file for the feed'],
  },
];

describe('a file', () => {
  it.each(BAD_FILES)('$what is set aside whole', async ({ content, says }) => {
    const trial = await newTrial();
    trial.drop('employees.csv', content);
    await expectSetAside(trial, says);
  });

  it('that is set aside leaves the people of the last good one as they are, and a dry run says the same', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...rows));
    await trial.run('--once');
    const before = await trial.requests();
    trial.drop('employees.csv', csv(...rows).replace('Department', 'Dept'));
    const dry = await trial.run('plan', '--json');
    const { code, stdout } = await trial.run('--once');
    expect({ dry: dry.code, run: code }).toEqual({ dry: 5, run: 5 });
    expect(JSON.parse(dry.stdout)).toMatchObject({ exit_code: 5, balanced: true, operations: { planned: 0 } });
    expect(stdout).toContain('10 contacts of this feed, untouched');
    await checkTrial(trial);
    expect(await trial.requests()).toEqual(before);
    expect(await trial.contacts()).toHaveLength(10);
    trial.drop('employees.csv', csv(...rows, personRow('00011')));
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.contacts()).toHaveLength(11);
  });

  it('with zero bytes in one row loses that row alone, and keeps its person', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...rows));
    await trial.run('--once');
    trial.drop('employees.csv', csv(...rows.slice(0, 9), '00010,A\u0000na,Ruiz,p00010@example.com,,Sales,Austin'));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(oneLine(stdout)).toMatch(/line 11.* zero bytes/);
    expect(await trial.contacts()).toHaveLength(10);
    await checkTrial(trial);
  });
});

describe('a feed in trouble', () => {
  it('does not stop the others, and keeps its own people', async () => {
    const trial = await newTrial();
    const first = everydayConfiguration({ ...trial, url: trial.emulator.url });
    const feed = first.slice(first.indexOf('  - name'), first.indexOf('state_directory'));
    const second = feed.replace('name: employees', 'name: staff').replace('"employees*.csv"', '"staff*.csv"');
    trial.configure(first.replace('state_directory', `${second}state_directory`));
    trial.drop('employees.csv', csv(...rows));
    trial.drop('staff.csv', csv(personRow('S1'), personRow('S2')));
    expect((await trial.run('--once')).code).toBe(0);
    trial.drop('employees.csv', csv());
    trial.drop('staff.csv', csv(personRow('S1'), personRow('S2'), personRow('S3')));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(5);
    expect(stdout).toMatch(/^The feed employees: quarantined; nothing of it was sent; 1 created\./);
    expect(await trial.contacts()).toHaveLength(13);
    await checkTrial(trial);
  });
});

describe('a feed that was given another name', () => {
  it('takes over its people, sends nothing, and gives them back with its old name', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...rows));
    await trial.run('--once');
    const before = await trial.writes();
    const configuration = everydayConfiguration({ ...trial, url: trial.emulator.url });
    trial.configure(configuration.replace('name: employees', 'name: staff'));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(0);
    expect(oneLine(stdout)).toContain(`${rows.length} people came from the feed employees`);
    trial.configure(configuration);
    expect((await trial.run('--once')).code).toBe(0);
    expect(await trial.writes()).toEqual(before);
    await checkTrial(trial);
  });
});

describe('a folder', () => {
  const lookingIn = (trial: Trial) => `Looking for "employees*.csv" in ${join(trial.directory, 'outbound')}: `;

  it('without a file is told with the pattern, the place and what to check', async () => {
    const trial = await newTrial();
    await expectSetAside(trial, [
      `${lookingIn(trial)}no file of that name. The directory has no files.`,
      'Check `directory` in the configuration, and that the export ran.',
    ]);
  });

  it('with nearly the right names shows them', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv.part', csv(...rows));
    trial.drop('Employees.CSV', csv(...rows));
    mkdirSync(join(trial.directory, 'outbound', 'employees.csv'));
    await expectSetAside(trial, [
      `${lookingIn(trial)}no file of that name. There is: employees.csv (a directory), `,
      'employees.csv.part (a temporary name), Employees.CSV (upper and lower case differ).',
      'Compare `file` in the configuration with these names',
    ]);
  });

  it('that is not there is told as such', async () => {
    const trial = await newTrial();
    const outbound = join(trial.directory, 'outbound');
    rmSync(outbound, { recursive: true });
    await expectSetAside(trial, [`Reading the folder ${outbound}: it does not exist.`, 'that the share is mounted']);
  });

  it('that is a file is told as such', async () => {
    const trial = await newTrial();
    const outbound = join(trial.directory, 'outbound');
    rmSync(outbound, { recursive: true });
    writeFileSync(outbound, csv(...rows));
    await expectSetAside(trial, [`Reading the folder ${outbound}: it is a file, not a folder.`]);
  });
});
