import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneReports } from '../../src/report/prune.ts';
import { temporaryDirectory } from '../support/store.ts';

const DAY_MS = 86_400_000;

it('removes reports that are older than they are to be kept, and no others', () => {
  const directory = temporaryDirectory();
  const nowMs = 1_000 * DAY_MS;
  for (const [name, ageDays] of [
    ['old', 91],
    ['young', 89],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'report.json'), '{}');
    const writtenAt = (nowMs - ageDays * DAY_MS) / 1000;
    utimesSync(join(directory, name), writtenAt, writtenAt);
  }
  expect(pruneReports(directory, 90 * DAY_MS, nowMs)).toEqual(['old']);
  expect(existsSync(join(directory, 'young', 'report.json'))).toBe(true);
});

it('finds nothing to remove where there are no reports yet', () => {
  expect(pruneReports(join(temporaryDirectory(), 'reports'), DAY_MS, 5 * DAY_MS)).toEqual([]);
});
