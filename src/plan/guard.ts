// A guard compares a number with a limit and says both (specification §8). Pure.

/** At most `count`, or `percent` if that is more. */
export interface ShareLimit {
  readonly percent: number;
  readonly count: number;
}

export interface GuardLimits {
  /** Never more than `cap`. */
  readonly deletes: ShareLimit & { readonly cap: number };
  readonly creates: ShareLimit;
  readonly updates: ShareLimit;
  readonly cleared: ShareLimit;
  readonly rows: { readonly dropPercent: number; readonly growPercent: number; readonly count: number };
  readonly rejects: ShareLimit;
  /** `fields`: how many of email, full name and phone have to change for a row to seem to be another person. */
  readonly identity: { readonly fields: number; readonly count: number };
}

export const GUARDS = ['empty', 'rows', 'rejects', 'deletes', 'creates', 'updates', 'cleared', 'identity'] as const;
export type GuardName = (typeof GUARDS)[number];

/** `--force GUARD` overrides one of these for one run; a file without employees has a flag of its own. */
export const FORCEABLE_GUARDS: readonly GuardName[] = GUARDS.filter((name) => name !== 'empty');

/** These say that the file itself is not credible: they hold everything of the feed. */
export const WHOLE_FILE_GUARDS: readonly GuardName[] = ['rows', 'rejects'];

export interface GuardVerdict {
  readonly name: GuardName;
  readonly feed: string;
  readonly actual: number;
  readonly limit: number;
  readonly tripped: boolean;
  /** Tripped, but let through by `--force` for this run. */
  readonly forced: boolean;
  /** What the number counts, to be read after it; null where the name of the guard says it. */
  readonly note: string | null;
}

/** What there is to be judged of one feed's plan. */
export interface PlanNumbers {
  /** Contacts of the feed in the snapshot: what `percent` is of. */
  readonly contacts: number;
  readonly rowsRead: number;
  readonly rowsRejected: number;
  readonly rowsAccepted: number;
  /** Of the last accepted full file; null when there was none. */
  readonly rowsAcceptedBefore: number | null;
  /** Of a feed of changes; null of a full one. */
  readonly spoken: SpokenShare | null;
  readonly deletes: number;
  /** Applied within the last seven days without anybody having let them through. */
  readonly deletesUnseen: number;
  readonly creates: number;
  /** No full file of the feed has been wholly applied yet: its first run goes on. */
  readonly isFirst: boolean;
  readonly updates: number;
  readonly cleared: readonly ClearedAttribute[];
  readonly identity: IdentityNumbers;
}

/** How many of a feed's contacts the new files of changes speak of; the feed of which that is the largest share. */
export interface SpokenShare {
  readonly feed: string;
  readonly spoken: number;
  readonly contacts: number;
  /** Rejects in files that were accepted before: they were judged then. */
  readonly oldRejects: number;
}

/** Stands for the phone number among the attributes that are removed; no attribute is called so. */
export const PHONE_KEY = 'the phone number';

/** One attribute that the plan removes. */
export interface ClearedAttribute {
  readonly key: string;
  readonly removals: number;
  /** Contacts of the feed that have it; null: not counted, because so few removals are always fine. */
  readonly holders: number | null;
}

export interface IdentityNumbers {
  /** Rows that seem to be another person than before, re-keys included. */
  readonly suspicious: number;
  /** Those among them that describe another contact: a swap, or a column that has shifted. */
  readonly swapped: number;
  /** Leavers and joiners of whom it cannot be told who is who. */
  readonly ambiguous: number;
}

export interface Judging {
  readonly feed: string;
  readonly limits: GuardLimits;
  /** Guards that the operator lets through for this run. */
  readonly force: ReadonlySet<GuardName>;
}

/** No employee at all in a file is no company: only `--allow-empty` lets it through to the other guards. */
export function guardEmpty(feed: string, employeeCount: number, forced: boolean): GuardVerdict {
  return { name: 'empty', feed, actual: employeeCount, limit: 1, tripped: employeeCount === 0, forced, note: null };
}

