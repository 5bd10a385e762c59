// A feed of changes: every file once, the oldest first; absence means nothing, and nothing is taken for done that is not.

import { existsSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow, type Trial } from '../support/trial.ts';

/** A full feed, and `changes` with a status column in place of the office. */
function changesOnly(facts: { url: string; directory: string; state: string }): string {
  return everydayConfiguration(facts)
    .replace('kind: full\n    missing: delete', 'kind: changes')
    .replace('        office: Office\n', '')
    .replace(
      'state_directory',
      '    status: { column: Office, employed: [Austin, Boston], left: [Left] }\nstate_directory',
    );
}

function withFullFeed(facts: { url: string; directory: string; state: string }): string {
  const full = everydayConfiguration(facts);
  const feed = full.slice(full.indexOf('  - name: employees'), full.indexOf('state_directory'));
  const changes = changesOnly(facts);
  const second = changes.slice(changes.indexOf('  - name: employees'), changes.indexOf('state_directory'));
  return full.replace(
    feed,
    feed + second.replace('name: employees', 'name: updates').replace('employees*.csv', 'updates*.csv'),
  );
}

async function sync(trial: Trial, ...flags: string[]) {
  const before = (await trial.writes()).length;
  const { code, stdout } = await trial.run('--once', ...flags);
  await checkTrial(trial);
  const sent = (await trial.writes()).slice(before).map(({ method, external_id: id }) => `${method} ${id}`);
  // Those that do not wait for each other are under way at the same time.
  return { code, text: stdout.replace(/\s+/g, ' '), sent: sent.sort() };
}

/** Written so many days after the first. */
function dropOn(trial: Trial, day: number, name: string, content: string): void {
  trial.drop(name, content);
  const at = Date.UTC(2026, 0, day) / 1000;
  utimesSync(join(trial.directory, 'outbound', name), at, at);
}

describe('a feed of changes', () => {
  it('reads every file that is new, the oldest first, and what a later one says counts', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1'), personRow('2'), personRow('3')));
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('2', { last: 'Lee' }), personRow('4')));
    const first = await sync(trial);
    expect(first).toMatchObject({ code: 0, sent: ['POST 1', 'POST 2', 'POST 3', 'POST 4'] });
    expect(first.text).toContain('2 files: 1 employees_a.csv, 2 employees_b.csv');
    expect(trial.report().feeds[0]?.rows).toEqual({ read: 5, accepted: 4, rejected: 0, excluded: 0, duplicate: 1 });
    expect((await trial.contacts()).map(({ last_name: last }) => last)).toEqual(['Ruiz', 'Lee', 'Ruiz', 'Ruiz']);
    const { stdout } = await trial.run('explain', '2');
    expect(stdout).toContain('1 employees_a.csv, 2 employees_b.csv');
    expect(stdout).toContain('line 2 of file 2 of feed employees: employee');
    const again = await sync(trial);
    expect(again).toMatchObject({ code: 0, sent: [] });
    expect(again.text).toContain('no new file of changes');
  });

  it('removes nobody for being absent, and whoever a row says has left', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(...people(12)));
    await sync(trial);
    dropOn(
      trial,
      2,
      'employees_b.csv',
      csv(personRow('00003', { office: 'Left' }), personRow('00004', { last: 'Lee' })),
    );
    expect((await sync(trial)).sent).toEqual(['DELETE 00003', 'PATCH 00004']);
    expect(trial.report().people).toMatchObject({ update: 1, delete: 1, kept: 10 });
    expect(await trial.contacts()).toHaveLength(11);
  });

  it('takes a file without rows, or with leavers alone, for what it is', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(...people(12)));
    await sync(trial);
    dropOn(trial, 2, 'employees_b.csv', csv());
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
    dropOn(trial, 3, 'employees_c.csv', csv(personRow('00002', { office: 'Left' })));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['DELETE 00002'] });
    expect((await sync(trial)).text).toContain('no new file of changes');
  });

  it('goes by the last word: gone and back within files that are read together is no change', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1'), personRow('2')));
    await sync(trial);
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('1', { office: 'Left' })));
    dropOn(trial, 3, 'employees_c.csv', csv(personRow('1')));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
  });

  it('reads a file again, with all that came after it, until nothing of it is left to do', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1'), personRow('2', { email: 'nobody' })));
    expect((await sync(trial)).code).toBe(4);
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('1', { last: 'Lee' })));
    const second = await sync(trial);
    expect(second).toMatchObject({ code: 4, sent: ['PATCH 1'] });
    expect(trial.report().rejects).toMatchObject([{ line: 3, file: 1, external_id: '2' }]);
    // The first file says Ruiz; what the second said stays.
    expect(await sync(trial)).toMatchObject({ code: 4, sent: [] });
    // A newer row of the person settles the matter.
    dropOn(trial, 3, 'employees_c.csv', csv(personRow('2')));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['POST 2'] });
    expect((await sync(trial)).text).toContain('no new file of changes');
  });

  it('tries again what Workshop did not take, although no file is new', async () => {
    const trial = await newTrial({
      configuration: (facts) => changesOnly(facts).replace('timeout: 5s', 'timeout: 5s\n  attempts: 1'),
    });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1'), personRow('2')));
    await trial.faults([{ method: 'POST', external_id: '2', status: 503, count: 1 }]);
    expect((await trial.run('--once')).code).toBe(4);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['POST 2'] });
  });

  it('sets a file aside that it cannot trust, takes what came before, and lets what follows wait', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1')));
    dropOn(trial, 2, 'employees_b.csv', `${csv(personRow('2'))}"3,never closed`);
    dropOn(trial, 3, 'employees_c.csv', csv(personRow('4')));
    const first = await sync(trial);
    expect(first).toMatchObject({ code: 5, sent: ['POST 1'] });
    expect(first.text).toContain('employees_b.csv was set aside: the quote opened in line 3 is never closed');
    expect(first.text).toContain('The file after it waits.');
    expect(await sync(trial)).toMatchObject({ code: 5, sent: [] });
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('2'), personRow('3')));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['POST 2', 'POST 3', 'POST 4'] });
  });

  it('is in sync without a file once it had one, and says so when there never was one', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    expect(await trial.run('--once')).toMatchObject({ code: 5 });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1')));
    await sync(trial);
    rmSync(join(trial.directory, 'outbound', 'employees_a.csv'));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
  });

  it('archives every file of which nothing is left', async () => {
    const trial = await newTrial({
      configuration: (facts) => changesOnly(facts).replace('kind: changes', 'kind: changes\n    after: archive'),
    });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1')));
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('2')));
    await sync(trial);
    expect(readdirSync(join(trial.directory, 'outbound', 'processed')).sort()).toEqual([
      'employees_a.csv',
      'employees_b.csv',
    ]);
    expect(existsSync(join(trial.directory, 'outbound', 'employees_a.csv'))).toBe(false);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
  });

  it('holds a full file that lies among them', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(...people(40)));
    await sync(trial);
    dropOn(trial, 2, 'employees_b.csv', csv(...people(38).map((row) => row.replace('Ruiz', 'Lee'))));
    const { code, sent, text } = await sync(trial);
    expect(code).toBe(3);
    expect(sent).toEqual([]);
    expect(text).toContain('of the 40 people of feed employees: changes do not speak of so many');
    expect((await trial.run('approve', '--now')).code).toBe(0);
    expect((await trial.contacts()).filter(({ last_name: last }) => last === 'Lee')).toHaveLength(38);
    expect((await sync(trial)).text).toContain('no new file of changes');
  });

  it('plans the same in a dry run as it then does', async () => {
    const trial = await newTrial({ configuration: changesOnly });
    dropOn(trial, 1, 'employees_a.csv', csv(personRow('1'), personRow('2')));
    dropOn(trial, 2, 'employees_b.csv', csv(personRow('2', { office: 'Left' })));
    const plan = await trial.run('plan', '--json');
    expect(JSON.parse(plan.stdout).people).toMatchObject({ create: 1 });
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['POST 1'] });
  });
});

