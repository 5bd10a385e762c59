// Is a decrypted file signed by the sender we know? Asked when every byte of it has come out.

import type { DecryptMessageResult, Key } from 'openpgp';
import { FeedError } from '../errors.ts';
import { quarantined } from '../roster/quarantine.ts';
import { idWords, keyIdWords } from './pgp-keys.ts';

type Signature = DecryptMessageResult['signatures'][number];

/**
 * One good signature by one of the keys is enough. Throws `FeedError`: quarantined when there is none, or it does not belong
 * to what the file says; unreadable when it is by another key, or ours has expired, which another `verify_key_file` may mend.
 */
export async function requireSignature(
  fileName: string,
  signatures: readonly Signature[],
  keys: readonly Key[],
): Promise<void> {
  if (signatures.length === 0) {
    throw quarantined(
      fileName,
      'it is encrypted, and not signed as `verify_key_file` asks for',
      'Ask the sender to sign the file. Whoever has your public key can encrypt; only a signature shows who did.',
    );
  }
  const known = signatures.filter(({ keyID }) => keyOf(keyID, keys) !== undefined);
  let reason: unknown = null;
  for (const signature of known) {
    try {
      await signature.verified;
      return;
    } catch (error) {
      reason = error;
    }
  }
  const [first] = known;
  if (first === undefined) throw anotherKey(fileName, signatures, keys);
  throw (await isKeyGood(first, keys)) ? badSignature(fileName, reason) : expired(fileName, first, reason);
}

function keyOf(id: Signature['keyID'], keys: readonly Key[]): Key | undefined {
  return keys.find((key) => key.getKeys(id).length > 0);
}

/** Could the key sign on the day of the signature, and can it be used at all? */
async function isKeyGood({ keyID, signature }: Signature, keys: readonly Key[]): Promise<boolean> {
  try {
    const [packet] = (await signature).packets;
    await keyOf(keyID, keys)?.getSigningKey(keyID, packet?.created ?? null);
    return true;
  } catch {
    return false;
  }
}

function anotherKey(fileName: string, signatures: readonly Signature[], keys: readonly Key[]): FeedError {
  const signers = idWords(signatures.map(({ keyID }) => keyID.toHex()));
  return new FeedError(
    'unreadable',
    `Verifying ${fileName}: it is signed by ${signers}; \`verify_key_file\` holds ${keyIdWords(keys)}.`,
    {
      hint: 'Nothing of it was read. Ask the sender whether the key has changed, and how to be sure that it is theirs.',
    },
  );
}

function expired(fileName: string, { keyID }: Signature, reason: unknown): FeedError {
  return new FeedError(
    'unreadable',
    `Verifying ${fileName}: the key ${idWords([keyID.toHex()])} in \`verify_key_file\` cannot be used for it${detailOf(reason)}.`,
    { hint: 'It may have expired. Ask the sender for the current public key.' },
  );
}

function badSignature(fileName: string, reason: unknown): FeedError {
  return quarantined(
    fileName,
    `its signature is not good${detailOf(reason)}`,
    'Nothing of it was read. Tell the sender; the file may have been changed by somebody else.',
  );
}

function detailOf(reason: unknown): string {
  return reason instanceof Error ? ` (${reason.message})` : '';
}
