// Contacts that turn out not to be in Workshop any more (specification §9, "Converging"). An update makes its contact anew
// and a delete is settled, but only once Workshop has shown that it is still ours: in another company's everybody is gone.

import { UnreachableError } from '../errors.ts';
import type { JournalEntry as Entry, Journal } from '../store/journal.ts';
import type { Line } from './line.ts';
import { type Outcome, UNKNOWN } from './outcome.ts';
import { type Requested, recreate } from './request.ts';
import { createStreak } from './streak.ts';
import { confirmTenant, type TenantParts } from './tenant.ts';

export interface GoneParts extends Line, TenantParts {
  readonly journal: Journal;
  readonly commit: (write: () => void) => Promise<void>;
  readonly settle: (entry: Entry, requested: Requested) => Promise<void>;
}

export interface Gone {
  add(vanished: Vanished): Promise<void>;
  /** An update is about to be sent; in the order of the plan. */
  sent(entry: Entry): void;
  /** An update was answered, and its contact is there. */
  found(entry: Entry): void;
  /** Settles every operation whose contact is gone, at the end of a run; what is stopped meanwhile was not sent. */
  settle(): Promise<void>;
  has(externalId: string): boolean;
}

/** This many contacts in a row that are not in Workshop any more are for somebody to look at. */
const GONE_IN_A_ROW = 10;

const NOT_SENT: Requested = { outcome: { kind: 'not_sent' }, status: null, attempts: 0 };

/** An operation in flight whose contact was not found. */
export interface Vanished {
  readonly entry: Entry;
  readonly requested: Requested;
  readonly outcome: Outcome & { readonly kind: 'gone' };
}

/** Collects the contacts of one run that are gone. */
export function createGone(parts: GoneParts): Gone {
  const { pace } = parts;
  const ids = new Set<string>();
  const updates: Vanished[] = [];
  let deletes: Vanished[] = [];
  const streak = createStreak();
  /** So many in a row were gone, in a Workshop that is ours, that the run stopped. */
  let areMany = false;

  const isOurs = async (): Promise<boolean> => {
    if (pace.stopped !== null) return false;
    await confirmTenant(parts, ids).catch((error: unknown) => {
      if (!(error instanceof UnreachableError)) throw error;
      pace.stop(error);
    });
    return pace.stopped === null;
  };
  const settleDeletes = async (): Promise<void> => {
    const settled = deletes;
    deletes = [];
    const areGone = settled.length > 0 && (await isOurs());
    for (const vanished of settled) {
      const { entry, requested, outcome } = vanished;
      const applied = { kind: 'applied', contact: null, drift: outcome.drift } as const;
      await parts.settle(entry, areGone ? { ...requested, outcome: applied } : unsettled(vanished));
    }
  };
  const settleUpdates = async (): Promise<void> => {
    const areGone = areMany || (updates.length > 0 && (await isOurs()));
    for (const vanished of updates) {
      const { entry } = vanished;
      const isStopped = pace.stopped !== null;
      // Whatever becomes of making it anew: it is not there any more.
      if (areMany || (areGone && !isStopped)) await parts.commit(() => parts.journal.vanished(entry));
      await parts.settle(entry, isStopped ? unsettled(vanished) : await recreate(parts, entry));
    }
  };
  return {
    add: async (vanished) => {
      const { entry } = vanished;
      ids.add(entry.externalId);
      if (entry.kind === 'delete') {
        deletes.push(vanished);
        if (deletes.length >= GONE_IN_A_ROW) await settleDeletes();
        return;
      }
      updates.push(vanished);
      const inARow = streak.gone(entry.ordinal);
      if (inARow < GONE_IN_A_ROW || areMany || !(await isOurs())) return;
      areMany = true;
      pace.stop(manyGone(inARow));
    },
    sent: ({ ordinal }) => streak.sent(ordinal),
    found: ({ ordinal }) => streak.found(ordinal),
    settle: async () => {
      await settleDeletes();
      await settleUpdates();
    },
    has: (externalId) => ids.has(externalId),
  };
}

/** The run stopped before it was certain: what may have been carried out is asked about by the next one. */
function unsettled({ requested, outcome }: Vanished): Requested {
  return outcome.inDoubt ? { ...requested, outcome: UNKNOWN } : NOT_SENT;
}

function manyGone(count: number): UnreachableError {
  return new UnreachableError(
    `${count} contacts in a row that Workshop confirmed before are not there any more; the run stopped and created none of them again.`,
    {
      hint: 'Ask who removed them in Workshop. Whoever should stay away belongs under `exclude`; the next run creates the others again: look with `workshop-sync plan` first.',
    },
  );
}
