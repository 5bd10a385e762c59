// Files that are encrypted with PGP: what is read, and what is said when one is not.

import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createMessage, encrypt, generateKey, reformatKey, sign } from 'openpgp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PgpSecrets } from '../../src/config/settings.ts';
import { packingPlace } from '../support/packing.ts';
import {
  fileOf,
  type MessageOptions,
  makePgpKey,
  ocbMessage,
  pgpMessage,
  pgpSecrets,
  type TestKey,
} from '../support/pgp.ts';

const CSV = `id,name\n${Array.from({ length: 3000 }, (_, index) => `${index},Ana ${index * 7919}\n`).join('')}`;

let own: TestKey;
let sender: TestKey;
let stranger: TestKey;
let at: ReturnType<typeof packingPlace>;

beforeAll(async () => {
  [own, sender, stranger] = await Promise.all([makePgpKey(), makePgpKey(), makePgpKey()]);
});

beforeEach(() => {
  at = packingPlace();
});

const message = (options: MessageOptions = {}, content: string | Uint8Array = CSV) =>
  pgpMessage(content, { to: [own], ...options });

describe('an encrypted file comes out whole', () => {
  it.each<[string, MessageOptions]>([
    ['binary', {}],
    ['armored', { armored: true }],
    ['compressed inside', { compressed: true }],
    ['for several keys', { armored: true }],
    ['for a key that it does not name', { hidden: true }],
    ['as newer programs encrypt (AEAD)', { config: { aeadProtect: true } }],
  ])('%s', async (what, options) => {
    const to = what.includes('several') ? [stranger, own] : [own];
    const content = await message({ ...options, to });
    expect(await at.read({ content, keys: pgpSecrets(own) })).toBe(CSV);
    expect(at.names()).toEqual(['roster', 'roster.unpacked']);
  });

  it('as GnuPG 2.4 encrypts for its own keys (OCB)', async () => {
    expect(await at.read({ content: await ocbMessage(CSV, own), keys: pgpSecrets(own) })).toBe(CSV);
  });

  it('larger than what is read at once, armored', async () => {
    const large = randomBytes(600_000).toString('hex');
    expect(await at.read({ content: await message({ armored: true }, large), keys: pgpSecrets(own) })).toBe(large);
  });

  it('and is unpacked further', async () => {
    const content = await message({}, gzipSync(CSV));
    expect(await at.read({ content, keys: pgpSecrets(own) })).toBe(CSV);
  });

  it('with a private key that has a passphrase, and one that is binary', async () => {
    const locked = await makePgpKey('open sesame');
    const content = await message({ to: [locked] });
    expect(await at.read({ content, keys: pgpSecrets(locked, { passphrase: 'open sesame' }) })).toBe(CSV);
    const binary = pgpSecrets(own, { privateKey: own.privateKey.write() });
    expect(await at.read({ content: await message(), keys: binary })).toBe(CSV);
  });

  it('signed by somebody, where nobody asks', async () => {
    expect(await at.read({ content: await message({ from: [stranger] }), keys: pgpSecrets(own) })).toBe(CSV);
  });

  it('signed by the sender, alone or beside others', async () => {
    const keys = pgpSecrets(own, { verifyKey: sender.publicFile });
    expect(await at.read({ content: await message({ from: [sender] }), keys })).toBe(CSV);
    expect(await at.read({ content: await message({ from: [stranger, sender], compressed: true }), keys })).toBe(CSV);
  });
});

describe('a file whose sender is not proved is not read', () => {
  const keys = () => pgpSecrets(own, { verifyKey: sender.publicFile });

  it('without a signature', async () => {
    const trouble = await at.troubleOf({ content: await message(), keys: keys() });
    expect(trouble).toMatchObject({
      trouble: 'quarantined',
      message: expect.stringContaining('not signed as `verify_key_file`'),
    });
  });

  it('signed by another key, which both are told', async () => {
    const trouble = await at.troubleOf({ content: await message({ from: [stranger] }), keys: keys() });
    expect(trouble.trouble).toBe('unreadable');
    expect(trouble.message).toContain(
      `signed by ${stranger.ids[0]}; \`verify_key_file\` holds ${sender.ids.join(', ')}`,
    );
  });

  it('signed over something else', async () => {
    const [one, other] = [await signedBySender(CSV), await signedBySender(CSV.replace('Ana', 'Eve'))];
    [one.packets[1], other.packets[1]] = [other.packets[1] as never, one.packets[1] as never];
    const content = await encrypt({ message: one, encryptionKeys: own.publicKey, format: 'binary' });
    const trouble = await at.troubleOf({ content, keys: keys() });
    expect(trouble).toMatchObject({
      trouble: 'quarantined',
      message: expect.stringContaining('signature is not good'),
    });
  });

  it('signed with a key that has expired, as far as we know', async () => {
    const before = { date: new Date('2020-01-01'), userIDs: [{ name: 'Test' }] };
    const { privateKey, publicKey } = await generateKey({ ...before, format: 'object' });
    const old = await reformatKey({ ...before, privateKey, keyExpirationTime: 86_400, format: 'object' });
    const content = await message({ from: [{ ...sender, privateKey, publicKey }] });
    const trouble = await at.troubleOf({ content, keys: pgpSecrets(own, { verifyKey: old.publicKey.write() }) });
    expect(trouble).toMatchObject({ trouble: 'unreadable', hint: expect.stringContaining('expired') });
  });

  const signedBySender = async (text: string) =>
    await sign({
      message: await createMessage({ binary: fileOf(text) }),
      signingKeys: sender.privateKey,
      format: 'object',
    });
});

