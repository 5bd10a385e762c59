import { describe, expect, it } from 'vitest';
import { CredentialsError, InterruptedError, UnreachableError } from '../../src/errors.ts';
import { api, limited, NOT_FOUND, OK, paceOn, REFUSED, simulate, transient, UNAUTHORIZED } from './simulation.ts';

const INTERRUPTED = new InterruptedError('SIGTERM');

describe('a stop', () => {
  it('lets what is in flight be answered, and sends nothing new', async () => {
    const time = simulate();
    const pace = paceOn(time);
    const server = api(time, () => OK, { latencyMs: 500 });
    const sending = Array.from({ length: 10 }, () => pace.send(server.request));
    await time.wait(300);
    pace.stop(INTERRUPTED);
    const kinds = (await Promise.all(sending)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'answered')).toHaveLength(2);
    expect(await pace.send(server.request)).toMatchObject({ kind: 'not_sent' });
    expect([server.arrivals.length, pace.stopped]).toEqual([2, INTERRUPTED]);
  });

  it.each([
    ['a 429', limited(20 * 60_000)],
    ['a failure', transient(false)],
  ])('cuts the pause after %s short', async (_, answer) => {
    const time = simulate();
    const pace = paceOn(time);
    const sending = pace.send(api(time, () => answer).request);
    await time.wait(500);
    const stoppedMs = time.now();
    pace.stop(INTERRUPTED);
    await sending;
    expect(time.now()).toBe(stoppedMs);
  });

  it('counts as not sent what surely was not carried out, however often it was tried', async () => {
    const time = simulate();
    const pace = paceOn(time);
    const sending = pace.send(api(time, () => transient(false)).request);
    await time.wait(500);
    pace.stop(INTERRUPTED);
    expect(await sending).toEqual({ kind: 'not_sent' });
  });

  it('leaves in doubt what may have been carried out', async () => {
    const time = simulate();
    const pace = paceOn(time);
    const sending = pace.send(api(time, () => transient(true)).request);
    await time.wait(500);
    pace.stop(INTERRUPTED);
    expect(await sending).toEqual({ kind: 'answered', answer: transient(true), attempts: 1 });
  });

  it('keeps its first reason', () => {
    const pace = paceOn(simulate());
    pace.stop(INTERRUPTED);
    pace.stop(new UnreachableError('later', { hint: '' }));
    expect(pace.stopped).toBe(INTERRUPTED);
  });
});

describe('a refused key', () => {
  it('stops the run at once and says where to look', async () => {
    const time = simulate();
    const pace = paceOn(time);
    const server = api(time, () => UNAUTHORIZED);
    const sent = await Promise.all(Array.from({ length: 30 }, () => pace.send(server.request)));
    expect(sent[0]).toEqual({ kind: 'answered', answer: UNAUTHORIZED, attempts: 1 });
    expect(server.arrivals.length).toBeLessThanOrEqual(4);
    expect(pace.stopped).toBeInstanceOf(CredentialsError);
    expect(pace.stopped?.hint).toMatch(/api_key/i);
  });

  it('is told from a redirect, which is about the address', async () => {
    const time = simulate();
    const pace = paceOn(time);
    await pace.send(api(time, () => ({ kind: 'fatal', status: 301, message: 'a redirect' })).request);
    expect(pace.stopped).toBeInstanceOf(UnreachableError);
    expect(pace.stopped).not.toBeInstanceOf(CredentialsError);
    expect(pace.stopped?.hint).toContain('base_url');
  });
});

describe('many failures', () => {
  it('stop the run when they are more than 40% of the last 50 answers', async () => {
    const time = simulate();
    const pace = paceOn(time, { requestsPerSecond: 100 });
    const server = api(time, (index) => (index % 2 === 0 ? OK : REFUSED));
    for (let count = 0; count < 50; count += 1) await pace.send(server.request);
    expect(pace.stopped?.exitCode).toBe(8);
    // The API's own words may name people, and this message goes into logs.
    expect(pace.stopped?.message).not.toContain('email: is invalid');
    expect(pace.stopped?.message).toContain('status 422');
  });

  it('do not stop the run while they are no more', async () => {
    const time = simulate();
    const pace = paceOn(time, { requestsPerSecond: 100 });
    const server = api(time, (index) => (index % 5 < 2 ? REFUSED : OK));
    for (let count = 0; count < 300; count += 1) await pace.send(server.request);
    expect(pace.stopped).toBeNull();
  });

  it('do not count when the sender expects them, or when they are 429s', async () => {
    const time = simulate();
    const pace = paceOn(time, { requestsPerSecond: 100 });
    const lookUps = api(time, () => NOT_FOUND);
    const aboutOne = { meaning: () => 'nothing' as const };
    const expected = { meaning: () => 'fine' as const };
    for (let count = 0; count < 100; count += 1)
      await pace.send(lookUps.request, count % 2 === 0 ? aboutOne : expected);
    const busy = api(time, (index) => (index % 2 === 0 ? limited(0) : OK));
    for (let count = 0; count < 60; count += 1) await pace.send(busy.request);
    expect(pace.stopped).toBeNull();
  });
});
