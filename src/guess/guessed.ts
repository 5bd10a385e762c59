// What a guess is: a piece of configuration, and the evidence for it.

/** A value as the configuration writes it. */
export type Written = string | number | readonly Written[] | { readonly [key: string]: Written };

export const REQUIRED_FIELDS = ['external_id', 'first_name', 'last_name', 'email'] as const;
export type RequiredField = (typeof REQUIRED_FIELDS)[number];

/** A field of the contact, or an attribute of it. */
export interface FieldGuess {
  /** `email`, or the key of the attribute. */
  readonly field: string;
  readonly written: Written;
  /** Where it comes from and what speaks for it, such as `column "Employee ID", a name that Workday uses`. */
  readonly why: string;
}

export interface StatusGuess {
  readonly column: string;
  readonly employed: readonly string[];
  readonly left: readonly string[];
  /** Words of the sample that nobody could place, with how often they occur. */
  readonly unknown: readonly (readonly [word: string, count: number])[];
  readonly why: string;
}

export interface StatusFinding {
  readonly status: StatusGuess | null;
  /** Not sure enough to be used; for a person to decide. */
  readonly suggestion: StatusGuess | null;
  readonly doubts: readonly string[];
}

/** A column that is not handed on to Workshop. */
export interface LeftOut {
  readonly column: string;
  readonly reason: string;
  /** The attributes that it would become; none where no mapping could name it. */
  readonly fields: readonly FieldGuess[];
}

/** What one question to the sample gave. */
export interface Finding {
  readonly fields: readonly FieldGuess[];
  /** Names of columns that nobody else shall use, in lower case. */
  readonly used: readonly string[];
  /** Sentences: what a person should look at. */
  readonly doubts: readonly string[];
}

export const NOTHING_FOUND: Finding = { fields: [], used: [], doubts: [] };

/** `1 row`, `3 rows`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
