import { describe, expect, it } from 'vitest';
import { guessed, lines } from './sample.ts';

const LAST_WORDS = '^[^\\s()]+\\s+([^()]+?)\\s*(?:\\([^()]*\\))?$';
const contactOf = async (...all: string[]) => (await guessed(lines(...all))).written.contact;

describe('the external_id', () => {
  it('is missing from a file of names and addresses, which is said where it is to be filled in', async () => {
    const { written, guess, text } = await guessed(lines('first_name,last_name,email', 'Ana,Ruiz,ana@example.com'));
    expect(guess.missing).toEqual(['external_id']);
    expect(written.contact).toEqual({
      external_id: 'FILL IN: the column with the employee number',
      first_name: 'first_name',
      last_name: 'last_name',
      email: { column: 'email', case: 'lower' },
    });
    expect(text).toContain('# TO FILL IN: no column was found for external_id');
  });

  it('is the column that is everybody’s own, whatever the other is called', async () => {
    const contact = await contactOf(
      'Employee ID,Person Number,First Name,Last Name,Email',
      '1,7,Ana,Ruiz,ana@example.com',
      '1,8,Bo,Li,bo@example.com',
    );
    expect(contact.external_id).toBe('Person Number');
  });

  it('stays the employee number when some are shared, with a warning', async () => {
    const { written, doubts } = await guessed(
      lines(
        'Employee ID,First Name,Last Name,Email',
        '1,Ana,Ruiz,ana@example.com',
        '1,Bo,Li,bo@example.com',
        '2,Cy,Orr,cy@example.com',
      ),
    );
    expect(written.contact.external_id).toBe('Employee ID');
    expect(doubts).toContain('gives 1 id to more than one person');
  });

  it('is a column of another name only when its values are flawless, with a warning', async () => {
    const flawless = await guessed(
      lines('Crew Code,First Name,Last Name,Email', 'x1,Ana,Ruiz,ana@example.com', 'x2,Bo,Li,bo@example.com'),
    );
    expect(flawless.written.contact.external_id).toBe('Crew Code');
    expect(flawless.doubts).toContain('Nothing but its values says');
    const flawed = await guessed(
      lines('Crew Code,First Name,Last Name,Email', 'x1,Ana,Ruiz,ana@example.com', 'x1,Bo,Li,bo@example.com'),
    );
    expect(flawed.guess.missing).toEqual(['external_id']);
  });

  it('is nobody else’s number', async () => {
    const { guess } = await guessed(
      lines('Manager ID,Cost Center No,First Name,Last Name,Email', '7,9,Ana,Ruiz,a@example.com'),
    );
    expect(guess.missing).toEqual(['external_id']);
  });

  it('is never an official number', async () => {
    const { guess, written } = await guessed(
      lines('National ID,First Name,Last Name,Email', '900,Ana,Ruiz,ana@example.com'),
    );
    expect(guess.missing).toEqual(['external_id']);
    expect(written.contact.attributes).toBeUndefined();
  });

  it('is what stands in brackets behind the name, when nothing else tells people apart', async () => {
    const { written, trial } = await guessed(
      lines('Worker,Email', 'Ana Ruiz (1001),ana@example.com', 'Bo Li (1002),bo@example.com'),
    );
    expect(written.contact).toEqual({
      external_id: { column: 'Worker', pattern: '\\(([^()]+)\\)$' },
      first_name: { column: 'Worker', pattern: '^([^\\s()]+)\\s' },
      last_name: { column: 'Worker', pattern: LAST_WORDS },
      email: { column: 'Email', case: 'lower' },
    });
    expect(await trial()).toMatchObject({ employees: 2 });
  });

  it('is warned about when a spreadsheet spoilt it or took its zeros', async () => {
    const { doubts } = await guessed(
      lines(
        'Employee ID,First Name,Last Name,Email',
        '000123,Ana,Ruiz,ana@example.com',
        '000124,Bo,Li,bo@example.com',
        '125,Cy,Orr,cy@example.com',
        '1.2E+07,Di,Fu,di@example.com',
      ),
    );
    expect(doubts).toContain('pad: 6');
    expect(doubts).toContain('1 value like 1.2E+07');
  });
});

