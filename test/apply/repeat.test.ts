import { describe, expect, it } from 'vitest';
import { api, gaps, inTurn, NOT_FOUND, OK, paceOn, REFUSED, simulate, transient } from './simulation.ts';

describe('a transient failure', () => {
  it('is repeated after a pause that doubles from one second to sixty', async () => {
    const time = simulate();
    const server = api(time, () => transient(false), { latencyMs: 0 });
    await paceOn(time, { requestsPerSecond: 1000, attempts: 9 }).send(server.request);
    expect(gaps(server.arrivals).map((gapMs) => Math.round(gapMs / 1000))).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('is repeated after any part of that pause, so that not everybody comes back at once', async () => {
    const time = simulate();
    const server = api(time, inTurn(transient(false), OK), { latencyMs: 0 });
    await paceOn(time, { requestsPerSecond: 1000, random: () => 0.25 }).send(server.request);
    expect(gaps(server.arrivals)).toEqual([250]);
  });

  it('that outlasts the attempts is the answer', async () => {
    const time = simulate();
    const server = api(time, () => transient(false));
    const sent = await paceOn(time, { attempts: 3 }).send(server.request);
    expect(sent).toEqual({ kind: 'answered', answer: transient(false), attempts: 3 });
    expect(server.arrivals).toHaveLength(3);
  });

  it('leaves the doubt of an earlier attempt in the answer', async () => {
    const time = simulate();
    const server = api(time, inTurn(transient(true), transient(false)));
    const sent = await paceOn(time, { attempts: 3 }).send(server.request);
    expect(sent).toMatchObject({ answer: { kind: 'transient', ambiguous: true }, attempts: 3 });
  });

  it('holds nobody else up', async () => {
    const time = simulate();
    const pace = paceOn(time, { concurrency: 1 });
    const failing = pace.send(api(time, () => transient(false)).request);
    const startedMs = time.now();
    await pace.send(api(time, () => OK).request);
    expect(time.now() - startedMs).toBeLessThan(1000);
    await failing;
  });
});

it.each([
  ['ok', OK],
  ['refused', REFUSED],
  ['not found', NOT_FOUND],
])('an answer that is %s is not repeated', async (_, answer) => {
  const time = simulate();
  const server = api(time, () => answer);
  expect(await paceOn(time).send(server.request)).toEqual({ kind: 'answered', answer, attempts: 1 });
  expect(server.arrivals).toHaveLength(1);
});

describe('before a request is repeated that may have been carried out', () => {
  it('somebody looks, and what they see can be the answer', async () => {
    const time = simulate();
    const server = api(time, () => transient(true));
    const sent = await paceOn(time).send(server.request, { beforeRepeat: async () => OK });
    expect(sent).toEqual({ kind: 'answered', answer: OK, attempts: 1 });
    expect(server.arrivals).toHaveLength(1);
  });

  it('somebody looks, and it is repeated when they see nothing', async () => {
    const time = simulate();
    const server = api(time, inTurn(transient(true), OK));
    const sent = await paceOn(time).send(server.request, { beforeRepeat: async () => null });
    expect(sent).toEqual({ kind: 'answered', answer: OK, attempts: 2 });
  });

  it('the look pays for its place and needs none of those in use', async () => {
    const time = simulate();
    const pace = paceOn(time, { concurrency: 1 });
    const server = api(time, inTurn(transient(true), NOT_FOUND, OK));
    const sent = await pace.send(server.request, {
      beforeRepeat: async () => {
        await pace.send(server.request);
        return null;
      },
    });
    expect(sent).toEqual({ kind: 'answered', answer: OK, attempts: 2 });
    expect(pace.statistics()).toMatchObject({ requests: 3, retries: 1 });
  });

  it('nobody looks when it was never written', async () => {
    const time = simulate();
    const server = api(time, inTurn(transient(false), OK));
    let looks = 0;
    await paceOn(time).send(server.request, {
      beforeRepeat: async () => {
        looks += 1;
        return null;
      },
    });
    expect(looks).toBe(0);
  });
});

it('a bug in a request is thrown, and not repeated', async () => {
  const time = simulate();
  let asked = 0;
  const broken = async () => {
    asked += 1;
    throw new TypeError('undefined is not a function');
  };
  await expect(paceOn(time).send(broken)).rejects.toThrow('undefined is not a function');
  expect(asked).toBe(1);
});
