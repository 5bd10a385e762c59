// Who may import whom, and which file is the door to which package: the two tables of the house, as data.

import type { Import, SourceFile } from './source-files.ts';

interface Layer {
  readonly files: RegExp;
  /** Layers from which it may import anything; always also itself. */
  readonly any: readonly string[];
  /** Layers from which it may import types. */
  readonly types: readonly string[];
}

const CORE = ['roster', 'plan'];
const EDGES = ['source', 'contacts', 'answers', 'store', 'write'];
const BELOW_STORY = ['leaf', 'log', 'progress', 'settings', ...CORE, 'report', ...EDGES, 'apply'];
const EVERYTHING = [...BELOW_STORY, 'guess', 'config', 'story', 'daemon', 'emulator', 'commands', 'cli'];

/**
 * The first that matches is the layer of a file. The pure functions of the core are for everybody above it; the
 * edges know neither each other nor how the configuration is written, only what it became.
 */
const LAYERS: Readonly<Record<string, Layer>> = {
  leaf: { files: /^(errors|exit-codes|invariant|clock|nearest|version)\.ts$/, any: [], types: [] },
  log: { files: /^log\.ts$/, any: ['leaf'], types: [] },
  progress: { files: /^progress\.ts$/, any: ['leaf'], types: [] },
  roster: { files: /^roster\//, any: ['leaf'], types: [] },
  plan: { files: /^plan\//, any: ['leaf', 'roster'], types: [] },
  guess: { files: /^guess\//, any: ['leaf', 'roster'], types: [] },
  write: { files: /^report\/(write|prune)\.ts$/, any: ['leaf', 'report', ...CORE], types: [] },
  report: { files: /^report\//, any: ['leaf', ...CORE], types: [] },
  source: { files: /^source\//, any: ['leaf', ...CORE], types: ['settings', 'log', 'progress'] },
  answers: { files: /^contacts\/(failure|message|payload|quota)\.ts$/, any: ['leaf', ...CORE], types: ['contacts'] },
  contacts: { files: /^contacts\//, any: ['leaf', 'answers', ...CORE], types: ['settings', 'log'] },
  store: { files: /^store\//, any: ['leaf', ...CORE], types: ['settings', 'log'] },
  apply: {
    files: /^apply\//,
    any: ['leaf', ...CORE, 'answers'],
    types: ['contacts', 'store', 'settings', 'log', 'progress'],
  },
  settings: { files: /^config\/settings\.ts$/, any: [], types: CORE },
  config: { files: /^config\//, any: ['leaf', 'settings', ...CORE], types: [] },
  story: { files: /^((sync|gather)\.ts$|(feed|judge)\/)/, any: BELOW_STORY, types: [] },
  daemon: { files: /^daemon\//, any: [...BELOW_STORY, 'config', 'story'], types: [] },
  emulator: { files: /^emulator\//, any: [], types: [] },
  commands: { files: /^commands\//, any: EVERYTHING, types: [] },
  cli: { files: /^cli\.ts$/, any: EVERYTHING, types: [] },
  main: { files: /^main\.ts$/, any: EVERYTHING, types: [] },
};

/** A package that is not here has no door yet. `types`: where its types alone may also be named. */
const DOORS: Readonly<Record<string, { readonly files: RegExp; readonly types?: RegExp }>> = {
  'ssh2-sftp-client': { files: /^source\/sftp/ },
  ssh2: { files: /^$/, types: /^source\/sftp/ },
  picomatch: { files: /^source\/pick\.ts$/ },
  'csv-parse': { files: /^roster\/csv\.ts$/ },
  'iconv-lite': { files: /^roster\/transcode\.ts$/ },
  openpgp: { files: /^source\/pgp/ },
  yauzl: { files: /^source\/zip\.ts$/ },
  'libphonenumber-js': { files: /^roster\/phone\.ts$/ },
  'p-queue': { files: /^apply\/pace\.ts$/ },
  'p-retry': { files: /^apply\/pace\.ts$/ },
  'better-sqlite3': { files: /^store\/(database|lock)\.ts$/, types: /^store\// },
  undici: { files: /^contacts\/http\.ts$/, types: /^contacts\/exchange\.ts$/ },
  zod: { files: /^config\// },
  yaml: { files: /^config\// },
  commander: { files: /^cli\.ts$/ },
  pino: { files: /^log\.ts$/ },
  'pino-pretty': { files: /^log\.ts$/ },
  'cli-progress': { files: /^progress\.ts$/ },
  'node-cron': { files: /^daemon\/schedule\.ts$/ },
  'prom-client': { files: /^daemon\// },
  hono: { files: /^(emulator\/|daemon\/server\.ts$)/ },
  '@hono/node-server': { files: /^(emulator\/|daemon\/server\.ts$)/ },
};

/** Imports that go up or sideways, and files that belong to no layer. */
export function layerBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const own = layerOf(file.path);
    const layer = own === undefined ? undefined : LAYERS[own];
    if (layer === undefined) return [`${file.path}:1 belongs to no layer`];
    return file.imports.flatMap((imported) => {
      if (!imported.target.startsWith('src/')) return [];
      const other = layerOf(imported.target) ?? 'no layer';
      if (other === own || layer.any.includes(other)) return [];
      if (layer.types.includes(other)) return imported.typeOnly ? [] : [told(file, imported, `only types of ${other}`)];
      return [told(file, imported, `${own} knows nothing of ${other}`)];
    });
  });
}

/** Packages that are imported elsewhere than at their door, also by `import()` and `require()`. */
export function doorBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const name = packageOf(imported.target);
      if (name === null) return [];
      const door = DOORS[name];
      if (door === undefined) return [told(file, imported, 'a package without a door')];
      const path = file.path.replace(/^src\//, '');
      if (door.files.test(path) || (imported.typeOnly && door.types?.test(path) === true)) return [];
      return [told(file, imported, 'not its door')];
    }),
  );
}

// Constructors are named so: what they return is built in `commands/` and handed down.
const CONSTRUCTOR = /^(create|open|connect|start)[A-Z]/;

/** Where the story constructs its parts itself. */
export function constructions(files: readonly SourceFile[]): string[] {
  const story = files.filter((file) => layerOf(file.path) === 'story');
  return story.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const layer = layerOf(imported.target);
      if (imported.typeOnly || layer === undefined || !['log', 'progress', 'apply', ...EDGES].includes(layer))
        return [];
      const made = imported.names.filter((name) => CONSTRUCTOR.test(name) || isConstructed(file, name));
      return made.map((name) => told(file, imported, `${name} is constructed in commands/`));
    }),
  );
}

function isConstructed(file: SourceFile, name: string): boolean {
  return new RegExp(`\\bnew ${name}\\b`).test(file.bare);
}

function layerOf(path: string): string | undefined {
  const inside = path.replace(/^src\//, '');
  return Object.entries(LAYERS).find(([, { files }]) => files.test(inside))?.[0];
}

function packageOf(target: string): string | null {
  if (/^(node:|src\/|test\/)/.test(target) || target.endsWith('package.json')) return null;
  const [scope = '', name = ''] = target.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

function told(file: SourceFile, { line, target }: Import, why: string): string {
  return `${file.path}:${line} imports ${target}: ${why}`;
}
