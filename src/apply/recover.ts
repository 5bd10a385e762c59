// Resolves what a crashed or cut-off run left in doubt, before anything is planned: an operation was sent, and
// nobody recorded the answer. The API is asked what it holds, and the snapshot says so from then on.

import { UnreachableError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import type { Contact, OperationKind } from '../plan/operation.ts';
import type { Journal, JournalEntry, Settlement } from '../store/journal.ts';
import { contactOf } from './outcome.ts';
import { find, type Line } from './request.ts';

export interface Recovered {
  readonly kind: OperationKind;
  readonly externalId: string;
  readonly run: string;
  /** Whether Workshop had carried it out. */
  readonly outcome: 'applied' | 'not applied';
}

export interface RecoverParts extends Line {
  readonly journal: Journal;
  readonly now: () => number;
}

/**
 * Asks about every operation in doubt, oldest first (specification §9, "Crash"). Throws `UnreachableError` (exit 8)
 * when the API cannot be asked: the rest stays in doubt and nothing may be planned.
 */
export async function recover(parts: RecoverParts): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  for (const entry of parts.journal.inDoubt()) {
    const held = await heldByWorkshop(parts, entry);
    const applied = entry.kind === 'delete' ? held === null : held !== null && equals(held, contactOf(entry));
    settleDoubt(parts, entry, { applied, held });
    recovered.push({
      kind: entry.kind,
      externalId: entry.externalId,
      run: entry.run,
      outcome: applied ? 'applied' : 'not applied',
    });
  }
  return recovered;
}

/** The contact as Workshop has it now, as far as it is ours; null when it has none. */
async function heldByWorkshop(parts: RecoverParts, entry: JournalEntry): Promise<Contact | null> {
  const ids =
    entry.kind === 'rekey' ? [entry.body?.external_id ?? entry.externalId, entry.externalId] : [entry.externalId];
  for (const externalId of ids) {
    const answer = await find(parts, externalId);
    if (answer.kind === 'ok' && answer.contact !== null) return ours(answer.contact, entry);
    if (answer.kind === 'not_found') continue;
    const reason = parts.pace.stopped?.message ?? ('message' in answer ? answer.message : 'no answer');
    throw new UnreachableError(`Workshop could not be asked how far an earlier run came: ${reason}`, {
      hint:
        parts.pace.stopped?.hint ??
        'Nothing was planned or sent. Run again once Workshop answers; `workshop-sync doctor` checks the connection.',
    });
  }
  return null;
}

function settleDoubt(
  parts: RecoverParts,
  entry: JournalEntry,
  found: { applied: boolean; held: Contact | null },
): void {
  const { journal } = parts;
  // The row is remembered only for a contact that equals it.
  const settled = found.applied ? entry : { ...entry, fingerprint: null };
  // A contact that vanished is the next plan's business: in the wrong tenant everybody is gone.
  const held = found.held === null && entry.kind !== 'delete' ? undefined : found.held;
  if (entry.state === 'abandoned') {
    journal.resolved(settled, held);
    return;
  }
  invariant(entry.state === 'in_flight', `operation ${entry.id} is in doubt and ${entry.state}`);
  if (!found.applied) {
    journal.doubtRemoved(settled, held);
    return;
  }
  const settlement: Settlement = { status: null, attempts: 1, error: null, drift: null, atMs: parts.now() };
  journal.applied(settled, found.held, settlement);
}

/** The attributes that the snapshot or the operation speaks of; what others wrote is not ours to keep. */
function ours(contact: Contact, entry: JournalEntry): Contact {
  const keys = [...Object.keys(entry.before?.attributes ?? {}), ...Object.keys(entry.body?.attributes ?? {})];
  const held = keys.filter((key) => Object.hasOwn(contact.attributes, key));
  const attributes = Object.fromEntries(held.map((key) => [key, contact.attributes[key] ?? '']));
  const { externalId, firstName, lastName, email, phoneNumber } = contact;
  return { externalId, firstName, lastName, email, phoneNumber, attributes };
}

function equals(held: Contact, wanted: Contact | null): boolean {
  return wanted !== null && canonical(held) === canonical(wanted);
}

function canonical(contact: Contact): string {
  const attributes = Object.entries(contact.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const { externalId, firstName, lastName, email, phoneNumber } = contact;
  return JSON.stringify([externalId, firstName, lastName, email, phoneNumber, attributes]);
}
