// The forms in which the emulator's own 429s say when to come back: right, missing, useless and misleading ones.

import { httpDate } from './clock.ts';

export const RETRY_AFTER_FORMS = ['seconds', 'date', 'none', 'zero', 'past', 'garbage', 'day'] as const;
export type RetryAfterForm = (typeof RETRY_AFTER_FORMS)[number];

const HOUR_MS = 3_600_000;

/** The Retry-After header of an answer given at `atMs`, when the next request may come `waitMs` later. */
export function retryAfterHeader(form: RetryAfterForm, atMs: number, waitMs: number): Record<string, string> {
  switch (form) {
    case 'seconds':
      return { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) };
    case 'date':
      return { 'retry-after': httpDate(atMs + waitMs) };
    case 'none':
      return {};
    case 'zero':
      return { 'retry-after': '0' };
    case 'past':
      return { 'retry-after': httpDate(atMs - HOUR_MS) };
    case 'garbage':
      return { 'retry-after': 'soon' };
    case 'day':
      return { 'retry-after': '86400' };
  }
}
