// The door to yauzl: takes the one table out of a zip archive. What an archive says of itself is not trusted: names never
// become paths, and size and checksum are taken again.

import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { OperatorError } from '../errors.ts';
import { quarantined } from '../roster/quarantine.ts';
import { type Layer, refuseTooMuch, writeLayer } from './layer.ts';
import { localTrouble } from './local-file.ts';
import { chooseEntry } from './zip-entry.ts';

/** A directory of more entries is no delivery of an employee file. */
const ENTRIES_AT_MOST = 10_000;
const DELIVER_AGAIN =
  'The upload was cut short, or changed on its way (a transfer in text mode does that). Ask for it to be delivered again.';

/**
 * Takes out the file that `zipEntry` (a glob) names, or the only one there is; gives its size in bytes. Throws as
 * `writeLayer`, and `FeedError` (quarantined) when it is not clear which, or the archive cannot be read.
 */
export async function unzip(layer: Layer, zipEntry: string | null): Promise<number> {
  let zip: ZipFile | null = null;
  try {
    // Names are only compared and shown, so one that would lead out of a directory harms nobody.
    zip = await openPromise(layer.fromPath, { lazyEntries: true, autoClose: false, decodeStrings: false });
    const entry = chooseEntry(layer.fileName, await listEntries(layer, zip), zipEntry);
    refuseUnreadable(layer, entry);
    refuseTooMuch(layer, entry.uncompressedSize);
    return await takeOut(layer, zip, entry);
  } catch (error) {
    throw damaged(layer, error);
  } finally {
    zip?.close();
  }
}

async function listEntries({ fileName, signal }: Layer, zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > ENTRIES_AT_MOST) {
    const reason = `it is a zip archive of ${zip.entryCount} files`;
    throw quarantined(fileName, reason, 'Ask for an archive with nothing but the employee file in it.');
  }
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted();
    entries.push(entry);
  }
  return entries;
}

function refuseUnreadable({ fileName }: Layer, entry: Entry): void {
  if (entry.isEncrypted()) {
    const hint =
      'Ask for an archive without a password, or for a file encrypted with PGP (`pgp` in the configuration).';
    throw quarantined(fileName, 'the file inside the zip archive is protected with a password', hint);
  }
  if (entry.canDecodeFileData()) return;
  throw quarantined(
    fileName,
    `the zip archive is packed in a way that is not supported (method ${entry.compressionMethod})`,
    'Ask for a plain zip archive (method "deflate"), a .gz file, or the file as it is.',
  );
}

async function takeOut(layer: Layer, zip: ZipFile, entry: Entry): Promise<number> {
  let checksum = 0;
  async function* checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  }
  const content = await zip.openReadStreamPromise(entry);
  // Trouble may come before anybody reads; whoever reads hears of it then.
  content.on('error', () => undefined);
  const bytes = await writeLayer(layer, checked(content)).finally(() => content.destroy());
  if (bytes !== entry.uncompressedSize) {
    const reason = `the file inside the zip archive has ${bytes} bytes, and should have ${entry.uncompressedSize}`;
    throw quarantined(layer.fileName, reason, DELIVER_AGAIN);
  }
  if (checksum !== entry.crc32) {
    throw quarantined(layer.fileName, 'the checksum of the file inside the zip archive is wrong', DELIVER_AGAIN);
  }
  return bytes;
}

function damaged({ fileName, fromPath, signal }: Layer, error: unknown): unknown {
  if (signal.aborted || error instanceof OperatorError) return error;
  const local = localTrouble(fromPath, error);
  if (local instanceof OperatorError) return local;
  const detail = error instanceof Error ? ` (${error.message})` : '';
  return quarantined(fileName, `it is an Excel workbook or a zip archive, and damaged${detail}`, DELIVER_AGAIN);
}
