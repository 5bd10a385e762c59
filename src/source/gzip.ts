// Takes gzip off a file. Its own checksum and length are checked by zlib.

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { OperatorError } from '../errors.ts';
import { quarantined } from '../roster/quarantine.ts';
import { type Layer, writeLayer } from './layer.ts';
import { localTrouble, systemCode } from './local-file.ts';

const CHUNK_BYTES = 256 * 1024;

/** Gives the size in bytes of what came out. Throws as `writeLayer`, and `FeedError` (quarantined) for a damaged file. */
export async function gunzip(layer: Layer): Promise<number> {
  const input = createReadStream(layer.fromPath, { highWaterMark: CHUNK_BYTES });
  const output = createGunzip({ chunkSize: CHUNK_BYTES });
  // Trouble may come before anybody reads; whoever reads hears of it then.
  output.on('error', () => undefined);
  input.on('error', (error) => output.destroy(error)).pipe(output);
  try {
    return await writeLayer(layer, output);
  } catch (error) {
    throw damaged(layer, error);
  } finally {
    input.destroy();
    output.destroy();
  }
}

function damaged({ fileName, fromPath, signal }: Layer, error: unknown): unknown {
  if (signal.aborted || error instanceof OperatorError) return error;
  const code = systemCode(error);
  if (!code.startsWith('Z_')) return localTrouble(fromPath, error);
  return quarantined(
    fileName,
    code === 'Z_BUF_ERROR'
      ? 'it is compressed with gzip and ends in the middle'
      : `it is compressed with gzip, and damaged (${error instanceof Error ? error.message : code})`,
    'The upload was cut short, or changed on its way (a transfer in text mode does that). Ask for it to be delivered again.',
  );
}
