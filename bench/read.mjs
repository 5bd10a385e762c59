// What reading a roster file costs against a bare csv-parse pass over it: with nothing known, and with all
// but 1,000 records known. Each reading is a process of its own; run `npm run build` first, then
// `node bench/read.mjs [--rows N] [--runs N] [--order id|shuffled]`.

import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse';
import { writeEmployees } from './generate.mjs';

const CHANGED = 1000;
const field = (column, more = {}) => ({
  columns: [column],
  template: null,
  case: null,
  values: null,
  otherwise: 'keep',
  pattern: null,
  date: null,
  phone: null,
  pad: null,
  default: null,
  blank: 'keep',
  ...more,
});
const mapping = {
  externalId: field('Employee ID'),
  firstName: field('First Name'),
  lastName: field('Last Name'),
  email: field('Work Email', { case: 'lower' }),
  phoneNumber: field('Mobile'),
  attributes: {
    department: field('Department'),
    title: field('Business Title'),
    office: field('Location', { values: { Zürich: 'Zurich' } }),
    start_date: field('Hire Date', { date: { from: ['MM/dd/yyyy'], to: 'yyyy-MM-dd' } }),
    manager_id: field('Manager ID'),
  },
  status: { column: 'Employment Status', employed: ['Active', 'Leave of Absence'], left: ['Terminated'] },
  exclude: [],
};
const format = {
  encoding: 'auto',
  delimiter: 'auto',
  quote: '"',
  escape: 'double',
  trailer: null,
  headerRow: 1,
  skipRowsAfterHeader: 0,
  nullWords: ['', 'NULL', 'N/A', 'nan', '-'],
};
const READINGS = {
  'csv-parse, arrays': bareCsvParse,
  'reader, nothing known': () => readRows(() => null),
  'reader, known in a Map': knownInMap,
  'reader, known in SQLite': knownInSqlite,
};

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    order: { type: 'string', default: 'id' },
    reading: { type: 'string' },
    directory: { type: 'string' },
  },
});
if (options.reading === undefined) await compare();
else await measure(options.reading);

async function compare() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-read-'));
  try {
    const rows = Number(options.rows);
    const { order } = options;
    await writeEmployees(join(directory, 'yesterday.csv'), { rows, order });
    await writeEmployees(join(directory, 'today.csv'), { rows, order, changes: { updates: CHANGED } });
    run('remember', directory);
    const samples = new Map(Object.keys(READINGS).map((name) => [name, []]));
    // One of each in turn, so that a busy machine slows all of them alike.
    for (let round = 0; round < Number(options.runs); round++) {
      for (const [name, taken] of samples) taken.push(run(name, directory));
    }
    report(samples, statSync(join(directory, 'today.csv')).size);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(reading, directory) {
  const output = execFileSync(
    process.execPath,
    [import.meta.filename, '--reading', reading, '--directory', directory],
    { encoding: 'utf8' },
  );
  return JSON.parse(output);
}

function report(samples, bytes) {
  const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
  const of = (name) => median(samples.get(name).map(({ seconds }) => seconds));
  const baseline = of('csv-parse, arrays');
  console.log(
    `${options.rows} rows in ${options.order} order, ${(bytes / 1e6).toFixed(1)} MB, medians of ${options.runs}`,
  );
  for (const [name, taken] of samples) {
    const peak = Math.max(...taken.map(({ peakMiB }) => peakMiB));
    const [{ counts }] = taken;
    const times = `${of(name).toFixed(2)} s  x ${(of(name) / baseline).toFixed(2)}  peak ${peak.toFixed(0)} MiB`;
    console.log(`${name.padEnd(26)} ${times}  ${JSON.stringify(counts)}`);
  }
}

async function measure(reading) {
  const started = performance.now();
  const counts = reading === 'remember' ? await remember() : await READINGS[reading]();
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024, counts }));
}

async function bareCsvParse() {
  let rows = 0;
  for await (const _ of createReadStream(today()).pipe(parse())) rows++;
  return { rows };
}

/** Confirms every row of yesterday's file, as a run that applied all of it would have. */
async function remember() {
  const database = openDatabase();
  database.exec('CREATE TABLE contacts (id INTEGER PRIMARY KEY, fingerprint TEXT UNIQUE) STRICT');
  const insert = database.prepare('INSERT INTO contacts (fingerprint) VALUES (?)');
  database.exec('BEGIN');
  await eachRow(yesterday(), null, (row) => {
    if (row.kind === 'employee') insert.run(row.fingerprint);
  });
  database.exec('COMMIT');
  database.close();
}

async function knownInMap() {
  const database = openDatabase();
  const rows = database.prepare('SELECT fingerprint, id FROM contacts').raw().iterate();
  const known = new Map(rows);
  database.close();
  return readRows((fingerprint) => known.get(fingerprint) ?? null);
}

async function knownInSqlite() {
  const database = openDatabase();
  const find = database.prepare('SELECT id FROM contacts WHERE fingerprint = ?').pluck();
  database.exec('BEGIN');
  const counts = await readRows((fingerprint) => find.get(fingerprint) ?? null);
  database.close();
  return counts;
}

function openDatabase() {
  const database = new Database(join(options.directory, 'known.db'));
  database.pragma('cache_size = -65536');
  return database;
}

async function readRows(recognise) {
  const counts = {};
  await eachRow(today(), recognise, ({ kind }) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  });
  return counts;
}

async function eachRow(path, recognise, visit) {
  const { openRosterFile } = await import('../dist/roster/roster-file.js');
  const file = await openRosterFile({ path, format, mapping });
  for await (const rows of file.rows(recognise)) for (const row of rows) visit(row);
}

function yesterday() {
  return join(options.directory, 'yesterday.csv');
}

function today() {
  return join(options.directory, 'today.csv');
}
