import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type InitFlags, initCommand } from '../../src/commands/init.ts';
import { temporaryDirectory } from '../support/store.ts';
import { lines } from './sample.ts';

const PEOPLE = lines(
  'Employee ID,First Name,Last Name,Email,Status',
  '1,Ana,Ruiz,ana@example.com,Active',
  '2,Bo,Li,bo@example.com,Terminated',
  '3,Cy,Orr,cy@example,Active',
  '4,Di,Fu,di@example.com,Active',
  '5,Ed,Fu,DI@example.com,Active',
);

/** Runs init in a directory of its own, with what it says. */
async function init(content: string, flags: InitFlags = {}) {
  const directory = temporaryDirectory();
  const sample = join(directory, 'staff_20260105.csv');
  const config = join(directory, 'new', 'folder', 'sync.yaml');
  writeFileSync(sample, content);
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
  };
  const again = (file = sample) => initCommand(file, { config, ...flags }, io);
  const code = await again();
  return { code, directory, sample, config, again, out, err };
}

describe('init', () => {
  it('writes the configuration into a folder that it makes, and says what it guessed, tried and comes next', async () => {
    const { code, config, directory, out } = await init(PEOPLE);
    expect(code).toBe(0);
    expect(readFileSync(config, 'utf8')).toContain(`directory: ${JSON.stringify(directory)}`);
    expect(out).toContain(`${config} was written for staff_20260105.csv (utf-8, "," between the fields`);
    expect(out).toMatch(/^ {2}external_id +column "Employee ID", a name that Workday uses; all 5 values are there/m);
    expect(out).toContain(
      'Tried on the sample: 5 rows: 1 employee, 1 leaver, 3 rejected (first: line 4: "cy@example" in "Email" is not an email address.).',
    );
    expect(out).toContain(`workshop-sync --config ${config} plan`);
  });

  it('says in one line what it left out', async () => {
    const { out } = await init(
      lines('ID,First Name,Last Name,Email,SSN,Shoe Size,', '1,Ana,Ruiz,ana@example.com,1,9,'),
    );
    expect(out).toContain('\nLeft out, and why stands in the configuration: SSN, Shoe Size, (no name)\n');
  });

  it('overwrites nothing', async () => {
    const { config, again } = await init(PEOPLE);
    writeFileSync(config, 'mine');
    await expect(again()).rejects.toMatchObject({
      exitCode: 7,
      message: `Writing the configuration failed: ${config} is there already, and init overwrites nothing.`,
      hint: expect.stringContaining('--config'),
    });
    expect(readFileSync(config, 'utf8')).toBe('mine');
  });

  it('does not write through a link that leads nowhere', async () => {
    const { config, directory, again } = await init(PEOPLE);
    rmSync(config);
    symlinkSync(join(directory, 'elsewhere.yaml'), config);
    await expect(again()).rejects.toMatchObject({ exitCode: 7 });
    expect(() => readFileSync(join(directory, 'elsewhere.yaml'))).toThrow('ENOENT');
  });

  it('says first and loudly what is to be filled in, and ends with 0', async () => {
    const { code, out, config } = await init(lines('Name of pet,First Name,Email', 'Rex,Ana,ana@example.com'));
    expect(code).toBe(0);
    expect(out).toMatch(/^! NOT READY: no column was found for external_id, last_name, and Workshop requires them\./);
    expect(out).toContain('It was not tried on the sample');
    expect(readFileSync(config, 'utf8')).toContain('last_name: "FILL IN: the column with the last name"');
  });

  it('prints the configuration alone with --print, and writes nothing', async () => {
    const { out, err, config } = await init(lines('First Name,Last Name,Email', 'Ana,Ruiz,ana@example.com'), {
      print: true,
    });
    expect(out).toMatch(/^# The configuration of workshop-sync/);
    expect(out).toMatch(/\n {2}timezone: UTC\n$/);
    expect(err).toMatch(/^! NOT READY/);
    expect(() => readFileSync(config)).toThrow('ENOENT');
  });

  it('says the same as JSON', async () => {
    const { out, config, sample } = await init(PEOPLE, { json: true });
    expect(JSON.parse(out)).toMatchObject({
      file: config,
      ready: true,
      sample: { file: sample, pattern: 'staff_*.csv', rows: 5, delimiter: ',', header_row: 1, trailer: null },
      missing: [],
      contact: [{ field: 'external_id', written: 'Employee ID' }, {}, {}, {}],
      status: { column: 'Status', employed: ['Active'], left: ['Terminated'] },
      trial: { rows: 5, employees: 1, left: 1, rejected: 3, first_reject: { line: 4 } },
    });
  });

  it('passes no terminal escapes on', async () => {
    const { out } = await init(PEOPLE.replace('Status', 'Sta\u001b[2Jtus\u202e'));
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });

  it('refuses a sample that is not there, is a folder or cannot be a table, and writes nothing', async () => {
    const { directory, again, config } = await init(PEOPLE, { print: true });
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'empty.csv'), '\n\n');
    writeFileSync(join(directory, 'photo.csv'), Buffer.from([0xff, 0xd8, 0, 0, 0, 0, 0, 0]));
    const refusal = (name: string) => expect(again(join(directory, name))).rejects;
    await refusal('none.csv').toMatchObject({
      exitCode: 7,
      message: expect.stringMatching(/none\.csv does not exist\.$/),
    });
    await refusal('folder').toMatchObject({ exitCode: 7, message: expect.stringMatching(/is a directory\.$/) });
    await refusal('empty.csv').toMatchObject({ exitCode: 5, message: expect.stringContaining('it is empty') });
    await refusal('photo.csv').toMatchObject({ exitCode: 5 });
    expect(() => readFileSync(config)).toThrow('ENOENT');
  });
});
