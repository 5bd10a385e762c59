import { describe, expect, it } from 'vitest';
import { quotaFrom } from '../../src/contacts/quota.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 2, 15, 0);
const NOW_S = NOW_MS / 1000;

function quotaOf(headers: Readonly<Record<string, string>>) {
  return quotaFrom((name) => headers[name] ?? null, NOW_MS);
}

describe('the quota of an answer', () => {
  it.each([
    ['the first draft', { 'ratelimit-limit': '100', 'ratelimit-remaining': '7', 'ratelimit-reset': '30' }, 7, 30_000],
    ['the draft with one header', { ratelimit: 'limit=100, remaining=7, reset=30' }, 7, 30_000],
    ['the newest draft', { ratelimit: '"default";r=7;t=30' }, 7, 30_000],
    ['the smallest of several policies', { ratelimit: '"burst";r=9;t=1, "daily";r=7;t=30' }, 7, 30_000],
    ['X- and seconds', { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '30' }, 7, 30_000],
    ['X- and a time in seconds', { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': `${NOW_S + 30}` }, 7, 30_000],
    ['X- and a time in ms', { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': `${NOW_MS + 30_000}` }, 7, 30_000],
    ['a date', { 'x-rate-limit-remaining': '7', 'x-rate-limit-reset': 'Mon, 23 Nov 2026 02:15:30 GMT' }, 7, 30_000],
    ['a time that is past', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW_S - 30}` }, 0, 0],
    ['no time at all', { 'ratelimit-remaining': '0' }, 0, 1000],
    ['a time that is none', { 'ratelimit-remaining': '0', 'ratelimit-reset': 'soon' }, 0, 1000],
  ])('is read from %s', (_, headers, remaining, resetMs) => {
    expect(quotaOf(headers as unknown as Record<string, string>)).toMatchObject({ remaining, resetMs });
  });

  it.each([
    [{}],
    [{ 'ratelimit-limit': '100', 'ratelimit-policy': '100;w=60' }],
    [{ 'x-ratelimit-remaining': 'plenty' }],
    [{ 'x-ratelimit-remaining': '-1' }],
    [{ ratelimit: 'nonsense' }],
  ])('is unknown from %j', (headers) => {
    expect(quotaOf(headers as unknown as Record<string, string>)).toBeNull();
  });

  it.each([
    [{ 'ratelimit-remaining': '7', 'ratelimit-limit': '100' }, 100],
    [{ ratelimit: 'limit=100, remaining=7, reset=30' }, 100],
    [{ ratelimit: '"default";r=7;t=30', 'ratelimit-policy': '"default";q=100;w=60' }, 100],
    [{ 'x-ratelimit-remaining': '7', 'x-ratelimit-limit': '100, 100;window=60' }, null],
  ])('tells the whole of it too: %j', (headers, limit) => {
    expect(quotaOf(headers as unknown as Record<string, string>)).toMatchObject({ remaining: 7, limit });
  });
});
