// Checks keys and types against the schema and says what is wrong in sentences. What is of the wrong type is
// taken out, so that the rules between keys can be checked on the rest: every problem at once.

import type { z } from 'zod';
import { nearest } from '../nearest.ts';
import { type Expected, expectedAt, expectedRoot, knownKeys, narrowed } from './expected.ts';
import { type Path, type Places, type Problem, pathText, shown } from './places.ts';
import { configurationSchema, type Draft, type WrittenConfiguration } from './schema.ts';

export interface Shape {
  /** null when there are problems. */
  readonly written: WrittenConfiguration | null;
  readonly draft: Draft;
  readonly problems: readonly Problem[];
}

/** Checks the value of a whole file (specification §4). `taken`: paths whose problem is already known. */
export function checkShape(value: unknown, places: Places, taken: ReadonlySet<string>): Shape {
  const checked = configurationSchema.safeParse(value);
  if (checked.success) {
    // The input passed: it has the written type, without the defaults.
    return { written: checked.data, draft: value as Draft, problems: [] };
  }
  const slips = checked.error.issues.flatMap((issue) => slipsOf(issue, []));
  const problems = slips.filter(({ path }) => !taken.has(pathText(path))).map((slip) => problemOf(slip, places, value));
  // Everything that failed its type is gone, so what is left has the type of a draft.
  return { written: null, draft: without(value, slips) as Draft, problems: distinct(problems) };
}

interface Slip {
  readonly path: Path;
  readonly rule: string;
  readonly unknownKey: boolean;
  /** What cannot be trusted to have its type because of it. */
  readonly spoiled: Path;
}

function slipsOf(issue: z.core.$ZodIssue, around: Path): Slip[] {
  const path = [...around, ...issue.path.filter((key) => typeof key !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      rule: '',
      unknownKey: true,
      spoiled: [...path, key],
    }));
  }
  if (issue.code === 'invalid_union') {
    if (issue.discriminator !== undefined) {
      return [{ path, rule: issue.message, unknownKey: false, spoiled: path.slice(0, -1) }];
    }
    const meant = issue.errors.find(
      (issues) => !issues.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
    );
    if (meant !== undefined) return meant.flatMap((inner) => slipsOf(inner, path));
  }
  return [{ path, rule: issue.message, unknownKey: false, spoiled: path }];
}

function problemOf(slip: Slip, places: Places, value: unknown): Problem {
  if (slip.unknownKey) return unknownKey(slip.path, places, value);
  if (slip.path.length === 0 && value === null) {
    return places.remark([], 'is empty: copy config/workshop-sync.example.yaml and adapt it');
  }
  if (slip.path.length === 0) return places.problem([], 'must be a group of keys such as workshop and feeds');
  if (slip.rule === 'must not be empty' && places.isWritten(slip.path)) return places.remark(slip.path, slip.rule);
  return places.problem(slip.path, slip.rule);
}

function unknownKey(path: Path, places: Places, value: unknown): Problem {
  const key = String(path.at(-1));
  const [name = '', glued] = key.split(/[:=]/, 2);
  if (glued !== undefined) {
    // What follows may be a password: it is not repeated.
    const { line, column } = places.of(path);
    const subject = pathText([...path.slice(0, -1), name]);
    return { line, column, path: subject, message: `${subject} needs a colon and a blank between key and value` };
  }
  const known = knownKeys(expectedFor(path.slice(0, -1), value));
  const meant = nearest(key, known);
  const advice = meant === null ? `the keys here are ${known.join(', ')}` : `did you mean ${shown(meant)}?`;
  return places.remark(path, `is not a known key; ${advice}`);
}

/** What the schema expects at a path of this value. */
function expectedFor(path: Path, value: unknown): Expected {
  let expected = expectedRoot();
  let inner = value;
  for (const key of path) {
    expected = expectedAt(expected, key);
    inner = childOf(inner, key);
    expected = narrowed(expected, (name) => childOf(inner, name));
  }
  return expected;
}

function childOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function without(value: unknown, slips: readonly Slip[]): unknown {
  if (slips.some(({ spoiled }) => spoiled.length === 0)) return {};
  const copy: unknown = structuredClone(value);
  for (const { spoiled } of slips) {
    const parent = spoiled.slice(0, -1).reduce(childOf, copy);
    const key = spoiled.at(-1);
    if (typeof parent !== 'object' || parent === null || key === undefined) continue;
    // In a list the others keep their numbers.
    if (Array.isArray(parent)) Reflect.set(parent, key, undefined);
    else Reflect.deleteProperty(parent, key);
  }
  return copy;
}

/** One sentence for each path: a number can be both broken and too large. */
function distinct(problems: readonly Problem[]): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const problem of problems) {
    const key = `${problem.path}:${problem.line}:${problem.column}`;
    if (!byPath.has(key)) byPath.set(key, problem);
  }
  return [...byPath.values()];
}
