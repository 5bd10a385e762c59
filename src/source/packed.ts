// What is around the table, told from the first bytes of a file: its name may say anything.

import { open } from 'node:fs/promises';
import { localTrouble } from './local-file.ts';

export type Packing = 'gzip' | 'zip' | 'pgp';

/** What a file begins as: something that we take off, or another archive, by what to call it; null is the table itself. */
export type Beginning = { readonly packing: Packing } | { readonly archive: string } | null;

const HEAD_BYTES = 512;
const ARMOR = /^\s*-----BEGIN PGP (?:MESSAGE|SIGNED MESSAGE)/;

const SIGNATURES: readonly (readonly [bytes: readonly number[], beginning: Beginning])[] = [
  [[0x1f, 0x8b], { packing: 'gzip' }],
  [[0x50, 0x4b, 0x03, 0x04], { packing: 'zip' }],
  // An archive with nothing in it, and one that is split.
  [[0x50, 0x4b, 0x05, 0x06], { packing: 'zip' }],
  [[0x50, 0x4b, 0x07, 0x08], { packing: 'zip' }],
  [[0x42, 0x5a, 0x68], { archive: 'compressed with bzip2' }],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], { archive: 'compressed with xz' }],
  [[0x28, 0xb5, 0x2f, 0xfd], { archive: 'compressed with zstd' }],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], { archive: 'a 7z archive' }],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], { archive: 'a RAR archive' }],
];
const BZIP2_BLOCK = Buffer.from([0x31, 0x41, 0x59, 0x26, 0x53, 0x59]);
const TAR_AT = 257;

/** Looks at the first bytes of a local file. Throws `DatabaseError` when the disk fails. */
export async function lookAtBeginning(path: string): Promise<Beginning> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return beginningOf(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw localTrouble(path, error);
  }
}

/** The same for bytes at hand. */
export function beginningOf(head: Buffer): Beginning {
  const known = SIGNATURES.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  // "BZh" may also be the name of a column.
  if (known !== undefined && (known[0][0] !== 0x42 || head.subarray(4, 10).equals(BZIP2_BLOCK))) return known[1];
  if (head.subarray(TAR_AT, TAR_AT + 5).toString('latin1') === 'ustar') return { archive: 'a tar archive' };
  if (ARMOR.test(head.toString('latin1')) || isEncryptedPacket(head)) return { packing: 'pgp' };
  return null;
}

const SESSION_KEY_FOR_A_KEY = 1;
const SESSION_KEY_FOR_A_PASSWORD = 3;
const ENCRYPTED_DATA = [18, 20];
const MARKER = 10;

/**
 * Does a binary PGP message begin here? Text of an old code page may begin with such a byte (`Á`), so that what has to
 * follow it is looked at, too.
 */
function isEncryptedPacket(head: Buffer): boolean {
  const first = head[0] ?? 0;
  if ((first & 0x80) === 0) return false;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const bodyAt = 1 + (isNew ? newLengthBytes(head[1] ?? 0) : 2 ** (first & 0x03));
  const version = head[bodyAt] ?? 0;
  if (tag === SESSION_KEY_FOR_A_KEY) return version === 3 || version === 6;
  if (tag === SESSION_KEY_FOR_A_PASSWORD) return version >= 4 && version <= 6;
  if (tag === MARKER) return head.subarray(bodyAt, bodyAt + 3).toString('latin1') === 'PGP';
  return ENCRYPTED_DATA.includes(tag) && (version === 1 || version === 2);
}

function newLengthBytes(first: number): number {
  if (first < 192) return 1;
  if (first < 224) return 2;
  return first === 255 ? 5 : 1;
}
