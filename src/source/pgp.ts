// The door to openpgp: decrypts a file into another one, in a stream. What comes out is nobody's before the whole message has
// passed its integrity check and, where the sender is known, its signature; until then the caller holds it back.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { Message, SessionKey, WebStream } from 'openpgp';
import type { PgpSecrets } from '../config/settings.ts';
import { FeedError, OperatorError } from '../errors.ts';
import { quarantined } from '../roster/quarantine.ts';
import { type Layer, writeLayer } from './layer.ts';
import { localTrouble } from './local-file.ts';
import { hasSecret, idWords, keyIdWords, type PgpKeys, readPgpKeys } from './pgp-keys.ts';
import { requireSignature } from './pgp-signature.ts';
import { reachesItsEnd } from './pgp-whole.ts';

const CHUNK_BYTES = 256 * 1024;
const ASK_SENDER = 'Ask the sender to encrypt the file again';
const ENCRYPTED_DATA_TAGS = [9, 18, 20];
const UNPROTECTED_TAG = 9;

/**
 * Gives the size in bytes of what came out. Throws as `writeLayer`; `FeedError` (unreadable) when our keys are not the ones,
 * `FeedError` (quarantined) when the file is damaged, changed, or not signed as it has to be.
 */
export async function decryptPgp(layer: Layer, feedName: string, secrets: PgpSecrets): Promise<number> {
  const keys = await readPgpKeys(feedName, secrets);
  const { decrypt } = await import('openpgp');
  const input = await openInput(layer.fromPath);
  try {
    const message = await readMessage(input);
    refuseUnencrypted(layer, message);
    const sessionKeys = await openSessionKeys(layer, message, keys);
    const { data, signatures } = await decrypt({
      message,
      sessionKeys,
      verificationKeys: [...(keys.verification ?? [])],
      format: 'binary',
      config: { allowUnauthenticatedStream: true, maxDecompressedMessageSize: 2 * layer.allowance.atMostBytes },
    });
    const bytes = await writeLayer(layer, data as unknown as AsyncIterable<Uint8Array>);
    if (keys.verification !== null) await requireSignature(layer.fileName, signatures, keys.verification);
    return bytes;
  } catch (error) {
    throw await damaged(layer, error);
  } finally {
    input.stream.destroy();
  }
}

interface Input {
  readonly stream: Readable;
  readonly isArmored: boolean;
}

/** Armor is read as text, anything else as bytes. */
async function openInput(path: string): Promise<Input> {
  const [first] = await readHead(path);
  const isArmored = (first ?? 0) < 0x80;
  const encoding = isArmored ? { encoding: 'latin1' as const } : {};
  return { stream: createReadStream(path, { highWaterMark: CHUNK_BYTES, ...encoding }), isArmored };
}

async function readHead(path: string): Promise<Buffer> {
  for await (const chunk of createReadStream(path, { end: 0 })) return chunk as Buffer;
  return Buffer.alloc(0);
}

type EncryptedMessage = Message<WebStream<Uint8Array>> | Message<WebStream<string>>;

async function readMessage({ stream, isArmored }: Input): Promise<EncryptedMessage> {
  const { readMessage: read } = await import('openpgp');
  // Not `Readable.toWeb`, which counts text in bytes that it does not have.
  const web = ReadableStream.from(stream);
  return isArmored
    ? await read({ armoredMessage: web as WebStream<string> })
    : await read({ binaryMessage: web as WebStream<Uint8Array> });
}

function refuseUnencrypted({ fileName }: Layer, { packets }: EncryptedMessage): void {
  const tags = packets.map((packet) => (packet.constructor as unknown as { tag: number }).tag);
  if (!tags.some((tag) => ENCRYPTED_DATA_TAGS.includes(tag))) {
    throw quarantined(fileName, 'it is a PGP message, and not encrypted', `${ASK_SENDER}, for your public key.`);
  }
  if (tags.includes(UNPROTECTED_TAG)) {
    throw quarantined(
      fileName,
      'it is encrypted with PGP in the old way that does not show whether it was changed',
      `${ASK_SENDER} with a current program (for gpg: without --rfc2440 and --disable-mdc).`,
    );
  }
}

async function openSessionKeys(
  layer: Layer,
  message: EncryptedMessage,
  { decryption }: PgpKeys,
): Promise<SessionKey[]> {
  const { decryptSessionKeys } = await import('openpgp');
  const wanted = message.getEncryptionKeyIDs().map((id) => id.toHex());
  if (wanted.length === 0) {
    const hint = `${ASK_SENDER} for your public key; a password is not supported.`;
    throw quarantined(layer.fileName, 'it is encrypted with a password, not for a key', hint);
  }
  const own = decryption.flatMap((key) => key.getKeys());
  const matching = own.filter((key) => wanted.includes(key.getKeyID().toHex()));
  const isHidden = wanted.some((id) => /^0+$/.test(id));
  if (matching.length === 0 && !isHidden) throw wrongKey(layer, `for ${idWords(wanted)}`, decryption);
  if (!isHidden && !matching.some(({ keyPacket }) => hasSecret(keyPacket))) {
    throw wrongKey(layer, `for ${idWords(wanted)}, of which the secret part is missing`, decryption);
  }
  try {
    // Newer messages name the algorithm elsewhere; both of the package's own types for it know only one kind.
    return (await decryptSessionKeys({ message, decryptionKeys: [...decryption] })) as SessionKey[];
  } catch (error) {
    if (isHidden) throw wrongKey(layer, 'for a key that it does not name', decryption);
    throw error;
  }
}

function wrongKey({ fileName }: Layer, wanted: string, own: PgpKeys['decryption']): FeedError {
  return new FeedError(
    'unreadable',
    `Decrypting ${fileName}: it is encrypted ${wanted}; \`private_key_file\` holds ${keyIdWords(own)}.`,
    {
      hint: 'Give the sender the public key that belongs to `private_key_file`, or configure the private key that the file was encrypted for.',
    },
  );
}

/** Whatever the package complains about, the message is not what its sender made. */
async function damaged({ fileName, fromPath, signal }: Layer, error: unknown): Promise<unknown> {
  if (signal.aborted || error instanceof OperatorError) return error;
  const local = localTrouble(fromPath, error);
  if (local instanceof OperatorError) return local;
  if (!(await reachesItsEnd(fromPath))) {
    const hint = 'The upload was cut short. Ask for it to be delivered again.';
    return quarantined(fileName, 'it is encrypted with PGP and ends in the middle', hint);
  }
  const detail = error instanceof Error ? ` (${error.message})` : '';
  return quarantined(
    fileName,
    `it is encrypted with PGP, and damaged or changed on its way${detail}`,
    'Nothing of it was read. Ask for it to be delivered again; if that does not help, ask the sender which program encrypts it.',
  );
}
