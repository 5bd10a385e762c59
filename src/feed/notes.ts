// What is worth knowing about a file besides its rows, in the words of the report.

import type { RosterFile } from '../roster/roster-file.ts';
import type { Retrieved } from '../source/retrieve.ts';
import type { AcceptedFile } from '../store/files.ts';

/** Older candidates that the newest file replaces. */
export function supersededNote({ superseded }: Retrieved): string[] {
  if (superseded.length === 0) return [];
  const shown = superseded.slice(0, 3).join(', ');
  return [`superseded, not read: ${shown}${superseded.length > 3 ? ` and ${superseded.length - 3} more` : ''}`];
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
