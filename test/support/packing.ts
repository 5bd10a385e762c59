// Files to unpack: a directory for one test, what a feed says of them, and everything that unpacking one needs.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PackingSettings, PgpSecrets } from '../../src/config/settings.ts';
import { FeedError } from '../../src/errors.ts';
import type { UnpackLimits } from '../../src/source/layer.ts';
import { type Unpacked, unpack } from '../../src/source/unpack.ts';
import { temporaryDirectory } from './store.ts';

export interface Delivered extends Partial<Omit<PackingSettings, 'pgp'>> {
  readonly content: string | Uint8Array;
  readonly keys?: PgpSecrets;
  readonly limits?: UnpackLimits;
  readonly signal?: AbortSignal;
}

/** Where a file is delivered to be unpacked; `names` tells what lies there afterwards. */
export function packingPlace(directory = temporaryDirectory()) {
  const path = join(directory, 'roster');
  const open = async ({ content, keys, limits, signal, ...packing }: Delivered): Promise<Unpacked> => {
    writeFileSync(path, content);
    const pgp = keys === undefined ? null : { mustBeSigned: keys.verifyKey !== null };
    return await unpack({
      file: { path, name: 'employees.csv.xyz', size: Buffer.byteLength(content) },
      feed: { name: 'employees', packing: { compression: 'auto', zipEntry: null, pgp, ...packing } },
      keys: keys ?? null,
      signal: signal ?? new AbortController().signal,
      ...(limits === undefined ? {} : { limits }),
    });
  };
  return {
    path,
    open,
    names: () => readdirSync(directory).toSorted(),
    /** The text that comes out. */
    async read(delivered: Delivered): Promise<string> {
      const { path: plainPath, size } = await open(delivered);
      const text = readFileSync(plainPath);
      expect(size).toBe(text.length);
      return text.toString('utf8');
    },
    /** The trouble that is told, of which nothing is left behind. */
    async troubleOf(delivered: Delivered): Promise<{ trouble: string; message: string; hint: string }> {
      const error = await open(delivered).then(
        () => new Error('nothing was thrown'),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof FeedError)) throw error;
      expect(existsSync(`${path}.unpacking`) || existsSync(`${path}.unpacked`), 'left behind').toBe(false);
      const { trouble, message, hint } = error;
      return { trouble, message, hint };
    },
  };
}
