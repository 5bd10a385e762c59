// `explain EXTERNAL_ID`: everything known of one person, found by a dry run that reads every row.

import { find, wordsOf } from '../apply/line.ts';
import { managedKeys, managedPart } from '../apply/managed.ts';
import { loadConfiguration } from '../config/load.ts';
import type { Answer } from '../contacts/contacts.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { managedFields } from '../feed/configuration.ts';
import type { Contact } from '../plan/operation.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import type { RunFacts } from '../report/facts.ts';
import { lineOf } from '../report/operation-line.ts';
import { explainDecision, type PersonFacts, type WorkshopFacts } from '../report/person.ts';
import { plainJson } from '../report/plain.ts';
import { createPaint } from '../report/style.ts';
import { explainText } from '../report/text-person.ts';
import { createPerson, type Person, type PersonRow } from '../store/person.ts';
import { type SyncParts, sync } from '../sync.ts';
import { type CommonFlags, type Io, wantsColor } from './io.ts';
import { withSyncParts } from './once.ts';
import { openLog } from './run.ts';

const PAST_SHOWN = 20;

/**
 * Prints what is known of the person. Ends with 0, or with 5 or 8 when a feed or Workshop could not be asked. Throws
 * `UsageError` (7) when nobody knows the person.
 */
export async function explainCommand(externalId: string | undefined, flags: CommonFlags, io: Io): Promise<ExitCode> {
  const id = (externalId ?? '').trim();
  if (id === '')
    throw new UsageError('explain needs the external_id of a person.', { hint: 'Type `workshop-sync explain 00042`.' });
  const configuration = loadConfiguration(flags.config);
  const progress = createProgress(wantsProgress({ isTTY: io.stdoutIsTerminal }, { isTTY: io.stderrIsTerminal }));
  const surroundings = { configuration, log: openLog(flags, io), progress, signal: io.signal };
  return await withSyncParts(surroundings, { dryRun: true }, async (parts) => {
    const person = createPerson(parts.store.database);
    const rows: PersonRow[] = [];
    const facts = await sync(
      { ...parts, watch: (feed) => void rows.push(...person.rows(feed, id)) },
      { dryRun: true, force: new Set(), allowEmpty: false, everyRow: true },
    );
    const gathered = await gather(parts, facts, { id, person, rows: person.afterwards(rows, id) });
    if (isUnknown(gathered)) throw unknownPerson(id, person.similar(id));
    if (flags.json === true) io.out(`${plainJson(jsonOf(gathered), 2)}\n`);
    else io.out(explainText(gathered, createPaint(wantsColor(io, flags))));
    return exitCodeOf(facts, gathered);
  });
}

async function gather(
  parts: SyncParts,
  run: RunFacts,
  { id, person, rows }: { id: string; person: Person; rows: readonly PersonRow[] },
): Promise<PersonFacts> {
  const known = person.known(id);
  const operation = person.planned(id);
  const feedName = operation?.feed ?? known?.feed ?? rows[0]?.feed ?? null;
  const feed = parts.settings.feeds.find(({ name }) => name === feedName);
  return {
    externalId: id,
    feeds: run.feeds.map(({ name, file, files, trouble }) => ({
      name,
      files: files.length > 0 ? files.map((each) => each.name) : file === null ? [] : [file.name],
      trouble: trouble === null || trouble.isPartial === true ? null : `${trouble.kind}: ${trouble.message}`,
    })),
    rows,
    snapshot: known,
    workshop: await askWorkshop(parts, id, { feed: feedName ?? '', before: known?.contact ?? null }),
    operation,
    missing: feed?.missing ?? null,
    deleteAfter: feed?.deleteAfter ?? null,
    past: person.past(id, PAST_SHOWN),
  };
}

async function askWorkshop(
  parts: SyncParts,
  id: string,
  { feed, before }: { feed: string; before: Contact | null },
): Promise<WorkshopFacts> {
  const answer: Answer | null = await find(parts, id);
  if (answer?.kind === 'not_found') return { kind: 'not found' };
  if (answer?.kind !== 'ok' || answer.contact === null) {
    return { kind: 'not asked', why: parts.pace.stopped?.message ?? wordsOf(answer) };
  }
  const keys = managedKeys(managedFields(parts.settings.feeds, feed), { body: null, before });
  return { kind: 'found', contact: managedPart(answer.contact, keys) };
}

function isUnknown({ rows, snapshot, workshop, operation, past }: PersonFacts): boolean {
  const isNowhere = rows.length === 0 && snapshot === null && operation === null && past.length === 0;
  return isNowhere && workshop.kind !== 'found';
}

function unknownPerson(id: string, similar: readonly string[]): UsageError {
  const meant = similar.length === 0 ? '' : ` There is ${similar.map((each) => `"${each}"`).join(', ')}.`;
  return new UsageError(`Nobody has the external_id "${id}": not in a file, not in Workshop, not in the journal.`, {
    hint: `Write the id as the file does, with its zeros.${meant}`,
  });
}

function jsonOf(facts: PersonFacts) {
  const { externalId, feeds, rows, snapshot, workshop, operation, past } = facts;
  return {
    external_id: externalId,
    feeds,
    rows,
    snapshot,
    workshop,
    decision: { ...explainDecision(facts), operation: operation && lineOf(operation) },
    past: past.map((each) => ({ run: each.run, ...lineOf(each) })),
  };
}

function exitCodeOf(run: RunFacts, { workshop }: PersonFacts): ExitCode {
  if (run.stopped !== null || workshop.kind === 'not asked') return EXIT.unreachable;
  return run.exitCode === EXIT.feed || run.exitCode === EXIT.unreachable ? run.exitCode : EXIT.inSync;
}
