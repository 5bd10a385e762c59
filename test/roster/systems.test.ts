import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import type { FeedSettings } from '../../src/config/settings.ts';
import type { Row } from '../../src/roster/employee.ts';
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
    expect(outcomeOf(rows)).toEqual(JSON.parse(readFileSync(`${ROSTERS}${system}/expected.json`, 'utf8')));
  });

  it('has the name that the example looks for', () => {
    expect(nameMatcher(feedOf(system).file)(rosterName(system))).toBe(true);
  });

  it(`is in the bytes that the system writes: ${bytes}`, () => {
    expect(bytesOf(readFileSync(rosterPath(system)))).toBe(bytes);
  });
});

describe('the examples', () => {
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

/** The rows as `expected.json` writes them down; JSON has no undefined, so an absent phone number means "leave it". */
function outcomeOf(rows: readonly Row[]) {
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
