// What the program relies on of the Contacts API: one suite, run against the emulator.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Contacts, FoundContact } from '../../src/contacts/contacts.ts';
import type { ContactBody } from '../../src/plan/operation.ts';

export interface ContactsSetup {
  /** With a key that is accepted unless another one is given, on an API without contacts. */
  open(apiKey?: string): Promise<Contacts>;
  close(): Promise<void>;
}

export function contactsContract(name: string, setup: () => Promise<ContactsSetup>): void {
  describe(`${name} as a Contacts API`, () => {
    let at: ContactsSetup;
    let contacts: Contacts;

    beforeEach(async () => {
      at = await setup();
      contacts = await at.open();
    });

    afterEach(async () => {
      await contacts.close();
      await at.close();
    });

    async function found(externalId: string): Promise<FoundContact | null> {
      const answer = await contacts.find(externalId);
      return answer.kind === 'ok' ? answer.contact : null;
    }

    it('accepts the key', async () => {
      expect((await contacts.check()).kind).toBe('ok');
    });

    it('refuses another key for good', async () => {
      const stranger = await at.open('another-key');
      const answers = [await stranger.check(), await stranger.create(person('A')), await stranger.find('A')];
      await stranger.close();
      expect(answers.map(({ kind }) => kind)).toEqual(['fatal', 'fatal', 'fatal']);
    });

    it('creates a contact and finds it by its external_id, with its attributes', async () => {
      const body = { ...person('A'), phone_number: '+15125550100', attributes: { office: 'Austin' } };
      expect(await contacts.create(body)).toEqual({ kind: 'ok', status: 201, contact: null });
      expect(await found('A')).toMatchObject({
        externalId: 'A',
        firstName: 'Ada',
        lastName: 'Lovelace',
        email: 'a1@example.com',
        phoneNumber: '+15125550100',
        attributes: { office: 'Austin' },
      });
    });

    it('does not find whom nobody created', async () => {
      expect((await contacts.find('nobody')).kind).toBe('not_found');
    });

    it('creates nobody twice', async () => {
      await contacts.create(person('A'));
      expect(await contacts.create({ ...person('A'), email: 'other@example.com' })).toMatchObject({
        kind: 'conflict',
        status: 409,
      });
    });

    it('gives no email to two people', async () => {
      await contacts.create(person('A'));
      const answer = await contacts.create({ ...person('B'), email: 'A1@Example.com' });
      expect(answer).toMatchObject({ kind: 'conflict', message: expect.stringContaining('email') });
    });

    it('says which field it refuses', async () => {
      const answer = await contacts.create({ ...person('A'), email: 'no address' });
      expect(answer).toMatchObject({ kind: 'refused', status: 422, message: expect.stringMatching(/^email: /) });
    });

    it('changes only what an update names', async () => {
      await contacts.create({ ...person('A'), attributes: { office: 'Austin', team: 'One' } });
      expect((await contacts.update('A', { first_name: 'Eve', attributes: { team: 'Two' } })).kind).toBe('ok');
      expect(await found('A')).toMatchObject({
        firstName: 'Eve',
        lastName: 'Lovelace',
        attributes: { office: 'Austin', team: 'Two' },
      });
    });

    it('removes an attribute that is set to null', async () => {
      await contacts.create({ ...person('A'), attributes: { office: 'Austin', team: 'One' } });
      await contacts.update('A', { attributes: { office: null } });
      expect((await found('A'))?.attributes).toEqual({ team: 'One' });
    });

    it('moves a contact to another external_id', async () => {
      await contacts.create(person('A'));
      const before = await found('A');
      expect((await contacts.update('A', { external_id: 'B' })).kind).toBe('ok');
      expect([await found('A'), (await found('B'))?.id]).toEqual([null, before?.id]);
    });

    it('removes a contact, once', async () => {
      await contacts.create(person('A'));
      const kinds = [await contacts.remove('A'), await contacts.remove('A'), await contacts.update('A', {})].map(
        kindOf,
      );
      expect(kinds).toEqual(['ok', 'not_found', 'not_found']);
      expect(await found('A')).toBeNull();
    });

    it.each(['000123', 'a/b', 'a%2Fb', '100%', 'a b+c', 'Ünïcode 漢字', 'a?external=false&x#y', '..a', "o'neil;=:@"])(
      'addresses the contact %j and no other',
      async (externalId) => {
        await contacts.create(person('other'));
        expect((await contacts.create(person(externalId))).kind).toBe('ok');
        expect((await found(externalId))?.externalId).toBe(externalId);
        expect((await contacts.update(externalId, { first_name: 'Eve' })).kind).toBe('ok');
        expect((await found(externalId))?.firstName).toBe('Eve');
        expect((await contacts.remove(externalId)).kind).toBe('ok');
        expect([await found(externalId), (await found('other'))?.firstName]).toEqual([null, 'Ada']);
      },
    );
  });
}

let addresses = 0;

function person(externalId: string): ContactBody {
  addresses = externalId === 'A' ? 1 : addresses + 1;
  return { external_id: externalId, first_name: 'Ada', last_name: 'Lovelace', email: `a${addresses}@example.com` };
}

function kindOf({ kind }: Answer): string {
  return kind;
}
