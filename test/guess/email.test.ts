import { describe, expect, it } from 'vitest';
import { guessed, lines } from './sample.ts';

describe('the email', () => {
  it('is the one at work, and the private one is not handed on', async () => {
    const { written, text } = await guessed(
      lines('ID,First Name,Last Name,Personal Email,Work Email', '1,Ana,Ruiz,a@home.example,ana@example.com'),
    );
    expect(written.contact.email).toEqual({ column: 'Work Email', case: 'lower' });
    expect(text).toContain('# personal_email: Personal Email   # private: a private contact');
  });

  it('is the private one when there is no other, with a warning', async () => {
    const { written, doubts } = await guessed(
      lines('ID,First Name,Last Name,Personal Email', '1,Ana,Ruiz,a@home.example'),
    );
    expect(written.contact.email).toEqual({ column: 'Personal Email', case: 'lower' });
    expect(doubts).toContain('Only private addresses were found');
  });

  it('is the first of several that nobody can tell apart, with a warning', async () => {
    const { written, doubts } = await guessed(
      lines('ID,First Name,Last Name,Email 1,Email 2', '1,Ana,Ruiz,ana@example.com,a.ruiz@example.com'),
    );
    expect(written.contact.email).toEqual({ column: 'Email 1', case: 'lower' });
    expect(doubts).toContain('Several columns hold an address: "Email 1", "Email 2"');
  });

  it('is the column of that very name among several that begin so', async () => {
    const { written, doubts } = await guessed(
      lines('ID,First Name,Last Name,Email Old,Email', '1,Ana,Ruiz,ana@old.example,ana@example.com'),
    );
    expect(written.contact.email).toEqual({ column: 'Email', case: 'lower' });
    expect(doubts).toContain('Several columns hold an address: "Email", "Email Old"');
  });

  it('is the primary one among others, whatever their order, with a warning', async () => {
    const { written, doubts } = await guessed(
      lines(
        'ID,First Name,Last Name,Alternate Email,Email 2,Primary Email',
        '1,A,R,x@example.com,y@example.com,z@example.com',
      ),
    );
    expect(written.contact.email).toEqual({ column: 'Primary Email', case: 'lower' });
    expect(doubts).toContain('Several columns hold an address: "Primary Email", "Email 2", "Alternate Email"');
  });

  it('has no rival in a login that is the address once more', async () => {
    const { doubts } = await guessed(lines('ID,First Name,Last Name,Email,Login', '1,A,R,a@example.com,A@example.com'));
    expect(doubts).not.toContain('Several columns');
  });

  it('is not taken for the one at work because brackets say that it is private', async () => {
    const { written, guess, doubts } = await guessed(
      lines(
        'ID,First Name,Last Name,Email (Personal),Email (Work),Phone (Home),Phone (Work),Date (Birth),Employee ID (Manager)',
        '1,Ana,Ruiz,a@home.example,ana@example.com,+15125550133,+15125550134,1980-01-02,7',
      ),
    );
    expect(written.contact).toMatchObject({ email: { column: 'Email (Work)' }, phone_number: 'Phone (Work)' });
    expect(guess.leftOut).toContainEqual(
      expect.objectContaining({ column: 'Date (Birth)', reason: 'private: a date of birth or an age' }),
    );
    expect(doubts).not.toContain('Several columns');
    const alone = await guessed(lines('ID,First Name,Last Name,Email (Personal)', '1,Ana,Ruiz,a@home.example'));
    expect(alone.doubts).toContain('Only private addresses were found');
  });

  it('is no private one because its system writes it on the personal profile', async () => {
    const { written, doubts } = await guessed(
      lines('ID,First Name,Last Name,Work_Email (Personal Profile)', '1,Ana,Ruiz,ana@example.com'),
    );
    expect(written.contact.email).toEqual({ column: 'Work_Email (Personal Profile)', case: 'lower' });
    expect(doubts).not.toContain('private');
  });

  it('is not a column of that name without addresses in it, nor the manager’s', async () => {
    const { written } = await guessed(
      lines('ID,First Name,Last Name,Email,Manager Email,Login', '1,Ana,Ruiz,yes,bo@example.com,ana@example.com'),
    );
    expect(written.contact.email).toEqual({ column: 'Login', case: 'lower' });
  });

  it('is warned about where it is blank or wrong', async () => {
    const { doubts } = await guessed(
      lines('ID,First Name,Last Name,Email', '1,A,R,a@example.com', '2,B,L,', '3,C,O,c@example', '4,D,F,d@example.com'),
    );
    expect(doubts).toContain('blank in 1 row');
    expect(doubts).toContain('1 value that cannot be an address');
  });
});
