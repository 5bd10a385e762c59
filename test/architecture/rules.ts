// The rules of the house that a machine can check, each with an example that breaks it: a rule that finds nothing in its
// own example would find nothing anywhere.

import { constructions, doorBreaches, layerBreaches } from './import-rules.ts';
import { occurrences, type SourceFile } from './source-files.ts';

export interface Rule {
  readonly says: string;
  /** `file:line what`, one for each breach. */
  readonly find: (files: readonly SourceFile[]) => string[];
  /** Path and text of files, each of which breaks it once. */
  readonly broken: Readonly<Record<string, string>>;
}

const MOST_LINES = 250;
// Written apart, so that this file keeps its own rule.
const UNFINISHED = ['TO', 'DO'].join('');

export const RULES: readonly Rule[] = [
  {
    says: 'a file imports only what lies below it (architecture §3)',
    find: (files) => layerBreaches(files.filter(isSource)),
    broken: {
      'src/errors.ts': `import type { Log } from './log.ts';`,
      'src/roster/map.ts': `export { createLog } from '../log.ts';`,
      'src/source/sftp.ts': `import {\n  type Store,\n} from '../store/store.ts';`,
      'src/store/runs.ts': `import { Settings } from '../config/settings.ts';`,
      'src/apply/apply.ts': `const { openHttp } = await import('../contacts/http.ts');`,
      'src/contacts/http.ts': `import type { Raw } from '../config/schema.ts';`,
      'src/emulator/app.ts': `import { systemClock } from '../clock.ts';`,
      'src/daemon/server.ts': `import '../commands/run.ts';`,
      'src/sync.ts': `import { loadSettings } from './config/load.ts';`,
      'src/queue/queue.ts': '',
    },
  },
  {
    says: 'a package is imported at its one door',
    find: (files) => doorBreaches(files.filter(isSource)),
    broken: {
      'src/log.ts': `import lodash from 'lodash';`,
      'src/daemon/daemon.ts': `const cron = await import('node-cron');`,
      'src/report/html.ts': `import { Hono } from 'hono/tiny';`,
      'src/source/sftp-login.ts': `import { Client } from 'ssh2';`,
      'src/plan/plan.ts': `import type Sqlite from 'better-sqlite3';`,
      'src/cli.ts': `const pretty = createRequire(import.meta.url)('pino-pretty');`,
      'src/roster/header.ts': `import { parse } from 'csv-parse/sync';`,
    },
  },
  {
    says: 'the story constructs nothing: its parts are built in commands/',
    find: (files) => constructions(files),
    broken: {
      'src/sync.ts': `import { Pace } from './apply/pace.ts';\nconst pace = new Pace();`,
      'src/feed/take.ts': `import { openSource } from '../source/open.ts';`,
    },
  },
  {
    says: 'the core has no input or output, no clock and no randomness',
    find: (files) => files.filter(isCore).flatMap(impurities),
    broken: {
      'src/plan/plan.ts': `import { readFileSync } from 'node:fs';`,
      'src/roster/map.ts': `const id = Math.random();`,
      'src/roster/text.ts': `import { randomUUID } from 'node:crypto';`,
      'src/report/report.ts': `import { systemClock } from '../clock.ts';`,
    },
  },
  {
    says: 'the environment is read in config/load alone',
    find: (files) => search(files.filter(isSourceBut('config/load')), /\bprocess\s*(\.env\b|\[)/),
    broken: { 'src/store/lock.ts': 'const home = process.env.HOME;' },
  },
  {
    says: 'main alone ends the process, listens to signals and owns the console',
    find: (files) =>
      search(files.filter(isSourceBut('main')), /\bprocess\.(exit|on|once|addListener|exitCode|kill)\b|\bconsole\./),
    broken: {
      'src/cli.ts': 'process.exit(1);',
      'src/daemon/daemon.ts': "process.once('SIGTERM', stop);",
      'src/report/text.ts': 'console.log(text);',
    },
  },
  {
    says: 'the time is read in clock.ts alone, and by the emulator in a single file of its own',
    find: wallClocks,
    broken: {
      'src/store/runs.ts': 'const at = Date.now();',
      'src/report/text.ts': 'const day = new Date(row.at);',
      'src/emulator/faults.ts': 'const a = Date.now();',
    },
  },
  {
    says: `a file has fewer than ${MOST_LINES} lines`,
    find: (files) =>
      files.flatMap(({ path, text }) => {
        const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
        return lines < MOST_LINES ? [] : [`${path}:${lines} has ${lines} lines`];
      }),
    broken: { 'src/sync.ts': '// x\n'.repeat(MOST_LINES), 'test/sync.test.ts': '// x\n'.repeat(MOST_LINES) },
  },
  {
    says: 'no folder, file, class or function has a name that says nothing',
    find: (files) => [...files.flatMap(emptyPaths), ...search(files, EMPTY_NAME)],
    broken: {
      'src/store/utils.ts': '',
      'test/helpers/people.ts': '',
      'src/emulator/fault-handler.ts': '',
      'src/store/store.ts': 'export class SnapshotManager {}',
      'src/apply/apply.ts': 'async function processOperation() {}',
      'src/apply/settle.ts': 'const handleAnswer = (answer) => answer;',
    },
  },
  {
    says: 'only contacts/http says POST, PATCH and DELETE',
    find: (files) => {
      const others = files.filter(
        ({ path }) => isIn(path, 'src/') && !/^src\/(contacts\/http\.ts$|emulator\/)/.test(path),
      );
      return others.flatMap(({ path, code }) => occurrences(path, code, /(['"`])(POST|PATCH|DELETE)\1/));
    },
    broken: { 'src/apply/settle.ts': "if (method === 'PATCH') return;" },
  },
  {
    // A test file says it in the sentences of its tests.
    says: 'a file opens with a comment that says what it is for',
    find: (files) =>
      files
        .filter(({ path }) => !path.endsWith('.test.ts'))
        .flatMap(({ path, text }) => (/^(#!.*\n)?\s*(\/\/ ?\S|\/\*)/.test(text) ? [] : [`${path}:1 opens without`])),
    broken: {
      'src/clock.ts': 'export const a = 1;',
      'src/main.ts': '#!/usr/bin/env node\nimport x;',
      'test/support/people.ts': 'export const a = 1;',
    },
  },
  {
    says: 'nothing is left for later in the code',
    find: (files) =>
      files.flatMap(({ path, text }) => occurrences(path, text, new RegExp(`\\b(${UNFINISHED}|FIX${'ME'})\\b`))),
    broken: { 'src/clock.ts': `// ${UNFINISHED}: tidy`, 'test/clock.test.ts': `it('x'); // FIX${'ME'}` },
  },
];

function isIn(path: string, folder: string): boolean {
  return path.startsWith(folder);
}

function isSource({ path }: SourceFile): boolean {
  return isIn(path, 'src/');
}

function isSourceBut(name: string): (file: SourceFile) => boolean {
  return (file) => isSource(file) && file.path !== `src/${name}.ts`;
}

function search(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, bare }) => occurrences(path, bare, pattern));
}

function isCore({ path }: SourceFile): boolean {
  return /^src\/(roster|plan|report)\//.test(path) && !/^src\/report\/(write|prune)\.ts$/.test(path);
}

// The two that read the roster file, row by row.
const READS_FILES = /^src\/roster\/(records|decode)\.ts$/;
const HARMLESS = /^node:(buffer|crypto|path|string_decoder|util)$/;
const IMPURE_NAMES = /^(systemClock|elapsedClockMs|random.*|webcrypto|getRandomValues)$/;

function impurities(file: SourceFile): string[] {
  const imported = file.imports.filter(({ target, typeOnly, names }) => {
    if (typeOnly) return false;
    const isWorld = target.startsWith('node:') && !HARMLESS.test(target) && !READS_FILES.test(file.path);
    return isWorld || names.some((name) => IMPURE_NAMES.test(name));
  });
  return [
    ...imported.map(({ line, target, names }) => `${file.path}:${line} imports ${names.join(', ')} from ${target}`),
    ...search([file], /\bMath\.random\b|\bcrypto\.|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b|\bfetch\(/),
  ];
}

function wallClocks(files: readonly SourceFile[]): string[] {
  const readers = files.filter(isSourceBut('clock'));
  const found = search(readers, /\bDate\.now\b|\bnew Date\b|\bDate\(\)/);
  return found.filter((at) => !at.startsWith('src/emulator/clock.ts:'));
}

const EMPTY_PATH =
  /(^|[/-])(utils?|libs?|helpers?|common|types?|services?|models?|misc|managers?|handlers?|processors?)($|[/.-])/;
// Classes that end so, and functions that begin so: words that stand for any other.
const EMPTY_NAME =
  /\bclass \w+(Manager|Service|Handler|Processor|Helper)\b|\b(function|const|let) (process|handle|manage|perform|do)[A-Z]\w*/;

function emptyPaths({ path }: SourceFile): string[] {
  return EMPTY_PATH.test(path) ? [`${path}:1 has a name that says nothing`] : [];
}
