// How people write a feed: where its file comes from, which file, how to read it (specification §4 to §6).

import { z } from 'zod';
import { contactSchema, excludeSchema, statusSchema } from './schema-field.ts';
import { formatSchema } from './schema-format.ts';
import { duration, filledList, group, oneOf, secretFile, text, textLike, wholeNumber } from './schema-parts.ts';

const fingerprint = textLike(
  /^SHA256:[A-Za-z0-9+/]{43}=?$/,
  'must be a fingerprint such as "SHA256:" and 43 characters, as `ssh-keygen -lf` prints it',
);

const sftpSource = group({
  type: z.literal('sftp').describe('The file is fetched from an SFTP server.'),
  host: text().describe('Name or address of the SFTP server.'),
  port: wholeNumber(1, 65_535).default(22).describe('Port of the SFTP server.'),
  username: text().describe('Login name on the SFTP server.'),
  password: text()
    .optional()
    .describe('Password of the login, from an environment variable; or use password_file or private_key_file.'),
  password_file: secretFile('the password'),
  private_key_file: text()
    .optional()
    .describe('Path of the private key for the login, relative to this configuration file.'),
  passphrase: text()
    .optional()
    .describe('Passphrase of the private key, from an environment variable; or use passphrase_file.'),
  passphrase_file: secretFile('the passphrase of the private key'),
  host_key: z
    .union([fingerprint, filledList(fingerprint)], { error: 'must be a fingerprint or a list of fingerprints' })
    .optional()
    .describe("The server's fingerprint, one or a list, as `ssh-keygen -lf` prints it. Or use known_hosts_file."),
  known_hosts_file: text()
    .optional()
    .describe('Path of an OpenSSH known_hosts file with the server in it, relative to this configuration file.'),
  directory: text().describe('The directory on the server where the files arrive.'),
});

const folderSource = group({
  type: z.literal('folder').describe('The file is taken from a folder of this machine.'),
  directory: text().describe('The folder where the files arrive, relative to this configuration file.'),
});

const source = z
  .discriminatedUnion('type', [sftpSource, folderSource], {
    error: (issue) => (issue.code === 'invalid_union' ? 'must be "sftp" or "folder"' : 'must be a group of keys'),
  })
  .describe('Where the files arrive.');

const deleteAfter = group({
  files: wholeNumber(1, 1_000).default(1).describe('Absent from so many accepted files in a row.'),
  hours: z
    .number({ error: 'must be a number of hours, more than 0' })
    .gt(0, { error: 'must be a number of hours, more than 0' })
    .nullable()
    .default(null)
    .describe('And absent for at least so many hours.'),
})
  .prefault({})
  .describe('How long somebody must be absent before they are removed.');

const ready = group({
  settle: duration().default('10s').describe('A file counts as complete when size and time stay the same this long.'),
  marker: text()
    .nullable()
    .default(null)
    .describe('Or when this marker file exists; {name} is the name of the roster file, as in "{name}.done".'),
})
  .prefault({})
  .describe('When a file is complete.');

export const feedSchema = group({
  name: textLike(/^[A-Za-z0-9_-]{1,64}$/, 'must consist of letters, digits, _ and - (at most 64)').describe(
    'A name for this feed, used in reports and in the database.',
  ),
  source,
  file: text().describe('Which files: a pattern for the name, such as "employees_*.csv".'),
  kind: oneOf(['full', 'changes']).describe(
    'full: the file lists everybody. changes: each file has only the rows that changed; absence means nothing.',
  ),
  missing: oneOf(['delete', 'keep'])
    .optional()
    .describe(
      'Required for a full feed, and of no use for changes: delete or keep the people who are no longer in the file.',
    ),
  delete_after: deleteAfter,
  ready,
  max_age: duration()
    .nullable()
    .default(null)
    .describe('A newest file older than this, such as 26h, is stale: nothing is synced and the exit code is 5.'),
  after: oneOf(['keep', 'archive', 'delete'])
    .default('keep')
    .describe('What happens to the source file once it is fully applied.'),
  archive_directory: text()
    .default('processed')
    .describe('For `after: archive`: where it goes, inside the source directory.'),
  format: formatSchema,
  contact: contactSchema.describe('Which column becomes what in Workshop.'),
  status: statusSchema,
  exclude: excludeSchema,
});
