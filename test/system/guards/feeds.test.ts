// Several feeds, one Workshop: nobody is wronged between them.

import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../../support/company.ts';
import { checkTrial, newTrial, type Trial } from '../../support/trial.ts';
import { dropBoth, establishedFeeds, PLANT, withPlantFeed } from '../../support/two-feeds.ts';

async function sync(trial: Trial, ...flags: string[]) {
  const before = (await trial.writes()).length;
  const { code, stdout } = await trial.run('--once', ...flags);
  const sent = (await trial.writes()).slice(before);
  expect(sent.filter(({ status }) => status === 409 || status === 422)).toEqual([]);
  await checkTrial(trial);
  return {
    code,
    text: stdout.replace(/\s+/g, ' '),
    sent: sent.map(({ method, external_id: id }) => `${method} ${id}`),
  };
}

describe('two feeds', () => {
  it('that claim one new id, one by a re-key, leave it to the first', async () => {
    const trial = await establishedFeeds();
    const rekeyed = person(30, { id: '00700' });
    dropBoth(trial, [...company(29), rekeyed], [...PLANT, person(700)]);
    for (const _ of [1, 2]) {
      const { code, text } = await sync(trial);
      expect(code).toBe(0);
      expect(text).toContain('1 person also in the feed employees, whose word counts: 00700');
    }
    expect((await trial.contacts()).find(({ external_id: id }) => id === '00700')).toMatchObject({
      email: person(30).email,
    });
  });

  it('that want one new email or phone number leave it to the first, run after run', async () => {
    const trial = await establishedFeeds();
    const { email, mobile } = person(900);
    dropBoth(trial, [...company(30), person(900)], [...PLANT, person(901, { email }), person(902, { mobile })]);
    const { code, text, sent } = await sync(trial);
    expect(code).toBe(4);
    expect(sent).toEqual(['POST 00900']);
    expect(text).toContain('The same email belongs to 00900, who belongs to the feed "employees"');
    expect(text).toContain('The same phone_number belongs to 00900, who belongs to the feed "employees"');
    expect((await sync(trial)).code).toBe(4);
  });

  it('of which one wants what a person of the other keeps: the row is rejected, whichever feed is first', async () => {
    const trial = await establishedFeeds();
    const [first] = PLANT;
    dropBoth(trial, [...company(30), person(900, { mobile: first?.mobile ?? '' })], PLANT);
    const { code, text, sent } = await sync(trial);
    expect(code).toBe(4);
    expect(sent).toEqual([]);
    expect(text).toContain('The same phone_number belongs to 00500, who belongs to the feed "plant" and who keeps it');
    expect(trial.report().feeds[0]?.rows).toMatchObject({ read: 31, accepted: 30, rejected: 1 });
    dropBoth(trial, company(30), [...PLANT, person(900, { mobile: person(1).mobile })]);
    expect((await sync(trial)).text).toContain(
      'belongs to 00001, who belongs to the feed "employees" and who keeps it',
    );
  });

  it('between which somebody seems to move under a new id hold both sides, instead of delete and create', async () => {
    const trial = await establishedFeeds();
    const moved = person(30, { id: 'P-30' });
    dropBoth(trial, company(29), [...PLANT, moved]);
    const { code, text, sent } = await sync(trial);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(text).toContain('somebody who leaves and somebody who is new have the same email, and may be one person');
    expect((await trial.run('approve', '--now')).code).toBe(0);
    expect((await trial.contacts()).some(({ external_id: id }) => id === 'P-30')).toBe(true);
    await checkTrial(trial);
  });

  it('between which somebody seems to move in a row that is rejected hold the delete', async () => {
    const trial = await establishedFeeds();
    for (const [employees, plant] of [
      [company(29), [...PLANT, person(30, { id: 'P-30', mobile: '12' })]],
      [[...company(30), { ...(PLANT[0] as Employee), id: 'E-500', mobile: '12' }], PLANT.slice(1)],
    ] as const) {
      dropBoth(trial, employees, plant);
      const { code, text, sent } = await sync(trial);
      expect(code).toBe(3);
      expect(sent).toEqual([]);
      expect(text).toContain('has the same email: it may be the same person under another id');
    }
  });

  it('between which somebody seems to move in an unreadable row keep them while the other feed cannot be taken, too', async () => {
    const trial = await establishedFeeds();
    dropBoth(trial, company(29), [...PLANT, person(30, { mobile: '12' })]);
    expect((await sync(trial)).code).toBe(4);
    trial.drop('employees.csv', roster([...company(29), person(901)]));
    trial.drop('plant.csv', 'nothing,of,this\n');
    const { sent } = await sync(trial);
    expect(sent).toEqual(['POST 00901']);
    expect(await trial.contacts()).toHaveLength(61);
    // Once neither a new file of theirs nor the other feed speaks of them, they leave.
    dropBoth(trial, [...company(29), person(901), person(902)], PLANT);
    expect((await sync(trial)).sent.sort()).toEqual(['DELETE 00030', 'POST 00902']);
  });

  it('of which one could not be taken reject nothing for good', async () => {
    const trial = await establishedFeeds();
    const { email } = PLANT[0] as Employee;
    dropBoth(trial, [...company(30), person(900, { email })], PLANT.slice(1));
    trial.drop('plant.csv', 'Nothing,of,this\n');
    const { text } = await sync(trial);
    expect(text).toContain('who belongs to the feed "plant", which could not be taken now, and who keeps it');
  });

  it('wait for each other: an approval is void while what it needs is held in the other feed', async () => {
    const trial = await establishedFeeds();
    // Too many leave the plant; a new employee has the phone number of one of them.
    const joiner = person(900, { mobile: PLANT[0]?.mobile ?? '' });
    dropBoth(trial, [...company(30), joiner], PLANT.slice(6));
    const first = await sync(trial);
    expect(first.code).toBe(3);
    expect(first.text).toContain('it needs the phone_number of 00500 (feed plant), whose delete is held');
    await trial.run('reject');
    dropBoth(trial, [...company(30), joiner, person(901)], PLANT.slice(6));
    const second = await sync(trial);
    expect(second.code).toBe(3);
    await trial.run('approve');
    const third = await sync(trial);
    expect(third.code).toBe(3);
    expect(third.text).toContain('is void: it waits for what is held of the feed plant');
    expect(third.sent).toEqual([]);
    // Both at once are fine.
    dropBoth(trial, [...company(30), joiner], PLANT.slice(6).concat(person(600)));
    expect((await sync(trial)).code).toBe(3);
    expect((await trial.run('approve', '--now')).code).toBe(0);
    await checkTrial(trial);
    expect((await trial.contacts()).find(({ external_id: id }) => id === '00900')).toMatchObject({
      phone_number: PLANT[0]?.mobile,
    });
  });

  it('are not taken for a bug of ours when the run is asked to end while the second one is fetched', async () => {
    const trial = await newTrial({ configuration: withPlantFeed });
    dropBoth(trial, company(30), PLANT);
    await trial.run('--once');
    trial.configure(
      withPlantFeed({ ...trial, url: trial.emulator.url }, (plant) => plant.replace('settle: 0s', 'settle: 30s')),
    );
    const [one, two, ...others] = company(30) as [Employee, Employee, ...Employee[]];
    dropBoth(trial, [{ ...one, email: two.email }, { ...two, email: one.email }, ...others], PLANT.slice(1));
    const started = trial.start('--once', '--log-level', 'debug');
    await expect
      .poll(() => trial.run('history').then(({ stdout }) => stdout), { timeout: 20_000 })
      .toContain('at work');
    started.kill('SIGTERM');
    const { code, stdout } = await started.ended;
    expect(code, stdout).toBe(143);
    expect(trial.report().balanced).toBe(true);
  });
});
