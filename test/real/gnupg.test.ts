// Real GnuPG in both directions: what it makes the built program reads, and what is made here it reads. Needs gpg; not part
// of `npm test`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openGnupg } from '../support/gnupg.ts';
import { packingPlace } from '../support/packing.ts';
import { makePgpKey, pgpMessage, pgpSecrets } from '../support/pgp.ts';
import { checkTrial, csv, everydayConfiguration, newTrial, people, type Trial } from '../support/trial.ts';

const KINDS = ['rsa', 'ed25519'] as const;
const CSV = csv(...people(2000));
const TO = (kind: string) => ['--encrypt', '--recipient', `own-${kind}@example.com`];
const SIGNED = ['--sign', '--local-user', 'sender@example.com'];

let gnupg: ReturnType<typeof openGnupg>;
let at: ReturnType<typeof packingPlace>;

beforeAll(() => {
  gnupg = openGnupg();
  for (const kind of KINDS) gnupg.makeKey(`own-${kind}@example.com`, kind);
  gnupg.makeKey('sender@example.com', 'ed25519');
}, 120_000);

afterAll(() => gnupg.close());

beforeEach(() => {
  at = packingPlace();
});

/** Taking a private key out of its home is slow, so each once. */
const taken = new Map<string, Uint8Array>();
const exported = (address: string, ...how: string[]): Uint8Array => {
  const args = [...how, address];
  const bytes = taken.get(args.join(' ')) ?? gnupg.gpg(args);
  taken.set(args.join(' '), bytes);
  return bytes;
};
const keysOf = (kind: string, verifyKey: Uint8Array | null = null, how = '--export-secret-keys') => ({
  privateKey: exported(`own-${kind}@example.com`, how),
  passphrase: gnupg.passphrase,
  verifyKey,
});
const senderKey = () => exported('sender@example.com', '--armor', '--export');

describe.each(KINDS)('with a key of the kind %s', (kind) => {
  it('files of GnuPG are read by whole runs', { timeout: 120_000 }, async () => {
    const trial = await newTrial({ environment: { PGP_PASSPHRASE: gnupg.passphrase } });
    configurePgp(trial, keysOf(kind).privateKey);
    const signed = [...TO(kind), ...SIGNED];
    const forms: readonly (readonly string[])[] = [
      signed,
      [...signed, '--armor', '--compress-algo', 'none'],
      [...signed, '--compress-algo', 'bzip2', '--recipient', 'sender@example.com'],
    ];
    for (const [index, form] of forms.entries()) {
      const table = csv(...people(10 + index));
      trial.drop('employees.pgp', gnupg.gpg(form, index === 0 ? gzipSync(table) : table));
      expect(await trial.run('--once'), form.join(' ')).toMatchObject({ code: 0 });
      expect(await trial.contacts()).toHaveLength(10 + index);
    }
    trial.drop('employees.pgp', gnupg.gpg(TO(kind), csv(...people(20))));
    const { code, stdout } = await trial.run('--once');
    expect({ code, stdout }).toMatchObject({ code: 5, stdout: expect.stringContaining('not signed') });
    await checkTrial(trial);
  });

  it('files without a signature, for a hidden key, with line ends of text, are read', async () => {
    const hidden = ['--encrypt', '--hidden-recipient', `own-${kind}@example.com`];
    for (const form of [TO(kind), hidden]) {
      expect(await at.read({ content: gnupg.gpg(form, CSV), keys: keysOf(kind) })).toBe(CSV);
    }
    const text = await at.read({ content: gnupg.gpg([...TO(kind), '--textmode'], CSV), keys: keysOf(kind) });
    expect(text.replaceAll('\r\n', '\n')).toBe(CSV);
  });

  it('a private key of which only the subkeys were exported will do', async () => {
    const keys = keysOf(kind, null, '--export-secret-subkeys');
    expect(await at.read({ content: gnupg.gpg(TO(kind), CSV), keys })).toBe(CSV);
  });

  it('a file that ends in the middle, or was changed, is set aside', async () => {
    const content = gnupg.gpg([...TO(kind), ...SIGNED], CSV);
    const keys = keysOf(kind, senderKey());
    for (const bytes of [600, content.length - 1]) {
      expect((await at.troubleOf({ content: content.subarray(0, bytes), keys })).message).toContain(
        'ends in the middle',
      );
    }
    for (const index of [700, content.length - 5]) {
      const changed = Uint8Array.from(content, (byte, place) => (place === index ? byte ^ 1 : byte));
      expect((await at.troubleOf({ content: changed, keys })).message).toContain('damaged or changed');
    }
  });

  it('the wrong key is told with the ids that GnuPG shows', async () => {
    const other = KINDS.find((each) => each !== kind) ?? '';
    const { message } = await at.troubleOf({ content: gnupg.gpg(TO(other), CSV), keys: keysOf(kind) });
    const shown = (address: string) =>
      Buffer.from(exported(address, '--list-keys', '--with-colons'))
        .toString()
        .split('\n')
        .filter((line) => /^(pub|sub):/.test(line))
        .map((line) => line.split(':')[4] ?? '');
    expect(message).toContain(`holds ${shown(`own-${kind}@example.com`).join(', ')}`);
    expect(message).toContain(`encrypted for ${shown(`own-${other}@example.com`)[1]}`);
  });
});

describe('keys that are made here', () => {
  it('are encrypted for by GnuPG, and the file is read', async () => {
    const own = await makePgpKey('another passphrase');
    gnupg.gpg(['--import'], own.publicFile);
    const content = gnupg.gpg(['--encrypt', '--recipient', own.ids[0] ?? '', ...SIGNED], CSV);
    const keys = pgpSecrets(own, { passphrase: 'another passphrase', verifyKey: senderKey() });
    expect(await at.read({ content, keys })).toBe(CSV);
  });

  it('make files that GnuPG decrypts and verifies', async () => {
    const own = await makePgpKey();
    gnupg.gpg(['--import'], own.privateFile);
    const content = await pgpMessage(CSV, { to: [own], from: [own], compressed: true });
    expect(Buffer.from(gnupg.gpg(['--decrypt'], content)).toString()).toBe(CSV);
  });

  it('do not read what is only signed by somebody else', async () => {
    const own = await makePgpKey();
    const content = gnupg.gpg([...TO('rsa'), ...SIGNED], CSV);
    const { trouble, message } = await at.troubleOf({ content, keys: keysOf('rsa', own.publicFile) });
    expect({ trouble, message }).toMatchObject({
      trouble: 'unreadable',
      message: expect.stringContaining('is signed by'),
    });
  });
});

function configurePgp(trial: Trial, privateKey: Uint8Array): void {
  const files = { own: join(trial.directory, 'own.asc'), sender: join(trial.directory, 'sender.asc') };
  writeFileSync(files.own, privateKey, { mode: 0o600 });
  writeFileSync(files.sender, senderKey());
  const pgp = `{ private_key_file: ${files.own}, passphrase: "\${PGP_PASSPHRASE}", verify_key_file: ${files.sender} }`;
  const configuration = everydayConfiguration({ ...trial, url: trial.emulator.url });
  trial.configure(
    configuration
      .replace('employees*.csv', 'employees.pgp')
      .replace('    contact:', `    format: { pgp: ${pgp} }\n    contact:`),
  );
}
