import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { FeedSettings } from '../../src/config/settings.ts';
import { canonicalEmployee } from '../../src/roster/canonical.ts';
import { type Employee, emailKey, type Reject, type Row } from '../../src/roster/employee.ts';
import { openRosterFile } from '../../src/roster/roster-file.ts';
import { nameMatcher } from '../../src/source/pick.ts';
import { rowsOf } from './builders.ts';

const EXAMPLES = fileURLToPath(new URL('../../config/examples/', import.meta.url));
const ROSTERS = fileURLToPath(new URL('../fixtures/rosters/', import.meta.url));

/** What each sample holds that this system is known for, and the bytes that it writes. */
const SYSTEMS: readonly (readonly [system: string, says: string, bytes: string])[] = [
  [
    'adp-report-builder',
    'below its titles, counts the primary position of everybody, takes "Last, First" apart and drops the total',
    'UTF-8, CRLF',
  ],
  ['adp-workforce-now', 'gives every position of a person, with equal columns', 'UTF-8, CRLF'],
  ['bamboohr', 'prefers the preferred name, and lets inactive people go', 'UTF-8, LF'],
  ['cornerstone', 'is about those who changed, and leaves what is blank as it is', 'UTF-8, CRLF'],
  ['dayforce', 'keeps its codes as text and turns those that are known into words', 'UTF-8 with BOM, CRLF'],
  ['gusto', 'has the id 5E9934, and an id that a spreadsheet has spoilt', 'UTF-8, LF'],
  ['hibob', 'keeps garden leave, and leaves out who has not started', 'UTF-8, LF'],
  ['namely', 'knows people by their email, and refuses a name with a lost letter', 'UTF-8, CRLF'],
  [
    'oracle-hcm',
    'keeps inactive people on leave, reads both of its dates, and has an end of time',
    'UTF-8 with BOM, CRLF',
  ],
  ['paycom', 'has noise in its header, codes like 4E07, and a blank status that says nothing', 'Windows-1252, CRLF'],
  ['paylocity', 'tells terminated from temporary, and repeats its header', 'UTF-8, CRLF'],
  ['personio', 'speaks German, and may lack the number of a person', 'UTF-8 with BOM, CRLF'],
  ['personio-changes', 'is about those who changed, and leaves what is blank as it is', 'UTF-8, LF'],
  ['rippling', 'has a full name, which one word is not', 'UTF-8, CRLF'],
  ['sage-people', 'is separated by tabs, with quotes that mean nothing', 'UTF-8, CRLF'],
  ['staffbase', 'has no status at all, and people without an email', 'UTF-8, LF'],
  ['successfactors', 'has two headers, NO_MANAGER, and inactive people who are on leave', 'Windows-1252, CRLF'],
  ['telus-lifeworks', 'is Unicode text of Excel, and keeps people on disability', 'UTF-16LE with BOM, CRLF'],
  ['ukg-pro', 'has a counted trailer, people on leave who are not "Active", and one person twice', 'UTF-8, CRLF'],
  ['workday-excel', 'below its titles, takes a worker apart, and leaves out the total', 'UTF-8 with BOM, CRLF'],
  ['workday-raas', 'prefers the preferred name, takes managers by number, and reads "-" as blank', 'UTF-8, LF'],
  ['workday-studio', 'never quotes, so that a pipe in a title breaks a row', 'UTF-8, CRLF'],
];

describe.each(SYSTEMS)('the roster of %s', (system, says, bytes) => {
  it(`${says}, and becomes exactly the expected people with the example configuration`, async () => {
    const { format, mapping } = feedOf(system);
    const rows = await rowsOf(await openRosterFile({ path: rosterPath(system), format, mapping }));
    expect(outcomeOf(rows)).toEqual(expectedOf(system));
  });

  it('contradicts itself nowhere, so that nobody is rejected once the rows are compared', () => {
    const { employees, leavers } = expectedOf(system);
    const people = new Map(employees.map((employee) => [employee.externalId, employee]));
    const says = new Set(employees.map(canonicalEmployee));
    const emails = new Set(employees.map(({ email }) => emailKey(email)));
    const phones = [...people.values()].flatMap(({ phoneNumber }) => phoneNumber ?? []);
    expect([says.size, emails.size]).toEqual([people.size, people.size]);
    expect(new Set(phones).size).toBe(phones.length);
    expect(leavers.filter((id) => people.has(id))).toEqual([]);
  });

  it('has the name that the example looks for', () => {
    expect(nameMatcher(feedOf(system).file)(rosterName(system))).toBe(true);
  });

  it(`is in the bytes that the system writes: ${bytes}`, () => {
    expect(bytesOf(readFileSync(rosterPath(system)))).toBe(bytes);
  });
});

