// Judges the plan of one feed: counts what the guards compare, and holds what they do not let through (specification §8).

import type { Settings } from '../config/settings.ts';
import { configurationHash } from '../feed/configuration.ts';
import type { TakenFeed } from '../feed/taking.ts';
import {
  type GuardName,
  type GuardVerdict,
  judgePlan,
  type PlanNumbers,
  shareOf,
  WHOLE_FILE_GUARDS,
} from '../plan/guard.ts';
import { GRAVE_SUSPICIONS, SUSPICIONS } from '../plan/identity.ts';
import { IN_DOUBT } from '../store/doubtful.ts';
import type { Selection } from '../store/holding.ts';
import type { Store } from '../store/store.ts';

export interface GuardsParts {
  readonly store: Store;
  readonly limits: Settings['guards'];
  readonly force: ReadonlySet<GuardName>;
  readonly nowMs: number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Whichever comes first gives a held operation its guard. */
const PRECEDENCE: readonly GuardName[] = ['rows', 'rejects', 'identity', 'deletes', 'creates', 'cleared', 'updates'];

/** The verdict of every guard; what one of them trips over is held, or marked as let through where it is forced. */
export function guardFeed(parts: GuardsParts, { settings, facts, spoken }: TakenFeed): GuardVerdict[] {
  const { store, limits, force } = parts;
  const feed = settings.name;
  const numbers = countNumbers(parts, { feed, facts, spoken });
  const verdicts = judgePlan(numbers, { feed, limits, force }).map((verdict) =>
    WHOLE_FILE_GUARDS.includes(verdict.name) && isAcceptedBefore(parts, { settings, facts })
      ? passed(verdict)
      : verdict,
  );
  for (const name of PRECEDENCE) {
    if (!verdicts.some((verdict) => verdict.name === name && verdict.tripped)) continue;
    for (const selection of selectionsOf(name, numbers, limits)) {
      // Whoever forces a guard on the file has not looked at the operations one by one.
      if (force.has(name)) {
        if (!WHOLE_FILE_GUARDS.includes(name)) store.holding.letThrough(feed, name, selection);
      } else store.holding.hold(feed, name, selection);
    }
  }
  return verdicts;
}

/** Whether a file is credible is asked once: nobody has to approve it again at each run while it is the newest one. */
function isAcceptedBefore({ store }: GuardsParts, { settings, facts }: Pick<TakenFeed, 'settings' | 'facts'>): boolean {
  if (settings.kind === 'changes') return facts.file?.unchanged === true;
  const last = store.files.lastAccepted(settings.name);
  return last?.sha256 === facts.file?.sha256 && last?.configuration === configurationHash(settings);
}

function passed(verdict: GuardVerdict): GuardVerdict {
  if (!verdict.tripped) return verdict;
  return { ...verdict, tripped: false, note: `${verdict.note ?? ''}; the file was accepted before`.replace(/^; /, '') };
}

/** The guard for which a whole file waits, if any does. */
export function withholding(verdicts: readonly GuardVerdict[]): GuardName | null {
  const trips = (name: GuardName) => verdicts.some((each) => each.name === name && each.tripped && !each.forced);
  return WHOLE_FILE_GUARDS.find(trips) ?? null;
}

function countNumbers(
  { store, limits, nowMs }: GuardsParts,
  { feed, facts, spoken }: Pick<TakenFeed, 'facts' | 'spoken'> & { readonly feed: string },
): PlanNumbers {
  const { planned, numbers, files, staging } = store;
  const kinds = planned.kinds(feed);
  const { rows, contactsBefore } = facts;
  const before = files.lastAccepted(feed)?.rowCounts;
  return {
    // Files of changes speak of other feeds' people as well.
    contacts: spoken === null ? contactsBefore : store.snapshot.count(),
    spoken,
    rowsRead: rows.read,
    // Whom Workshop does not answer for says nothing about the file.
    rowsRejected: rows.rejected - staging.rejectCount(feed, IN_DOUBT) - (spoken?.oldRejects ?? 0),
    // Who is counted by another feed today is in the file all the same.
    rowsAccepted: rows.accepted + store.ownership.asideRows(feed),
    rowsAcceptedBefore: before === undefined ? null : before.accepted + (before.aside ?? 0),
    // All of them, every time: nobody is to be removed unseen because it did not go through before.
    deletes: kinds.delete,
    deletesUnseen: numbers.deletesUnseen(feed, nowMs - WEEK_MS),
    creates: kinds.create - numbers.refusedBefore(feed, 'create'),
    isFirst: !files.everWhollyApplied(feed),
    updates: kinds.update - numbers.refusedBefore(feed, 'update'),
    cleared: numbers.cleared(feed, limits.cleared.count),
    identity: numbers.identity(feed),
  };
}

/** What a guard that tripped is about. */
function selectionsOf(name: GuardName, numbers: PlanNumbers, limits: Settings['guards']): Selection[] {
  switch (name) {
    case 'empty':
      return [];
    case 'rows':
    case 'rejects':
      return [{ kind: 'everything' }];
    case 'deletes':
      return [{ kind: 'kinds', kinds: ['delete'] }];
    case 'creates':
      return [{ kind: 'kinds', kinds: ['create', 'rekey'] }];
    case 'updates':
      return [{ kind: 'kinds', kinds: ['update'] }];
    case 'cleared':
      return numbers.cleared
        .filter(({ removals, holders }) => removals > shareOf(holders ?? 0, limits.cleared))
        .map(({ key }) => ({ kind: 'clears', key }));
    case 'identity': {
      const areMany = numbers.identity.suspicious > limits.identity.count;
      return [{ kind: 'suspicions', suspicions: areMany ? SUSPICIONS : GRAVE_SUSPICIONS }];
    }
  }
}
