// Takes off what is around the table: first PGP, then gzip or zip. What a file is, its bytes say, and never its name. Each
// layer goes from one local file of ours to another, so that memory does not grow with the file.

import { rename, rm } from 'node:fs/promises';
import type { PackingSettings, PgpSecrets } from '../config/settings.ts';
import { FeedError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { quarantined } from '../roster/quarantine.ts';
import { gunzip } from './gzip.ts';
import { allowanceFor, type Layer, UNPACK_LIMITS, type UnpackLimits } from './layer.ts';
import { localTrouble } from './local-file.ts';
import { type Beginning, lookAtBeginning, type Packing } from './packed.ts';

export interface UnpackRequest {
  /** The local copy, and what it is called at the source. */
  readonly file: { readonly path: string; readonly name: string; readonly size: number };
  readonly feed: { readonly name: string; readonly packing: PackingSettings };
  /** Needed where `packing.pgp` is configured. */
  readonly keys: PgpSecrets | null;
  readonly signal: AbortSignal;
  readonly limits?: UnpackLimits;
}

/** A plain local file: the copy itself when nothing is around it, or one beside it. */
export interface Unpacked {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Throws `FeedError`: unreadable when our keys are not the right ones, quarantined when the file is damaged, is packed in
 * another way than configured, or unpacks to more than an employee file can be; `DatabaseError` when the local disk fails;
 * and the signal's reason when aborted.
 */
export async function unpack(request: UnpackRequest): Promise<Unpacked> {
  const { file, signal } = request;
  try {
    return await takeOffAll(request);
  } catch (error) {
    for (const path of Object.values(pathsBeside(file.path))) await rm(path, { force: true }).catch(() => undefined);
    signal.throwIfAborted();
    throw localTrouble(file.path, error);
  }
}

function pathsBeside(path: string) {
  return { done: `${path}.unpacked`, underWay: `${path}.unpacking` };
}

async function takeOffAll(request: UnpackRequest): Promise<Unpacked> {
  const { file, feed, keys } = request;
  const { pgp, zipEntry } = feed.packing;
  let at: Unpacked = { path: file.path, size: file.size };
  const isEncrypted = await isPackedAs(at, 'pgp');
  if (pgp === null && isEncrypted) throw encrypted(request);
  if (pgp !== null) {
    if (!isEncrypted) throw plain(request, await lookAtBeginning(at.path));
    invariant(keys !== null, 'a feed with pgp is unpacked with its keys');
    const { decryptPgp } = await import('./pgp.ts');
    at = await takeOff(request, at, (layer) => decryptPgp(layer, feed.name, keys));
  }
  const compression = await compressionOf(request, at);
  if (compression === null) return at;
  if (compression === 'gzip') return await innermost(request, await takeOff(request, at, gunzip));
  const { unzip } = await import('./zip.ts');
  at = await takeOff(request, at, (layer) => unzip(layer, zipEntry));
  if (await isPackedAs(at, 'gzip')) at = await takeOff(request, at, gunzip);
  return await innermost(request, at);
}

/** One layer: what came out takes the place of what it came out of, unless that is the copy itself. */
async function takeOff(
  { file, signal, limits = UNPACK_LIMITS }: UnpackRequest,
  from: Unpacked,
  unpackLayer: (layer: Layer) => Promise<number>,
): Promise<Unpacked> {
  const { done: path, underWay: toPath } = pathsBeside(file.path);
  const allowance = allowanceFor(file.size, limits);
  await rm(toPath, { force: true });
  const size = await unpackLayer({ fileName: file.name, fromPath: from.path, toPath, allowance, signal });
  await rename(toPath, path);
  return { path, size };
}

/** How the file is compressed, so far as we may take it off; null: leave it as it is. */
async function compressionOf({ file, feed }: UnpackRequest, at: Unpacked): Promise<'gzip' | 'zip' | null> {
  const { compression } = feed.packing;
  if (compression === 'none') return null;
  const found = await lookAtBeginning(at.path);
  const packing = packingOf(found);
  if (compression === 'auto') {
    if (packing !== 'gzip' && packing !== 'zip') refuseArchive(file.name, found);
    return packing === 'pgp' ? null : packing;
  }
  if (packing === compression) return compression;
  refuseArchive(file.name, found);
  throw quarantined(
    file.name,
    `it is not compressed with ${compression}, as \`compression\` in the configuration asks for${packing === null ? '' : `; it is ${WORDS[packing]}`}`,
    `Ask for a ${compression} file, or set \`compression: auto\`.`,
  );
}

const WORDS: Readonly<Record<Packing, string>> = {
  gzip: 'compressed with gzip',
  zip: 'an Excel workbook or a zip archive',
  pgp: 'encrypted with PGP',
};

/** The table has to be what came out. */
async function innermost(request: UnpackRequest, at: Unpacked): Promise<Unpacked> {
  const found = await lookAtBeginning(at.path);
  const packing = packingOf(found);
  if (packing === 'pgp')
    throw quarantined(request.file.name, 'what is packed in it is encrypted with PGP', PGP_OUTSIDE);
  if (packing !== null) {
    const reason = `it is packed twice: inside it is ${packing === 'gzip' ? 'another gzip file' : 'an Excel workbook or a zip archive'}`;
    throw quarantined(request.file.name, reason, 'Ask for the CSV file, packed once.');
  }
  refuseArchive(request.file.name, found);
  return at;
}

const PGP_OUTSIDE = 'Ask the sender to compress the file first and encrypt it then.';

function refuseArchive(fileName: string, found: Beginning): void {
  if (found === null || !('archive' in found)) return;
  throw quarantined(fileName, `it is ${found.archive}`, 'Ask for a .gz or .zip file, or for the CSV file as it is.');
}

function encrypted({ file }: UnpackRequest): FeedError {
  return new FeedError('unreadable', `Reading ${file.name}: it is encrypted with PGP, and the feed has no \`pgp\`.`, {
    hint: 'Configure `pgp: { private_key_file: … }` under `format` of the feed.',
  });
}

function plain({ file }: UnpackRequest, found: Beginning): FeedError {
  const packing = packingOf(found);
  const what = packing === null ? '' : `; it is ${WORDS[packing]}`;
  return quarantined(
    file.name,
    `it is not encrypted with PGP, as \`pgp\` in the configuration asks for${what}`,
    'Ask the sender to encrypt it. If it is meant to be plain, take `pgp` out of the configuration.',
  );
}

async function isPackedAs({ path }: Unpacked, packing: Packing): Promise<boolean> {
  return packingOf(await lookAtBeginning(path)) === packing;
}

function packingOf(found: Beginning): Packing | null {
  return found !== null && 'packing' in found ? found.packing : null;
}
