import { expect, it } from 'vitest';
import { openContacts } from '../../src/contacts/http.ts';
import { contactsContract } from '../contract/contacts.ts';
import { openWorkshop } from '../emulator/workshop.ts';

const options = { version: '1.2', timeoutMs: 10_000, userAgent: 'workshop-sync/test' };

contactsContract('the emulator', async () => {
  const workshop = await openWorkshop();
  return {
    open: (apiKey = 'emulator-key') => openContacts({ ...options, baseUrl: workshop.url, apiKey }),
    close: workshop.close,
  };
});

it.each([
  ['drop', { drop: 'after' }],
  ['drop', { drop: 'before' }],
  ['cut-off JSON', { malformed: 'json' }],
  ['a web page', { malformed: 'html' }],
  ['a 503', { status: 503, after_commit: true }],
])('leaves open whether a write was carried out that was answered by a %s: %j', async (_, fault) => {
  const workshop = await openWorkshop();
  const contacts = await openContacts({ ...options, baseUrl: workshop.url, apiKey: 'emulator-key' });
  await workshop.control('POST', 'faults', { ...fault, method: 'POST' });
  const body = { external_id: 'A', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' };
  expect(await contacts.create(body)).toMatchObject({ kind: 'transient', ambiguous: true });
  await contacts.close();
  await workshop.close();
});
