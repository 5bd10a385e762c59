// One layer that is taken off a packed file: from a local file to another one, with a limit to what may come out, since a
// few bytes can hold more than any disk.

import { quarantined } from '../roster/quarantine.ts';
import { createLocalFile } from './local-file.ts';

export interface Layer {
  /** What to call the file in messages. */
  readonly fileName: string;
  readonly fromPath: string;
  /** Not there yet; whoever asked throws it away when something is thrown. */
  readonly toPath: string;
  readonly allowance: Allowance;
  readonly signal: AbortSignal;
}

/** How much may come out of a file. */
export interface Allowance {
  /** As delivered. */
  readonly packedBytes: number;
  readonly atMostBytes: number;
}

export interface UnpackLimits {
  readonly bytes: number;
  /** So much may always come out, however small the file is. */
  readonly harmlessBytes: number;
  /** Beyond it, so many times the size of the file. */
  readonly ratio: number;
}

const MIB = 1024 * 1024;

export const UNPACK_LIMITS: UnpackLimits = { bytes: 2048 * MIB, harmlessBytes: 64 * MIB, ratio: 200 };

/** What may come out of a file of this size. */
export function allowanceFor(packedBytes: number, { bytes, harmlessBytes, ratio }: UnpackLimits): Allowance {
  return { packedBytes, atMostBytes: Math.min(bytes, Math.max(harmlessBytes, ratio * packedBytes)) };
}

/**
 * Writes what comes out, for its owner alone, and gives its size in bytes. Throws `FeedError` (quarantined) when it is more
 * than is allowed, `DatabaseError` when the disk fails, and the signal's reason when aborted.
 */
export async function writeLayer(layer: Layer, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await createLocalFile(layer.toPath);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      layer.signal.throwIfAborted();
      bytes += chunk.length;
      refuseTooMuch(layer, bytes);
      await file.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Throws `FeedError` (quarantined) when so many bytes are more than may come out. */
export function refuseTooMuch({ fileName, allowance }: Layer, bytes: number): void {
  if (bytes <= allowance.atMostBytes) return;
  throw quarantined(
    fileName,
    `its ${sizeWords(allowance.packedBytes)} unpack to more than ${sizeWords(allowance.atMostBytes)}, which no employee file does`,
    'Nothing of it was read. Ask whoever delivers the file what it is; unpack it elsewhere before you trust it.',
  );
}

function sizeWords(bytes: number): string {
  if (bytes >= MIB) return `${Math.round(bytes / MIB)} MiB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KiB` : `${bytes} bytes`;
}
