// Rules about the API, the schedule and lengths of time.

import { cronProblem } from './cron.ts';
import { parseDuration } from './duration.ts';
import type { Path, Problem } from './places.ts';
import type { Rule, RuleSubject } from './rules.ts';

const LONGEST_TIMEOUT_MS = 3_600_000;

export const workshopRules: readonly Rule[] = [
  apiKeyIsGiven,
  apiKeyIsOneLine,
  baseUrlKeepsTheKeySafe,
  timeoutIsReasonable,
  durationsAreNotZero,
  cronIsValid,
  timezoneIsKnown,
];

function apiKeyIsGiven({ places }: RuleSubject): Problem[] {
  const key: Path = ['workshop', 'api_key'];
  const file: Path = ['workshop', 'api_key_file'];
  if (places.isWritten(key) && places.isWritten(file)) {
    return [places.remark(key, 'and api_key_file are both written; keep one')];
  }
  if (places.isWritten(key) || places.isWritten(file)) return [];
  return [
    places.remark(
      key,
      'is missing: write api_key: $' +
        '{WORKSHOP_API_KEY} and set that environment variable, or api_key_file and the path of a file with the key',
    ),
  ];
}

function apiKeyIsOneLine({ draft, places }: RuleSubject): Problem[] {
  const key = draft.workshop?.api_key;
  if (key === undefined || isHeaderWord(key)) return [];
  return [places.remark(['workshop', 'api_key'], NOT_A_HEADER_WORD)];
}

export const NOT_A_HEADER_WORD = 'must be one line without blanks or special letters; was something else copied along?';

/** Can it be sent in an HTTP header as it is? */
export function isHeaderWord(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

function baseUrlKeepsTheKeySafe({ draft, places }: RuleSubject): Problem[] {
  const path: Path = ['workshop', 'base_url'];
  const written = draft.workshop?.base_url;
  if (written === undefined || written === '') return [];
  if (!URL.canParse(written))
    return [places.problem(path, 'must be an address such as https://app.useworkshop.com/api')];
  const url = new URL(written);
  if (url.username !== '' || url.password !== '') {
    return [places.remark(path, 'must not hold a user name or password; the API key is all that Workshop needs')];
  }
  if (url.search !== '' || url.hash !== '') return [places.remark(path, 'must not have a "?" or "#"')];
  if (/\/v1\/*$/.test(url.pathname)) return [places.problem(path, 'must end before /v1, which is added to it')];
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return [];
  return [
    places.problem(
      path,
      'must begin with https:// (http:// is only for this machine itself: localhost, 127.0.0.1, [::1])',
    ),
  ];
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function timeoutIsReasonable({ draft, places }: RuleSubject): Problem[] {
  const timeoutMs = parseDuration(draft.workshop?.timeout ?? '');
  if (timeoutMs === null || (timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) return [];
  return [places.problem(['workshop', 'timeout'], 'must be more than 0s and at most 1h')];
}

function durationsAreNotZero({ draft, places }: RuleSubject): Problem[] {
  const durations: [Path, string | null | undefined][] = [
    [['reports', 'keep'], draft.reports?.keep],
    ...(draft.feeds ?? []).map((feed, index): [Path, string | null | undefined] => [
      ['feeds', index, 'max_age'],
      feed?.max_age,
    ]),
  ];
  return durations
    .filter(([, duration]) => parseDuration(duration ?? '') === 0)
    .map(([path]) => places.problem(path, 'must be more than 0s'));
}

function cronIsValid({ draft, places }: RuleSubject): Problem[] {
  const cron = draft.schedule?.cron;
  const problem = cron === undefined || cron === '' ? null : cronProblem(cron);
  return problem === null ? [] : [places.remark(['schedule', 'cron'], problem)];
}

function timezoneIsKnown({ draft, places }: RuleSubject): Problem[] {
  const timezone = draft.schedule?.timezone;
  if (timezone === undefined || timezone === '' || isTimezone(timezone)) return [];
  return [places.problem(['schedule', 'timezone'], 'must be a time zone such as America/Chicago or UTC')];
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
