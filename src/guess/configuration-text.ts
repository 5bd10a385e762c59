// The guess as a configuration file: short, valid, and with a comment wherever a person of HR or IT has to decide.

import { canonicalText } from '../roster/text.ts';
import { attributeLines } from './attributes-text.ts';
import { formatLines } from './format-text.ts';
import type { Guess } from './guess.ts';
import type { FieldGuess, RequiredField } from './guessed.ts';
import { statusLines } from './status-text.ts';
import { commented, commentLines, yamlText, yamlValue } from './yaml-text.ts';

export interface ConfigurationFacts {
  readonly guess: Guess;
  /** Of the sample. */
  readonly fileName: string;
  /** Of the sample, absolute. */
  readonly directory: string;
  /** For the names of future files. */
  readonly pattern: string;
  /** What the characters of the sample are. */
  readonly encoding: string;
}

/** What stands where a required column was not found. The program names it as missing. */
export const TO_FILL_IN: Readonly<Record<RequiredField, string>> = {
  external_id: 'FILL IN: the column with the employee number',
  first_name: 'FILL IN: the column with the first name',
  last_name: 'FILL IN: the column with the last name',
  email: 'FILL IN: the column with the email address',
};

/** The text of the configuration file. */
export function configurationText(facts: ConfigurationFacts): string {
  const { guess } = facts;
  const lines = [
    ...head(facts),
    ...workshop(),
    'feeds:',
    '  - name: employees',
    '',
    ...source(facts),
    ...file(facts),
    ...formatLines(guess.form, facts.encoding),
    ...contact(guess),
    ...statusLines(guess.status, guess.suggestedStatus),
    ...schedule(),
  ];
  return `${lines.join('\n')}\n`;
}

function head({ guess, fileName }: ConfigurationFacts): string[] {
  return [
    ...commentLines(
      `The configuration of workshop-sync, guessed by \`workshop-sync init\` from ${canonicalText(fileName)}. Read every line before the first real sync; \`workshop-sync plan\` shows what it would do. config/workshop-sync.example.yaml explains every key there is.`,
    ),
    ...(guess.doubts.length === 0 ? [] : ['#', '# Please check:']),
    ...guess.doubts.flatMap((doubt) =>
      commentLines(doubt).map((line, index) => line.replace(/^# /, index === 0 ? '# - ' : '#   ')),
    ),
    '',
  ];
}

function workshop(): string[] {
  return [
    'workshop:',
    `  # \${NAME} is taken from the environment. The key is made in the settings of Workshop; it does not belong into this file.`,
    `  api_key: \${WORKSHOP_API_KEY}`,
    `  base_url: \${WORKSHOP_BASE_URL:-https://app.useworkshop.com/api}`,
    '',
  ];
}

function source({ directory }: ConfigurationFacts): string[] {
  return [
    '    # Where the file arrives: for now the folder of the sample, so that `workshop-sync plan` works at once.',
    '    source:',
    '      type: folder',
    `      directory: ${yamlText(directory)}`,
    '    # When the HR system delivers to an SFTP server, this takes the place of the three lines above:',
    '    # source:',
    '    #   type: sftp',
    '    #   host: sftp.example.com',
    '    #   username: workshop',
    `    #   password: \${SFTP_PASSWORD}        # or private_key_file: ./id_ed25519`,
    '    #   host_key: SHA256:...              # as `ssh-keygen -lf` prints it; ask whoever runs the server',
    '    #   directory: /outbound',
    '',
  ];
}

function file({ guess, pattern, fileName }: ConfigurationFacts): string[] {
  return [
    ...commented(`    file: ${JSON.stringify(pattern)}`, patternComment(pattern === fileName, guess)),
    '',
    ...kind(guess),
  ];
}

function patternComment(isFixed: boolean, { kind }: Guess): string {
  if (isFixed) return 'always the same name; with a date in it, write * for the date';
  return kind === 'changes'
    ? 'every file that matches is read, the oldest first'
    : 'the newest file that matches is taken';
}

function kind(guess: Guess): string[] {
  if (guess.kind === 'changes')
    return [
      '    # changes: a file holds only who is new or changed, and whoever is not in it stays as they are. If every file',
      '    # lists everybody: full.',
      '    kind: changes',
      '',
    ];
  return [
    '    # full: every file lists everybody. For a file of nothing but changes: changes, and no line `missing`.',
    '    kind: full',
    '',
    '    # People who are no longer in the file: keep leaves them in Workshop, the safe way to begin. Once some syncs went',
    '    # well and you are sure that the file always lists everybody, change it to delete, and leavers are removed.',
    '    missing: keep',
    '',
  ];
}

function contact({ fields, missing, attributes, leftOut }: Guess): string[] {
  const order = ['external_id', 'first_name', 'last_name', 'email', 'phone_number'];
  const lines = order.flatMap((name) => {
    const guess = fields.find(({ field }) => field === name);
    if (guess !== undefined)
      return [...commentLines(guess.why, '      '), `      ${name}: ${yamlValue(guess.written)}`];
    const required = missing.find((field) => field === name);
    return required === undefined ? [] : toFillIn(required, fields);
  });
  return [
    '    # Which column becomes what in Workshop. The names are those of the header.',
    '    contact:',
    ...lines,
    ...attributeLines(attributes, leftOut),
    '',
  ];
}

function toFillIn(field: RequiredField, fields: readonly FieldGuess[]): string[] {
  const email = fields.find((guess) => guess.field === 'email');
  const advice =
    field === 'external_id' && email !== undefined
      ? ` Ask for the employee number. If there is none, the address can serve, external_id: ${yamlValue(email.written)}, but whoever changes the address is then taken for somebody new.`
      : '';
  return [
    ...commentLines(`TO FILL IN: no column was found for ${field}, which Workshop requires.${advice}`, '      '),
    `      ${field}: ${yamlText(TO_FILL_IN[field])}`,
  ];
}

function schedule(): string[] {
  return [
    '# When `workshop-sync run` looks for a new file: minute, hour, day of the month, month, day of the week.',
    'schedule:',
    '  cron: "*/15 * * * *"',
    '  timezone: UTC',
  ];
}