describe('a key that does not fit is told, and read again when it is mended', () => {
  it('another private key, with the ids of both', async () => {
    const trouble = await at.troubleOf({ content: await message(), keys: pgpSecrets(stranger) });
    expect(trouble.trouble).toBe('unreadable');
    expect(trouble.message).toContain(
      `encrypted for ${own.ids[1]}; \`private_key_file\` holds ${stranger.ids.join(', ')}`,
    );
    expect(trouble.hint).toContain('Give the sender the public key');
  });

  it('another private key, where the message names none', async () => {
    const trouble = await at.troubleOf({ content: await message({ hidden: true }), keys: pgpSecrets(stranger) });
    expect(trouble).toMatchObject({
      trouble: 'unreadable',
      message: expect.stringContaining('a key that it does not name'),
    });
  });

  it.each<[string, (locked: TestKey) => PgpSecrets, RegExp]>([
    ['a wrong passphrase', (locked) => pgpSecrets(locked, { passphrase: 'closed' }), /passphrase is wrong/],
    ['a missing passphrase', (locked) => pgpSecrets(locked), /has a passphrase, and none is configured/],
    [
      'a public key as private key',
      (locked) => pgpSecrets(locked, { privateKey: locked.publicFile }),
      /no private key; it is a public key/,
    ],
    [
      'any file as private key',
      (locked) => pgpSecrets(locked, { privateKey: fileOf('hello') }),
      /no private key; it is no PGP key/,
    ],
    [
      'any file as verify key',
      () => pgpSecrets(own, { verifyKey: fileOf('hello') }),
      /`verify_key_file` holds no public key/,
    ],
  ])('%s', async (_what, keysOf, words) => {
    const locked = await makePgpKey('open sesame');
    const trouble = await at.troubleOf({ content: await message({ to: [own, locked] }), keys: keysOf(locked) });
    expect(trouble).toMatchObject({ trouble: 'unreadable', message: expect.stringMatching(words) });
  });

  it('no key at all', async () => {
    for (const armored of [true, false]) {
      const trouble = await at.troubleOf({ content: await message({ armored }) });
      expect(trouble).toMatchObject({ trouble: 'unreadable', hint: expect.stringContaining('Configure `pgp') });
    }
  });
});

describe('a file that is not what it should be is set aside', () => {
  it.each<[string, () => Promise<string | Uint8Array>, RegExp]>([
    ['a plain file', async () => CSV, /is not encrypted with PGP, as `pgp` in the configuration asks for\.?$/],
    ['a zip file', async () => gzipSync(CSV), /is not encrypted with PGP.*; it is compressed with gzip/],
    ['a file with a password', () => message({ to: [], password: 'p' }), /with a password, not for a key/],
    ['a file that is only signed', async () => fileOf((await signedOnly()).armor()), /not encrypted/],
    ['a file that ends in the middle', async () => (await message()).subarray(0, 9000), /ends in the middle/],
    [
      'an armored file that ends in the middle',
      async () => (await message({ armored: true })).subarray(0, 9000),
      /ends in the middle/,
    ],
    ['a file that ends in its first line', async () => (await message()).subarray(0, 50), /ends in the middle/],
    ['a changed file', async () => changed(await message(), 9000), /damaged or changed/],
    ['a file changed at its end', async () => changed(await message(), -3), /damaged or changed/],
    [
      'a changed file inside of which is compressed',
      async () => changed(await message({ compressed: true }), 9000),
      /damaged or changed/,
    ],
    [
      'a changed file of the newer kind',
      async () => changed(await message({ config: { aeadProtect: true } }), 9000),
      /damaged or changed/,
    ],
    ['a changed armored file', async () => changed(await message({ armored: true }), 9000), /damaged or changed/],
    ['a file whose session key was changed', async () => changed(await message(), 60), /damaged or changed/],
  ])('%s', async (_what, make, words) => {
    const trouble = await at.troubleOf({ content: await make(), keys: pgpSecrets(own) });
    expect(trouble).toMatchObject({ trouble: 'quarantined', message: expect.stringMatching(words) });
  });

  it('such as a bomb inside', async () => {
    const limits = { bytes: 2 ** 31, harmlessBytes: 1024 * 1024, ratio: 200 };
    const content = await message({ compressed: true }, new Uint8Array(8 * 1024 * 1024));
    const trouble = await at.troubleOf({ content, keys: pgpSecrets(own), limits });
    expect(trouble).toMatchObject({ trouble: 'quarantined', message: expect.stringContaining('unpack to more than') });
  });

  const signedOnly = async () =>
    await sign({ message: await createMessage({ text: CSV }), signingKeys: own.privateKey, format: 'object' });

  /** The same with another byte; counted from the end when negative. */
  function changed(content: Uint8Array, index: number): Uint8Array {
    const copy = Uint8Array.from(content);
    const place = index < 0 ? copy.length + index : index;
    copy[place] = (copy[place] ?? 0) ^ 1;
    return copy;
  }
});

it('an abort ends it, and leaves nothing', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(at.open({ content: await message(), keys: pgpSecrets(own), signal })).rejects.toThrow('enough');
  expect(at.names()).toEqual(['roster']);
});
