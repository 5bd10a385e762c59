import { describe, expect, it } from 'vitest';
import { guessed, lines } from './sample.ts';

const HEADER = 'ID,First Name,Last Name,Email';
const person = (id: number, more: string) => `${id},Ana,Ruiz,a${id}@example.com,${more}`;

describe('every other column', () => {
  it('becomes an attribute where it is plainly of somebody’s place at work; the others wait as comments', async () => {
    const { written, guess, text } = await guessed(
      lines(
        `${HEADER},Cost Center,cost-center,SSN,Base Salary,Home Address,Team,Site,Home Department Number,Shoe Size`,
        person(1, `7,8,900,1,Elm St 1,,${'x'.repeat(256)},44,9`),
      ),
    );
    expect(written.contact.attributes).toEqual({
      cost_center: 'Cost Center',
      cost_center_2: 'cost-center',
      home_department_number: 'Home Department Number',
    });
    expect(guess.leftOut.map(({ column, reason }) => `${column}: ${reason}`)).toEqual([
      'SSN: private: an official number',
      'Base Salary: private: what somebody earns',
      'Home Address: private: a private contact',
      'Team: blank in every row',
      'Site: 1 value longer than the 255 characters that Workshop takes',
      'Shoe Size: not sure that Workshop should know it',
    ]);
    expect(text).toContain('        # shoe_size: Shoe Size   # not sure that Workshop should know it\n');
  });

  it.each([
    'Department',
    'Division Name',
    'Team',
    'Business Unit',
    'Company',
    'Company Code',
    'Legal Entity',
    'Function',
    'Title',
    'Job Code',
    'Job_XRefCode',
    'Position',
    'Role 1',
    'Work Location',
    'Office',
    'Site',
    'Building',
    'Country',
    'State',
    'Region',
    'Work City',
    'Cost Centre',
    'Manager',
    'Manager ID',
    'Manager Email',
    "Supervisor's_Employee_Code",
    'Reports To',
    'Hire Date',
    'Employee Start Date',
    'HIREDATE',
    'Original Hire Date',
    'Employment Type',
    'Worker_Type',
    'Full/Part Time',
    'Category',
    'Job Level',
    'Shift',
    'Language',
    'Time Zone',
    'TIMEZONE',
    'Display Name',
    'Username',
    'profile-field:department',
    'CF_INT0075_LRV_Work_Location',
    'Supervisory_Organization',
    'Org Group Level 1',
    'Abteilung',
    'Kostenstelle',
    'Eintrittsdatum',
    'Vorgesetzter',
  ])('is handed on when it is %s', async (name) => {
    const { written } = await guessed(lines(`${HEADER},${name}`, person(1, 'x')));
    expect(Object.values(written.contact.attributes ?? {})).toEqual([name]);
  });

  it.each([
    'Birthdate',
    'DATEOFBIRTH',
    'Date (Birth)',
    'DOB',
    'Geburtsdatum',
    'Date de naissance',
    'Fecha de nacimiento',
    'Country of Birth',
    'Manager Birthday',
    'Termination Date',
    'TERMDATE',
    'Departure Date',
    'Leaving Date',
    'Contract End Date',
    'Austrittsdatum',
    'Last Working Day',
    'Legal Name',
    'LEGAL_FULL_NAME',
    'Middle Name',
    'MIDDLENAME',
    'MI',
    'Home Address',
    'Home City',
    'Home State',
    'Residence Country',
    'Address Line 1',
    'ADDR1',
    'Wohnort',
    'Primary_City',
    'ZIP',
    'Pay Level',
    'Job Performance Rating',
  ])('is private when it is %s', async (name) => {
    const { written, guess } = await guessed(lines(`${HEADER},${name}`, person(1, 'x')));
    expect(written.contact.attributes).toBeUndefined();
    expect(guess.leftOut).toEqual([
      expect.objectContaining({ column: name, reason: expect.stringMatching(/^private: /) }),
    ]);
  });

  it.each(['Company Car', 'Office Phone', 'State Tax Code', 'Type', 'Custom01', 'City', 'Visa Status', 'Locker'])(
    'waits for a person to decide when it is %s',
    async (name) => {
      const { written, guess } = await guessed(lines(`${HEADER},${name}`, person(1, 'x')));
      expect(written.contact.attributes).toBeUndefined();
      expect(guess.leftOut).toHaveLength(1);
    },
  );

  it('of people with their ids gives the name without any brackets, of anything else without the last', async () => {
    const { feed } = await guessed(
      lines(`${HEADER},Manager,Team`, person(1, 'Cy Ng (On Leave) (1003),Ops (East) (7)')),
    );
    const read = (key: string, value: string) =>
      new RegExp(feed.mapping.attributes[key]?.pattern ?? '', 'u').exec(value)?.[1];
    expect(read('manager', 'Cy Ng (On Leave) (1003)')).toBe('Cy Ng');
    expect(read('manager_id', 'Cy Ng (On Leave) (1003)')).toBe('1003');
    expect(read('team', 'Ops (East) (7)')).toBe('Ops (East)');
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
