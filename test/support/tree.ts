// What a directory holds, byte for byte, to prove that nothing was changed.

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every path below `directory` with a hash of its content, its mode and its time of change. */
export function hashTree(directory: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, entry);
    const stat = lstatSync(path);
    const content = stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'directory';
    tree[entry] = `${content} ${stat.mode} ${stat.isFile() ? stat.mtimeMs : ''}`;
  }
  return tree;
}
