// Files that arrive packed, through whole runs: read like any other, remembered like any other, and never trusted.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { makePgpKey, pgpMessage } from '../support/pgp.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const configureFormat = (trial: Trial, format: string): void =>
  trial.configure(
    everydayConfiguration({ ...trial, url: trial.emulator.url }).replace(
      '    contact:',
      `    format: ${format}\n    contact:`,
    ),
  );

it('a zip file is set aside when it is not clear what is meant in it, and read as soon as the configuration says so', async () => {
  const trial = await newTrial();
  const table = new Uint8Array(Buffer.from(csv(...people(3))));
  configureFormat(trial, '{ compression: auto }');
  trial.drop('employees.csv', zipSync({ 'employees.csv': table, 'departments.csv': new Uint8Array(1) }));
  const { code, stdout } = await trial.run('--once');
  expect({ code, stdout }).toMatchObject({ code: 5, stdout: expect.stringContaining('zip_entry') });
  configureFormat(trial, '{ zip_entry: "employees*" }');
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  expect(await trial.contacts()).toHaveLength(3);
  await checkTrial(trial);
});

it('an encrypted file is read when the right key is there, and doctor tells the wrong one before', async () => {
  const [own, sender] = await Promise.all([makePgpKey('open sesame'), makePgpKey()]);
  const trial = await newTrial({ environment: { PGP_PASSPHRASE: 'open sesame' } });
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(trial.directory, name), bytes, { mode: 0o600 });
    return join(trial.directory, name);
  };
  const files = `private_key_file: ${put('own.asc', own.publicFile)}, verify_key_file: ${put('sender.asc', sender.publicFile)}`;
  configureFormat(trial, `{ pgp: { ${files}, passphrase: "\${PGP_PASSPHRASE}" } }`);
  const message = await pgpMessage(gzipSync(csv(...people(3))), { to: [own], from: [sender], armored: true });
  trial.drop('employees.csv.gz.pgp', message);
  trial.configure(
    readFileSync(join(trial.directory, 'workshop-sync.yaml'), 'utf8').replace(
      'employees*.csv',
      'employees*.csv.gz.pgp',
    ),
  );
  const checked = await trial.run('doctor');
  expect(checked.stdout).toMatch(/FAIL {2}PGP keys of feed employees: .*holds no private key; it is a public key/);
  put('own.asc', own.privateFile);
  expect((await trial.run('doctor')).stdout).toMatch(
    new RegExp(`pass {2}PGP keys of feed employees: the private key ${own.ids.join(', ')} opens; signatures by`),
  );
  expect(await trial.run('--once')).toMatchObject({ code: 0 });
  expect(trial.report().feeds[0]?.file).toMatchObject({ name: 'employees.csv.gz.pgp', size: message.length });
  expect(await trial.contacts()).toHaveLength(3);
  expect(readdirSync(trial.state)).not.toContain('work');
  await checkTrial(trial);
});
