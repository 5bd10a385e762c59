import { describe, expect, it } from 'vitest';
import { attributesOf, guessed, lines } from './sample.ts';

const HEADER = 'ID,First Name,Last Name,Email';
const person = (id: number, more: string) => `${id},Ana,Ruiz,a${id}@example.com,${more}`;
const datesOf = (...values: string[]) =>
  attributesOf(`${HEADER},Position Since`, ...values.map((value, index) => person(index, value)));

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
    expect(await datesOf(...values)).toEqual({
      position_since: { column: 'Position Since', date: { from, to: 'yyyy-MM-dd' } },
    });
  });

  it('stays as it is when it is sorted already, or no date at all', async () => {
    expect(await datesOf('2026-01-02')).toEqual({ position_since: 'Position Since' });
    expect(await datesOf('01/02/2026', 'soon')).toEqual({ position_since: 'Position Since' });
    expect(await datesOf('02/30/2026')).toEqual({ position_since: 'Position Since' });
  });

  it('stays as it is when its values could be read two ways, and says so', async () => {
    const { written, doubts } = await guessed(lines(`${HEADER},Position Since`, person(1, '01/02/2026')));
    expect(written.contact.attributes).toEqual({ position_since: 'Position Since' });
    expect(doubts).toContain('could be MM/dd/yyyy or dd/MM/yyyy: no value tells');
  });

  it('stays as it is when its values are written in several ways, and says so', async () => {
    const { written, doubts } = await guessed(
      lines(`${HEADER},Position Since`, person(1, '15-Mar-2021'), person(2, '01-JAN-19')),
    );
    expect(written.contact.attributes).toEqual({ position_since: 'Position Since' });
    expect(doubts).toContain('column "Position Since" are written in several ways');
  });

  it('is read as another column of the same file that tells', async () => {
    const attributes = await attributesOf(`${HEADER},Position Since,Team Start`, person(1, '01/02/2026,13/02/2026'));
    expect(attributes).toMatchObject({ position_since: { date: { from: 'dd/MM/yyyy' } } });
  });

  it('does not take eight digits for a date that the name does not promise', async () => {
    expect(await attributesOf(`${HEADER},Shift Code`, person(1, '20260102'))).toEqual({ shift_code: 'Shift Code' });
  });
});
