import { describe, expect, it } from 'vitest';
import { FeedError } from '../../src/errors.ts';
import { foundColumns, matchHeader } from '../../src/roster/header.ts';
import { field, glance, mapping, open, rowsOf } from './builders.ts';

const source = { fileName: 'employees.csv', line: 1 };
const withDepartment = mapping({ attributes: { department: field('Department') } });

function refusal(header: string[], of = withDepartment): FeedError {
  try {
    matchHeader(header, of, source);
  } catch (error) {
    if (error instanceof FeedError) return error;
  }
  throw new Error('the header was accepted');
}

describe('a header', () => {
  it('matches after trimming, removing invisible characters and folding case', () => {
    const header = ['\ufeffid ', ' FIRST', 'last\u200b', 'E\u00admail'.replace('\u00ad', ''), 'department\u00a0'];
    const matched = matchHeader(header, withDepartment, source);
    expect(matched.column('Department').index).toBe(4);
    expect(matched.unmapped).toEqual([]);
  });

  it('may have columns that nobody mapped, in any order, even unnamed or twice', () => {
    const matched = matchHeader(['X', 'Email', '', 'Last', 'First', 'X', 'ID', ''], mapping(), source);
    expect(matched.unmapped).toEqual(['X', 'X']);
    expect(matched.column('ID')).toEqual({ index: 6, name: 'ID' });
  });

  it.each([
    ['an asterisk behind it', 'Department', 'Department*'],
    ['asterisks and blanks before it', 'Department', ' ** Department '],
    ['a line break in it', 'Home Department', 'Home\r\nDepartment'],
    ['curly quotes', `Department's "Code"`, 'Department’s “Code”'],
    ['an asterisk in the configuration alone', 'Department*', 'Department'],
  ])('matches a name with %s', (_, name, written) => {
    const of = mapping({ attributes: { department: field(name) } });
    const matched = matchHeader(['ID*', 'First', 'Last', '*Email', written], of, source);
    expect(matched.column(name).index).toBe(4);
    expect(matched.unmapped).toEqual([]);
  });

  it('takes the column that has the very name before one with an asterisk', () => {
    const matched = matchHeader(['Email*', 'ID', 'First', 'Last', 'Email'], mapping(), source);
    expect(matched.column('Email').index).toBe(4);
    expect(matched.unmapped).toEqual(['Email*']);
  });

  it('does not take the column of one field for another that is missing', () => {
    const of = mapping({ attributes: { private_email: field('Email*') } });
    expect(refusal(['ID', 'First', 'Last', 'Email'], of).message).toContain('"Email*" is missing');
  });

  it('with two columns that have the name but for asterisks is refused', () => {
    expect(refusal(['ID', 'First', 'Last', 'Email*', '*Email', 'Department']).message).toContain(
      '"Email" occurs more than once',
    );
  });

  it('has no name for columns of asterisks alone', () => {
    const of = mapping({ attributes: { department: field('*') } });
    expect(refusal(['ID', 'First', 'Last', 'Email', ''], of).message).toContain('"*" is missing');
  });

  it.each([
    ['Dept', '"Department" is missing; did "Dept" replace it?'],
    ['Departmnet', '"Department" is missing; did "Departmnet" replace it?'],
    ['Home Department', '"Department" is missing; did "Home Department" replace it?'],
    ['Org Unit', '"Department" is missing; did "Org Unit" replace it?'],
  ])('with %s instead of Department says so', (found, sentence) => {
    const error = refusal(['ID', 'First', 'Last', 'Email', found]);
    expect(error.trouble).toBe('quarantined');
    expect(error.message).toBe(`employees.csv was set aside: ${sentence}`);
  });

  it('suggests the same words written otherwise before words that look alike', () => {
    const legal = mapping({ firstName: field('Legal First Name') });
    expect(refusal(['ID', 'Legal Last Name', 'Legal_First_-_Name', 'Last', 'Email'], legal).message).toContain(
      'did "Legal_First_-_Name" replace it?',
    );
  });

  it('names every missing column, and no header for two of them', () => {
    const error = refusal(['ID', 'First', 'Last', 'E-Mail', 'Dept', 'Phone']);
    expect(error.message).toContain('"Email" is missing; did "E-Mail" replace it?');
    expect(error.message).toContain('"Department" is missing; did "Dept" replace it?');
  });

  it('suggests one header for one column only', () => {
    const both = mapping({ attributes: { department: field('Department'), departments: field('Departments') } });
    expect(refusal(['ID', 'First', 'Last', 'Email', 'Dept'], both).message).toBe(
      'employees.csv was set aside: "Department" is missing; did "Dept" replace it? "Departments" is missing',
    );
  });

  it('with a mapped column twice is refused', () => {
    expect(refusal(['ID', 'First', 'Last', 'Email', 'email ', 'Department']).message).toContain(
      '"Email" occurs more than once',
    );
  });

  it('never suggests what may be a value', () => {
    expect(refusal(['ID', 'First', 'Last', 'Email', 'ann@example.com']).message).toMatch(/"Department" is missing$/);
    expect(refusal(['ID', 'First', 'Last', 'Email', '512 555 0100']).message).toMatch(/"Department" is missing$/);
  });

  it('counts the columns that it has as it matches them, so that the delimiter is found', () => {
    expect(foundColumns(['*id', 'FIRST\u00a0', 'E-Mail', 'last*'], ['ID', 'First', 'Last', 'Email'])).toBe(3);
  });

  it('that is really a person puts nothing of theirs into the message', () => {
    const error = refusal(['10001', 'Ann', 'Lee', 'ann@example.com', 'Sales']);
    expect(error.message).not.toMatch(/Ann|Lee|Sales|10001/);
    expect(error.message).toContain('line 1 has none of the mapped columns');
    expect(error.hint).toContain('header_row');
  });
});

describe('a header in a file', () => {
  it('is read over several lines, with marks around its names and names that nobody mapped', async () => {
    const header = '"Employee\nID*";"First\r\nName";*Last Name*;"Email ";;X;X;';
    const of = mapping({
      externalId: field('Employee ID'),
      firstName: field('First Name'),
      lastName: field('Last Name'),
    });
    const file = await open(`${header}\n7;Ann;Lee;ann@example.com;1;2;3;4\n`, { mapping: of });
    expect(file.header.slice(0, 4)).toEqual(['Employee ID*', 'First Name', '*Last Name*', 'Email']);
    expect(file.unmapped).toEqual(['X', 'X']);
    expect(glance(await rowsOf(file))).toEqual(['employee 7 @4']);
  });
});
