// The JSON Schema of the configuration, for the completion and checks of editors; generated from the zod
// schema and committed, so that an editor finds it beside the example.

import { z } from 'zod';
import { configurationSchema } from './schema.ts';

/** One node of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema that says what each key takes, defaults being optional. */
export function configurationJsonSchema(): JsonSchema {
  return z.toJSONSchema(configurationSchema, { io: 'input' });
}

/** What config/workshop-sync.schema.json holds: numbers may also come from the environment. */
export function publishedJsonSchema(): string {
  const schema = z.toJSONSchema(configurationSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type !== 'number' && jsonSchema.type !== 'integer') return;
      const { description, default: preset, ...number } = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, {
        ...(description === undefined ? {} : { description }),
        ...(preset === undefined ? {} : { default: preset }),
        anyOf: [number, { type: 'string', pattern: '\\$\\{' }],
      });
    },
  });
  return `${JSON.stringify({ title: 'The configuration of workshop-sync', ...schema }, null, 2)}\n`;
}
