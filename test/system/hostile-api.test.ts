// A Workshop that misbehaves in every way a network, a gateway or a rate limit can (specification §9): no answer costs a
// contact, repeats a create, hangs the run or lets the key go elsewhere.

import { describe, expect, it } from 'vitest';
import { withOpenGuards } from '../support/guards.ts';
import { inDoubt, snapshotOf } from '../support/snapshot.ts';
import { oneLine } from '../support/text.ts';
import {
  checkTrial,
  csv,
  everydayConfiguration,
  inBoston,
  newTrial,
  people,
  personRow,
  type Trial,
} from '../support/trial.ts';

const SLOW = { timeout: 60_000 };

/** A trial whose requests have a second each. */
async function impatientTrial(attempts = 3): Promise<Trial> {
  return await newTrial({
    configuration: (facts) =>
      everydayConfiguration(facts).replace('timeout: 5s', `timeout: 1s\n  attempts: ${attempts}`),
  });
}

describe('a 429', () => {
  it.each([
    ['seconds', { retry_after: '1' }],
    ['a fraction of a second', { retry_after: '0.4' }],
    ['a date', { retry_after_s: 2, retry_after_as: 'date' }],
    ['a date that is past', { retry_after: 'Wed, 21 Oct 2015 07:28:00 GMT' }],
    ['zero', { retry_after: '0' }],
    ['less than nothing', { retry_after: '-5' }],
    ['garbage', { retry_after: 'soon' }],
    ['nothing at all', {}],
  ])('that asks for %s is waited out, and uses up no attempt', SLOW, async (_, form) => {
    const trial = await impatientTrial(1);
    trial.drop('employees.csv', csv(...people(12)));
    await trial.faults([{ method: 'POST', skip: 4, count: 2, status: 429, ...form }]);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report()).toMatchObject({ operations: { applied: 12 }, api: { rate_limited: 2 } });
    await checkTrial(trial);
  });

  it.each([
    ['tomorrow', { retry_after: '86400' }],
    ['next century', { retry_after: 'Fri, 01 Jan 2100 00:00:00 GMT' }],
  ])('that asks to come back %s ends the run with 8 at once; the next one goes on', SLOW, async (_, form) => {
    const trial = await impatientTrial();
    trial.drop('employees.csv', csv(...people(12)));
    await trial.faults([{ method: 'POST', skip: 4, status: 429, ...form }]);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toContain('"too many requests" (429) for longer than the 30 minutes that a run waits');
    expect(trial.report().operations).toMatchObject({ planned: 12, abandoned: 0, refused: 0 });
    await checkTrial(trial);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('a quota that Workshop tells in its answers', () => {
  it.each(['ratelimit', 'ratelimit_fields', 'x_ratelimit', 'x_ratelimit_epoch'])(
    'as %s is kept: not one request meets a 429',
    SLOW,
    async (quota_headers) => {
      const trial = await impatientTrial();
      await trial.control('POST', 'settings', { quota: 30, quota_window_s: 2, quota_headers, latency_ms: 5 });
      trial.drop('employees.csv', csv(...people(70)));
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(trial.report()).toMatchObject({ operations: { applied: 70 }, api: { rate_limited: 0 } });
      await checkTrial(trial);
    },
  );
});

describe('an answer without an end', () => {
  it.each(['slow_headers', 'slow_body', 'endless'])(
    'such as %s is cut off; what was carried out is found out, and nobody is sent twice',
    SLOW,
    async (stream) => {
      const trial = await impatientTrial();
      trial.drop('employees.csv', csv(...people(6)));
      await trial.faults([
        { method: 'POST', external_id: '00002', stream, count: 1 },
        { method: 'POST', external_id: '00004', stream, status: 503, count: 1 },
      ]);
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      const created = (await trial.writes()).filter(
        ({ method, external_id }) => method === 'POST' && external_id === '00002',
      );
      expect(created).toHaveLength(1);
      await checkTrial(trial);
    },
  );

  it.each(['slow_headers', 'slow_body', 'endless'])('to everything (%s) ends the run with 8', SLOW, async (stream) => {
    const trial = await impatientTrial(1);
    trial.drop('employees.csv', csv(...people(3)));
    await trial.faults([{ stream, status: 200 }]);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toContain('Check workshop.base_url');
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('a redirect to another origin', () => {
  it('ends the run with 8, and the key does not leave', SLOW, async () => {
    const trial = await impatientTrial();
    const elsewhere = await newTrial();
    trial.drop('employees.csv', csv(...people(6)));
    const headers = { location: `${elsewhere.emulator.url}/v1/contacts` };
    for (const status of [301, 302, 303, 307, 308]) {
      await trial.control('DELETE', 'faults');
      await trial.faults([{ status, headers }]);
      const { code, stdout } = await trial.run('--once');
      expect(code).toBe(8);
      expect(oneLine(stdout)).toContain('the key does not leave its host');
    }
    expect(await elsewhere.requests()).toEqual([]);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});

describe('an address', () => {
  it.each([
    ['whose name nobody knows', () => 'https://workshop.invalid/api', /host name/],
    [
      'that does not speak TLS',
      ({ emulator }: Trial) => emulator.url.replace('http:', 'https:'),
      /Check workshop\.base_url/,
    ],
    ['where nobody listens', () => 'http://127.0.0.1:9/api', /the connection was refused/],
  ])('%s ends a run and a dry run with 8, and everybody stays', SLOW, async (_, url, says) => {
    const trial = await impatientTrial(1);
    trial.drop('employees.csv', csv(...people(6)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    const configuration = (address: string) =>
      everydayConfiguration({ ...trial, url: address }).replace('timeout: 5s', 'timeout: 1s\n  attempts: 1');
    trial.configure(configuration(url(trial)));
    trial.drop('employees.csv', csv(...inBoston(people(5))));
    for (const command of ['plan', '--once']) {
      const { code, stdout } = await trial.run(command);
      expect(code).toBe(8);
      expect(oneLine(stdout)).toMatch(says);
    }
    expect(snapshotOf(trial)).toHaveLength(6);
    trial.configure(configuration(trial.emulator.url));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(5);
    await checkTrial(trial);
  });
});

describe('a Workshop that finds a new contact only after a moment', () => {
  it('is asked again before a 404 is believed: whoever was made is not made again', SLOW, async () => {
    const trial = await impatientTrial();
    await trial.control('POST', 'settings', { lookup_lag_ms: 700 });
    trial.drop('employees.csv', csv(...people(8)));
    await trial.faults([{ method: 'POST', status: 502, after_commit: true }]);
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    const posts = (await trial.writes()).filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(8);
    await checkTrial(trial);
  });

  it(
    'and takes too long for that, leaves the create in doubt: nobody is made twice, or left behind',
    SLOW,
    async () => {
      const trial = await impatientTrial(5);
      await trial.control('POST', 'settings', { lookup_lag_ms: 600_000 });
      trial.drop('employees.csv', csv(...people(4)));
      await trial.faults([{ method: 'POST', external_id: '00002', drop: 'after', count: 1 }]);
      expect(await trial.run('--once')).toMatchObject({ code: 4 });
      expect(inDoubt(trial)).toEqual(['00002']);
      await trial.control('POST', 'settings', { lookup_lag_ms: 0 });
      // Whoever is not in the next file any more was in Workshop for a moment.
      trial.drop('employees.csv', csv(...people(1), ...people(2, 3)));
      expect(await trial.run('--once')).toMatchObject({ code: 0 });
      expect(await trial.contacts()).toHaveLength(3);
      await checkTrial(trial);
    },
  );
});

describe('a Workshop that answers 404 to everything from some request on', () => {
  it.each([
    ['at once', []],
    ['after some 503s', [{ method: 'DELETE', status: 503, count: 3 }]],
  ])('(%s) has nobody forgotten, and nobody made again; the next run goes on', SLOW, async (_, first) => {
    const trial = await newTrial({ configuration: (facts) => withOpenGuards(everydayConfiguration(facts)) });
    trial.drop('employees.csv', csv(...people(90)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    const before = (await trial.writes()).length;
    // Thirty leave, thirty move, and one joins.
    trial.drop('employees.csv', csv(...inBoston(people(30, 31)), ...people(30, 61), personRow('99999')));
    await trial.faults([...first, { skip: 8, status: 404 }]);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toContain('does not know 10 of 10 contacts');
    const known = new Set(snapshotOf(trial).map(({ external_id }) => external_id));
    for (const { external_id } of await trial.contacts()) {
      if (external_id !== null) expect(known, `${external_id} is still in Workshop`).toContain(external_id);
    }
    const created = (await trial.writes())
      .slice(before)
      .filter(({ method, status }) => method === 'POST' && status === 201);
    expect(created.length).toBeLessThanOrEqual(1);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(61);
    await checkTrial(trial);
  });
});

describe('a Workshop that takes no creates', () => {
  it('ends the run with 8 long before its end, although every look-up is answered', SLOW, async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(300)));
    await trial.faults([{ method: 'POST', status: 503 }]);
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(oneLine(stdout)).toMatch(/of the last 50 answers of Workshop were failures/);
    expect((await trial.writes()).length).toBeLessThan(80);
    await trial.control('DELETE', 'faults');
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    await checkTrial(trial);
  });
});
