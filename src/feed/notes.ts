// What is worth knowing about a file besides its rows, in the words of the report.

import type { FeedSettings } from '../config/settings.ts';
import type { RosterFile } from '../roster/roster-file.ts';
import type { Retrieved } from '../source/retrieve.ts';
import type { AcceptedFile } from '../store/files.ts';
import type { changedIds } from '../store/id-shapes.ts';

/** Older candidates that the newest file replaces. */
export function supersededNote({ superseded }: Retrieved): string[] {
  if (superseded.length === 0) return [];
  return [`superseded, not read: ${shortList(superseded.slice(0, 3), superseded.length)}`];
}

/** Columns that no mapping uses, and how the header changed since the last accepted file. */
export function headerNotes(last: AcceptedFile | null, roster: RosterFile): string[] {
  const unmapped = roster.unmapped.length > 0 ? [`columns without a mapping: ${roster.unmapped.join(', ')}`] : [];
  if (last === null) return unmapped;
  const added = roster.header.filter((name) => !last.header.includes(name));
  const gone = last.header.filter((name) => !roster.header.includes(name));
  return [
    ...unmapped,
    ...(added.length > 0 ? [`columns new since the last file: ${added.join(', ')}`] : []),
    ...(gone.length > 0 ? [`columns gone since the last file: ${gone.join(', ')}`] : []),
  ];
}

/** Whoever was absent from earlier files and is not any more: their removal is called off. */
export function returnedNote(externalIds: readonly string[]): string[] {
  if (externalIds.length === 0) return [];
  return [`back before their removal was due: ${shortList(externalIds)}`];
}

/** Missing people whose grace is not over. */
export function waitingNote({ missing, deleteAfter }: FeedSettings, keptMissing: number): string[] {
  if (missing === 'keep' || keptMissing === 0) return [];
  const { files, hours } = deleteAfter;
  const grace = [
    `from ${files} ${files === 1 ? 'file' : 'files in a row'}`,
    ...(hours === null ? [] : [`for ${hours} h`]),
  ];
  const people = keptMissing === 1 ? '1 person is missing' : `${keptMissing} people are missing`;
  return [`${people} and kept until they have been missing ${grace.join(' and ')} (delete_after)`];
}

/** Contacts that an exchange of emails or phone numbers left half-way. */
export function parkedWarning(externalIds: readonly string[]): string[] {
  if (externalIds.length === 0) return [];
  return [
    `an exchange was cut short, and these are left with an intermediate email (name+moving-…) or without their phone number; the next run sees to it: ${shortList(externalIds)}`,
  ];
}

/** People who may stand in one file under two ids. */
export function similarIdsWarning(groups: readonly (readonly string[])[]): string[] {
  if (groups.length === 0) return [];
  const words = groups.map((ids) => ids.join(' and '));
  return [`ids that differ only by case, leading zeros or the characters around them: ${shortList(words)}`];
}

/** Ids that came into the file in another shape than they were known by. */
export function changedIdsWarning({ count, first }: ReturnType<typeof changedIds>): string[] {
  if (count === 0) return [];
  const ids = count === 1 ? '1 id is one that is known' : `${count} ids are such as are known`;
  const shown = shortList(
    first.map(({ before, now }) => `${before} → ${now}`),
    count,
  );
  return [
    `${ids}, written in another way (${shown}): did a spreadsheet take leading zeros away, or does the export write them differently now? Ask for the ids as they were; \`pad\` in the configuration gives them their zeros back`,
  ];
}

const LISTED = 10;

/** `00012, 00013 and 4 more` */
export function shortList(words: readonly string[], count = words.length): string {
  const shown = words.slice(0, LISTED);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
