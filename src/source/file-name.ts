// What the name of a remote file tells before it is touched. Names come from a server we do not trust.

const TEMPORARY = /\.(?:tmp|part|partial|filepart|incomplete|uploading|crdownload|crswap|download)$/i;
/** `Test_…` and, of UKG, `OE_…` (open enrolment). */
const TEST = /^(?:test(?=[_\-. ])|OE(?=_))/i;
const HOSTILE = /[/\\\p{Cc}\p{Bidi_Control}]/u;

/** Names that stay inside their directory and on their line: no separators, no `..`, no control characters. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !HOSTILE.test(name);
}

/** Is this an upload that has not finished, or a hidden file? Such a file is never read (specification §5). */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~$') || TEMPORARY.test(name);
}

/** Is this a file that somebody tries the export with? Not where the pattern asks for such names itself. */
export function isTestName(name: string, glob: string): boolean {
  const word = TEST.exec(name)?.[0];
  return word !== undefined && !glob.toLowerCase().startsWith(word.toLowerCase());
}

/** `employees.csv.part` → `employees.csv`: the name an unfinished upload will probably get. */
export function finishedName(name: string): string {
  return name.replace(/^\./, '').replace(TEMPORARY, '');
}

/** The name for a file that is moved to where `name` is taken: `a.csv` → `a.1.csv`, `a.2.csv` and so on. */
export function numberedName(name: string, number: number): string {
  if (number === 0) return name;
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}.${number}${name.slice(dot)}` : `${name}.${number}`;
}

/** How many names are tried for an archived file before giving up. */
export const ARCHIVE_NAME_LIMIT = 1000;
