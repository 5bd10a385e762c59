// The files of config/ that users copy and that editors read.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationJsonSchema, publishedJsonSchema } from '../../src/config/json-schema.ts';
import { parse, problemsOf } from './written.ts';

const EXAMPLE = read('workshop-sync.example.yaml');
const ENVIRONMENT = { SFTP_PASSWORD: 'x' };

describe('the example configuration', () => {
  it('has no problem and no warning', () => {
    expect(problemsOf(EXAMPLE, ENVIRONMENT)).toEqual([]);
    expect(parse(EXAMPLE, ENVIRONMENT)).toMatchObject({ ok: true, warnings: [] });
  });

  it('points editors to the schema', () => {
    expect(EXAMPLE.split('\n')[0]).toBe('# yaml-language-server: $schema=./workshop-sync.schema.json');
  });

  it('shows every key that the schema knows', () => {
    const missing = keysOf(configurationJsonSchema()).filter((key) => !new RegExp(`\\b${key}\\b`).test(EXAMPLE));
    expect(missing).toEqual([]);
  });

  it('says which keys are not supported yet', () => {
    expect(EXAMPLE).toMatch(/# audit_cron:.*# not supported yet/);
  });
});

describe('the JSON Schema', () => {
  it('in the repository is the one that the program checks with', () => {
    expect(read('workshop-sync.schema.json')).toBe(publishedJsonSchema());
  });

  it('describes every key for the completion of editors', () => {
    expect(undescribed(JSON.parse(publishedJsonSchema()), '')).toEqual([]);
  });
});

function read(name: string): string {
  return readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
}

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  return [...new Set([...properties, ...Object.values(schema).flatMap(keysOf)])];
}

/** Paths of the keys without a description; constants speak for themselves. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: [string, unknown][] = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  const bare = properties.filter(([, property]) => !isDescribed(property)).map(([key]) => `${path}.${key}`);
  const inner = Object.entries(schema).filter(([key]) => key !== 'properties');
  return [
    ...bare,
    ...properties.flatMap(([key, property]) => undescribed(property, `${path}.${key}`)),
    ...inner.flatMap(([, value]) => undescribed(value, path)),
  ];
}

function isDescribed(property: unknown): boolean {
  return typeof property === 'object' && property !== null && ('description' in property || 'const' in property);
}
