// What the schema expects at a place of the file, so that text can be read as it was written (`version: 1.20`
// is "1.20", a password of digits stays text) and unknown keys can be compared with those that exist.

import { configurationJsonSchema, type JsonSchema } from './json-schema.ts';

/** The alternatives that the schema allows at one place; none when the place is unknown to it. */
export type Expected = readonly JsonSchema[];

let root: Expected | null = null;

/** What is expected of the whole file. */
export function expectedRoot(): Expected {
  root ??= flattened([configurationJsonSchema()]);
  return root;
}

/** What is expected of one key of a group, or of an element of a list. */
export function expectedAt(expected: Expected, key: string | number): Expected {
  return flattened(
    expected.flatMap((schema) => {
      if (typeof key === 'number') return asSchemas(schema.items);
      const properties = asSchemas(schema.properties)[0];
      if (properties !== undefined && Object.hasOwn(properties, key)) return asSchemas(properties[key]);
      return asSchemas(schema.additionalProperties);
    }),
  );
}

/** Leaves the alternatives whose fixed words, such as `type: sftp`, are those that `read` finds in the file. */
export function narrowed(expected: Expected, read: (key: string) => unknown): Expected {
  const fitting = expected.filter((schema) => {
    const properties = asSchemas(schema.properties)[0] ?? {};
    return Object.entries(properties).every(([key, property]) => {
      const fixed = asSchemas(property)[0]?.const;
      return fixed === undefined || fixed === read(key);
    });
  });
  return fitting.length === 0 ? expected : fitting;
}

export function accepts(expected: Expected, kind: 'string' | 'number' | 'boolean' | 'null'): boolean {
  return expected.some(({ type }) => type === kind || (kind === 'number' && type === 'integer'));
}

/** Is it one of the words that can be chosen here? */
export function offers(expected: Expected, word: string): boolean {
  return expected.some((schema) => Array.isArray(schema.enum) && schema.enum.includes(word));
}

/** The keys that a group may have here. */
export function knownKeys(expected: Expected): string[] {
  return [...new Set(expected.flatMap((schema) => Object.keys(asSchemas(schema.properties)[0] ?? {})))];
}

function flattened(schemas: readonly JsonSchema[]): JsonSchema[] {
  return schemas.flatMap((schema) => {
    const inner = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list.flatMap(asSchemas) : []));
    return inner.length === 0 ? [schema] : flattened(inner);
  });
}

function asSchemas(value: unknown): JsonSchema[] {
  return isSchema(value) ? [value] : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