describe('a feed of changes beside a full one', () => {
  async function established(): Promise<Trial> {
    const trial = await newTrial({ configuration: withFullFeed });
    dropOn(trial, 1, 'employees.csv', csv(...people(30)));
    dropOn(trial, 1, 'updates_1.csv', csv(personRow('00900')));
    expect((await sync(trial)).code).toBe(0);
    return trial;
  }

  it('changes and removes people of the full feed, whose old file does not take that back', async () => {
    const trial = await established();
    dropOn(trial, 2, 'updates_2.csv', csv(personRow('00003', { last: 'Lee' }), personRow('00004', { office: 'Left' })));
    expect((await sync(trial)).sent).toEqual(['DELETE 00004', 'PATCH 00003']);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
    // What the full feed maps and the changes do not is still there.
    expect((await trial.contacts()).find(({ external_id: id }) => id === '00003')).toMatchObject({
      last_name: 'Lee',
      attributes: { office: 'Austin' },
    });
  });

  it('gives them back to a newer full file', async () => {
    const trial = await established();
    dropOn(trial, 2, 'updates_2.csv', csv(personRow('00003', { last: 'Lee' })));
    await sync(trial);
    dropOn(trial, 3, 'employees.csv', csv(...people(31)));
    expect((await sync(trial)).sent).toEqual(['PATCH 00003', 'POST 00031']);
    dropOn(trial, 4, 'employees.csv', csv(...people(31).slice(0, 2), ...people(31).slice(3)));
    expect((await sync(trial)).sent).toEqual(['DELETE 00003']);
  });

  it('leaves it to the first listed where both say something new at once', async () => {
    const trial = await established();
    dropOn(trial, 3, 'employees.csv', csv(...people(31)));
    dropOn(trial, 2, 'updates_2.csv', csv(personRow('00003', { last: 'Lee' }), personRow('00031', { last: 'Lee' })));
    expect(await sync(trial)).toMatchObject({ code: 0, sent: ['POST 00031'] });
    expect((await trial.contacts()).filter(({ last_name: last }) => last === 'Lee')).toEqual([]);
    expect(await sync(trial)).toMatchObject({ code: 0, sent: [] });
  });
});
