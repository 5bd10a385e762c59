// The small pieces that the schema is made of. Each carries its rule as a phrase that follows the key's
// path in a message: `feeds[0].missing` + `must be "delete" or "keep"`.

import { z } from 'zod';
import { DURATION_PATTERN } from './duration.ts';

/** Text that is not empty. */
export function text() {
  return z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' });
}

/** Text of a certain form; `rule` says which. */
export function textLike(pattern: RegExp, rule: string) {
  return z.string({ error: rule }).regex(pattern, { error: rule });
}

/** A path to a file that holds a secret, the `NAME_file` form of a secret key. */
export function secretFile(of: string) {
  return text()
    .optional()
    .describe(
      `Path of a file that holds ${of}, relative to this configuration file. A line end at its end is dropped.`,
    );
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be ${alternatives(words)}` });
}

/** A whole number within limits, both included. */
export function wholeNumber(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** A percentage; fractions are fine. */
export function percent() {
  const error = 'must be a number from 0 to 100';
  return z.number({ error }).min(0, { error }).max(100, { error });
}

export function duration() {
  return textLike(DURATION_PATTERN, 'must be a duration such as 500ms, 30s, 5m, 26h or 7d');
}

/** Keys with values; any other key is an error. */
export function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: 'must be a group of keys' });
}

/** Names of the user's own choice, each with a value. */
export function names<Value extends z.core.SomeType>(value: Value) {
  return z.record(z.string(), value, { error: 'must be a group of keys' });
}

export function list<Item extends z.core.SomeType>(item: Item) {
  return z.array(item, { error: 'must be a list' });
}

export function filledList<Item extends z.core.SomeType>(item: Item) {
  return list(item).min(1, { error: 'must not be empty' });
}

function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
