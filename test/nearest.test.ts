import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.ts';

describe('nearest', () => {
  it('finds the key that a typing slip missed', () => {
    expect(nearest('api_kye', ['base_url', 'api_key', 'attempts'])).toBe('api_key');
    expect(nearest('delimeter', ['encoding', 'delimiter', 'quote'])).toBe('delimiter');
    expect(nearest('feed', ['workshop', 'feeds'])).toBe('feeds');
  });

  it('counts two swapped letters as one slip', () => {
    expect(nearest('prot', ['part', 'port'])).toBe('port');
  });

  it('looks past case and surrounding blanks, and answers with the word as known', () => {
    expect(nearest(' employee id', ['Employee ID', 'Employee Name'])).toBe('Employee ID');
  });

  it('recognises a shortening in either direction, but prefers a slip', () => {
    expect(nearest('Department', ['Dept', 'Location'])).toBe('Dept');
    expect(nearest('Email', ['Employee ID', 'Work Email'])).toBe('Work Email');
    expect(nearest('timeout_ms', ['attempts', 'timeout'])).toBe('timeout');
    expect(nearest('Dept', ['Department', 'Depth'])).toBe('Depth');
  });

  it('suggests nothing rather than something far off', () => {
    expect(nearest('colour', ['port', 'host'])).toBeNull();
    expect(nearest('x', [])).toBeNull();
    expect(nearest('', ['Employee ID'])).toBeNull();
    expect(nearest('---', ['Employee ID'])).toBeNull();
    expect(nearest('Team', ['Employment Status', 'Start'])).toBeNull();
    expect(nearest('abc', ['xyz'])).toBeNull();
  });

  it('prefers the closest, and the first of equals', () => {
    expect(nearest('rows', ['row', 'rows_', 'rows'])).toBe('rows');
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
  });
});
