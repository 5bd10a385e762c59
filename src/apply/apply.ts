// Drains the journal of a run: every pending operation is sent and settled. What was not sent when the run has to
// stop stays pending; what the contacts of a wrong tenant would suffer is asked about before it is done.

import { UnreachableError } from '../errors.ts';
import type { Contact, OperationKind } from '../plan/operation.ts';
import type { JournalEntry as Entry, Journal, Settlement } from '../store/journal.ts';
import { find, GONE, type Line, type Requested, recreate, request } from './request.ts';

export interface ApplyParts extends Line {
  readonly run: string;
  readonly journal: Journal;
  /** Resolves once the write is durably on disk. */
  readonly commit: (write: () => void) => Promise<void>;
  readonly now: () => number;
  readonly concurrency: number;
  /** Some other contacts of the snapshot, for asking whether this is still our Workshop. */
  readonly sample: (count: number, except: ReadonlySet<string>) => string[];
  readonly onSettled?: (settledCount: number) => void;
}

/** Deletes free the emails and phones that creates and updates claim. */
const ORDER: readonly OperationKind[] = ['delete', 'rekey', 'create', 'update'];

/** This many contacts in a row that Workshop does not know: it is not the Workshop that the snapshot speaks of. */
const GONE_IN_A_ROW = 10;

/** How many other contacts are asked for before one that vanished is made anew. */
const PROBES = 5;

interface Progress {
  settled: number;
  goneInARow: number;
  readonly gone: Entry[];
}

/** Applies the plan of a run. Ends early, without throwing, once the pace is stopped. */
export async function applyPlan(parts: ApplyParts): Promise<void> {
  const progress: Progress = { settled: 0, goneInARow: 0, gone: [] };
  for (const kind of ORDER) await applyKind(parts, kind, progress);
  await settleGone(parts, progress);
}

/** Keeps twice as many operations under way as may be in flight, so that their intentions are on disk in time. */
async function applyKind(parts: ApplyParts, kind: OperationKind, progress: Progress): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  for (const entry of pendingOf(parts, kind)) {
    if (parts.pace.stopped !== null || failure !== null) break;
    const one = applyOne(parts, entry, progress)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
    if (underWay.size >= parts.concurrency * 2) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  rethrow(failure);
}

function rethrow(failure: { error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}

function* pendingOf({ journal, run }: ApplyParts, kind: OperationKind): Generator<Entry> {
  for (let page = journal.pending(run, kind, 0); page.length > 0; ) {
    yield* page;
    page = journal.pending(run, kind, page.at(-1)?.ordinal ?? 0);
  }
}

async function applyOne(parts: ApplyParts, entry: Entry, progress: Progress): Promise<void> {
  await parts.commit(() => parts.journal.start(entry.id));
  const requested = await request(parts, entry);
  if (requested.outcome.kind === 'gone') {
    progress.gone.push(entry);
    progress.goneInARow += 1;
    if (progress.goneInARow >= GONE_IN_A_ROW) parts.pace.stop(wrongTenant(progress.goneInARow));
    return;
  }
  if (requested.outcome.kind === 'applied' && entry.kind !== 'create') progress.goneInARow = 0;
  await settle(parts, entry, requested, progress);
}

async function settle(parts: ApplyParts, entry: Entry, requested: Requested, progress: Progress): Promise<void> {
  const { journal } = parts;
  const { outcome, status, attempts } = requested;
  const settlement: Settlement = { status, attempts, error: null, drift: null, atMs: parts.now() };
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

/**
 * Contacts that vanished from Workshop are settled last: deletes are done, updates are made anew. Not before other
 * contacts of the snapshot were found, because in the wrong tenant everybody is gone and nobody must be re-created.
 */
async function settleGone(parts: ApplyParts, progress: Progress): Promise<void> {
  const { gone } = progress;
  if (gone.length > 0 && parts.pace.stopped === null) await probe(parts, gone);
  for (const entry of gone) {
    if (parts.pace.stopped !== null) {
      await settle(parts, entry, { outcome: { kind: 'not_sent' }, status: null, attempts: 0 }, progress);
      continue;
    }
    const requested = entry.kind === 'delete' ? settledDelete() : await recreate(parts, entry);
    await settle(parts, entry, requested, progress);
  }
}

async function probe(parts: ApplyParts, gone: readonly Entry[]): Promise<void> {
  const others = parts.sample(PROBES, new Set(gone.map((entry) => entry.externalId)));
  for (const externalId of others) {
    const found = await find(parts, externalId);
    if (found.kind === 'ok') return;
  }
  if (others.length > 0) parts.pace.stop(wrongTenant(gone.length + others.length));
}

function settledDelete(): Requested {
  const contact: Contact | null = null;
  return { outcome: { kind: 'applied', contact, drift: GONE }, status: 404, attempts: 1 };
}

function wrongTenant(count: number): UnreachableError {
  return new UnreachableError(
    `Workshop does not know ${count} of the contacts that it confirmed before; the run stopped and created none of them again.`,
    {
      hint: 'Check that api_key and base_url belong to the same company as before. If the contacts were really removed in Workshop, run `workshop-sync doctor`.',
    },
  );
}
