// A deterministic generator of employee files: the same options give the same bytes on every machine.
// `changes` turns the file of one day into the file of the next, so that a run has something to find.

import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';

export const HEADER = [
  'Employee ID',
  'First Name',
  'Last Name',
  'Work Email',
  'Mobile',
  'Department',
  'Business Title',
  'Location',
  'Cost Center',
  'Manager ID',
  'Hire Date',
  'Employment Status',
];

const FIRST = ['Ana', 'Zoë', 'Liam', 'José', 'Mary-Jane', 'Søren', 'Priya', 'Kwame', 'Chloé', 'Tom', 'Łukasz', 'Mei'];
const LAST = [
  'Ruiz',
  'Müller',
  "O'Neil",
  'Nguyễn',
  'Smith',
  'García',
  'Brown',
  'van Dijk',
  'Okafor',
  'Lee',
  'Kowalska',
];
const DEPARTMENTS = [
  'Finance',
  '"Sales, West"',
  'Engineering',
  'People',
  '"Legal, Risk and ""Trust"""',
  'Support',
  'IT',
];
const TITLES = ['Analyst', 'Engineer II', 'Manager', 'Director', 'Specialist', 'Coordinator', '"Lead, Operations"'];
const LOCATIONS = ['Austin', 'New York', 'Zürich', 'London', 'Remote'];

/**
 * Writes an employee file and resolves to its path.
 * `changes` are counts: `updates` people with another title, `gone` people left out, `new` people added.
 */
export async function writeEmployees(path, { rows, seed = 1, order = 'id', changes = {} }) {
  const { updates = 0, gone = 0, new: added = 0 } = changes;
  const out = createWriteStream(path);
  const done = finished(out);
  let text = `${HEADER.join(',')}\n`;
  for (let position = 0; position < rows + added; position++) {
    const person = order === 'shuffled' ? shuffled(position, rows + added) : position;
    const rank = person < rows ? shuffled(person, rows, 7) : -1;
    if (rank >= 0 && rank < gone) continue;
    text += record(person, seed, rank >= gone && rank < gone + updates);
    if (text.length > 1 << 16) {
      if (!out.write(text)) await new Promise((resolve) => out.once('drain', resolve));
      text = '';
    }
  }
  out.end(text);
  await done;
  return path;
}

function record(person, seed, changed) {
  const random = mulberry32(seed * 1_000_003 + person);
  const pick = (words) => words[Math.floor(random() * words.length)];
  const first = pick(FIRST);
  const last = pick(LAST);
  const id = String(100_000 + person);
  const mailbox = `${first[0].replace('Ł', 'L')}.${last}`.normalize('NFD').replace(/[^A-Za-z.]/g, '');
  const number = String(2_000_000 + person).padStart(7, '0');
  const day = Math.floor(random() * 28) + 1;
  const hired = `${String((person % 12) + 1).padStart(2, '0')}/${String(day).padStart(2, '0')}/${2005 + (person % 20)}`;
  const fields = [
    id.padStart(8, '0'),
    first,
    last,
    `${mailbox}.${person}@example.com`,
    `+1 512 ${number.slice(0, 3)} ${number.slice(3)}`,
    pick(DEPARTMENTS),
    changed ? 'Principal' : pick(TITLES),
    pick(LOCATIONS),
    `CC-${1000 + (person % 500)}`,
    String(100_000 + Math.floor(person / 10)).padStart(8, '0'),
    hired,
    random() < 0.05 ? 'Leave of Absence' : 'Active',
  ];
  return `${fields.join(',')}\n`;
}

/** A permutation of 0..count-1 that needs no memory: multiplication by a number that shares no factor with count. */
function shuffled(index, count, salt = 0) {
  let factor = (Math.floor(count * 0.618) + salt) | 1;
  while (greatestCommonDivisor(factor, count) !== 1) factor += 2;
  return Number((BigInt(index) * BigInt(factor)) % BigInt(count));
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

if (process.argv[1] === import.meta.filename) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { out: text, rows: text, seed: text, order: text, updates: text, new: text, gone: text },
  });
  await writeEmployees(values.out ?? 'employees.csv', {
    rows: Number(values.rows ?? 1000),
    seed: Number(values.seed ?? 1),
    order: values.order ?? 'id',
    changes: { updates: Number(values.updates ?? 0), new: Number(values.new ?? 0), gone: Number(values.gone ?? 0) },
  });
}
