// What an OpenSSH known_hosts file says of one server: which keys are its own, and which must never be trusted.

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface KnownKeys {
  /** Public keys in wire form, base64. */
  readonly trusted: readonly string[];
  readonly revoked: readonly string[];
  /** The types of the trusted keys: `ssh-ed25519`. */
  readonly types: readonly string[];
}

/**
 * The keys that `text` lists for the server: plain, `[host]:port` and hashed names, comma lists, `*` and `?`,
 * `!` and @revoked. Lines of certificate authorities and lines that cannot be read are passed over.
 */
export function findKnownKeys(text: string, host: string, port: number): KnownKeys {
  const names = [host.toLowerCase(), `[${host.toLowerCase()}]:${port}`];
  const lines = text.split(/\r?\n/).flatMap(parseLine);
  const ours = lines.filter(({ hosts }) => matchesHosts(hosts, names));
  const trusted = ours.filter(({ marker }) => marker === null);
  return {
    trusted: trusted.map(({ key }) => key),
    revoked: ours.filter(({ marker }) => marker === '@revoked').map(({ key }) => key),
    types: [...new Set(trusted.map(({ type }) => type))],
  };
}

interface Line {
  readonly marker: string | null;
  readonly hosts: string;
  readonly type: string;
  readonly key: string;
}

function parseLine(line: string): Line[] {
  if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? null) : null;
  const [hosts, type, key] = words;
  return hosts === undefined || type === undefined || key === undefined ? [] : [{ marker, hosts, type, key }];
}

function matchesHosts(hosts: string, names: readonly string[]): boolean {
  if (hosts.startsWith('|')) return names.some((name) => matchesHash(hosts, name));
  const patterns = hosts.toLowerCase().split(',');
  const denied = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (names.some((name) => denied.some((pattern) => matchesPattern(pattern, name)))) return false;
  return names.some((name) => patterns.some((pattern) => matchesPattern(pattern, name)));
}

function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = hashed.split('|');
  if (version !== '1') return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function matchesPattern(pattern: string, name: string): boolean {
  if (pattern.startsWith('!')) return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
