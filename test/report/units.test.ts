import { expect, it } from 'vitest';
import { counted, duration, fileSize, listed } from '../../src/report/units.ts';

it('writes a duration in its two largest units', () => {
  const written = [-5, 0, 999, 1000, 12_340, 59_949, 59_999, 245_000, 3_599_600, 11_520_000, 86_400_000, 187_200_000];
  expect(written.map(duration)).toEqual([
    '0 ms',
    '0 ms',
    '999 ms',
    '1.0 s',
    '12.3 s',
    '59.9 s',
    '1 min',
    '4 min 5 s',
    '1 h',
    '3 h 12 min',
    '1 d',
    '2 d 4 h',
  ]);
});

it('writes a size in the unit that fits', () => {
  const written = [0, 1, 999, 1000, 1_234_567, 999_960, 135_800_000, 5e9, 7.2e15];
  expect(written.map(fileSize)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '1.2 MB',
    '1.0 MB',
    '136 MB',
    '5.0 GB',
    '7200 TB',
  ]);
});

it('groups digits, and agrees in number', () => {
  expect(counted(1, 'retry', 'retries')).toBe('1 retry');
  expect(counted(4812, 'row')).toBe('4,812 rows');
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
