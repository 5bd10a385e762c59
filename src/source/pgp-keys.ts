// The keys of a feed whose files are encrypted: opened before anything is decrypted, each trouble with its own words.

import type { Key, PrivateKey, SecretKeyPacket, SecretSubkeyPacket } from 'openpgp';
import type { PgpSecrets } from '../config/settings.ts';
import { FeedError } from '../errors.ts';

export interface PgpKeys {
  readonly decryption: readonly PrivateKey[];
  /** null: no signature is asked for. */
  readonly verification: readonly Key[] | null;
}

const SHOW_KEYS = '`gpg --show-keys FILE` tells what is in a key file.';
const IDS_SHOWN = 6;

/**
 * The private keys, opened, and the public keys of the sender. Throws `FeedError` (unreadable) when a file holds no such
 * key, or the passphrase does not open it.
 */
export async function readPgpKeys(feedName: string, secrets: PgpSecrets): Promise<PgpKeys> {
  return {
    decryption: await openPrivateKeys(feedName, secrets),
    verification: secrets.verifyKey === null ? null : await readVerifyKeys(feedName, secrets.verifyKey),
  };
}

/** `0123456789ABCDEF, …`: the ids of keys and their subkeys, as gpg prints them. */
export function keyIdWords(keys: readonly Key[]): string {
  return idWords(keys.flatMap((key) => key.getKeyIDs().map((id) => id.toHex())));
}

/** Ids as gpg prints them; of many only the first. */
export function idWords(ids: readonly string[]): string {
  const shown = [...new Set(ids)].map((id) => id.toUpperCase());
  return shown.length > IDS_SHOWN ? `${shown.slice(0, IDS_SHOWN).join(', ')} and others` : shown.join(', ');
}

async function openPrivateKeys(feedName: string, { privateKey, passphrase }: PgpSecrets): Promise<PrivateKey[]> {
  const operation = `Opening the private PGP key of the feed ${feedName}`;
  const keys = await readKeyFile(privateKey);
  const own = keys.filter((key) => key.isPrivate());
  if (own.length === 0) {
    const what = keys.length > 0 ? `it is a public key (${keyIdWords(keys)})` : 'it is no PGP key';
    throw new FeedError('unreadable', `${operation}: \`private_key_file\` holds no private key; ${what}.`, {
      hint: `Export the private key with \`gpg --export-secret-keys --armor KEY\`. ${SHOW_KEYS}`,
    });
  }
  const whole = own.filter((key) => key.getKeys().some(({ keyPacket }) => hasSecret(keyPacket)));
  if (whole.length === 0) {
    throw new FeedError('unreadable', `${operation}: \`private_key_file\` holds only a stub of ${keyIdWords(own)}.`, {
      hint: 'Its secret part is elsewhere, such as on a smart card. Configure a key of which this machine has the secret part.',
    });
  }
  const opened: PrivateKey[] = [];
  for (const key of whole) if (await unlock(key, passphrase)) opened.push(key);
  if (opened.length > 0) return opened;
  const reason = passphrase === null ? 'it has a passphrase, and none is configured' : 'the passphrase is wrong';
  throw new FeedError('unreadable', `${operation}: ${reason} (key ${keyIdWords(whole)}).`, {
    hint: 'Set `passphrase` of `pgp` in the configuration to the one that protects `private_key_file`.',
  });
}

async function readVerifyKeys(feedName: string, verifyKey: Uint8Array): Promise<Key[]> {
  const keys = await readKeyFile(verifyKey);
  if (keys.length > 0) return keys.map((key) => (key.isPrivate() ? key.toPublic() : key));
  throw new FeedError(
    'unreadable',
    `Reading the PGP key that verifies the feed ${feedName}: \`verify_key_file\` holds no public key.`,
    {
      hint: `Ask the sender for the public key that signs the files, as \`gpg --export --armor KEY\` writes it. ${SHOW_KEYS}`,
    },
  );
}

/** Keys, armored or binary; none when it is no file of keys. */
async function readKeyFile(bytes: Uint8Array): Promise<Key[]> {
  const { readKeys } = await import('openpgp');
  const text = Buffer.from(bytes).toString('latin1');
  const armorAt = text.indexOf('-----BEGIN PGP');
  try {
    return await (armorAt < 0 ? readKeys({ binaryKeys: bytes }) : readKeys({ armoredKeys: text.slice(armorAt) }));
  } catch {
    // What it is instead cannot be told from what the package says.
    return [];
  }
}

type KeyPacket = Key['keyPacket'] | Key['subkeys'][number]['keyPacket'];

/** Is there a secret part at all, locked or not? */
export function hasSecret(packet: KeyPacket): packet is SecretKeyPacket | SecretSubkeyPacket {
  return 'isMissingSecretKeyMaterial' in packet && !packet.isMissingSecretKeyMaterial();
}

async function unlock(key: PrivateKey, passphrase: string | null): Promise<boolean> {
  const packets = key.getKeys().map(({ keyPacket }) => keyPacket as KeyPacket);
  const locked = packets.filter(hasSecret).filter((packet) => !packet.isDecrypted());
  if (locked.length === 0) return true;
  if (passphrase === null) return false;
  try {
    for (const packet of locked) await packet.decrypt(passphrase);
    return true;
  } catch {
    return false;
  }
}
