// PGP keys and messages for tests, made by the package that the program decrypts with.

import {
  AEADEncryptedDataPacket,
  type Config,
  config,
  createMessage,
  encrypt,
  encryptKey,
  encryptSessionKey,
  enums,
  generateKey,
  generateSessionKey,
  PacketList,
  type PartialConfig,
  type PrivateKey,
  type PublicKey,
} from 'openpgp';
import type { PgpSecrets } from '../../src/config/settings.ts';

export interface TestKey {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
  /** The file of the private key, armored. */
  readonly privateFile: Uint8Array;
  readonly publicFile: Uint8Array;
  /** Of the key and its subkeys, as they are shown. */
  readonly ids: readonly string[];
}

export async function makePgpKey(passphrase?: string): Promise<TestKey> {
  const userIDs = [{ name: 'Test', email: 'test@example.com' }];
  const { privateKey, publicKey } = await generateKey({ userIDs, format: 'object' });
  const kept = passphrase === undefined ? privateKey : await encryptKey({ privateKey, passphrase });
  return {
    privateKey,
    publicKey,
    privateFile: fileOf(kept.armor()),
    publicFile: fileOf(publicKey.armor()),
    ids: publicKey.getKeyIDs().map((id) => id.toHex().toUpperCase()),
  };
}

export function fileOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

export interface MessageOptions {
  readonly to?: readonly TestKey[];
  readonly from?: readonly TestKey[];
  readonly password?: string;
  readonly armored?: boolean;
  readonly compressed?: boolean;
  readonly hidden?: boolean;
  readonly config?: PartialConfig;
}

/** A message as a sender delivers it. */
export async function pgpMessage(content: string | Uint8Array, options: MessageOptions): Promise<Uint8Array> {
  const { to = [], from = [], password, compressed = false } = options;
  const algorithm = compressed ? enums.compression.zlib : enums.compression.uncompressed;
  const more = {
    message: await createMessage({ binary: new Uint8Array(Buffer.from(content)) }),
    encryptionKeys: to.map(({ publicKey }) => publicKey),
    signingKeys: from.map(({ privateKey }) => privateKey),
    wildcard: options.hidden ?? false,
    ...(password === undefined ? {} : { passwords: password }),
    config: { preferredCompressionAlgorithm: algorithm, ...options.config },
  };
  return options.armored === true
    ? fileOf(await encrypt({ ...more, format: 'armored' }))
    : await encrypt({ ...more, format: 'binary' });
}

/** The secrets of a feed with these keys. */
export function pgpSecrets(own: TestKey, more: Partial<PgpSecrets> = {}): PgpSecrets {
  return { privateKey: own.privateFile, passphrase: null, verifyKey: null, ...more };
}

/** A message as GnuPG 2.4 makes it for a key that says it can read OCB: a packet that the standard does not know. */
export async function ocbMessage(content: string, to: TestKey): Promise<Uint8Array> {
  const encryptionKeys = to.publicKey;
  const { data } = await generateSessionKey({ encryptionKeys });
  const sessionKey = { data, algorithm: 'aes256' as const };
  const packet = new AEADEncryptedDataPacket();
  const open = packet as unknown as OpenPacket;
  open.packets = (await createMessage({ binary: fileOf(content) })).packets;
  open.aeadAlgorithm = enums.aead.ocb;
  await open.encrypt(enums.symmetric.aes256, data, { ...config, preferredAEADAlgorithm: enums.aead.ocb });
  const packets = new PacketList<AEADEncryptedDataPacket>();
  packets.push(packet);
  const head = await encryptSessionKey({ ...sessionKey, encryptionKeys, format: 'binary' });
  const written = packets.write() as unknown as OpenStream;
  return new Uint8Array(Buffer.concat([head, await written.readToEnd(Buffer.concat)]));
}

/** What the types of the package keep to themselves. */
interface OpenPacket {
  packets: unknown;
  aeadAlgorithm: enums.aead;
  encrypt(algorithm: enums.symmetric, key: Uint8Array, more: Config): Promise<void>;
}

interface OpenStream {
  readToEnd(join: (chunks: Uint8Array[]) => Uint8Array): Promise<Uint8Array>;
}
