// How people write the form of a file: encryption, compression, characters, columns and rows (specification §4 to §6).

import { z } from 'zod';
import { group, list, oneOf, secretFile, text, wholeNumber } from './schema-parts.ts';

const trailer = z
  .union(
    [
      group({
        starts_with: text().describe('How the trailer row begins.'),
        count_column: wholeNumber(1, 10_000).describe(
          'Which field of the trailer row holds the count; the first is 1.',
        ),
        counts: oneOf(['rows', 'rows_and_header', 'rows_and_trailer', 'all']).describe(
          'What the count counts: the rows between header and trailer, or those with the header, the trailer, or both.',
        ),
      }),
      group({ last_rows: wholeNumber(1, 100).describe('How many rows at the end are no people.') }),
    ],
    { error: 'must be a group of keys with starts_with, count_column and counts, or with last_rows' },
  )
  .nullable()
  .default(null)
  .describe('A row at the end of the file that counts the others, or so many rows at the end that are no people.');

const pgp = group({
  private_key_file: text().describe('Path of the private key, relative to this configuration file.'),
  passphrase: text()
    .optional()
    .describe('Passphrase of the private key, from an environment variable; or use passphrase_file.'),
  passphrase_file: secretFile('the passphrase of the private key'),
  verify_key_file: text()
    .optional()
    .describe("Path of the sender's public key: a file without a valid signature by it is not read."),
})
  .nullable()
  .default(null)
  .describe('The file is encrypted with PGP.');

export const formatSchema = group({
  encoding: text()
    .default('auto')
    .describe('Character encoding: auto, or a name such as utf-8, utf-16le, windows-1252 or shift_jis.'),
  delimiter: z
    .enum(['auto', ',', ';', '|', '\t', '\\t', '~'], { error: 'must be auto, or one of "," ";" "|" "\\t" "~"' })
    .default('auto')
    .describe('What separates the fields. auto looks at the header line.'),
  quote: oneOf(['"', "'", 'none'])
    .default('"')
    .describe('What encloses a field, or none for a file that never quotes.'),
  escape: oneOf(['double', 'backslash'])
    .default('double')
    .describe('How a quote inside a quoted field is written: doubled, or after a backslash.'),
  header_row: wholeNumber(1, 1_000).default(1).describe('The line of the header; the first line is 1.'),
  skip_rows_after_header: wholeNumber(0, 1_000)
    .default(0)
    .describe('Rows to skip below the header, such as 1 for a second header with labels.'),
  trailer,
  compression: oneOf(['auto', 'none', 'gzip', 'zip'])
    .default('auto')
    .describe('auto unpacks what it finds; none reads the file as it is; gzip or zip refuse anything else.'),
  zip_entry: text()
    .nullable()
    .default(null)
    .describe('Which of several files inside a zip archive: a pattern for its name, such as "employees*.csv".'),
  pgp,
  null_words: list(z.string({ error: 'must be text' }))
    .default(['', 'NULL', 'N/A', 'nan', '-'])
    .describe('Words in the file that mean: blank.'),
})
  .prefault({})
  .describe('How to read the file. The defaults fit most CSV exports.');
