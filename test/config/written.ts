// The smallest configuration that is valid, ways to change a line of it, and what the program says of it.

import { type Parsed, parseConfiguration, problemText } from '../../src/config/parse.ts';
import type { Settings } from '../../src/config/settings.ts';

export const SMALLEST = `workshop:
  api_key: \${WORKSHOP_API_KEY}
feeds:
  - name: employees
    source:
      type: folder
      directory: inbox
    file: "employees_*.csv"
    kind: full
    missing: delete
    contact:
      external_id: Employee ID
      first_name: First Name
      last_name: Last Name
      email: Email
`;

export const FINGERPRINT = `SHA256:${'A'.repeat(43)}`;

/** An SFTP source instead of the folder; `lines` are further keys of it. */
export function withSftp(...lines: string[]): string {
  const keys = ['type: sftp', 'host: sftp.example.com', 'username: workshop', 'directory: /outbound', ...lines];
  return changed('      type: folder\n      directory: inbox', keys.map((line) => `      ${line}`).join('\n'));
}

/** The smallest configuration with one piece replaced. */
export function changed(from: string, to: string): string {
  if (!SMALLEST.includes(from)) throw new Error(`the smallest configuration has no ${from}`);
  return SMALLEST.replace(from, () => to);
}

/** The smallest configuration with more lines at its end; two or more blanks first continue the last field or feed. */
export function added(lines: string): string {
  return `${SMALLEST}${lines}\n`;
}

/** With the email field given as `field`, in YAML. */
export function withEmail(field: string): string {
  return changed('email: Email', `email: ${field}`);
}

export function parse(text: string, environment: Record<string, string> = {}): Parsed {
  return parseConfiguration(text, {
    environment: { WORKSHOP_API_KEY: 'wk-123', ...environment },
    directories: { configuration: '/etc/sync', current: '/srv', state: environment.STATE_DIRECTORY },
  });
}

/** What a user would read, a line for each problem. */
export function problemsOf(text: string, environment: Record<string, string> = {}): string[] {
  const parsed = parse(text, environment);
  return parsed.ok ? [] : parsed.problems.map(problemText);
}

export function settingsOf(text: string, environment: Record<string, string> = {}): Settings {
  const parsed = parse(text, environment);
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'));
  return parsed.settings;
}
