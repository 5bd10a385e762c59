import { describe, expect, it } from 'vitest';
import { feedOf } from '../../src/commands/init-trial.ts';
import { guessed, lines } from './sample.ts';

const HEADER = 'ID,First Name,Last Name,Email';
const person = (id: number, more: string) => `${id},Ana,Ruiz,a${id}@example.com,${more}`;

describe('a status', () => {
  it('has every word of the sample in its place, and the others in a comment and a warning', async () => {
    const words = ['Active', 'ACTIVE', 'Leave of Absence', 'Terminated', 'Retired', 'Wandering'];
    const { written, text, doubts, trial } = await guessed(
      lines(`${HEADER},Employee Status`, ...words.map((word, index) => person(index, word))),
    );
    expect(written.status).toEqual({
      column: 'Employee Status',
      employed: ['Active', 'ACTIVE', 'Leave of Absence'],
      left: ['Terminated', 'Retired'],
    });
    expect(text).toContain('# NOT PLACED: Wandering (1).');
    expect(doubts).toContain('nobody could place "Wandering" (1)');
    expect(await trial()).toMatchObject({ employees: 3, left: 2, rejected: 1, firstReject: { line: 7 } });
  });

  it('asks for the word for leavers where nobody has left', async () => {
    const { doubts } = await guessed(lines(`${HEADER},Status`, person(1, 'Active')));
    expect(doubts).toContain('Nobody in the sample has left');
  });

  it('may be yes and no, or 1 and 0', async () => {
    const { written } = await guessed(lines(`${HEADER},Active`, person(1, '1'), person(2, '0')));
    expect(written.status).toEqual({ column: 'Active', employed: ['1'], left: ['0'] });
  });

  it('is no column of mostly other words', async () => {
    const { written, doubts } = await guessed(lines(`${HEADER},Status`, person(1, 'Blue'), person(2, 'Red')));
    expect(written.status).toBeUndefined();
    expect(written.contact.attributes).toBeUndefined();
    expect(doubts).toContain(
      'Column "Status" is named as a status, but nobody could tell what "Blue" (1), "Red" (1) mean',
    );
  });

  const statusOf = async (header: string, ...rows: string[]) =>
    await guessed(lines(`${HEADER},${header}`, ...rows.map((row, index) => person(index, row))));

  it('is in the column of that name, also where another knows more of its words', async () => {
    const { written, guess } = await statusOf(
      'Employment Status,HR Status',
      'Active,Active',
      'Odd,Left',
      'Strange,Left',
    );
    expect(written.status).toEqual({ column: 'Employment Status', employed: ['Active'], left: [] });
    expect(guess.status?.unknown).toEqual([
      ['Odd', 1],
      ['Strange', 1],
    ]);
  });

  it('is only a comment where nothing but its words say that it is one, with a doubt that names it', async () => {
    const { written, doubts, text, path } = await statusOf('HR status', 'Active', 'Left');
    expect(written.status).toBeUndefined();
    expect(doubts).toContain('Column "HR status" has words of a status, [Active, Left], but');
    const decided = text.replace(/^( {4})# ( *(status|column|employed|left):)/gm, '$1$2');
    expect(feedOf(decided, path).mapping.status).toMatchObject({ column: 'HR status' });
  });

  it.each(['Benefits Status', 'Badge Status', 'AD Account Status', 'Visa Status', 'Status (Benefits)', 'VPN status'])(
    'is not in %s',
    async (name) => {
      const { written, guess, doubts } = await statusOf(name, 'Active', 'Terminated');
      expect(written.status).toBeUndefined();
      expect(guess.suggestedStatus).toBeNull();
      expect(doubts).toContain('No column says who has left');
    },
  );

  it.each([
    [['A', 'L', 'T'], { employed: ['A', 'L'], left: ['T'] }],
    [['A', 'T'], { employed: ['A'], left: ['T'] }],
    [['R', 'T', 'P'], undefined],
    [['L', 'T'], undefined],
    [['Active', 'R', 'T'], { employed: ['Active'], left: [] }],
  ])('of letters is read only where they are A, L and T: %j', async (words, status) => {
    const { written } = await statusOf('Employment Status', ...words);
    expect(written.status).toEqual(status && { column: 'Employment Status', ...status });
  });

  it.each([
    ['1', '0'],
    ['Yes', 'No'],
  ])('is in Active with %s and %s, not beside it in how somebody is employed', async (yes, no) => {
    const { written, doubts } = await statusOf('Status,Active', `Full Time,${yes}`, `Part Time,${no}`);
    expect(written.status).toEqual({ column: 'Active', employed: [yes], left: [no] });
    expect(doubts).toContain(`"${no}" in column "Active" is taken for people who have left`);
  });

  it('has no yes and no where nobody knows what the question is', async () => {
    expect((await statusOf('Status', 'Yes', 'No')).written.status).toBeUndefined();
  });

  it.each([
    'Inactive - LOA',
    'Inactive (STD)',
    'Parental',
    'Inactive / Maternity Leave',
    'Sabbatical',
    'LTD',
    'Elternzeit',
  ])('never takes %s for people who have left', async (word) => {
    const { written } = await statusOf('Status', 'Active', word, 'Terminated');
    expect(written.status).toEqual({ column: 'Status', employed: ['Active', word], left: ['Terminated'] });
  });

  it('does not place a word that says both', async () => {
    const { guess } = await statusOf('Status', 'Active', 'Terminated on leave');
    expect(guess.status).toMatchObject({ left: [], unknown: [['Terminated on leave', 1]] });
  });

  it.each(['Inactive', 'Inaktiv', 'inactif', 'Inactivo'])(
    'doubts that %s means that somebody has left',
    async (word) => {
      const { doubts } = await statusOf('Status', 'Active', word);
      expect(doubts).toContain(`"${word}" in column "Status" is taken for people who have left.`);
    },
  );

  it('is a comment where the sample has no people', async () => {
    const { written, text, doubts } = await statusOf('Status');
    expect(written.status).toBeUndefined();
    expect(text).toContain('    # status:\n    #   column: Status\n');
    expect(doubts).toContain('Column "Status" is named as a status, but the sample has no people');
  });
});
