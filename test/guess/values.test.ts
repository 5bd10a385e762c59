import { describe, expect, it } from 'vitest';
import { attributesOf, guessed, lines } from './sample.ts';

const HEADER = 'ID,First Name,Last Name,Email';
const person = (id: number, more: string) => `${id},Ana,Ruiz,a${id}@example.com,${more}`;
const datesOf = (...values: string[]) =>
  attributesOf(`${HEADER},Since`, ...values.map((value, index) => person(index, value)));

describe('a column of dates', () => {
  it.each([
    ['MM/dd/yyyy', ['01/02/2026', '01/13/2026']],
    ['dd/MM/yyyy', ['01/02/2026', '13/01/2026']],
    ['M/d/yyyy', ['1/2/2026', '12/31/2026']],
    ['dd.MM.yyyy', ['01.02.2026']],
    ['dd-MMM-yy', ['23-Apr-85', '01-JAN-19']],
    ['yyyyMMdd', ['20260102', '20261231']],
    ['dd-MM-yyyy', ['09-10-2023', '31-10-2023']],
  ])('is read as %s when all its values are so', async (from, values) => {
    expect(await datesOf(...values)).toEqual({ since: { column: 'Since', date: { from, to: 'yyyy-MM-dd' } } });
  });

  it('stays as it is when it is sorted already, or no date at all', async () => {
    expect(await datesOf('2026-01-02')).toEqual({ since: 'Since' });
    expect(await datesOf('01/02/2026', 'soon')).toEqual({ since: 'Since' });
    expect(await datesOf('02/30/2026')).toEqual({ since: 'Since' });
  });

  it('stays as it is when its values could be read two ways, and says so', async () => {
    const { written, doubts } = await guessed(lines(`${HEADER},Since`, person(1, '01/02/2026')));
    expect(written.contact.attributes).toEqual({ since: 'Since' });
    expect(doubts).toContain('could be MM/dd/yyyy or dd/MM/yyyy: no value tells');
  });

  it('stays as it is when its values are written in several ways, and says so', async () => {
    const { written, doubts } = await guessed(
      lines(`${HEADER},Since`, person(1, '15-Mar-2021'), person(2, '01-JAN-19')),
    );
    expect(written.contact.attributes).toEqual({ since: 'Since' });
    expect(doubts).toContain('column "Since" are written in several ways');
  });

  it('is read as another column of the same file that tells', async () => {
    const attributes = await attributesOf(`${HEADER},Since,Review`, person(1, '01/02/2026,13/02/2026'));
    expect(attributes).toMatchObject({ since: { date: { from: 'dd/MM/yyyy' } } });
  });

  it('does not take eight digits for a date that the name does not promise', async () => {
    expect(await attributesOf(`${HEADER},Badge`, person(1, '20260102'))).toEqual({ badge: 'Badge' });
  });
});

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

  it('may be in a column of another name whose words all tell', async () => {
    const { written } = await guessed(
      lines(`${HEADER},HR status,VPN status`, person(1, 'Active,On'), person(2, 'Left,Off')),
    );
    expect(written.status).toEqual({ column: 'HR status', employed: ['Active'], left: ['Left'] });
    expect(written.contact.attributes).toEqual({ vpn_status: 'VPN status' });
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
    expect(written.contact.attributes).toEqual({ status: 'Status' });
    expect(doubts).toContain('No column says who has left');
  });
});

describe('every other column', () => {
  it('becomes an attribute, but for what is private, blank or too long', async () => {
    const { written, guess } = await guessed(
      lines(
        `${HEADER},Cost Center,cost-center,SSN,Base Salary,Home Address,Shoe Size,Story,Home Department Number`,
        person(1, `7,8,900,1,Elm St 1,,${'x'.repeat(256)},44`),
      ),
    );
    expect(written.contact.attributes).toEqual({
      cost_center: 'Cost Center',
      cost_center_2: 'cost-center',
      home_department_number: 'Home Department Number',
    });
    expect(guess.leftOut).toEqual([
      { column: 'SSN', reason: 'private: an official number' },
      { column: 'Base Salary', reason: 'private: what somebody earns' },
      { column: 'Home Address', reason: 'private: a private contact' },
      { column: 'Shoe Size', reason: 'blank in every row' },
      { column: 'Story', reason: '1 value longer than the 255 characters that Workshop takes' },
    ]);
  });

  it('cannot be used when the header has its name twice or not at all', async () => {
    const { written, guess } = await guessed(lines(`${HEADER},Team,team,`, person(1, 'a,b,c')));
    expect(written.contact.attributes).toBeUndefined();
    expect(guess.leftOut.map(({ reason }) => reason)).toEqual([
      'the header has this name 2 times, so nobody can tell which is meant',
      'the header has this name 2 times, so nobody can tell which is meant',
      '1 column without a name',
    ]);
  });
});
