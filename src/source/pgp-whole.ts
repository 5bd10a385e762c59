// Does a PGP message reach as far as it says? Asked when it cannot be decrypted, to tell an upload that was cut short from
// one that was changed.

import { type FileHandle, open } from 'node:fs/promises';

const TAIL_BYTES = 1024;
/** A length takes at most so many bytes, after the byte with the tag. */
const LENGTH_BYTES = 5;

/** false: its end is missing. */
export async function reachesItsEnd(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, TAIL_BYTES);
    if (!head.includes('-----BEGIN PGP')) return await packetsReachEnd(file, size);
    return (await readAt(file, Math.max(0, size - TAIL_BYTES), TAIL_BYTES)).includes('-----END PGP');
  } finally {
    await file.close();
  }
}

/** Goes from header to header; the last body has to end where the file does. */
async function packetsReachEnd(file: FileHandle, size: number): Promise<boolean> {
  let at = 0;
  while (at < size) {
    const first = (await readAt(file, at, 1))[0] ?? 0;
    // No packet begins here, so it is not its length that is wrong.
    if ((first & 0x80) === 0) return true;
    at += 1;
    const isNew = (first & 0x40) !== 0;
    if (!isNew && (first & 0x03) === 3) return true;
    let length: Length;
    do {
      const bytes = await readAt(file, at, LENGTH_BYTES);
      length = isNew ? newLength(bytes) : oldLength(bytes, first & 0x03);
      if (length.headerBytes > bytes.length) return false;
      at += length.headerBytes + length.bodyBytes;
    } while (length.isPartial && at <= size);
  }
  return at === size;
}

interface Length {
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Another length follows the body. */
  readonly isPartial: boolean;
}

function newLength(bytes: Buffer): Length {
  const first = bytes[0] ?? 0;
  if (first < 192) return { headerBytes: 1, bodyBytes: first, isPartial: false };
  if (first < 224) return { headerBytes: 2, bodyBytes: ((first - 192) << 8) + (bytes[1] ?? 0) + 192, isPartial: false };
  if (first < 255) return { headerBytes: 1, bodyBytes: 2 ** (first & 0x1f), isPartial: true };
  return { headerBytes: 5, bodyBytes: bytes.length < 5 ? 0 : bytes.readUInt32BE(1), isPartial: false };
}

function oldLength(bytes: Buffer, lengthType: number): Length {
  const headerBytes = 2 ** lengthType;
  const bodyBytes = bytes.length < headerBytes ? 0 : bytes.readUIntBE(0, headerBytes);
  return { headerBytes, bodyBytes, isPartial: false };
}

async function readAt(file: FileHandle, at: number, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, at);
  return buffer.subarray(0, bytesRead);
}
