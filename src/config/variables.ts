// `${NAME}` and `${NAME:-default}` in the configuration, replaced from the environment (specification §4).

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Replaced {
  readonly text: string;
  /** The variables it refers to, whether they are set or not. */
  readonly names: readonly string[];
  /** What is wrong, as phrases that follow the key's path. They never hold a value. */
  readonly problems: readonly string[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/** Replaces every reference; `$${` stands for a plain `${`. As in a shell, the default also serves a variable that is set but empty. */
export function replaceVariables(text: string, environment: Environment): Replaced {
  const names: string[] = [];
  const problems: string[] = [];
  const replaced = text.replace(REFERENCE, (reference, body: string | undefined, end: string | undefined) => {
    if (body === undefined) return '${';
    const [, name, fallback] = NAME_AND_DEFAULT.exec(body) ?? [];
    if (name === undefined || end === '') {
      problems.push(MALFORMED);
      return reference;
    }
    names.push(name);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) problems.push(`needs the environment variable ${name}, which is not set`);
    return value ?? '';
  });
  return { text: replaced, names, problems };
}

const MALFORMED =
  'has a "$' +
  '{" that is no reference to a variable: write $' +
  '{NAME} or $' +
  '{NAME:-default}, or $$' +
  '{ for the characters themselves';
