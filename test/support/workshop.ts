// The way to a real emulator inside a test: the HTTP client, a pace whose waits are over at once, and a store.

import { onTestFinished } from 'vitest';
import type { ApplyParts } from '../../src/apply/apply.ts';
import type { ManagedFields } from '../../src/apply/managed.ts';
import { createPace } from '../../src/apply/pace.ts';
import type { RecoverParts } from '../../src/apply/recover.ts';
import type { Contacts } from '../../src/contacts/contacts.ts';
import { openContacts } from '../../src/contacts/http.ts';
import { type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Contact, Operation } from '../../src/plan/operation.ts';
import type { JournalEntry } from '../../src/store/journal.ts';
import type { Store } from '../../src/store/store.ts';
import { confirm, newStore, openPlan } from './store.ts';
import type { LoggedRequest } from './trial.ts';

export interface Workshop {
  readonly emulator: RunningEmulator;
  readonly store: Store;
  /** The real ones; a test may put itself in between. */
  readonly contacts: Contacts;
  /** Everything that applying and recovering need, with a fresh pace. */
  parts(contacts?: Contacts): RecoverParts & ApplyParts;
  /** These contacts are in Workshop and in the snapshot. */
  have(...contacts: Contact[]): Promise<void>;
  /** Opens a plan of these operations, for `run-1`. */
  plan(...operations: Operation[]): JournalEntry[];
  /** The same, where the operation in the first place (from 1) waits for the one in the second. */
  planInOrder(waits: readonly [number, number], ...operations: Operation[]): JournalEntry[];
  faults(...rules: object[]): Promise<void>;
  /** What Workshop holds, by external_id, as contacts. */
  held(): Promise<Contact[]>;
  /** `METHOD external_id` for every request. */
  requests(): Promise<string[]>;
  remove(externalId: string): Promise<void>;
}

const MANAGED: ManagedFields = {
  phoneNumber: 'keep',
  attributes: new Map([
    ['department', 'clear'],
    ['office', 'clear'],
    ['nickname', 'keep'],
  ]),
};

/** An emulator and a store of their own; both are gone after the test. */
export async function newWorkshop(): Promise<Workshop> {
  const emulator = await startEmulator();
  const { url: baseUrl, apiKey } = emulator;
  const contacts = await openContacts({ baseUrl, apiKey, version: '1.2', timeoutMs: 2000, userAgent: 'test' });
  onTestFinished(async () => {
    await Promise.all([contacts.close(), emulator.close()]);
  });
  const store = newStore();
  const control = async (method: string, path: string, body?: unknown) => {
    const url = `${baseUrl.replace(/\/api$/, '/_emulator')}/${path}`;
    const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as unknown;
  };
  return {
    emulator,
    store,
    contacts,
    parts: (through = contacts) => ({
      contacts: through,
      pace: impatientPace(),
      journal: store.journal,
      commit: store.commit.write,
      sample: store.snapshot.sample,
      refusedBefore: store.refusals.isKnown,
      now: () => 10,
      run: 'run-1',
      concurrency: 4,
      managedFields: () => MANAGED,
    }),
    have: async (...all) => {
      await control('POST', 'contacts', all.map(written));
      confirm(store, all);
    },
    plan: (...operations) => {
      stage(store, operations);
      openPlan(store);
      return [...store.journal.entries('run-1')];
    },
    planInOrder: ([waiting, before], ...operations) => {
      stage(store, operations);
      store.order.arrange({
        parkings: [],
        waits: [{ operation: waiting, operations: [before], parkings: [] }],
        first: [before],
      });
      openPlan(store);
      return [...store.journal.entries('run-1')];
    },
    faults: async (...rules) => void (await control('POST', 'faults', rules)),
    held: async () => ((await control('GET', 'contacts')) as Written[]).map(read),
    requests: async () => {
      const { requests } = (await control('GET', 'requests')) as { requests: LoggedRequest[] };
      return requests.map(({ method, external_id }) => `${method} ${external_id}`);
    },
    remove: async (externalId) => void (await control('DELETE', `contacts/${externalId}`)),
  };
}

function stage(store: Store, operations: readonly Operation[]): void {
  store.planned.add(
    'employees',
    operations.map((operation) => ({ kind: 'operation', operation })),
  );
}

/** A pace on a clock that jumps ahead instead of waiting. */
function impatientPace() {
  let aheadMs = 0;
  return createPace({
    requestsPerSecond: 1000,
    concurrency: 4,
    attempts: 3,
    clock: { now: () => performance.now() + aheadMs },
    wait: async (delayMs) => {
      aheadMs += delayMs;
    },
    random: () => 0.5,
  });
}

function written({ externalId, firstName, lastName, email, phoneNumber, attributes }: Contact): object {
  return {
    external_id: externalId,
    first_name: firstName,
    last_name: lastName,
    email,
    ...(phoneNumber === null ? {} : { phone_number: phoneNumber }),
    attributes,
  };
}

interface Written {
  readonly external_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone_number?: string | null;
  readonly attributes: Record<string, string>;
}

function read(written: Written): Contact {
  return {
    externalId: written.external_id,
    firstName: written.first_name,
    lastName: written.last_name,
    email: written.email,
    phoneNumber: written.phone_number ?? null,
    attributes: written.attributes,
  };
}
