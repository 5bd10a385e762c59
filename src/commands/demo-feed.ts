// The sample feed of the demo: an invented company of about 200 people, as an HRIS would export it, with the
// bad rows that real files have; and the same company a day later. Always the same, person by person.

const FIRST_NAMES = [
  'Amelia',
  'Bruno',
  'Chloé',
  'Dmitri',
  'Elena',
  'Farid',
  'Grace',
  'Hiro',
  'Ingrid',
  'Jamal',
  'Keiko',
  'Liam',
  'Mónica',
  'Noah',
  'Olga',
  'Priya',
  'Quentin',
  'Rosa',
  'Søren',
  'Tomás',
];
const LAST_NAMES = [
  'Abbott',
  'Baptiste',
  'Castro',
  'Dvořák',
  'Eriksson',
  'Fischer',
  "O'Neill",
  'Grant',
  'Hughes',
  'Ito',
  'Jansen',
];
const DEPARTMENTS: readonly (readonly [department: string, title: string])[] = [
  ['Engineering', 'Engineer'],
  ['Sales', 'Account Executive'],
  ['Support', 'Support Specialist'],
  ['Finance', 'Accountant'],
  ['Field Operations, West', 'Technician'],
];
const LOCATIONS = ['ATX', 'NYC', 'OMA', 'Remote'];

const COLUMNS = [
  'Employee ID',
  'Legal First Name',
  'Preferred First Name',
  'Legal Last Name',
  'Work Email',
  'Mobile',
  'Department',
  'Job Title',
  'Location',
  'Hire Date',
  'Manager',
  'Employment Status',
] as const;

type Person = Readonly<Record<(typeof COLUMNS)[number], string>>;

const PEOPLE_AT_FIRST = 200;

/** The file of the first day. */
export function firstDay(): string {
  const people = Array.from({ length: PEOPLE_AT_FIRST }, (_, index) => person(index));
  return csv([...people.map(withFirstDayMistakes), repeated(people)]);
}

/** The next day: six joiners, movers (some without an office now), five leavers, and two rows put right. */
export function secondDay(): string {
  const people = Array.from({ length: PEOPLE_AT_FIRST + 6 }, (_, index) => person(index));
  const left = new Set([17, 58, 99, 140]);
  return csv([
    ...people
      .map(withMistakesThatStay)
      .map(moved)
      .map((each, index) => (index === 181 ? { ...each, 'Employment Status': 'Terminated' } : each))
      .filter((_, index) => !left.has(index)),
  ]);
}

function person(index: number): Person {
  const first = pick(FIRST_NAMES, index);
  const last = pick(LAST_NAMES, index * 7 + Math.floor(index / FIRST_NAMES.length));
  const [department, title] = pick(DEPARTMENTS, index * 3);
  const month = String((index % 12) + 1).padStart(2, '0');
  const day = String((index % 28) + 1).padStart(2, '0');
  const manager = Math.floor(index / 12);
  return {
    'Employee ID': idOf(index),
    'Legal First Name': first,
    'Preferred First Name': index % 9 === 4 ? `${first.slice(0, 3)}` : '',
    'Legal Last Name': last,
    'Work Email': `${ascii(first)}.${ascii(last)}.${index}@Example.com`,
    Mobile: index % 3 === 0 ? '' : `(402) 555-${String(100 + index).padStart(4, '0')}`,
    Department: department,
    'Job Title': title,
    Location: pick(LOCATIONS, index * 5 + 1),
    'Hire Date': `${month}/${day}/${2008 + (index % 17)}`,
    Manager: `${pick(LAST_NAMES, manager)}, ${pick(FIRST_NAMES, manager)} (${idOf(manager)})`,
    'Employment Status': index % 41 === 40 ? 'Leave of Absence' : 'Active',
  };
}

function withFirstDayMistakes(each: Person, index: number): Person {
  if (index === 23) return { ...each, 'Work Email': 'dmitri.ito@example' };
  if (index === 77) return { ...each, 'Legal Last Name': '' };
  return withMistakesThatStay(each, index);
}

function withMistakesThatStay(each: Person, index: number): Person {
  if (index === 64) return { ...each, Mobile: '555-12' };
  if (index === 112) return { ...each, 'Hire Date': '31/02/2019' };
  if (index === 150) return { ...each, 'Employment Status': 'Sabbatical?' };
  return each;
}

function moved(each: Person, index: number): Person {
  if (index % 50 === 11) return { ...each, Department: 'Sales', 'Job Title': 'Sales Engineer' };
  if (index % 60 === 21) return { ...each, Location: '' };
  if (index === 35) return { ...each, 'Legal Last Name': 'Whitfield', 'Work Email': 'p.whitfield@example.com' };
  return each;
}

/** One person twice in the file, with equal rows, as after a transfer. */
function repeated(people: readonly Person[]): Person {
  const [first] = people;
  if (first === undefined) throw new RangeError('the sample has no people');
  return first;
}

function csv(people: readonly Person[]): string {
  const lines = people.map((each) => COLUMNS.map((column) => cell(each[column])).join(','));
  return `${COLUMNS.join(',')}\r\n${lines.join('\r\n')}\r\n`;
}

function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function idOf(index: number): string {
  return String(1001 + index).padStart(6, '0');
}

function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}

function pick<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}
