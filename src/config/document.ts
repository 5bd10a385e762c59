// Reads the YAML text into plain values and remembers where each one stands. Variables are replaced here, in
// values only, after YAML has been understood: no value from the environment can change the structure.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { accepts, type Expected, expectedAt, expectedRoot, narrowed, offers } from './expected.ts';
import { type Found, type Path, Places, type Problem, shown } from './places.ts';
import { syntaxProblems } from './syntax.ts';
import { type Environment, replaceVariables } from './variables.ts';

export interface ConfigurationDocument {
  /** Groups as objects, lists as arrays, the rest as the schema expects it; undefined where a problem was found. */
  readonly value: unknown;
  readonly places: Places;
  readonly problems: readonly Problem[];
  /** YAML itself was not understood: there is no value to look at. */
  readonly broken: boolean;
}

/** Anchors make files small and values large; nobody's configuration has more values or levels than this. */
const MOST_VALUES = 200_000;
const MOST_LEVELS = 50;

/** Reads YAML; never throws for what the text holds. */
export function readDocument(text: string, environment: Environment): ConfigurationDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const troubles = syntaxProblems([...document.errors, ...document.warnings], lines);
  const places = new Places();
  if (troubles.length > 0) return { value: undefined, places, problems: troubles, broken: true };
  const walk = new Walk({ document, lines, environment, places });
  const value = walk.read(document.contents, { path: [], expected: expectedRoot(), inList: false });
  return { value, places, problems: walk.problems, broken: false };
}

interface WalkParts {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly environment: Environment;
  readonly places: Places;
}

interface Spot {
  readonly path: Path;
  readonly expected: Expected;
  readonly inList: boolean;
  /** Where the key stands; a group or list is pointed at by its key. */
  readonly keyOffset?: number | undefined;
  readonly offset?: number | undefined;
}

class Walk {
  readonly problems: Problem[] = [];
  readonly #parts: WalkParts;
  #valueCount = 0;

  constructor(parts: WalkParts) {
    this.#parts = parts;
  }

  read(written: unknown, spot: Spot): unknown {
    const node = isAlias(written) ? written.resolve(this.#parts.document) : written;
    const offset = offsetOf(written);
    if (node === undefined) {
      this.#place({ ...spot, offset }, { kind: 'empty' });
      this.#report(offset, spot.path, 'begins with *, which refers to an anchor that is not there; put it in quotes');
      return undefined;
    }
    this.#valueCount += 1;
    if (this.#valueCount > MOST_VALUES || spot.path.length > MOST_LEVELS) {
      this.#tooMuch(spot);
      return undefined;
    }
    if (isMap(node)) return this.#readGroup(node, { ...spot, offset });
    if (isSeq(node)) return this.#readList(node, { ...spot, offset });
    if (isScalar(node)) return this.#readScalar(node, { ...spot, offset });
    this.#place({ ...spot, offset }, { kind: 'empty' });
    return null;
  }

  #readGroup(group: YAMLMap, spot: Spot): Record<string, unknown> {
    this.#place(spot, { kind: 'group' });
    const expected = narrowed(spot.expected, (key) => group.get(key));
    const entries = new Map<string, unknown>();
    for (const pair of group.items) {
      const key = this.#readKey(pair, spot);
      if (key === null) continue;
      const path = [...spot.path, key];
      const keyOffset = offsetOf(pair.key);
      if (entries.has(key)) {
        this.#report(keyOffset, path, `is written twice, first on line ${this.#parts.places.of(path).line}; keep one`);
        continue;
      }
      entries.set(key, this.read(pair.value, { path, expected: expectedAt(expected, key), inList: false, keyOffset }));
    }
    return Object.fromEntries(entries);
  }

  #readKey(pair: Pair, spot: Spot): string | null {
    if (!isScalar(pair.key)) {
      this.#report(offsetOf(pair.key), spot.path, 'has a key that is no text; a key is a word followed by a colon');
      return null;
    }
    const key = sourceOf(pair.key);
    // Objects have this key from birth: it would vanish without a word.
    if (key !== '__proto__') return key;
    this.#report(offsetOf(pair.key), spot.path, `has the key ${shown(key)}, which cannot be used`);
    return null;
  }

  #readList(list: YAMLSeq, spot: Spot): unknown[] {
    this.#place(spot, { kind: 'list' });
    return list.items.map((item, index) =>
      this.read(item, { path: [...spot.path, index], expected: expectedAt(spot.expected, index), inList: true }),
    );
  }

  #readScalar(scalar: Scalar, spot: Spot): unknown {
    if (typeof scalar.value === 'string') return this.#readText(scalar.value, spot);
    const source = scalar.source ?? '';
    if (scalar.value === null) {
      const isWord =
        source !== '' && (offers(spot.expected, source) || (spot.inList && accepts(spot.expected, 'string')));
      this.#place(spot, isWord ? { kind: 'text', source } : { kind: 'empty' });
      return isWord ? source : null;
    }
    this.#place(spot, { kind: 'plain', source });
    const own = typeof scalar.value === 'boolean' ? 'boolean' : 'number';
    return accepts(spot.expected, 'string') && !accepts(spot.expected, own) ? source : scalar.value;
  }

  #readText(written: string, spot: Spot): unknown {
    const { text, names, problems } = replaceVariables(written, this.#parts.environment);
    this.#place(spot, names.length === 0 ? { kind: 'text', source: written } : { kind: 'variable', names });
    for (const problem of problems) this.#report(spot.offset, spot.path, problem);
    if (problems.length > 0) return undefined;
    return names.length === 0 ? text : asExpected(text, spot.expected);
  }

  #place(spot: Spot, found: Found): void {
    const isValue = found.kind === 'text' || found.kind === 'plain' || found.kind === 'variable';
    const { line, col } = this.#parts.lines.linePos((isValue ? spot.offset : (spot.keyOffset ?? spot.offset)) ?? 0);
    this.#parts.places.add(spot.path, { line, column: col, found });
  }

  #report(offset: number | undefined, path: Path, phrase: string): void {
    const problem = this.#parts.places.remark(path, phrase);
    if (offset === undefined) this.problems.push(problem);
    else {
      const { line, col } = this.#parts.lines.linePos(offset);
      this.problems.push({ ...problem, line, column: col });
    }
  }

  #tooMuch(spot: Spot): void {
    if (this.problems.some(({ message }) => message.endsWith(TOO_MUCH))) return;
    this.#report(spot.keyOffset, spot.path.slice(0, 2), TOO_MUCH);
  }
}

const TOO_MUCH = 'holds more than a configuration can, or an anchor (&) that contains itself';

/** A variable where no text belongs, such as a port: read as YAML would have read it. */
function asExpected(text: string, expected: Expected): unknown {
  if (accepts(expected, 'null') && (text === '' || text === 'null')) return null;
  if (accepts(expected, 'string') || expected.length === 0) return text;
  if (accepts(expected, 'boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (accepts(expected, 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

/** As it stands in the file: `001` is not 1. */
function sourceOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
