// What people write: the configuration file as specification §4 has it. The JSON Schema for editors is
// generated from here; rules between keys are in rules.ts, what it becomes is settings.ts.

import { z } from 'zod';
import { feedSchema } from './schema-feed.ts';
import type { WrittenField } from './schema-field.ts';
import { guardsSchema } from './schema-guards.ts';
import { duration, filledList, group, list, secretFile, text, textLike, wholeNumber } from './schema-parts.ts';

const rate = 'must be a number more than 0 and at most 1000';

const workshop = group({
  base_url: text()
    .default('https://app.useworkshop.com/api')
    .describe('Address of the Workshop API. http only for this machine itself, as for trials with the emulator.'),
  api_key: text()
    .optional()
    .describe('The API key from the settings of Workshop, from an environment variable; or use api_key_file.'),
  api_key_file: secretFile('the API key'),
  version: textLike(/^\d+\.\d+$/, 'must be a version such as "1.2"')
    .default('1.2')
    .describe('Version of the API, sent on every request as Workshop-Version.'),
  requests_per_second: z
    .number({ error: rate })
    .gt(0, { error: rate })
    .max(1_000, { error: rate })
    .default(5)
    .describe('Never more requests in any second than this; lowered for a while when Workshop asks for it.'),
  concurrency: wholeNumber(1, 50).default(4).describe('Requests under way at the same time.'),
  timeout: duration().default('30s').describe('How long to wait for one answer.'),
  attempts: wholeNumber(1, 20).default(5).describe('How often one operation is tried when the API does not answer.'),
})
  .prefault({})
  .describe('The Workshop API.');

const schedule = group({
  cron: text().default('*/15 * * * *').describe('When `run` syncs, as a cron expression of five or six fields.'),
  timezone: text().default('UTC').describe('The time zone of the cron expression, such as America/Chicago.'),
  audit_cron: text().nullable().default(null).describe('When to compare with Workshop. Not supported yet.'),
})
  .prefault({})
  .describe('When `run` without --once syncs.');

const server = group({
  port: wholeNumber(0, 65_535).default(8080).describe('Port; 0 takes any free one.'),
  host: text().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all of this machine.'),
})
  .nullable()
  .prefault({})
  .describe('Health, metrics and the status page of `run`. null turns it off.');

const notification = z.discriminatedUnion(
  'type',
  [
    group({
      type: z.literal('webhook'),
      url: text()
        .optional()
        .describe('Address that gets the message as JSON, from an environment variable; or use url_file.'),
      url_file: secretFile('the address'),
    }),
    group({
      type: z.literal('email'),
      smtp_url: text()
        .optional()
        .describe('Mail server with its login, from an environment variable; or use smtp_url_file.'),
      smtp_url_file: secretFile('the address of the mail server'),
      from: text().describe('Sender.'),
      to: z
        .union([text(), filledList(text())], { error: 'must be an address or a list of addresses' })
        .describe('Receivers.'),
    }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'must be "webhook" or "email"' : 'must be a group of keys') },
);

export const configurationSchema = group({
  workshop,
  feeds: filledList(feedSchema).describe('What is synced: one feed for each file that arrives.'),
  guards: guardsSchema,
  schedule,
  state_directory: text()
    .optional()
    .describe(
      'Where the database and the reports are kept, relative to the current directory. Default: $STATE_DIRECTORY, else ./state.',
    ),
  reports: group({ keep: duration().default('90d').describe('How long reports are kept.') })
    .prefault({})
    .describe('The reports of past runs.'),
  server,
  notify: list(notification).default([]).describe('Who is told when a sync fails or is held. Not supported yet.'),
});

/** A valid configuration as written, defaults filled in. */
export type WrittenConfiguration = z.output<typeof configurationSchema>;
export type WrittenFeed = WrittenConfiguration['feeds'][number];

/** What is left of a configuration when everything of the wrong type is taken out: anything may be absent. */
export type Draft = DeepPartial<z.input<typeof configurationSchema>>;
export type DraftFeed = DeepPartial<z.input<typeof feedSchema>>;
export type DraftField = DeepPartial<WrittenField>;

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;
