// Where each value of the configuration stands in the file and how it is written there, so that a problem can
// name its line, its path and what was found, without ever showing a secret.

/** The way from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** `feeds[0].contact.email`; empty for the file as a whole. */
  readonly path: string;
  /** A sentence that begins with the path. Never holds the value of a secret key. */
  readonly message: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
  readonly found: Found;
}

/** What is written at a place. */
export type Found =
  | { readonly kind: 'group' | 'list' | 'empty' }
  | { readonly kind: 'text'; readonly source: string }
  /** A number or a boolean. */
  | { readonly kind: 'plain'; readonly source: string }
  /** The value comes from the environment: it is not for showing. */
  | { readonly kind: 'variable'; readonly names: readonly string[] };

const SECRET_KEYS: ReadonlySet<string> = new Set(['api_key', 'password', 'passphrase', 'url', 'smtp_url']);
const SHOWN_LENGTH = 60;

/** `feeds[0].contact.attributes["Cost Center"]` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${text}[${shown(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** Text of the file as a message shows it: quoted, on one line, not too long, without control characters. */
export function shown(text: string): string {
  const short = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return JSON.stringify(short).replace(/\p{C}/gu, '?');
}

/** Every value of one file by its path. */
export class Places {
  readonly #places = new Map<string, Place>();

  add(path: Path, place: Place): void {
    this.#places.set(pathText(path), place);
  }

  isWritten(path: Path): boolean {
    return this.#places.has(pathText(path));
  }

  /** Where it is, or where the closest group around it begins. */
  of(path: Path): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = this.#places.get(pathText(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return { line: 1, column: 1, found: { kind: 'empty' } };
  }

  /** Is it written out, rather than taken from the environment? */
  isLiteral(path: Path): boolean {
    const place = this.#places.get(pathText(path));
    return place !== undefined && place.found.kind !== 'variable' && place.found.kind !== 'empty';
  }

  /** A problem with a value: the path, the rule and what was found instead. */
  problem(path: Path, rule: string): Problem {
    if (!this.isWritten(path)) return this.missing(path, rule);
    return this.remark(path, `${rule}, but it is ${this.#describe(path)}`);
  }

  /** A problem with a key that is not there. */
  missing(path: Path, rule: string): Problem {
    return this.remark(path, `is missing: it ${rule}`);
  }

  /** A problem that tells by itself what was found. */
  remark(path: Path, phrase: string): Problem {
    const { line, column } = this.of(path);
    const subject = path.length === 0 ? 'the configuration' : pathText(path);
    return { line, column, path: pathText(path), message: `${subject} ${phrase}` };
  }

  #describe(path: Path): string {
    const { found } = this.of(path);
    switch (found.kind) {
      case 'group':
        return 'a group of keys';
      case 'list':
        return 'a list';
      case 'empty':
        return 'empty';
      case 'variable':
        return `what ${found.names.map((name) => `$${name}`).join(' and ')} stands for`;
      case 'plain':
        return isSecret(path) ? 'something else' : found.source;
      case 'text':
        return isSecret(path) ? 'something else' : shown(found.source);
    }
  }
}

/** The values of these keys are never shown, wherever they stand. */
export function isSecret(path: Path): boolean {
  const names = path.filter((key) => typeof key === 'string');
  return names.some((name) => SECRET_KEYS.has(name));
}
