// How the emulated API behaves where the real one is undocumented or differs between companies. Changeable while it runs.

import { type FieldErrors, isRecord } from './exchange.ts';
import { type ApiVersion, isApiVersion } from './versions.ts';

export interface Settings {
  /** Above it in a rolling second: 429. null: no limit. */
  requests_per_second: number | null;
  /** The form of Retry-After on those 429s. */
  retry_after: 'seconds' | 'date' | 'none';
  latency_ms: number;
  unique_emails: boolean;
  unique_phones: boolean;
  /** `other`: the company syncs from elsewhere, so writes are refused and external lookups find nobody. */
  sync_source: 'api' | 'other';
  /** The version of requests without a Workshop-Version header. */
  pinned_version: ApiVersion;
}

export const DEFAULT_SETTINGS: Readonly<Settings> = {
  requests_per_second: null,
  retry_after: 'seconds',
  latency_ms: 0,
  unique_emails: true,
  unique_phones: true,
  sync_source: 'api',
  pinned_version: '1.2',
};

/** Takes over the settings that are given; nothing changes when one of them is wrong. */
export function changeSettings(settings: Settings, changes: unknown): FieldErrors | null {
  if (!isRecord(changes)) return { settings: ['must be an object'] };
  const errors: FieldErrors = {};
  for (const [key, value] of Object.entries(changes)) {
    const rule = Object.hasOwn(RULES, key) ? RULES[key as keyof Settings] : undefined;
    if (rule === undefined) errors[key] = [`is no setting; there are ${Object.keys(RULES).join(', ')}`];
    else if (!rule.accepts(value)) errors[key] = [rule.message];
  }
  if (Object.keys(errors).length > 0) return errors;
  Object.assign(settings, changes);
  return null;
}

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly message: string;
}

const isBoolean: Rule = { accepts: (value) => typeof value === 'boolean', message: 'must be a boolean' };

const RULES: Readonly<Record<keyof Settings, Rule>> = {
  requests_per_second: {
    accepts: (value) => value === null || (Number.isSafeInteger(value) && Number(value) > 0),
    message: 'must be a whole number above 0, or null for no limit',
  },
  retry_after: oneOf('seconds', 'date', 'none'),
  latency_ms: {
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 3_600_000,
    message: 'must be milliseconds from 0 to 3600000',
  },
  unique_emails: isBoolean,
  unique_phones: isBoolean,
  sync_source: oneOf('api', 'other'),
  pinned_version: { accepts: isApiVersion, message: 'must be a version such as "1.2"' },
};

function oneOf(...words: readonly string[]): Rule {
  return { accepts: (value) => words.includes(value as string), message: `must be one of ${words.join(', ')}` };
}
