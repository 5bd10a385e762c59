// What is known of one feed while it is taken from its source to its plan; kept when the rest fails.

import type { FeedSettings } from '../config/settings.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { GuardName, GuardVerdict, SpokenShare } from '../plan/guard.ts';
import type { FeedFacts, RowFacts } from '../report/facts.ts';
import type { HeldSetChange } from '../store/held-sets.ts';
import type { FileTime } from '../store/last-words.ts';
import type { Acceptance } from '../store/open-plan.ts';
import type { SyncOptions, SyncParts } from '../sync.ts';
import { withMore } from './facts.ts';

export interface TakenFeed {
  readonly settings: FeedSettings;
  readonly facts: FeedFacts;
  /** What is to be recorded when the plan is opened; null when nothing new was accepted. */
  readonly acceptance: Acceptance | null;
  /** Content and configuration, as `settled` files are remembered. */
  readonly content: string | null;
  readonly guards: readonly GuardVerdict[];
  /** The guard for which the whole file waits for approval: nothing of it is accepted. */
  readonly withheld: GuardName | null;
  /** What becomes of the sets that were and are held; null when the feed has no plan. */
  readonly heldSet: HeldSetChange | null;
  /** 0 when the feed is fine, whatever becomes of its operations. */
  readonly exitCode: ExitCode;
  /** Of the content of its file, or of its files together; empty when there is none. */
  readonly sha256: string;
  readonly spoken: SpokenShare | null;
  /** Somebody of its plan stays for now because another feed's file speaks of them: it is to be read again. */
  readonly isIncomplete: boolean;
  /** Its rows were read in this run, and not only known to be those of before. */
  readonly wasRead: boolean;
}

export type Measure = <Result>(name: string, body: () => Promise<Result>) => Promise<Result>;

/** A feed on its way; `facts` grows. */
export interface Taking {
  readonly parts: SyncParts;
  readonly options: SyncOptions;
  readonly feed: FeedSettings;
  readonly measure: Measure;
  readonly guards: GuardVerdict[];
  /** The feeds that this run has taken already. */
  readonly before: readonly TakenFeed[];
  /** Of the files that are read together. */
  fileTimes: readonly FileTime[];
  /** Of a feed of changes: whose people its new files speak of most. */
  spoken: SpokenShare | null;
  /** An empty file is let through to the other guards: by a flag, or because what it asks for was approved. */
  allowsEmpty: boolean;
  facts: FeedFacts;
}

const NO_ROWS: RowFacts = { read: 0, accepted: 0, rejected: 0, excluded: 0, duplicate: 0 };

/** A feed at the start: nothing is known but its contacts. */
export function startTaking(
  parts: SyncParts,
  options: SyncOptions,
  given: Pick<Taking, 'feed' | 'before' | 'measure'>,
): Taking {
  const { allowEmpty: allowsEmpty } = options;
  const facts = factsBefore(parts, given.feed);
  return { parts, options, ...given, guards: [], fileTimes: [], spoken: null, allowsEmpty, facts };
}

/** Facts of a feed of which nothing was read: its people stay as they are. */
export function factsBefore({ store }: SyncParts, feed: FeedSettings): FeedFacts {
  const contactsBefore = store.snapshot.count(feed.name);
  const { name, kind, missing } = feed;
  return {
    name,
    kind,
    missing,
    trouble: null,
    file: null,
    files: [],
    rows: NO_ROWS,
    notes: [],
    warnings: [],
    contactsBefore,
    people: null,
  };
}

/** Adds to what is known; notes and warnings are collected, everything else is replaced. */
export function learn(taking: Taking, more: Partial<FeedFacts>): void {
  taking.facts = withMore(taking.facts, more);
}

/** The feed as far as it was taken. */
export function taken(
  taking: Taking,
  rest: Partial<Pick<TakenFeed, 'acceptance' | 'content' | 'sha256' | 'wasRead' | 'exitCode'>>,
): TakenFeed {
  const { feed, facts, guards, spoken } = taking;
  const open = { acceptance: null, content: null, sha256: '', withheld: null, heldSet: null, wasRead: false };
  const isIncomplete = false;
  return { settings: feed, facts, guards, spoken, isIncomplete, ...open, exitCode: EXIT.inSync, ...rest };
}