describe('the examples', () => {
  it.each([
    ['ukg-pro', 'Test_UTA1000_E52D4_EEHISTORY_WORKSHOP_Export_20260302_053000.txt'],
    ['personio', 'Personio Export Data changes 2026-03-02.csv'],
    ['personio-changes', 'Personio Export Workshop 2026-03-02.csv'],
    ['oracle-hcm', 'Worker_2026-03-02.dat'],
  ])('of %s does not look for %s', (system, name) => {
    expect(nameMatcher(feedOf(system).file)(name)).toBe(false);
  });

  it('each have a roster, and each roster has an example', () => {
    const systems = SYSTEMS.map(([system]) => system);
    expect(readdirSync(EXAMPLES).sort()).toEqual(systems.map((system) => `${system}.yaml`).sort());
    expect(readdirSync(ROSTERS).sort()).toEqual([...systems].sort());
  });

  it.each(SYSTEMS)('of %s says what the editor needs and gives no warning', (system) => {
    const text = readFileSync(`${EXAMPLES}${system}.yaml`, 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../workshop-sync.schema.json');
    expect(load(system).warnings).toEqual([]);
  });

  it('remove people who left: by a status, or, where a full file has none, by absence from several files', () => {
    const unsafe = SYSTEMS.map(([system]) => feedOf(system)).filter(
      ({ kind, missing, deleteAfter, mapping }) =>
        mapping.status === null && (kind === 'changes' || missing !== 'delete' || deleteAfter.files < 3),
    );
    expect(unsafe).toEqual([]);
  });
});

interface Outcome {
  readonly employees: readonly Employee[];
  readonly leavers: readonly string[];
  readonly excluded: readonly { readonly line: number; readonly externalId: string | null }[];
  readonly rejects: readonly Pick<Reject, 'line' | 'externalId' | 'field' | 'rule'>[];
}

/** An absent phone number means "leave what the contact has": JSON has no undefined. */
function expectedOf(system: string): Outcome {
  return JSON.parse(readFileSync(`${ROSTERS}${system}/expected.json`, 'utf8'));
}

function load(system: string) {
  return loadConfiguration(`${EXAMPLES}${system}.yaml`, { WORKSHOP_API_KEY: 'key', SFTP_PASSWORD: 'password' });
}

function feedOf(system: string): FeedSettings {
  const [feed, ...others] = load(system).settings.feeds;
  if (feed === undefined || others.length > 0) throw new Error(`${system}.yaml has ${others.length + 1} feeds`);
  return feed;
}

function rosterName(system: string): string {
  const [name, ...others] = readdirSync(`${ROSTERS}${system}`).filter((file) => file !== 'expected.json');
  if (name === undefined || others.length > 0) throw new Error(`${system} does not have exactly one roster`);
  return name;
}

function rosterPath(system: string): string {
  return `${ROSTERS}${system}/${rosterName(system)}`;
}

/** The rows as `expected.json` writes them down. */
function outcomeOf(rows: readonly Row[]): Outcome {
  return {
    employees: rows.flatMap((row) => (row.kind === 'employee' ? row.employee : [])),
    leavers: rows.flatMap((row) => (row.kind === 'left' ? row.externalId : [])),
    excluded: rows.flatMap((row) => (row.kind === 'excluded' ? { line: row.line, externalId: row.externalId } : [])),
    rejects: rows.flatMap((row) => {
      if (row.kind !== 'reject') return [];
      const { line, externalId, field, rule } = row.reject;
      return { line, externalId, field, rule };
    }),
  };
}

function bytesOf(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const encoding = isWide ? 'UTF-16LE with BOM' : narrowEncoding(bytes);
  const text = bytes.toString(isWide ? 'utf16le' : 'latin1');
  const lineEnds = new Set(text.match(/\r\n|\r|\n/g)?.map((end) => ({ '\r\n': 'CRLF', '\r': 'CR', '\n': 'LF' })[end]));
  return [encoding, ...lineEnds].join(', ');
}

function narrowEncoding(bytes: Buffer): string {
  if (!isUtf8(bytes)) return 'Windows-1252';
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 'UTF-8 with BOM' : 'UTF-8';
}
