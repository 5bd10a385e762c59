// Plans one feed from its staged roster, and lets the guards judge the plan.

import { guardDeletes, guardEmpty } from '../plan/guard.ts';
import { planFeed } from '../plan/plan.ts';
import type { PeopleFacts } from '../report/facts.ts';
import type { PlanCounts } from '../store/planned.ts';
import { countSpokenOf, rosterQuestions } from '../store/questions.ts';
import { attributeKeys } from './configuration.ts';
import { learn, type Taking } from './taking.ts';

/** Plans the feed and holds what a guard does not let through. `unchanged`: this content was accepted before. */
export function planRoster(taking: Taking, unchanged: boolean): void {
  const { parts, options, feed } = taking;
  const { store, clock, settings } = parts;
  const questions = rosterQuestions(store.database, feed.name, clock.now(), !unchanged);
  const counts = store.planned.add(
    feed.name,
    planFeed(questions, {
      feed: feed.name,
      missing: feed.missing,
      deleteAfter: feed.deleteAfter,
      attributeKeys: attributeKeys(feed),
      nowMs: clock.now(),
    }),
  );
  learn(taking, { people: countPeople(taking, counts) });
  const verdict = guardDeletes(feed.name, settings.guards.deletes, {
    deleteCount: counts.delete,
    contactCount: taking.facts.contactsBefore,
    forced: options.force.has('deletes'),
  });
  taking.guards.push(verdict);
  if (verdict.tripped && !verdict.forced) store.planned.hold(feed.name, ['delete'], 'deletes');
}

/** The guards' numbers for a file after which nothing is open: nobody is deleted. */
export function judgeSettled({ parts, options, feed, facts, guards }: Taking): void {
  guards.push(guardEmpty(feed.name, facts.rows.accepted, options.allowEmpty));
  guards.push(
    guardDeletes(feed.name, parts.settings.guards.deletes, {
      deleteCount: 0,
      contactCount: facts.contactsBefore,
      forced: options.force.has('deletes'),
    }),
  );
}

function countPeople({ parts, feed }: Taking, counts: PlanCounts): PeopleFacts {
  const { store } = parts;
  const { create, update, rekey, delete: deleted, leaversDeleted, keptMissing } = counts;
  return {
    create,
    update,
    rekey,
    delete: deleted,
    leaversDeleted,
    unchanged: store.staging.knownCount() + counts.unchanged,
    kept: keptMissing + countSpokenOf(store.database, feed.name),
    leaversWithoutContact: store.staging.leaverCount() - leaversDeleted,
  };
}
