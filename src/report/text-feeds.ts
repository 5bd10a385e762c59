// The text of one feed: which file, how old, what became of its rows, and what is worth knowing about it.

import { plain } from './plain.ts';
import type { ReportFeed, ReportPeople } from './shape.ts';
import { labelled, type Paint } from './style.ts';
import { counted, duration, fileSize, number } from './units.ts';

/** Specification §11.2. `alone`: the people of the only feed are those of the run and are shown there. */
export function feedText(feed: ReportFeed, { paint, alone }: { paint: Paint; alone: boolean }): string[] {
  return [
    paint('bold', `Feed ${plain(feed.name)}`),
    ...errorLines(feed, paint),
    ...labelled('File', fileWords(feed)),
    ...labelled('Rows', rowWords(feed)),
    ...(alone ? [] : labelled('People', peopleWords(feed.people))),
    ...labelledMissing(feed),
    ...feed.notes.flatMap((note) => labelled('Note', plain(note))),
    ...feed.warnings.flatMap((warning) => labelled('Warning', plain(warning)).map((line) => paint('yellow', line))),
  ];
}

function labelledMissing({ kind, missing }: ReportFeed): string[] {
  if (kind === 'changes') return labelled('Missing', 'means nothing: the files hold only what changed');
  return missing === 'keep' ? labelled('Missing', 'people who are no longer in the file are kept') : [];
}

/** `create 4, update 2, re-key 0, delete 61, unchanged 4,733, kept 3` */
export function peopleWords(people: ReportPeople): string {
  return [
    `create ${number(people.create)}`,
    `update ${number(people.update)}`,
    `re-key ${number(people.rekey)}`,
    `delete ${number(people.delete)}`,
    `unchanged ${number(people.unchanged)}`,
    `kept ${number(people.kept)}`,
  ].join(', ');
}

function errorLines({ error, contacts_before: contacts }: ReportFeed, paint: Paint): string[] {
  if (error === null) return [];
  const kept = error.partial ? [] : labelled('Kept', `${counted(contacts, 'contact')} of this feed, untouched`);
  return [
    ...labelled('Trouble', `${plain(error.kind)}: ${plain(error.message)}`).map((line) => paint('red', line)),
    ...labelled('To do', plain(error.hint)),
    ...kept,
  ];
}

/** All of several, oldest first: rejects and operations count them. */
function fileWords({ file, files }: ReportFeed): string {
  if (file === null) return 'none';
  if (files.length > 1) {
    const shown = files.slice(0, FILES_SHOWN).map(({ name }, index) => `${index + 1} ${plain(name)}`);
    const more = files.length > FILES_SHOWN ? ` and ${files.length - FILES_SHOWN} more` : '';
    return `${files.length} files: ${shown.join(', ')}${more}`;
  }
  const words = [plain(file.name), fileSize(file.size), `${duration(file.age_ms)} old`];
  return [...words, ...(file.unchanged ? ['unchanged file'] : [])].join(', ');
}

const FILES_SHOWN = 10;

function rowWords({ rows }: ReportFeed): string {
  const parts = [
    `${number(rows.accepted)} accepted`,
    `${number(rows.rejected)} rejected`,
    `${number(rows.excluded)} excluded`,
    counted(rows.duplicate, 'duplicate'),
  ];
  return `${number(rows.read)} read = ${parts.join(' + ')}`;
}
