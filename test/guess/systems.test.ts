import { describe, expect, it } from 'vitest';
import { guessed, lines } from './sample.ts';

describe('the configuration that init writes for an export of', () => {
  it('Workday, with titles above the header and a total below', async () => {
    const { written, trial, guess } = await guessed(
      lines(
        'Active Employees,,,,,,,,,,',
        '"As of 01/05/2026, run by ""HR""",,,,,,,,,,',
        'Employee ID,Worker,Legal Name - First Name,Legal_Name_-_Last_Name,Preferred Name - First Name,Email - Primary Work,Business Title,Cost Center,Hire Date,Worker Status,Manager',
        '1001,Ana Ruiz (1001),Anabel,Ruiz,Ana,Ana.Ruiz@example.com,Nurse,CC 100,03/14/2019,Active,Bo Li (1002)',
        '1002,Bo Li (1002),Bo,Li,,bo.li@example.com,Head Nurse,CC 100,11/02/2015,On Leave,-',
        '1003,Cy Orr (1003),Cyrus,Orr,Cy,cy.orr@example.com,Porter,CC 200,01/30/2020,Terminated,Bo Li (1002)',
        'Total,,,,,,,,,,',
      ),
      'All_Workers_20260105_071500.csv',
    );
    expect(written).toMatchObject({
      file: 'All_Workers_*.csv',
      missing: 'keep',
      format: { header_row: 3, trailer: { last_rows: 1 } },
      status: { column: 'Worker Status', employed: ['Active', 'On Leave'], left: ['Terminated'] },
    });
    expect(written.contact).toEqual({
      external_id: 'Employee ID',
      first_name: ['Preferred Name - First Name', 'Legal Name - First Name'],
      last_name: 'Legal_Name_-_Last_Name',
      email: { column: 'Email - Primary Work', case: 'lower' },
      attributes: {
        job_title: 'Business Title',
        cost_center: 'Cost Center',
        hire_date: { column: 'Hire Date', date: { from: 'MM/dd/yyyy', to: 'yyyy-MM-dd' } },
        manager: { column: 'Manager', pattern: '^([^()]+?)\\s*(?:\\(|$)' },
        manager_id: { column: 'Manager', pattern: '\\(([^()]+)\\)$|$' },
      },
    });
    expect(await trial()).toMatchObject({ employees: 2, left: 1, rejected: 0 });
    expect(guess.fields[0]?.why).toBe(
      'column "Employee ID", a name that Workday uses; all 3 values are there and different',
    );
  });

  it('ADP, whose people with two positions have two rows', async () => {
    const { written, doubts } = await guessed(
      lines(
        'ASSOCIATE ID,POSITION ID,PAYROLL FIRST NAME,PAYROLL LAST NAME,PREFERRED OR CHOSEN NAME,WORK E-MAIL,PERSONAL E-MAIL,POSITION STATUS,HOME DEPARTMENT,HIRE DATE,TERMINATION DATE',
        'A1,ABC000001,Ana,Ruiz,,ana@example.com,ana@home.example,Active,"Sales, East",01/05/2020,',
        'A1,ABC000007,Ana,Ruiz,,ana@example.com,ana@home.example,Active,Support,01/05/2020,',
        'A2,ABC000002,Robert,Oak,Bob,bob@example.com,bob@home.example,Leave,Sales,12/31/2019,',
        'A3,ABC000003,Cy,Orr,,cy@example.com,cy@home.example,Terminated,Sales,02/29/2020,01/02/2026',
      ),
    );
    expect(written.contact).toEqual({
      external_id: 'ASSOCIATE ID',
      first_name: ['PREFERRED OR CHOSEN NAME', 'PAYROLL FIRST NAME'],
      last_name: 'PAYROLL LAST NAME',
      email: { column: 'WORK E-MAIL', case: 'lower' },
      attributes: {
        position_id: 'POSITION ID',
        department: 'HOME DEPARTMENT',
        hire_date: { column: 'HIRE DATE', date: { from: 'MM/dd/yyyy', to: 'yyyy-MM-dd' } },
      },
    });
    expect(written.status).toEqual({
      column: 'POSITION STATUS',
      employed: ['Active', 'Leave'],
      left: ['Terminated'],
    });
    expect(doubts).toContain('has 1 id in several rows of one person');
  });

  it('UKG, with | between fields, a header record above and a trailer that counts', async () => {
    const { written, trial } = await guessed(
      lines(
        'H01|20260105|ACME',
        'EecEmpNo|EepNameFirst|EepNameLast|EepNamePreferred|EepAddressEMail|EecEmplStatus|Notes',
        '000000101|Robert|Oak|Bob|bob@example.com|A|says "hi',
        '000000102|Ida|Elm||ida@example.com|L|',
        '000000103|Joe|Ash||joe@example.com|T|',
        'T90|000000003|20260105',
      ),
      'UTA1000_E52D4_EEHISTORY_20260105_071500.txt',
    );
    expect(written).toMatchObject({
      file: 'UTA1000_E52D4_EEHISTORY_*.txt',
      format: {
        header_row: 2,
        quote: 'none',
        trailer: { starts_with: 'T90|', count_column: 2, counts: 'rows' },
      },
      contact: { external_id: 'EecEmpNo', first_name: ['EepNamePreferred', 'EepNameFirst'], last_name: 'EepNameLast' },
      status: { employed: ['A', 'L'], left: ['T'] },
    });
    expect(await trial()).toMatchObject({ employees: 2, left: 1, rejected: 0 });
  });

  it('BambooHR, whose status is in the one of two columns that has only known words', async () => {
    const { written } = await guessed(
      lines(
        'Employee #,First Name,Last Name,Preferred Name,Job Title,Department,Division,Location,Status,Employment Status,Hire Date,Work Email,Reports To,Reports To Email',
        '7,Ana,Ruiz,,Nurse,Care,North,Austin,Active,Level 3,2012-01-10,ana@example.com,Bo Li,bo@example.com',
        '8,Bo,Li,,Head,Care,North,Austin,Inactive,Level 4,2012-02-11,bo@example.com,,',
      ),
    );
    expect(written.status).toEqual({ column: 'Status', employed: ['Active'], left: ['Inactive'] });
    expect(written.contact).toEqual({
      external_id: 'Employee #',
      first_name: ['Preferred Name', 'First Name'],
      last_name: 'Last Name',
      email: { column: 'Work Email', case: 'lower' },
      attributes: {
        job_title: 'Job Title',
        department: 'Department',
        division: 'Division',
        location: 'Location',
        hire_date: 'Hire Date',
        manager: 'Reports To',
        reports_to_email: 'Reports To Email',
      },
    });
  });

  it('SAP SuccessFactors, whose second row only labels the columns', async () => {
    const { written, trial, doubts } = await guessed(
      lines(
        'STATUS,USERID,USERNAME,FIRSTNAME,LASTNAME,MI,GENDER,EMAIL,MANAGER,HR,DEPARTMENT,HIREDATE,CUSTOM01,CUSTOM02',
        'STATUS,USERID,Username,First Name,Last Name,Middle Initial,Gender,Email,Manager,Human Resource,Department,Hire Date,Badge,Shoe size',
        'active,000123,aruiz,Ana,Ruiz,,F,ana@example.com,NO_MANAGER,NO_HR,Care,01/13/2020,B1,',
        'inactive,123,bli,Bo,Li,,M,bo@example.com,000123,NO_HR,Care,02/14/2020,B2,',
      ),
    );
    expect(written.format).toEqual({
      skip_rows_after_header: 1,
      null_words: ['', 'NULL', 'N/A', 'nan', '-', 'NO_MANAGER', 'NO_HR'],
    });
    expect(written.contact).toMatchObject({
      external_id: 'USERID',
      first_name: 'FIRSTNAME',
      last_name: 'LASTNAME',
      email: { column: 'EMAIL', case: 'lower' },
    });
    expect(Object.keys(written.contact.attributes ?? {})).toEqual(['username', 'manager', 'department', 'hire_date']);
    expect(await trial()).toMatchObject({ rows: 2, employees: 1, left: 1, rejected: 0 });
    expect(doubts).toContain('it also means a leave of absence');
  });

  it('Personio in German, with ; between fields', async () => {
    const { written, trial, text } = await guessed(
      lines(
        'Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Position;Eintrittsdatum;Status;Geburtsdatum;Telefon',
        '0017;Änne;Groß;aenne.gross@example.de;Vertrieb;Leitung;01.03.2019;Aktiv;04.05.1980;030 901820',
        '0018;Jörg;Müller;joerg@example.de;Vertrieb;Kasse;15.11.2020;Elternzeit;04.06.1980;0171 3920020',
      ),
      'Personio Export Alle 2018-07-20.csv',
    );
    expect(written).toMatchObject({
      file: 'Personio Export Alle *.csv',
      contact: {
        external_id: 'Personalnummer',
        first_name: 'Vorname',
        last_name: 'Nachname',
        email: { column: 'E-Mail', case: 'lower' },
        phone_number: { column: 'Telefon', phone: 'DE' },
        attributes: {
          department: 'Abteilung',
          job_title: 'Position',
          hire_date: { column: 'Eintrittsdatum', date: { from: 'dd.MM.yyyy', to: 'yyyy-MM-dd' } },
        },
      },
      status: { employed: ['Aktiv', 'Elternzeit'], left: [] },
    });
    expect(written.contact.attributes).not.toHaveProperty('geburtsdatum');
    expect(text).toContain(
      '# geburtsdatum: { column: Geburtsdatum, date: { from: dd.MM.yyyy, to: yyyy-MM-dd } }   # private: a date of birth',
    );
    expect(await trial()).toMatchObject({ rows: 2, employees: 2 });
  });

  it('HiBob, whose display name is a whole name, and whose new people have not started yet', async () => {
    const { written, doubts } = await guessed(
      lines(
        'Employee ID,Display name,Legal first name,Legal last name,Email,Job Title,Manager email,Lifecycle status,Start Date,Gender',
        '1,Ana Ruiz,Anabel,Ruiz,ana@example.com,Nurse,bo@example.com,Employed,14/03/2019,F',
        '2,Bo Li,Bo,Li,bo@example.com,Head,,Garden Leave,02/11/2015,M',
        '3,Cy Orr,Cyrus,Orr,cy@example.com,Porter,bo@example.com,Hired,01/02/2027,M',
      ),
      'Employee_Information.csv',
    );
    expect(written).toMatchObject({
      file: 'Employee_Information.csv',
      contact: {
        first_name: 'Legal first name',
        email: { column: 'Email' },
        attributes: {
          display_name: 'Display name',
          manager_email: 'Manager email',
          hire_date: { date: { from: 'dd/MM/yyyy' } },
        },
      },
      status: { employed: ['Employed', 'Garden Leave', 'Hired'], left: [] },
    });
    expect(doubts).toContain('have not started yet');
  });

  it('Gusto', async () => {
    const { written, trial } = await guessed(
      lines(
        'first_name,last_name,preferred_first_name,gusto_employee_id,title,work_email,work_phone,start_date',
        'Ana,Ruiz,,5G9934,Nurse,ana@example.com,(512) 555-0133,2020-01-05',
        'Robert,Oak,Bob,5E9934,Clerk,bob@example.com,512-555-0134,2020-02-05',
      ),
    );
    expect(written.contact).toEqual({
      external_id: 'gusto_employee_id',
      first_name: ['preferred_first_name', 'first_name'],
      last_name: 'last_name',
      email: { column: 'work_email', case: 'lower' },
      phone_number: { column: 'work_phone', phone: 'US' },
      attributes: { job_title: 'title', hire_date: 'start_date' },
    });
    expect(await trial()).toMatchObject({ rows: 2, employees: 2 });
  });
});
