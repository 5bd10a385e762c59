// The TypeScript files of this repository as the rules of the house look at them: by line, without comments, without
// strings, and with what they import.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** From the root of the repository: `src/roster/map.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments blanked out; every line keeps its number. */
  readonly code: string;
  /** The code with quoted strings and regular expressions blanked out as well. */
  readonly bare: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As a path from the root for our own files, else as written: `src/errors.ts`, `node:fs`, `zod`. */
  readonly target: string;
  readonly typeOnly: boolean;
  /** The names that are imported; empty for a dynamic import. */
  readonly names: readonly string[];
  readonly line: number;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Every file under `src` and `test`. */
export function readSourceFiles(): SourceFile[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .sort()
      .map((path) => sourceFile(path, readFileSync(`${ROOT}${path}`, 'utf8'))),
  );
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = text.replace(TOKEN, (token) => (isComment(token) ? blank(token) : token));
  const bare = code.replace(TOKEN, (token) => (token.startsWith('`') ? token : blank(token)));
  return { path, text, code, bare, imports: [...importsOf(path, code)].sort((a, b) => a.line - b.line) };
}

/** Where `pattern` occurs, as `path:line what`. */
export function occurrences(path: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => {
    return `${path}:${lineAt(text, match.index)} ${match[0].trim()}`;
  });
}

// A comment, a string, a template, or a regular expression (a slash where no operand has just ended).
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};+\-*%~^<>]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

function isComment(token: string): boolean {
  return token.startsWith('//') || token.startsWith('/*');
}

function blank(token: string): string {
  return token.replace(/[^\n]/g, ' ');
}

const STATIC = /^(?:import|export)\s+(type\s+)?([^'"`;=()]*?)\s*from\s*['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^import\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const REQUIRED = /\b(?:require|createRequire\([^)]*\))\(\s*['"]([^'"]+)['"]\s*\)/g;

function* importsOf(path: string, code: string): Generator<Import> {
  const at = (match: RegExpExecArray) => lineAt(code, match.index);
  for (const match of code.matchAll(STATIC)) {
    const [, type, clause = '', specifier = ''] = match;
    const specifiers = clause
      .replace(/[{}]/g, ',')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const typeOnly = type !== undefined || specifiers.every((name) => name.startsWith('type '));
    const names = specifiers.map((name) => name.replace(/^type /, '').replace(/ as .*/, ''));
    yield { target: targetOf(path, specifier), typeOnly, names, line: at(match) };
  }
  for (const match of code.matchAll(DYNAMIC)) {
    yield { target: targetOf(path, match[2] ?? ''), typeOnly: match[1] !== undefined, names: [], line: at(match) };
  }
  for (const match of [...code.matchAll(SIDE_EFFECT), ...code.matchAll(REQUIRED)]) {
    yield { target: targetOf(path, match[1] ?? ''), typeOnly: false, names: [], line: at(match) };
  }
}

function targetOf(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
