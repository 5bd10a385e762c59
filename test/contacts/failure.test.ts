import { describe, expect, it } from 'vitest';
import { failureOf, retryAfterMs } from '../../src/contacts/failure.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 2, 15, 0);

function failure(status: number, body: string | null = '', isWrite = true) {
  const asked = { isWrite, baseUrl: 'https://app.useworkshop.com/api', nowMs: NOW_MS };
  return failureOf({ status, body, retryAfter: null, location: null }, asked);
}

describe('the status', () => {
  it.each([
    [400, 'refused'],
    [401, 'fatal'],
    [402, 'refused'],
    [403, 'fatal'],
    [404, 'not_found'],
    [405, 'refused'],
    [408, 'transient'],
    [409, 'conflict'],
    [413, 'refused'],
    [422, 'refused'],
    [425, 'transient'],
    [429, 'rate_limited'],
    [500, 'transient'],
    [503, 'transient'],
    [599, 'transient'],
  ])('%d is %s', (status, kind) => {
    expect(failure(status).kind).toBe(kind);
  });

  it.each([
    [408, true],
    [425, false],
    [500, true],
    [502, true],
  ])('%d leaves a write in doubt: %s; a look-up never', (status, ambiguous) => {
    expect(failure(status)).toMatchObject({ ambiguous });
    expect(failure(status, '', false)).toMatchObject({ ambiguous: false });
  });

  it.each([
    '{"error":{"email":["has already been taken"]}}',
    '{"error":{"phone_number":["must be unique"]}}',
    '{"error":"Email already exists"}',
  ])('422 with %s is a conflict', (body) => {
    expect(failure(422, body).kind).toBe('conflict');
  });

  it.each(['{"error":{"email":["is invalid"]}}', '<h1>taken</h1>', ''])('422 with %s is refused', (body) => {
    expect(failure(422, body).kind).toBe('refused');
  });
});

describe('the message', () => {
  it.each([
    ['{"error":"Contact with the given ID was not found."}', 'Contact with the given ID was not found.'],
    ['{"error":{"email":["is invalid"]}}', 'email: is invalid'],
    ['{"error":{"email":["is invalid","is short"],"name":"is blank"}}', 'email: is invalid, is short; name: is blank'],
    ['{"error":["first","second"]}', 'first; second'],
    ['{"error":{"attributes":{"office":["is too long"]}}}', 'attributes: office: is too long'],
    ['{"message":"Slow down"}', 'Slow down'],
    ['{"error":null}', 'no reason given (400 Bad Request)'],
    ['{}', 'no reason given (400 Bad Request)'],
    ['', 'no reason given (400 Bad Request)'],
    ['plain words', 'plain words'],
    ['<html><head><title>502 Bad\n Gateway</title>', 'a web page instead of an answer ("502 Bad Gateway")'],
    ['<!doctype html><p>x', 'a web page instead of an answer'],
  ])('of %s is %s', (body, message) => {
    expect(failure(400, body)).toMatchObject({ message });
  });

  it('is one line without escapes, controls and marks that turn the writing direction', () => {
    const body = JSON.stringify({ error: 'a\u001b[31mb\u001b[0m\u001b]0;title\u0007c\r\nd\u0000e\u202ef\u009b2Jg' });
    expect(failure(400, body)).toMatchObject({ message: 'abc d efg' });
  });

  it('is at most 500 characters', () => {
    const answer = failure(400, JSON.stringify({ error: '😀'.repeat(600) }));
    const message = 'message' in answer ? answer.message : '';
    expect([message.length <= 500, message.endsWith('😀…')]).toEqual([true, true]);
  });

  it('of a body that could not be read is the status', () => {
    expect(failure(503, null)).toMatchObject({ message: 'no reason given (503 Service Unavailable)' });
  });
});

describe('Retry-After', () => {
  it.each([
    [null, null],
    ['', null],
    ['soon', null],
    ['soon 5', null],
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['-3', 0],
    ['999999999', 999_999_999_000],
    ['Mon, 23 Nov 2026 02:15:30 GMT', 30_000],
    ['Monday, 23-Nov-26 02:15:30 GMT', 30_000],
    ['Mon Nov 23 02:15:30 2026', 30_000],
    ['Mon, 23 Nov 2026 02:14:30 GMT', 0],
    ['Mon, 99 Foo 2026 02:14:30 GMT', null],
  ])('%j asks for %s ms', (header, expected) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(expected);
  });
});
