import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { loadPhoneReaders } from '../../src/roster/phone.ts';
import { isEmail, isScientific, isTooLong, withoutDecimals } from '../../src/roster/validate.ts';

describe('an email address', () => {
  it.each([
    "ann.o'neil+hr@example.com",
    'a@b.co',
    'ann_lee@sub-domain.example.org',
    'jörg@müller.de',
    'x&y=1@example.com',
  ])('may be %s', (email) => {
    expect(isEmail(email)).toBe(true);
  });

  it.each([
    'david.chen@acme',
    'ann',
    '@example.com',
    'ann@',
    'a@b@example.com',
    'ann lee@example.com',
    'ann@example..com',
    '.ann@example.com',
    'ann.@example.com',
    'ann@-example.com',
    'ann@10.0.0.1',
    '<ann@example.com>',
    'ann@example.com; bob@example.com',
    'mailto:ann@example.com',
  ])('is not %s', (email) => {
    expect(isEmail(email)).toBe(false);
  });

  it('that is long and hostile is judged in time', () => {
    expect(isEmail(`${'a.'.repeat(5000)}@${'b-'.repeat(5000)}`)).toBe(false);
  });
});

describe('an id that a spreadsheet took for a number', () => {
  it.each(['1.2E+07', '1E+11', '1.23e7', '4.0E12', '1,2E+07', '1.5E-05'])('is %s', (id) => {
    expect(isScientific(id)).toBe(true);
  });
  it.each(['5E9934', '000123', '12.5', 'E+1', 'A1.2E+07', '1E7', '12E-5'])('is not %s', (id) => {
    expect(isScientific(id)).toBe(false);
  });
});

describe('an id with decimals', () => {
  it.each([
    ['1001.0', '1001'],
    ['001001.00', '001001'],
    ['1001,0', '1001'],
    ['1001.50', null],
    ['1,000', null],
    ['A1001.0', null],
    ['1.0.0', null],
    ['.0', null],
  ])('is told from others: %s', (id, bare) => {
    expect(withoutDecimals(id)).toBe(bare);
  });
});

describe('a value', () => {
  it('may have 255 characters, whatever they take in memory', () => {
    expect(isTooLong('x'.repeat(255))).toBe(false);
    expect(isTooLong('😀'.repeat(255))).toBe(false);
    expect(isTooLong('x'.repeat(256))).toBe(true);
  });
});

describe('a phone number', () => {
  it.each([
    ['US', '(512) 555-0100', '+15125550100'],
    ['US', '+44 117 931 7408', '+441179317408'],
    ['US', '512.555.0100 ext. 12', '+15125550100'],
    ['GB', '0117 931 7408', '+441179317408'],
  ])('of %s is read: %s', async (country, text, e164) => {
    const readers = await loadPhoneReaders([country]);
    expect(readers.get(country)?.(text)).toBe(e164);
  });

  it.each(['12345', 'call (512) 555-0100', '512-555-0100 or 512-555-0101', '+999 1', '(012) 555-0100'])(
    'is not: %s',
    async (text) => {
      const readers = await loadPhoneReaders(['US']);
      expect(readers.get('US')?.(text)).toBeNull();
    },
  );

  it('needs a country that exists', async () => {
    await expect(loadPhoneReaders(['XX'])).rejects.toThrow(UsageError);
  });
});
