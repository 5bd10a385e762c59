// Plans one feed from its staged roster: one decision for everybody. The guards judge the plan later (`judge/`), when
// every feed has its plan.

import { planFeed } from '../plan/plan.ts';
import type { PeopleFacts } from '../report/facts.ts';
import { changedIds } from '../store/id-shapes.ts';
import { countSpokenOf, returned, rosterQuestions } from '../store/questions.ts';
import { attributeKeys } from './configuration.ts';
import { rejectConflicts } from './conflicts.ts';
import { changedIdsWarning, returnedNote, waitingNote } from './notes.ts';
import { learn, type Taking } from './taking.ts';

/** Plans the feed. `unchanged`: this content was accepted before. */
export function planRoster(taking: Taking, unchanged: boolean): void {
  const { parts, feed } = taking;
  const { store, clock, settings } = parts;
  const nowMs = clock.now();
  const counts = store.planned.add(
    feed.name,
    planFeed(rosterQuestions(store.database, feed, { nowMs, countsAsFile: !unchanged }), {
      feed: feed.name,
      missing: feed.missing,
      deleteAfter: feed.deleteAfter,
      attributeKeys: attributeKeys(settings.feeds, feed),
      identityFields: settings.guards.identity.fields,
      nowMs,
    }),
  );
  const { rekeys } = rejectConflicts(taking);
  learn(taking, {
    rows: store.staging.counts(),
    people: countPeople(taking, { unchanged: counts.unchanged, kept: counts.keptMissing + rekeys }),
    warnings: changedIdsWarning(changedIds(store.database, feed, 3)),
    notes: [...returnedNote(returned(store.database, feed.name)), ...waitingNote(feed, counts.keptMissing)],
  });
}

function countPeople({ parts, feed }: Taking, counts: { unchanged: number; kept: number }): PeopleFacts {
  const { staging, planned, database } = parts.store;
  const kinds = planned.kinds(feed.name);
  const unchanged = staging.knownCount() + counts.unchanged;
  const changed = kinds.update + kinds.rekey + kinds.delete;
  return {
    ...kinds,
    unchanged,
    // Of the many of whom a file of changes does not speak nobody is looked at.
    kept:
      feed.kind === 'changes'
        ? parts.store.ownership.count(feed.name) - changed - unchanged
        : counts.kept + countSpokenOf(database, feed.name),
    leaversWithoutContact: staging.leaverCount() - kinds.leaversDeleted,
  };
}