/** The verdict of every guard on the plan of a feed, tripped or not; `cleared` has one for every attribute. */
export function judgePlan(numbers: PlanNumbers, { feed, limits, force }: Judging): GuardVerdict[] {
  const verdicts: Finding[] = [
    numbers.spoken === null ? guardRows(numbers, limits.rows) : guardChanges(numbers.spoken, limits.rows),
    judged('rejects', numbers.rowsRejected, shareOf(numbers.rowsRead, limits.rejects), `of ${numbers.rowsRead} rows`),
    guardDeletes(numbers, limits.deletes),
    guardCreates(numbers, limits.creates),
    judged('updates', numbers.updates, shareOf(numbers.contacts, limits.updates)),
    ...guardCleared(numbers, limits.cleared),
    guardIdentity(numbers.identity, limits.identity),
  ];
  return verdicts.map((verdict) => ({ ...verdict, feed, forced: force.has(verdict.name) }));
}

type Finding = Omit<GuardVerdict, 'feed' | 'forced'>;

function judged(name: GuardName, actual: number, limit: number, note: string | null = null): Finding {
  return { name, actual, limit, tripped: actual > limit, note };
}

/** How many a guard lets pass: `count`, or `percent` of the whole if that is more. */
export function shareOf(whole: number, { percent, count }: ShareLimit): number {
  return Math.max(count, Math.floor((whole * percent) / 100));
}

function guardRows({ rowsAccepted, rowsAcceptedBefore }: PlanNumbers, limits: GuardLimits['rows']): Finding {
  if (rowsAcceptedBefore === null) return judged('rows', 0, limits.count, 'there is no file before this one');
  const fewer = rowsAcceptedBefore - rowsAccepted;
  const percent = fewer > 0 ? limits.dropPercent : limits.growPercent;
  const limit = shareOf(rowsAcceptedBefore, { percent, count: limits.count });
  const words = fewer === 0 ? 'as many as' : `${fewer > 0 ? 'fewer' : 'more'} than`;
  return judged('rows', Math.abs(fewer), limit, `${words} the ${rowsAcceptedBefore} of the last accepted file`);
}

/** A file that speaks of half a company is a full one that lies in the wrong place. */
function guardChanges({ feed, spoken, contacts }: SpokenShare, limits: GuardLimits['rows']): Finding {
  const limit = shareOf(contacts, { percent: limits.growPercent, count: limits.count });
  return judged('rows', spoken, limit, `of the ${contacts} people of feed ${feed}: changes do not speak of so many`);
}

/** Too many at once; or, so that a company does not bleed to death a little every day, twice that within a week. */
function guardDeletes(numbers: PlanNumbers, limits: GuardLimits['deletes']): Finding {
  const limit = Math.min(limits.cap, shareOf(numbers.contacts, limits));
  const inWeek = numbers.deletesUnseen + numbers.deletes;
  const isBleeding = numbers.deletes > 0 && inWeek > 2 * limit;
  if (isBleeding && numbers.deletes <= limit) {
    return judged('deletes', inWeek, 2 * limit, `within 7 days, ${numbers.deletes} of them now`);
  }
  return judged('deletes', numbers.deletes, limit, `at once; ${inWeek} within 7 days, of at most ${2 * limit}`);
}

function guardCreates({ creates, contacts, isFirst }: PlanNumbers, limits: ShareLimit): Finding {
  const verdict = judged('creates', creates, shareOf(contacts, limits));
  if (!isFirst) return verdict;
  return { ...verdict, tripped: false, note: 'not watched until a first file is wholly applied' };
}

function guardCleared({ cleared }: PlanNumbers, limits: ShareLimit): Finding[] {
  if (cleared.length === 0) return [judged('cleared', 0, limits.count)];
  const verdicts = cleared.map(({ key, removals, holders }) => {
    const note = holders === null ? `lose ${key}` : `of the ${holders} who have ${key} would lose it`;
    return { ...judged('cleared', removals, shareOf(holders ?? 0, limits), note), key };
  });
  // Whoever looks only at the first one sees whether any of them tripped.
  const ordered = verdicts.toSorted((a, b) => Number(b.tripped) - Number(a.tripped) || (a.key < b.key ? -1 : 1));
  return ordered.map(({ key: _, ...verdict }) => verdict);
}

function guardIdentity(numbers: IdentityNumbers, { count }: GuardLimits['identity']): Finding {
  const { suspicious, swapped, ambiguous } = numbers;
  const notes = [
    'may be another person',
    ...(swapped > 0 ? [`${swapped} of them with the values of somebody else`] : []),
    ...(ambiguous > 0 ? [`${ambiguous} of them where it cannot be told who is who`] : []),
  ];
  const verdict = judged('identity', suspicious, count, suspicious === 0 ? null : notes.join(', '));
  return { ...verdict, tripped: verdict.tripped || swapped > 0 || ambiguous > 0 };
}
