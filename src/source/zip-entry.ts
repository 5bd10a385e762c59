// Which of the files in a zip archive is the table. Never a guess: if it is not clear, the operator says so.

import { quarantined } from '../roster/quarantine.ts';
import { nameMatcher } from './pick.ts';

/** What of an entry is looked at; the types of the package stay at its door. */
export interface ArchivedFile {
  readonly fileNameRaw: Buffer;
  readonly externalFileAttributes: number;
}

const TABLE = /\.(?:csv|txt|tsv|dat)(?:\.gz)?$/i;
const NAMES_SHOWN = 5;
const NAME_LENGTH_SHOWN = 80;
const LINK = 0o120000;
const FILE_TYPE = 0o170000;

/**
 * The only file of the archive, the only one that `zipEntry` matches, or the only one that is called like a table.
 * Directories, links, hidden files and what a Mac adds are passed over. Throws `FeedError` (quarantined) unless it is one.
 */
export function chooseEntry<Entry extends ArchivedFile>(
  fileName: string,
  entries: readonly Entry[],
  zipEntry: string | null,
): Entry {
  const files = entries.map((entry) => ({ entry, ...namesOf(entry) })).filter(isFile);
  if (files.some(({ path }) => path === '[Content_Types].xml')) {
    throw quarantined(fileName, 'it is an Excel workbook', 'Have the file exported as UTF-8 text (CSV).');
  }
  if (files.length === 0) {
    throw quarantined(fileName, 'the zip archive has no file in it', 'Ask for it to be delivered again.');
  }
  const wanted = choices(files, zipEntry);
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return only.entry;
  throw unclear(fileName, zipEntry, files, wanted);
}

interface Named {
  readonly path: string;
  readonly base: string;
}

function choices<File extends Named>(files: readonly File[], zipEntry: string | null): readonly File[] {
  if (zipEntry !== null) {
    const matches = nameMatcher(zipEntry);
    return files.filter(({ base }) => matches(base));
  }
  if (files.length === 1) return files;
  return files.filter(({ base }) => TABLE.test(base));
}

function unclear(fileName: string, zipEntry: string | null, files: readonly Named[], wanted: readonly Named[]) {
  const names = `in it ${files.length === 1 ? 'is' : 'are'}: ${listWords(files)}`;
  if (zipEntry === null) {
    const hint =
      'Say which one is meant with `zip_entry`, such as "employees*.csv", or ask for an archive of one file.';
    return quarantined(fileName, `the zip archive has ${files.length} files; ${names}`, hint);
  }
  const found =
    wanted.length === 0
      ? `no file of the zip archive matches \`zip_entry\` ${JSON.stringify(zipEntry)}; ${names}`
      : `\`zip_entry\` ${JSON.stringify(zipEntry)} matches ${wanted.length} files of the zip archive: ${listWords(wanted)}`;
  return quarantined(fileName, found, 'Correct `zip_entry` so that it matches the one file with the employees.');
}

function listWords(files: readonly Named[]): string {
  const shown = files.slice(0, NAMES_SHOWN).map(({ path }) => path.slice(0, NAME_LENGTH_SHOWN));
  const more = files.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Names as they may be shown; those in an old code page may look odd, and match as far as they are ASCII. */
function namesOf({ fileNameRaw }: ArchivedFile): Named {
  const path = fileNameRaw
    .toString('utf8')
    .replaceAll('\\', '/')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
  return { path, base: path.slice(path.lastIndexOf('/') + 1) };
}

function isFile({ path, base, entry }: Named & { readonly entry: ArchivedFile }): boolean {
  const isLink = ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK;
  return base !== '' && !base.startsWith('.') && !isLink && !/(?:^|\/)__MACOSX\//.test(path);
}
