// What must hold after every run, whatever happened to it; and what must hold once a run came through undisturbed.

import { snapshotOf } from '../support/snapshot.ts';
import { checkTrial, type EmulatedContact, type LoggedRequest, type Trial } from '../support/trial.ts';
import { expectNone, expectSame, heldBy, Violation } from './differences.ts';
import type { Held } from './member.ts';
import type { Done } from './run.ts';
import type { Step } from './step.ts';
import type { Trouble } from './troubles.ts';

/** With the id that Workshop itself gave: who was removed and made anew has another one. */
export type Contact = EmulatedContact & { readonly id: string };

const ENDS = new Set(['0', '3', '4', '5', '8', '143']);
const STACK = /(\n|\\n)\s+at .+:\d+:\d+/;

export function checkEnd(done: Done, trouble: Trouble | null): void {
  const { signal, end, stderr, stdout, report, code } = done;
  // Before it listens for signals nothing has begun, and nothing is to be drained.
  const isTooEarly = signal === 'SIGTERM' && !stderr.includes('run started');
  const wasKilled = (signal === 'SIGKILL' || isTooEarly) && trouble?.ending !== null && trouble !== null;
  if (!wasKilled && !ENDS.has(end)) throw new Violation(`the program ended with ${end}:\n${stdout}\n${stderr}`);
  if (STACK.test(stderr)) throw new Violation(`the program printed a stack:\n${stderr}`);
  if (report === null) return;
  if (!report.balanced) throw new Violation(`the report does not balance: ${report.imbalances.join('; ')}`);
  if (code !== null && report.exit_code !== code)
    throw new Violation(`the report says exit ${report.exit_code}, but the program ended with ${code}`);
}

/** Follows, through all rounds, whom Workshop had to create, and that nobody who is in the file is removed. */
export class Watch {
  /** External_ids that were created, and of which no delete was asked for since. */
  readonly #created = new Set<string>();
  /** Workshop's own ids of whoever is in the file. */
  #staying = new Map<string, string>();

  /** A new file, and Workshop as it is before anything of it is sent. */
  newFile(step: Step, contacts: readonly Contact[]): void {
    this.#staying = new Map();
    this.seen(step, contacts);
  }

  /** Somebody else removed this contact. */
  removed(externalId: string): void {
    this.#created.delete(externalId);
  }

  checkRequests(step: Step, requests: readonly LoggedRequest[]): void {
    const twice: string[] = [];
    const removed: string[] = [];
    for (const { method, external_id, status, body } of requests) {
      if (external_id === null) continue;
      if (method === 'DELETE') {
        this.#created.delete(external_id);
        if (step.present.has(external_id)) removed.push(external_id);
      }
      const newId = method === 'PATCH' ? (body as { external_id?: string } | null)?.external_id : undefined;
      if (newId !== undefined) this.#created.delete(external_id);
      if (method !== 'POST' || status !== 201) continue;
      if (this.#created.has(external_id)) twice.push(external_id);
      this.#created.add(external_id);
    }
    expectNone('created a second time', twice);
    expectNone('in the file, and was to be deleted', removed);
  }

  /** Everybody who is in the file and was in Workshop is the contact that they were. */
  checkContacts(step: Step, contacts: readonly Contact[]): void {
    const ids = new Set(contacts.map(({ id }) => id));
    const gone = [...this.#staying].filter(([id]) => !ids.has(id)).map(([, externalId]) => externalId);
    expectNone('in the file, and no longer the contact that they were', gone);
    this.seen(step, contacts);
  }

  seen(step: Step, contacts: readonly Contact[]): void {
    for (const { id, external_id } of contacts)
      if (external_id !== null && step.present.has(external_id)) this.#staying.set(id, external_id);
  }
}

/** Workshop holds what the file says, the snapshot says the same, nothing is open, and the sums of the report balance. */
export async function checkInSync(trial: Trial, expected: ReadonlyMap<string, Held>): Promise<void> {
  expectSame('Workshop is not as the file says', expected, heldBy(await contactsOf(trial)));
  expectSame('the snapshot is not what Workshop holds', expected, snapshotHeld(trial));
  await checkTrial(trial);
}

export async function contactsOf(trial: Trial): Promise<Contact[]> {
  return (await trial.contacts()) as Contact[];
}

export function snapshotHeld(trial: Trial): Map<string | null, Held> {
  const rows = snapshotOf(trial) as unknown as (Omit<Held, 'attributes'> & { readonly attributes: string })[];
  return heldBy(rows.map((row) => ({ ...row, attributes: JSON.parse(row.attributes) })));
}
