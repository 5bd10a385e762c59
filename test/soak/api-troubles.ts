// The ways in which Workshop, or what stands between it and us, misbehaves: one drawer for each.

import type { Random } from '../support/random.ts';

export interface ApiTrouble {
  readonly kind: string;
  readonly words: string;
  readonly faults?: readonly object[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Our address is that of an empty Workshop; with `redirected`, ours sends us there. */
  readonly elsewhere?: 'configured' | 'redirected';
  /** Nothing may be written to our Workshop, and nobody forgotten. */
  readonly writesNothing?: boolean;
  /** Somebody removes or changes so many contacts in Workshop; only people whom the file changes as well. */
  readonly behindOurBack?: { readonly removed: number; readonly changed: number };
}

type Draw = (random: Random, operations: number) => ApiTrouble;

/** Longer than the program waits for an answer. */
const TOO_LATE_MS = 20_000;
const WRITES = ['POST', 'PATCH', 'DELETE'];

const TIMED_OUT = { status: 200, delay_ms: TOO_LATE_MS, after_commit: true };
/** Carried out, and the answer is lost or cannot be read. */
const QUICKLY_LOST = [
  { drop: 'after' },
  { status: 502, after_commit: true },
  { status: 503, after_commit: true },
  { status: 504, malformed: 'html', after_commit: true },
  { malformed: 'json' },
  { malformed: 'html' },
  { malformed: 'empty' },
];
const LOST = [...QUICKLY_LOST, TIMED_OUT];
/** Never carried out. */
const UNDONE = [
  { drop: 'before' },
  { status: 500 },
  { status: 502, malformed: 'html' },
  { status: 503 },
  { status: 504, malformed: 'json' },
  { status: 408 },
  { status: 425 },
];

const fewPercent = (random: Random) => random.pick([0.01, 0.02, 0.04, 0.08]);
const percent = (probability: number) => `${Math.round(probability * 100)}%`;
/** A place among the requests of a run, from the first on. */
const somewhere = (random: Random, operations: number) => random.below(operations + 5);

const lostAnswers: Draw = (random) => {
  const probability = fewPercent(random);
  const chosen = random.shuffled(LOST).slice(0, 3);
  return {
    kind: 'lost answers',
    words: `lost answers ${percent(probability)}`,
    faults: chosen.flatMap((each) => WRITES.map((method) => ({ ...each, method, probability: probability / 2 }))),
  };
};

const mixedFailures: Draw = (random) => {
  const probability = fewPercent(random);
  const chosen = random.shuffled([...LOST, ...UNDONE]).slice(0, 5);
  return {
    kind: 'mixed failures',
    words: `mixed failures ${percent(probability)}`,
    faults: chosen.map((each) => ({ ...each, probability: probability / 2 })),
  };
};

/** More than the run bears: it stops at 40% of failures, here or there. */
const badDay: Draw = (random) => ({
  kind: 'bad day',
  words: 'bad day',
  faults: random
    .shuffled([...QUICKLY_LOST, ...UNDONE])
    .slice(0, 4)
    .map((each) => ({ ...each, probability: random.between(0.1, 0.3) })),
});

const laggingLookups: Draw = (random) => {
  const lagMs = random.pick([200, 600, 1500]);
  const probability = fewPercent(random);
  return {
    kind: 'lookup lag',
    words: `lookup lag ${lagMs} ms, lost creates ${percent(probability)}`,
    settings: { lookup_lag_ms: lagMs },
    faults: [{ ...(random.chance(0.5) ? TIMED_OUT : { drop: 'after' }), method: 'POST', probability }],
  };
};

const RETRY_AFTERS = [
  { retry_after_s: 1 },
  { retry_after_s: 1, retry_after_as: 'date' },
  { retry_after: '0' },
  { retry_after: '-5' },
  { retry_after: 'soon' },
  { retry_after: '0.5' },
  { retry_after: 'Thu, 01 Jan 1970 00:00:00 GMT' },
  {},
];

const tooManyRequests: Draw = (random, operations) => {
  if (random.chance(0.2))
    return {
      kind: '429 for a day',
      words: '429 for a day',
      faults: [{ status: 429, retry_after: '86400', skip: somewhere(random, operations), count: 1 }],
    };
  const forms = random.shuffled(RETRY_AFTERS).slice(0, 2);
  const rule = (form: object) => ({ ...form, status: 429, skip: somewhere(random, operations), count: 2 });
  return { kind: '429', words: `429 ${forms.map((form) => JSON.stringify(form)).join(' ')}`, faults: forms.map(rule) };
};

const quota: Draw = (random, operations) => {
  const form = random.pick(['none', 'ratelimit', 'ratelimit_fields', 'x_ratelimit', 'x_ratelimit_epoch']);
  const least = Math.ceil(operations / 3);
  const quotaSize = least + 5 + random.below(least + 40);
  return {
    kind: 'quota',
    words: `quota ${quotaSize}, headers ${form}`,
    settings: {
      quota: quotaSize,
      quota_window_s: random.pick([1, 2]),
      quota_headers: form,
      retry_after: random.pick(['seconds', 'date', 'none', 'zero', 'past', 'garbage', 'day']),
    },
  };
};

const slowdown: Draw = (random) => {
  const perSecond = random.pick([100, 300, 600]);
  const form = random.pick(['seconds', 'date', 'none', 'garbage']);
  return {
    kind: 'limit per second',
    words: `limit of ${perSecond} a second, retry_after ${form}`,
    settings: { requests_per_second: perSecond, retry_after: form },
  };
};

const latency: Draw = (random) => {
  const latencyMs = random.pick([5, 20, 60]);
  return { kind: 'latency', words: `latency ${latencyMs} ms`, settings: { latency_ms: latencyMs } };
};

const badKey: Draw = (random, operations) => {
  const skip = somewhere(random, operations);
  const status = random.pick([401, 403]);
  return { kind: 'bad key', words: `${status} from request ${skip + 1}`, faults: [{ status, skip }] };
};

const outage: Draw = (random, operations) => {
  const skip = somewhere(random, operations);
  const count = random.pick([3, 15, 60, 100_000]);
  const how = random.pick<object>([
    { status: 503 },
    { drop: 'before' },
    { drop: 'after' },
    { status: 500, malformed: 'html' },
  ]);
  return { kind: 'outage', words: `outage of ${count} from request ${skip + 1}`, faults: [{ ...how, skip, count }] };
};

const endlessAnswers: Draw = (random, operations) => {
  const stream = random.pick(['slow_headers', 'slow_body', 'endless']);
  const count = 1 + random.below(4);
  const skip = somewhere(random, operations);
  return { kind: stream, words: `${count} ${stream} from request ${skip + 1}`, faults: [{ stream, skip, count }] };
};

/** The address of the rule is filled in by whoever knows the other Workshop. */
const redirected: Draw = (random, operations) => ({
  kind: 'redirect',
  words: 'redirected to another origin',
  elsewhere: 'redirected',
  faults: [{ status: random.pick([301, 302, 307, 308]), body: '', skip: somewhere(random, operations) }],
});

const otherTenant: Draw = () => ({
  kind: 'other tenant',
  words: 'the empty Workshop of another company',
  elsewhere: 'configured',
  writesNothing: true,
});

const otherSource: Draw = () => ({
  kind: 'other sync source',
  words: 'another sync source',
  settings: { sync_source: 'other' },
  writesNothing: true,
});

/** More than ten contacts in a row that are gone stop a run. */
const behindOurBack: Draw = (random) => {
  const removed = random.pick([1, 3, 8, 30]);
  const changed = random.pick([0, 2, 8]);
  return {
    kind: 'behind our back',
    words: `behind our back ${removed} removed, ${changed} changed`,
    behindOurBack: { removed, changed },
  };
};

export const API_TROUBLES: [Draw, ...Draw[]] = [
  lostAnswers,
  lostAnswers,
  mixedFailures,
  mixedFailures,
  badDay,
  laggingLookups,
  tooManyRequests,
  tooManyRequests,
  quota,
  slowdown,
  latency,
  badKey,
  outage,
  outage,
  endlessAnswers,
  redirected,
  otherTenant,
  otherSource,
  behindOurBack,
];
