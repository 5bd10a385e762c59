// One roster from several feeds: people move between them, and nobody is removed on the way.

import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { company, type Employee, person, roster } from '../support/company.ts';
import { checkTrial, type Trial } from '../support/trial.ts';
import { dropBoth, establishedFeeds, PLANT } from '../support/two-feeds.ts';

async function sync(trial: Trial) {
  const before = (await trial.writes()).length;
  const { code, stdout } = await trial.run('--once');
  await checkTrial(trial);
  const sent = (await trial.writes()).slice(before).map(({ method, external_id: id }) => `${method} ${id}`);
  return { code, text: stdout.replace(/\s+/g, ' '), sent };
}

function feedOf(trial: Trial, id: string): unknown {
  const database = new Sqlite(`${trial.state}/workshop-sync.db`, { readonly: true });
  try {
    return database.prepare('SELECT feed FROM contact WHERE external_id = ?').pluck().get(id);
  } finally {
    database.close();
  }
}

describe('somebody who moves', () => {
  it.each([
    ['from the first feed to the second', { from: 'employees', to: 'plant', id: '00030' }],
    ['from the second feed to the first', { from: 'plant', to: 'employees', id: '00500' }],
  ] as const)('%s is not removed, and belongs to the new feed from then on', async (_, { from, to, id }) => {
    const [employees, plant] =
      to === 'plant' ? [company(29), [...PLANT, person(30)]] : [[...company(30), PLANT[0] as Employee], PLANT.slice(1)];
    const trial = await establishedFeeds();
    dropBoth(trial, employees, plant);
    const first = await sync(trial);
    expect(first).toMatchObject({ code: 0, sent: [] });
    expect(first.text).toContain(`1 person came from the feed ${from}: ${id}`);
    expect(feedOf(trial, id)).toBe(to);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
  });

  it('and changes on the way is updated, not removed and made again', async () => {
    const trial = await establishedFeeds();
    dropBoth(trial, company(29), [...PLANT, person(30, { department: 'Assembly' })]);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['PATCH 00030'] });
    expect(trial.operations()).toMatchObject([{ kind: 'update', feed: 'plant', external_id: '00030' }]);
  });

  it('but is still in the file of the first feed stays there until that lets them go', async () => {
    const trial = await establishedFeeds();
    dropBoth(trial, company(30), [...PLANT, person(30, { department: 'Assembly' })]);
    const both = await sync(trial);
    expect(both).toMatchObject({ code: 0, sent: [] });
    expect(both.text).toContain('1 person also in the feed employees, whose word counts: 00030');
    // The plant's file is an old one now, and still says so.
    trial.drop('employees.csv', roster(company(29)));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['PATCH 00030'] });
    expect(feedOf(trial, '00030')).toBe('plant');
  });

  it('while the feed that they leave cannot be taken stays until it can', async () => {
    const trial = await establishedFeeds();
    trial.drop('plant.csv', roster([...PLANT, person(30)]));
    trial.drop('employees.csv', 'nothing,of,this\n');
    expect(await sync(trial)).toMatchObject({ code: 5, sent: [] });
    expect(feedOf(trial, '00030')).toBe('employees');
    trial.drop('employees.csv', roster(company(29)));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
    expect(feedOf(trial, '00030')).toBe('plant');
  });

  it('and leaves the new feed is removed by it', async () => {
    const trial = await establishedFeeds();
    dropBoth(trial, company(29), [...PLANT, person(30)]);
    await sync(trial);
    trial.drop('plant.csv', roster(PLANT));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['DELETE 00030'] });
  });

  it('is the same in a dry run', async () => {
    const trial = await establishedFeeds();
    dropBoth(trial, company(29), [...PLANT, person(30, { department: 'Assembly' })]);
    const { code, stdout } = await trial.run('plan', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).people).toMatchObject({ update: 1, delete: 0, unchanged: 59 });
    expect((await sync(trial)).sent).toEqual(['PATCH 00030']);
  });
});

describe('a feed without a file today', () => {
  it('keeps its people and does not stop the others', async () => {
    const trial = await establishedFeeds();
    trial.drop('plant.csv', '');
    trial.drop('employees.csv', roster(company(31)));
    expect(await sync(trial)).toMatchObject({ code: 5, sent: ['POST 00031'] });
    expect(await trial.contacts()).toHaveLength(61);
  });
});
