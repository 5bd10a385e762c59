// Whatever Workshop answers, or does not, the run ends with Workshop as the file says and a snapshot that says the
// same (specification §9, "Ambiguous" and "Converging").

import { describe, expect, it } from 'vitest';
import { withOpenGuards } from '../support/guards.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, personRow, type Trial } from '../support/trial.ts';

const SLOW = { timeout: 60_000 };
/** Longer than any test lasts: the answer never comes. */
const NEVER_MS = 600_000;

/** Requests that are carried out, and whose answer is lost or cannot be read. */
const ANSWER_LOST = [
  { status: 200, delay_ms: NEVER_MS, after_commit: true },
  { drop: 'after' },
  { status: 502, after_commit: true },
  { status: 504, malformed: 'html', after_commit: true },
  { malformed: 'json' },
  { malformed: 'html' },
  { malformed: 'empty' },
];
const NOT_CARRIED_OUT = [{ drop: 'before' }, { status: 503 }, { status: 408 }, { status: 425 }];
const TROUBLES = [...ANSWER_LOST, ...NOT_CARRIED_OUT];

const IDS = TROUBLES.map((_, index) => String(101 + index));

async function newPatientTrial(changes: readonly [string, string][] = []): Promise<Trial> {
  return await newTrial({
    configuration: (facts) =>
      [['timeout: 5s', 'timeout: 2s'] as const, ...changes].reduce(
        (text, [from, to]) => text.replace(from, to),
        withOpenGuards(everydayConfiguration(facts)),
      ),
  });
}

/** Every person meets one of the troubles, once. */
async function troubleEverybody(trial: Trial, method: string, prefix = ''): Promise<void> {
  await trial.control('DELETE', 'faults');
  await trial.faults(
    TROUBLES.map((effect, index) => ({ ...effect, method, external_id: `${prefix}${IDS[index]}`, count: 1 })),
  );
}

describe('an answer that is lost or cannot be read', () => {
  it('to a create, an update, a re-key or a delete changes nothing in the end', SLOW, async () => {
    const trial = await newPatientTrial();
    const bystanders = people(8);

    await troubleEverybody(trial, 'POST');
    trial.drop('employees.csv', csv(...IDS.map((id) => personRow(id)), ...bystanders));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).map(({ external_id }) => external_id)).toEqual([...idsOf(bystanders), ...IDS]);
    await checkTrial(trial);
    // Looked up before it is repeated: what was carried out is not sent again.
    const posts = (await trial.writes()).filter(({ method }) => method === 'POST');
    const sentOnce = IDS.filter((id) => posts.filter(({ external_id }) => external_id === id).length === 1);
    expect(sentOnce).toEqual(IDS.slice(0, ANSWER_LOST.length));

    await troubleEverybody(trial, 'PATCH');
    trial.drop('employees.csv', csv(...IDS.map((id) => personRow(id, { last: 'Sanz', office: '' })), ...bystanders));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    const changed = (await trial.contacts()).filter(({ last_name }) => last_name === 'Sanz');
    expect(changed.map(({ attributes }) => attributes)).toEqual(IDS.map(() => ({ department: 'Sales' })));
    await checkTrial(trial);

    await troubleEverybody(trial, 'PATCH');
    const rekeyed = IDS.map((id) => personRow(`K${id}`, { last: 'Sanz', office: '', email: `p${id}@example.com` }));
    trial.drop('employees.csv', csv(...rekeyed, ...bystanders));
    expect(await trial.run('--once', '--force', 'identity')).toMatchObject({ code: 0 });
    expect((await trial.contacts()).map(({ external_id }) => external_id)).toEqual([
      ...idsOf(bystanders),
      ...IDS.map((id) => `K${id}`),
    ]);
    expect(trial.report()).toMatchObject({
      people: { rekey: IDS.length },
      operations: { applied: IDS.length },
      drift: [],
    });
    await checkTrial(trial);

    await troubleEverybody(trial, 'DELETE', 'K');
    trial.drop('employees.csv', csv(...bystanders));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(bystanders.length);
    expect(trial.report()).toMatchObject({ operations: { planned: IDS.length, applied: IDS.length }, drift: [] });
    await checkTrial(trial);
  });
});

