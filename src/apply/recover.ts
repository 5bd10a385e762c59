// Resolves what a crashed or cut-off run left in doubt, before anything is planned: an operation was sent, and
// nobody recorded the answer. The API is asked what it holds, and the snapshot says so from then on.

import { UnreachableError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import type { Contact, OperationKind } from '../plan/operation.ts';
import type { Journal, JournalEntry, Settlement } from '../store/journal.ts';
import { find, findSurely, type Line, reasonOf } from './line.ts';
import { isSame, managedKeys, managedPart } from './managed.ts';
import { contactOf } from './outcome.ts';
import { confirmTenant, type TenantParts } from './tenant.ts';

export interface Recovered {
  readonly kind: OperationKind;
  readonly externalId: string;
  readonly run: string;
  /** Whether Workshop had carried it out; unknown: it does not answer for this contact, and does for others. */
  readonly outcome: 'applied' | 'not applied' | 'unknown';
}

export interface RecoverParts extends Line, TenantParts {
  readonly journal: Journal;
  readonly now: () => number;
}

/**
 * Asks about every operation in doubt, oldest first (specification §9, "Crash"). Throws `UnreachableError` (exit 8)
 * when the API cannot be asked: the rest stays in doubt and nothing may be planned. When it answers, but not for a
 * contact, that one stays in doubt: nothing may be planned for it, and it stops nobody else.
 */
export async function recover(parts: RecoverParts): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  const doubtful = parts.journal.inDoubt();
  if (doubtful.length > 0)
    await confirmTenant(parts, mayBeGone(doubtful), new Set(doubtful.map(({ externalId }) => externalId)));
  const answers = await Promise.allSettled(doubtful.map((entry) => heldByWorkshop(parts, entry)));
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const bug = failures.find((failure) => !(failure instanceof UnreachableError));
  if (bug !== undefined) throw bug;
  const isAnswering = failures.length === 0 || (await answersAtAll(parts));
  for (const [index, entry] of doubtful.entries()) {
    const answer = answers[index];
    if (answer?.status !== 'fulfilled') {
      recovered.push(recoveredFrom(entry, 'unknown'));
      continue;
    }
    const held = answer.value;
    const wanted = contactOf(entry);
    const applied = held === null || wanted === null ? held === wanted : isSame(held, wanted);
    settleDoubt(parts, entry, { applied, held });
    recovered.push(recoveredFrom(entry, applied ? 'applied' : 'not applied'));
  }
  if (!isAnswering) throw failures[0];
  return recovered;
}

function recoveredFrom({ kind, externalId, run }: JournalEntry, outcome: Recovered['outcome']): Recovered {
  return { kind, externalId, run, outcome };
}

/** Is it this contact for which Workshop has no answer, or is it Workshop? */
async function answersAtAll({ contacts, pace }: RecoverParts): Promise<boolean> {
  const sent = await pace.send(() => contacts.check());
  return sent.kind === 'answered' && sent.answer.kind === 'ok' && pace.stopped === null;
}

/** The contact as Workshop has it now, as far as it is ours; null when it has none. */
async function heldByWorkshop(parts: RecoverParts, entry: JournalEntry): Promise<Contact | null> {
  for (const [index, externalId] of idsOf(entry).entries()) {
    // A run that was killed a moment ago may have made it, or moved it here, a moment ago.
    const mayBeNew = entry.kind !== 'delete' && (entry.kind !== 'rekey' || index > 0);
    const answer = await (mayBeNew ? findSurely : find)(parts, externalId, true);
    if (answer?.kind === 'ok' && answer.contact !== null)
      return managedPart(answer.contact, managedKeys(parts.managedFields(entry.feed), entry));
    if (answer?.kind === 'not_found') continue;
    const reason = parts.pace.stopped?.message ?? reasonOf(answer);
    throw new UnreachableError(`Workshop could not be asked how far an earlier run came: ${reason}`, {
      hint:
        parts.pace.stopped?.hint ??
        'Nothing was planned or sent. Run again once Workshop answers; `workshop-sync doctor` checks the connection.',
    });
  }
  return null;
}

/** In another company's Workshop everybody would seem to be deleted; these may be gone because we asked for it. */
function mayBeGone(doubtful: readonly JournalEntry[]): Set<string> {
  const removed = doubtful.filter(({ kind }) => kind === 'delete' || kind === 'rekey');
  return new Set(removed.map(({ externalId }) => externalId));
}

/** Where the contact may be found: while it has its former id, whoever has the new one is somebody else. */
function idsOf({ externalId, body }: JournalEntry): string[] {
  const newId = body?.external_id ?? externalId;
  return newId === externalId ? [externalId] : [externalId, newId];
}

function settleDoubt(
  parts: RecoverParts,
  entry: JournalEntry,
  found: { applied: boolean; held: Contact | null },
): void {
  const { journal } = parts;
  // The row is remembered only for a contact that equals it.
  const settled = found.applied ? entry : { ...entry, fingerprint: null };
  const { held } = found;
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
  journal.applied(settled, held, settlement);
}
