// Words as HR systems use them: who works there and who has left, what stands for blank, and what is nobody's
// business but HR's.

/** Compared in small letters, with anything but letters and digits as one blank. */
const EMPLOYED = words(
  'a|active|active employee|active external|employed|current|working|hired|onboarding|preboarding|pre start|pre hire|probation',
  'l|loa|std|ltd|absent|furloughed|1|y|yes|true|full time|fulltime|part time|parttime|regular|temporary|seasonal',
  'contract|contractor|intern|apprentice|casual|per diem|aktiv|angestellt|beschaftigt|elternzeit|mutterschutz|actif|activo',
);
const EMPLOYED_FORM = /^(active|suspended)\b|\b(leave|absence|sabbatical|furlough)\b/;

const LEFT = words(
  't|term|left|leaver|inactive|inactive employee|retired|deceased|departed|resigned|dismissed|discharged|separated|ended|former',
  '0|n|no|false|inaktiv|ausgeschieden|gekundigt|verlassen|inactif|inactivo|ex employee|offboarded|no longer employed',
);
const LEFT_FORM = /^(inactive|terminat\w*)\b/;

/** What a word of a status column means; null when nobody could know. Whoever is on leave works there. */
export function meaningOf(status: string): 'employed' | 'left' | null {
  const word = status
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (EMPLOYED.has(word) || EMPLOYED_FORM.test(word)) return 'employed';
  return LEFT.has(word) || LEFT_FORM.test(word) ? 'left' : null;
}

/** What the program takes for blank when nothing is configured. */
export const DEFAULT_NULL_WORDS: readonly string[] = ['', 'NULL', 'N/A', 'nan', '-'];

/** Further words that stand for blank, where they occur. `NA` and `Null` may be somebody's name. */
export const FURTHER_NULL_WORDS: readonly string[] = [
  '--',
  'n/a',
  'n.a.',
  '#N/A',
  'null',
  '(null)',
  'NaN',
  '\\N',
  'None',
  'none',
  'k.A.',
  '(blank)',
  'NO_MANAGER',
  'NO_MGR',
  'NO_HR',
];

/** Columns that are not handed on, with the reason; asked of the words of the name, a blank between them. */
const SENSITIVE: readonly (readonly [RegExp, string])[] = [
  [/\b(birth|dob|birthday|age|geburt\w*|naissance|nacimiento)\b/, 'a date of birth or an age'],
  [
    /\b(ssn|sin|social security|national id\w*|national insurance|nino|tax id|tin|passport|visa|govt? id|government id|driver\w* licen[cs]e|steuer\w*|sozialversicherung\w*|nif|dni)\b/,
    'an official number',
  ],
  [
    /\b(salary|wages?|pay|pay rate|hourly rate|rate of pay|compensation|bonus|commission|annual rate|base rate|gehalt\w*|lohn\w*|entgelt|salaire)\b/,
    'what somebody earns',
  ],
  [/\b(bank|iban|bic|swift|routing|account number|sort code|konto\w*|direct deposit)\b/, 'a bank account'],
  [
    /\b(gender|sex|pronouns?|ethnic\w*|race|religion|religious|marital|nationality|citizenship|disab\w*|veteran|orientation|union|geschlecht|konfession|familienstand|staatsangehorigkeit|behinderung)\b/,
    'a personal characteristic',
  ],
  [/\b(medical|health|vaccin\w*|blood|dependents?|spouse|children|kinder)\b/, 'health or family'],
  [
    /\b(home|personal|private\w*|emergency) (contact )?(e ?mail|phone|mobile|cell|contact|telefon\w*|address)\b|\bemail\b.*\b(personal|home)\b/,
    'a private contact',
  ],
  [
    /(?<!(mail|work|office|business|company) )\b(address|street|zip|postal|postcode|plz|strasse|adresse|anschrift|primary city|home city|primary address|address line)\b/,
    'an address',
  ],
  [
    /\b(terminat\w*|departure|separation|resignation|last day|leaving|performance|rating|disciplin\w*|austritt\w*|kundigung\w*)\b/,
    'who is leaving, or how well somebody does',
  ],
  [
    /\blegal\b.*\b(name|first ?name|last ?name)\b|\bmiddle ?name\b|\bmaiden\b|\bgeburtsname\b/,
    'a legal or middle name',
  ],
];

/** Whether a column is about somebody else than the person of the row. */
export function isOfOthers(words: readonly string[]): boolean {
  return OF_OTHERS.test(words.join(' '));
}

const OF_OTHERS =
  /\b(managers?|supervisors?|reports to|hr|recruiter|mentor|emergency|spouse|approver|vorgesetzte\w*|fuhrungskraft)\b/;

/** Why a column should stay with HR; null when it may go to Workshop. */
export function sensitiveReason(words: readonly string[]): string | null {
  const text = words.join(' ');
  return SENSITIVE.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split('|')));
}