describe('a create that meets a contact', () => {
  it('settles an equal one, changes another to the wanted state, and is refused where the email is taken', async () => {
    const trial = await newTrial();
    const named = { first_name: 'Ana', last_name: 'Ruiz' };
    await trial.control('POST', 'contacts', [
      { ...named, external_id: '1', email: 'p1@example.com', attributes: { department: 'Sales', office: 'Austin' } },
      {
        ...named,
        external_id: '2',
        email: 'former@example.com',
        phone_number: '+12125550123',
        attributes: { department: 'Sales', office: 'Austin', shoe_size: '43' },
      },
      { ...named, email: 'p3@example.com', attributes: {} },
    ]);
    trial.drop('employees.csv', csv(personRow('1'), personRow('2', { office: '' }), personRow('3')));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(stdout).toContain('email: has already been taken');
    expect(trial.report()).toMatchObject({
      operations: { planned: 3, applied: 2, refused: 1 },
      drift: [{ external_id: '1' }, { external_id: '2' }],
    });
    const patches = (await trial.writes()).filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ external_id, body }) => [external_id, body])).toEqual([
      ['2', { email: 'p2@example.com', attributes: { office: null } }],
    ]);
    // What others wrote stays; the phone number, which the file leaves as it is, is remembered as Workshop has it.
    expect((await trial.contacts()).find(({ external_id }) => external_id === '2')).toMatchObject({
      attributes: { department: 'Sales', shoe_size: '43' },
    });
    expect(snapshotOf(trial)).toMatchObject([
      { external_id: '1' },
      { external_id: '2', phone_number: '+12125550123', attributes: '{"department":"Sales"}' },
    ]);
    // Nothing is left to do but the refused one.
    await trial.run('--once');
    expect(trial.report().operations).toMatchObject({ planned: 1, refused: 1 });
  });

  it('is refused with the words of a 409 that is about something else', async () => {
    const trial = await newTrial();
    const body = { error: 'Somebody else has this email' };
    await trial.faults([{ method: 'POST', external_id: '2', status: 409, body }]);
    trial.drop('employees.csv', csv(personRow('1'), personRow('2')));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(stdout).toContain('Somebody else has this email');
    await checkTrial(trial);
  });
});

describe('a contact that is gone', () => {
  it('is made anew by its update, settled by its delete, and told as drift', async () => {
    const trial = await newPatientTrial();
    trial.drop('employees.csv', csv(...people(20)));
    await trial.run('--once');
    const gone = ['00001', '00002', '00003', '00004', '00005', '00006', '00007', '00008', '00009', '00010', '00011'];
    for (const id of [...gone, '00012']) await trial.control('DELETE', `contacts/${id}`);
    const mover = personRow('00012', { office: '', last: 'Sanz' });
    trial.drop('employees.csv', csv(mover, ...people(8, 13)));
    const { code, stdout } = await trial.run('--once');
    expect(code, stdout).toBe(0);
    expect(trial.report()).toMatchObject({
      operations: { planned: 12, applied: 12 },
      drift: [...gone, '00012'].map((external_id) => ({ external_id, what: 'was no longer in Workshop' })),
    });
    const [anew] = await trial.contacts();
    expect(anew).toMatchObject({ external_id: '00012', last_name: 'Sanz', attributes: { department: 'Sales' } });
    await checkTrial(trial);
  });

  it('is asked for again before that is believed', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('--once');
    const body = { error: 'Contact with the given ID was not found.' };
    await trial.faults([
      { method: 'PATCH', status: 404, body, count: 1 },
      { method: 'DELETE', status: 404, body, count: 1 },
    ]);
    trial.drop('employees.csv', csv(personRow('00001', { office: 'Boston' }), ...people(1, 2)));
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(trial.report().drift).toEqual([]);
    expect(
      (await trial.writes())
        .map(({ method }) => method)
        .sort()
        .join(),
    ).toBe('DELETE,DELETE,PATCH,PATCH,POST,POST,POST');
    await checkTrial(trial);
  });

  it('is forgotten where it cannot be made anew, and planned as a create from then on', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(3)));
    await trial.run('--once');
    await trial.control('DELETE', 'contacts/00002');
    const byHand = { first_name: 'Ana', last_name: 'Ruiz', email: 'p00002@example.com', attributes: {} };
    await trial.control('POST', 'contacts', byHand);
    trial.drop('employees.csv', csv(...people(1), personRow('00002', { office: 'Boston' }), ...people(1, 3)));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(4);
    expect(stdout).toContain('email: has already been taken');
    expect(snapshotOf(trial).map(({ external_id }) => external_id)).toEqual(['00001', '00003']);
    // Back to what it was before: without the contact that is not "unchanged".
    trial.drop('employees.csv', csv(...people(3)));
    expect(await trial.run('--once')).toMatchObject({ code: 4 });
    expect(trial.report().people).toMatchObject({ create: 1, unchanged: 2 });
  });

  it('is not made anew when there are many in a row: the next run plans them as creates', async () => {
    const trial = await newTrial();
    trial.drop('employees.csv', csv(...people(40)));
    await trial.run('--once');
    const rows = people(40).map((row, index) => (index < 15 ? row.replace('Austin', 'Boston') : row));
    for (const row of rows.slice(0, 15)) await trial.control('DELETE', `contacts/${row.slice(0, 5)}`);
    trial.drop('employees.csv', csv(...rows));
    const { code, stdout } = await trial.run('--once');
    expect(code).toBe(8);
    expect(stdout).toContain('not there any more');
    expect(await trial.contacts()).toHaveLength(25);
    // Those of whom it did not get to know are still remembered; the ten that it asked for are not.
    expect(snapshotOf(trial).length).toBeLessThanOrEqual(30);
    expect(trial.report()).toMatchObject({ balanced: true, operations: { planned: 15, superseded: 15 } });
    expect(await trial.run('--once')).toMatchObject({ code: 0 });
    expect(await trial.contacts()).toHaveLength(40);
    await checkTrial(trial);
  });
});

function idsOf(rows: readonly string[]): string[] {
  return rows.map((row) => row.slice(0, row.indexOf(',')));
}