describe('first and last name', () => {
  it('come out of one column that reads "Last, First"', async () => {
    const { written, trial, doubts } = await guessed(
      lines(
        'ID,"Last Name, First Name",Email',
        '1,"Ruiz, Ana Maria",ana@example.com',
        '2,"Li, Bo, Jr.",bo@example.com',
      ),
    );
    expect(written.contact).toMatchObject({
      first_name: { column: 'Last Name, First Name', pattern: '^[^,]+,\\s*([^,(]+?)\\s*(?:[,(]|$)' },
      last_name: { column: 'Last Name, First Name', pattern: '^\\s*([^,()]+?)\\s*,' },
    });
    expect(await trial()).toMatchObject({ employees: 2 });
    expect(doubts).toContain('taken out of column "Last Name, First Name"');
  });

  it('come out of one column of mostly two words', async () => {
    const { written, trial } = await guessed(
      lines(
        'ID,Full name,Email',
        '1,Ana de la Ruiz,a@example.com',
        '2,"Bo Li, Jr.",b@example.com',
        '3,Cy Orr,c@example.com',
      ),
    );
    expect(written.contact.last_name).toEqual({ column: 'Full name', pattern: LAST_WORDS });
    expect(await trial()).toMatchObject({ employees: 3 });
  });

  it('are never a number or a word of status in brackets: such rows are rejected', async () => {
    const { trial, written } = await guessed(
      lines(
        'Worker,Email',
        'Ana Ruiz (1001),a@example.com',
        'Bo Li (1002),b@example.com',
        'Cy Ng (On Leave) (1003),c@example.com',
        'Di Fu (1004),d@example.com',
        'Suharto (1007),s@example.com',
      ),
    );
    expect(written.contact.last_name).toEqual({ column: 'Worker', pattern: LAST_WORDS });
    expect(await trial()).toMatchObject({ employees: 3, rejected: 2, firstReject: { line: 4 } });
  });

  it('are the legal ones where the preferred ones say so in brackets', async () => {
    const contact = await contactOf(
      'ID,First Name (Preferred),First Name (Legal),Last Name,Email',
      '1,Annie,Ana,Ruiz,ana@example.com',
    );
    expect(contact).toMatchObject({ first_name: ['First Name (Preferred)', 'First Name (Legal)'] });
  });

  it('are found by Workshop’s own rule where no system uses the names', async () => {
    const contact = await contactOf('ID,First-Name (EN),My last name,Email', '1,Ana,Ruiz,ana@example.com');
    expect(contact).toMatchObject({ first_name: 'First-Name (EN)', last_name: 'My last name' });
  });

  it('leave a preferred name alone that is a whole one', async () => {
    const contact = await contactOf(
      'ID,First Name,Last Name,Preferred Name,Email',
      '1,Ana,Ruiz,Annie Ruiz,ana@example.com',
    );
    expect(contact).toMatchObject({ first_name: 'First Name' });
  });
});

describe('the phone number', () => {
  const phoneOf = async (numbers: readonly string[], more = '', address = 'example.com') => {
    const rows = numbers.map((number, index) => `${index},Ana,Ruiz,a${index}@${address},${number},${more}`);
    return await guessed(lines('ID,First Name,Last Name,Email,Mobile Phone,Country', ...rows));
  };

  it('gets the country that all rows name', async () => {
    const { written, doubts } = await phoneOf(['0117 931 7408'], 'United Kingdom');
    expect(written.contact.phone_number).toEqual({ column: 'Mobile Phone', phone: 'GB' });
    expect(doubts).toContain('is a guess (column "Country" says so in every row)');
  });

  it('stays as written when it is international, or of no country that can be told', async () => {
    expect((await phoneOf(['+15125550133'])).written.contact.phone_number).toBe('Mobile Phone');
    const unclear = await phoneOf(['0117 931 7408']);
    expect(unclear.written.contact.phone_number).toBe('Mobile Phone');
    expect(unclear.doubts).toContain('could not be told');
  });

  it('is left out when it would get many rows rejected, because they share it', async () => {
    const { written, doubts } = await phoneOf(['555-555-5555', '555-555-5555']);
    expect(written.contact).not.toHaveProperty('phone_number');
    expect(doubts).toContain('Workshop takes every number once');
  });
});
