// The house keeps its own rules (architecture §6.16): each is held by every file, and each would notice a breach.

import { describe, expect, it } from 'vitest';
import { RULES } from './architecture/rules.ts';
import { readSourceFiles, sourceFile } from './architecture/source-files.ts';

const files = readSourceFiles();

describe.each(RULES)('$says', ({ find, broken }) => {
  it('holds', () => {
    expect(find(files).join('\n')).toBe('');
  });

  it.each(Object.keys(broken))('would be noticed if %s broke it', (path) => {
    const breach = sourceFile(path, broken[path] ?? '');
    expect(find([breach]).map((at) => at.replace(/:\d+ .*/, ''))).toEqual([path]);
  });
});

describe('the reader of source files', () => {
  it('sees all files', () => {
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['src/main.ts', 'src/roster/map.ts', 'test/architecture.test.ts']),
    );
  });

  it('sees neither comments nor strings, and loses no line', () => {
    const { bare, code, text } = sourceFile(
      'src/a.ts',
      ['const a = /["\'`]/; // console.a', "/* console.b\n */ const b = 'console.c';", 'console.d(a / b / 2);'].join(
        '\n',
      ),
    );
    expect(bare.match(/console\.\w/g)).toEqual(['console.d']);
    expect(code.match(/console\.\w/g)).toEqual(['console.c', 'console.d']);
    expect(bare.split('\n')).toHaveLength(text.split('\n').length);
  });

  it('sees every form of import, and whether it is of types only', () => {
    const { imports } = sourceFile(
      'src/store/a.ts',
      `import x from '../errors.ts';
import type { Y } from './y.ts';
import {
  type A,
  type B as C,
} from '../plan/plan.ts';
import { type D, e } from 'zod';
export * from './all.ts';
import './side.ts';
const f = await import('undici') as typeof import('yaml');`,
    );
    expect(imports.map(({ target, typeOnly, line }) => `${line} ${target}${typeOnly ? ' (types)' : ''}`)).toEqual([
      '1 src/errors.ts',
      '2 src/store/y.ts (types)',
      '3 src/plan/plan.ts (types)',
      '7 zod',
      '8 src/store/all.ts',
      '9 src/store/side.ts',
      '10 undici',
      '10 yaml (types)',
    ]);
    expect(imports[2]?.names).toEqual(['A', 'B']);
  });
});
