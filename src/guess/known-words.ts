// Words as HR systems use them: what stands for blank, who is somebody else, and what is nobody's business but HR's.

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
  [
    /birth|geburt|naissance|nacimiento|nascita|nascimento|geboorte|fodelse|urodzenia|\b(dob|yob|bday|age|alter|geb)\b/,
    'a date of birth or an age',
  ],
  [
    /\b(ssn|sin|social ?security|national ?id\w*|national insurance|nino|tax id|tin|passport|visa|govt? id|government id|driver\w* licen[cs]e|steuer\w*|sozialversicherung\w*|nif|dni)\b/,
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
    /\b(home|personal|private\w*|emergency) ?(contact )?(e ?mail|phone|mobile|cell|contact|telefon\w*|address)\b|\bemail\b.*\b(personal|home)\b/,
    'a private contact',
  ],
  [
    /(?<!(mail|work|office|business|company) )\b(home ?address|address|street|zip|postal|postcode|plz|strasse|adresse|anschrift|primary city|(home|mailing|permanent|residen\w*) (city|state|county|country|province|region|town|municipality)|wohnort|wohnsitz|domicile|domicilio|address ?line|addr ?\d)\b/,
    'an address',
  ],
  [
    /\b(terminat\w*|term ?date|departure\w*|separation|resignation|last (working )?day|leaving\w*|exit\w*|end ?date|contract end|notice|performance|rating|disciplin\w*|austritt\w*|kundigung\w*|vertragsende|letzter tag|sortie|baja)\b/,
    'who is leaving, or how well somebody does',
  ],
  [
    /\blegal ?(full ?|middle ?|first ?|last ?|sur)?name\b|\bname legal\b|\blegal name\b|\bpayroll name\b|\bmiddle ?(name|initial)\b|\bmi\b|\bmaiden\b|\bzweiter vorname\b|\bzweitname\b/,
    'a legal or middle name',
  ],
];

/** Whether a column is about somebody else than the person of the row. */
export function isOfOthers(words: readonly string[]): boolean {
  return OF_OTHERS.test(words.join(' '));
}

const OF_OTHERS =
  /\b(managers?|supervisors?|reports to|recruiter|mentor|emergency|spouse|approver|vorgesetzte\w*|fuhrungskraft)\b/;

/** Why a column should stay with HR; null when it may go to Workshop. */
export function sensitiveReason(words: readonly string[]): string | null {
  const text = words.join(' ');
  return SENSITIVE.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
