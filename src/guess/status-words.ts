// What the words of a status column mean: who works there, who has left, and which words nobody could place.

/** Compared in small letters, with anything but letters and digits as one blank. */
const EMPLOYED = words(
  'active|active employee|active external|employed|current|working|hired|onboarding|preboarding|pre start|pre hire|probation',
  'loa|std|ltd|absent|furloughed|aktiv|angestellt|beschaftigt|actif|activo',
);
/** How somebody is employed: what a column of types says, as much as one of status. */
const EMPLOYED_SOMEHOW = words(
  'full time|fulltime|part time|parttime|regular|temporary|seasonal|contract|contractor|intern|apprentice|casual|per diem',
);
const EMPLOYED_FORM = /^(active|aktiv|suspended)\b/;
const ON_LEAVE =
  /\b(leave|absence|loa|std|ltd|fmla|parental|maternity|paternity|sabbatical\w*|furlough\w*|disability|elternzeit|mutterschutz|beurlaubt|karenz|conge|permiso)\b/;

const LEFT = words(
  'term|left|leaver|inactive|inactive employee|retired|deceased|departed|resigned|dismissed|discharged|separated|ended|former',
  'inaktiv|ausgeschieden|gekundigt|verlassen|inactif|inactivo|ex employee|offboarded|no longer employed',
);
const LEFT_FORM = /^(inactive|inaktiv|terminat\w*)\b/;
const GONE = /\b(terminat\w*|left|leaver|retired|deceased|resigned|ausgeschieden)\b/;

const LETTERS: Readonly<Record<string, Meaning>> = { a: 'employed', l: 'employed', t: 'left' };
const YES = words('1|y|yes|true|ja');
const NO = words('0|n|no|false|nein');

export type Meaning = 'employed' | 'left';

/** The meaning of a word in its column; null when nobody could know. */
export type ReadStatus = (status: string) => Meaning | null;

/**
 * How to read the words of one column. Single letters mean something only where all of them are A, L and T, and yes and no
 * only where the column asks whether somebody is active.
 */
export function statusReader(key: string, values: readonly string[]): ReadStatus {
  const letters = new Set(values.map(bare).filter((word) => /^\p{L}$/u.test(word)));
  const areKnown = letters.has('a') && [...letters].every((letter) => LETTERS[letter] !== undefined);
  const asksWhether = /activ|aktiv|employed/.test(key);
  return (status) => {
    const word = bare(status);
    if (asksWhether && YES.has(word)) return 'employed';
    if (asksWhether && NO.has(word)) return 'left';
    return areKnown ? (LETTERS[word] ?? meaningOf(word)) : meaningOf(word);
  };
}

/** Whether a word speaks of employment itself, not of its kind, as `Full Time` does. */
export function isTelling(status: string): boolean {
  return !EMPLOYED_SOMEHOW.has(bare(status));
}

/** Whether a word often means a leave of absence, though it is taken for people who have left. */
export function isDoubtful(status: string): boolean {
  const word = bare(status);
  return /^(inac|inakt|non acti|nicht akt|not acti)/.test(word) || NO.has(word);
}

/** Whoever is on leave works there: such a word never means that somebody has left. */
function meaningOf(word: string): Meaning | null {
  if (ON_LEAVE.test(word)) return GONE.test(word) ? null : 'employed';
  if (EMPLOYED_FORM.test(word)) return GONE.test(word) ? null : 'employed';
  if (EMPLOYED.has(word) || EMPLOYED_SOMEHOW.has(word)) return 'employed';
  return LEFT.has(word) || LEFT_FORM.test(word) ? 'left' : null;
}

function bare(status: string): string {
  return status
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split('|')));
}
