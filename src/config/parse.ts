// The text of a configuration file becomes settings, or a list of everything that is wrong with it. Pure: the
// environment comes in as a value, and files that hold secrets are named, not read.

import { type Composed, compose, type Directories } from './compose.ts';
import { readDocument } from './document.ts';
import type { Path, Places, Problem } from './places.ts';
import { checkRules } from './rules.ts';
import type { WrittenConfiguration } from './schema.ts';
import { checkShape } from './shape.ts';
import type { Environment } from './variables.ts';

export interface ParseContext {
  readonly environment: Environment;
  readonly directories: Directories;
}

export type Parsed =
  | (Composed & {
      readonly ok: true;
      /** Sentences with their lines. */
      readonly warnings: readonly string[];
      /** To name the line of a problem that shows only later, such as a secret file that cannot be read. */
      readonly places: Places;
    })
  /** In the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a configuration (specification §4). Never throws for what it holds: every problem is in the answer, at once. */
export function parseConfiguration(text: string, { environment, directories }: ParseContext): Parsed {
  const { value, places, problems, broken } = readDocument(text, environment);
  if (broken) return { ok: false, problems: inFileOrder(problems) };
  const shape = checkShape(value, places, new Set(problems.map(({ path }) => path)));
  const isGroup = places.of([]).found.kind === 'group';
  const ruled = isGroup ? checkRules({ draft: shape.draft, places }) : [];
  const all = [...problems, ...shape.problems, ...ruled];
  if (all.length > 0 || shape.written === null) return { ok: false, problems: inFileOrder(all) };
  const warnings = literalSecrets(shape.written, places).map(problemText);
  return { ok: true, ...compose(shape.written, directories), warnings, places };
}

/** `line 12: feeds[0].missing must be "delete" or "keep", but it is "remove"` */
export function problemText({ line, message }: Problem): string {
  return `line ${line}: ${message}`;
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

/** Accepted, because a trial should be easy; but files get copied and committed (specification §15). */
function literalSecrets({ feeds }: WrittenConfiguration, places: Places): Problem[] {
  const secrets: Path[] = [
    ['workshop', 'api_key'],
    ...feeds.flatMap((_feed, index): Path[] => [
      ['feeds', index, 'source', 'password'],
      ['feeds', index, 'source', 'passphrase'],
    ]),
  ];
  return secrets
    .filter((path) => places.isLiteral(path))
    .map((path) =>
      places.remark(
        path,
        `is a secret written into the file; take it from an environment variable or from ${path.at(-1)}_file`,
      ),
    );
}
