// How the emulated API behaves where the real one is undocumented or differs between companies. Changeable while it runs.

import { type FieldErrors, isRecord } from './exchange.ts';
import { QUOTA_HEADERS, type QuotaHeaders } from './quota.ts';
import { RETRY_AFTER_FORMS, type RetryAfterForm } from './retry-after.ts';
import { type ApiVersion, isApiVersion } from './versions.ts';

export interface Settings {
  /** Above it in a rolling second: 429. null: no limit. */
  requests_per_second: number | null;
  /** So many requests in a fixed window, and 429 beyond. null: no quota. */
  quota: number | null;
  quota_window_s: number;
  /** The headers that tell about the quota on every answer. */
  quota_headers: QuotaHeaders;
  /** The form of Retry-After on the 429s of both limits. */
  retry_after: RetryAfterForm;
  latency_ms: number;
  /** For so long after its POST a contact is not found by external_id. */
  lookup_lag_ms: number;
  unique_emails: boolean;
  unique_phones: boolean;
  /** `other`: the company syncs from elsewhere, so writes are refused and external lookups find nobody. */
  sync_source: 'api' | 'other';
  /** The version of requests without a Workshop-Version header. */
  pinned_version: ApiVersion;
}

export const DEFAULT_SETTINGS: Readonly<Settings> = {
  requests_per_second: null,
  quota: null,
  quota_window_s: 60,
  quota_headers: 'none',
  retry_after: 'seconds',
  latency_ms: 0,
  lookup_lag_ms: 0,
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
const isLimit: Rule = {
  accepts: (value) => value === null || (Number.isSafeInteger(value) && Number(value) > 0),
  message: 'must be a whole number above 0, or null for no limit',
};
const isDuration: Rule = {
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= 3_600_000,
  message: 'must be milliseconds from 0 to 3600000',
};

const RULES: Readonly<Record<keyof Settings, Rule>> = {
  requests_per_second: isLimit,
  quota: isLimit,
  quota_window_s: {
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 86_400,
    message: 'must be whole seconds from 1 to 86400',
  },
  quota_headers: oneOf(...QUOTA_HEADERS),
  retry_after: oneOf(...RETRY_AFTER_FORMS),
  latency_ms: isDuration,
  lookup_lag_ms: isDuration,
  unique_emails: isBoolean,
  unique_phones: isBoolean,
  sync_source: oneOf('api', 'other'),
  pinned_version: { accepts: isApiVersion, message: 'must be a version such as "1.2"' },
};

function oneOf(...words: readonly string[]): Rule {
  return { accepts: (value) => words.includes(value as string), message: `must be one of ${words.join(', ')}` };
}
