// Drains the journal of a run: every pending operation is sent and settled. What was not sent when the run has to
// stop is pending again; contacts that vanished from Workshop are made anew last, and not when they are many.

import { OperatorError, UnreachableError } from '../errors.ts';
import { invariant } from '../invariant.ts';
import { bodyToTakeBack } from '../plan/give-back.ts';
import { contactAfter } from '../plan/operation.ts';
import type { JournalEntry as Entry, Journal, Settlement } from '../store/journal.ts';
import { createGone, type Gone } from './gone.ts';
import type { Line } from './line.ts';
import { createParked, type Parked } from './parked.ts';
import { type Requested, request } from './request.ts';
import type { TenantParts } from './tenant.ts';

export interface ApplyParts extends Line, TenantParts {
  readonly run: string;
  readonly journal: Journal;
  /** Resolves once the write is durably on disk. */
  readonly commit: (write: () => void) => Promise<void>;
  readonly now: () => number;
  readonly concurrency: number;
  readonly onSettled?: (settledCount: number) => void;
}

interface Progress {
  settled: number;
  /** Contacts that are not in Workshop; their operations are still in flight. */
  readonly gone: Gone;
  /** By ordinal: operations that are under way. */
  readonly underWay: Map<number, Promise<void>>;
  /** Ordinals of operations that were not applied: whoever waits for one of them is not sent. */
  readonly unapplied: Set<number>;
  readonly parked: Parked;
}

/**
 * Applies the plan of a run in the Workshop that `confirmTenant` found to be ours, in the order of the plan: whoever waits
 * for a value is sent once the value is given up. Ends early once the pace is stopped.
 */
export async function applyPlan(parts: ApplyParts): Promise<void> {
  const progress: Progress = {
    settled: 0,
    gone: createGone({ ...parts, settle: (entry, requested) => settle(parts, entry, requested, progress) }),
    underWay: new Map(),
    unapplied: new Set(),
    parked: createParked(),
  };
  await applyPending(parts, progress);
  await takeBack(parts, progress);
  await progress.gone.settle();
}

/** Keeps twice as many operations under way as may be in flight, so that their intentions are on disk in time. */
async function applyPending(parts: ApplyParts, progress: Progress): Promise<void> {
  const { underWay } = progress;
  let failure: { error: unknown } | null = null;
  for (const entry of pendingOf(parts)) {
    if (parts.pace.stopped !== null || failure !== null) break;
    if (changesSomebody(entry)) progress.gone.sent(entry);
    const one = applyInTurn(parts, entry, progress)
      .catch((error: unknown) => {
        failure ??= { error };
        // What was asked for is answered; nothing new is sent once the journal cannot be written.
        parts.pace.stop(stopBy(error));
      })
      .finally(() => underWay.delete(entry.ordinal));
    underWay.set(entry.ordinal, one);
    if (underWay.size >= parts.concurrency * 2) await Promise.race(underWay.values());
  }
  await Promise.all(underWay.values());
  rethrow(failure);
}

/** Whomever it waits for comes earlier in the plan, so is under way or done. */
async function applyInTurn(parts: ApplyParts, entry: Entry, progress: Progress): Promise<void> {
  await Promise.all(entry.waitsFor.map((ordinal) => progress.underWay.get(ordinal)));
  const isInVain = entry.waitsFor.some((ordinal) => progress.unapplied.has(ordinal));
  if (parts.pace.stopped !== null || isInVain) progress.unapplied.add(entry.ordinal);
  else await applyOne(parts, entry, progress);
}

function stopBy(error: unknown): OperatorError {
  if (error instanceof OperatorError) return error;
  const hint = 'Nothing that was confirmed is lost; the next run asks Workshop about what was in flight.';
  return new UnreachableError('The run stopped because of an error of its own.', { hint, cause: error });
}

function rethrow(failure: { error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}

function* pendingOf({ journal, run }: ApplyParts): Generator<Entry> {
  for (let page = journal.pending(run, 0); page.length > 0; ) {
    yield* page;
    page = journal.pending(run, page.at(-1)?.ordinal ?? 0);
  }
}

async function applyOne(parts: ApplyParts, entry: Entry, progress: Progress): Promise<void> {
  await parts.commit(() => parts.journal.start(entry.id));
  const requested = await request(parts, entry);
  const { outcome } = requested;
  if (outcome.kind === 'gone') return await progress.gone.add({ entry, requested, outcome });
  const isThere = outcome.kind === 'applied' || outcome.kind === 'refused';
  if (isThere && changesSomebody(entry)) progress.gone.found(entry);
  await settle(parts, entry, requested, progress);
}

function changesSomebody({ kind }: Entry): boolean {
  return kind === 'update' || kind === 'rekey';
}

async function settle(parts: ApplyParts, entry: Entry, requested: Requested, progress: Progress): Promise<void> {
  const { journal } = parts;
  const { outcome, status, attempts } = requested;
  const settlement: Settlement = { status, attempts, error: null, drift: null, atMs: parts.now() };
  if (outcome.kind === 'applied') progress.parked.applied(entry);
  else progress.unapplied.add(entry.ordinal);
  await parts.commit(() => {
    switch (outcome.kind) {
      case 'applied':
        return journal.applied(entry, outcome.contact, { ...settlement, drift: outcome.drift });
      case 'refused':
      case 'exists':
        return journal.refused(entry, { ...settlement, error: outcome.error });
      case 'abandoned':
        return journal.abandoned(entry, { ...settlement, error: outcome.error }, outcome.inDoubt);
      case 'not_sent':
      case 'gone':
        return journal.notSent(entry.id);
    }
  });
  progress.settled += 1;
  parts.onSettled?.(progress.settled);
}

/** Nobody is left with an intermediate email, or without a phone number, because an exchange failed half-way. */
async function takeBack(parts: ApplyParts, progress: Progress): Promise<void> {
  for (const parking of progress.parked.left()) {
    if (parts.pace.stopped !== null) return;
    // Whose contact vanished gets a new one, with the new values.
    if (progress.gone.has(parking.externalId)) continue;
    const { before, body } = parking;
    invariant(before !== null && body !== null, 'an intermediate update changes a contact that is there');
    const operation = {
      ...parking,
      body: bodyToTakeBack(before, body),
      before: contactAfter(before, parking.externalId, body),
    };
    await applyOne(parts, parts.journal.append(operation, 'gives back what was taken for a moment'), progress);
  }
}
