// How a feed's columns become an employee: the mapping language of specification §4, parsed.
// Owned here so that the configuration depends on the roster and not the other way round.

export interface FieldMapping {
  /** The first of these columns that is not blank gives the value. Exclusive with `template`. */
  readonly columns: readonly string[];
  /** `{Column}` placeholders in text; blank when every placeholder is blank. */
  readonly template: string | null;
  readonly case: 'lower' | 'upper' | 'title' | null;
  /** Replaces whole values, compared after trimming, exactly; what `otherwise` says happens to the rest. */
  readonly values: Readonly<Record<string, string>> | null;
  readonly otherwise: 'keep' | 'blank' | 'reject';
  /** The first capture group is the value; a value that does not match is a reject. */
  readonly pattern: string | null;
  readonly date: DateMapping | null;
  /** Default country (ISO 3166 two letters) for national numbers; the value becomes E.164. */
  readonly phone: string | null;
  /** Left-pad with zeros to this width. */
  readonly pad: number | null;
  /** Used when the value is blank. */
  readonly default: string | null;
  /** What a blank value means for the contact. */
  readonly blank: 'clear' | 'keep';
}

export interface DateMapping {
  /** Forms, of which the first that fits reads a value. */
  readonly from: readonly string[];
  readonly to: string;
}

export interface StatusMapping {
  readonly column: string;
  readonly employed: readonly string[];
  readonly left: readonly string[];
}

export interface Exclusion {
  readonly column: string;
  readonly is: readonly string[];
}

export interface Mapping {
  readonly externalId: FieldMapping;
  readonly firstName: FieldMapping;
  readonly lastName: FieldMapping;
  readonly email: FieldMapping;
  readonly phoneNumber: FieldMapping | null;
  /** In the order of the configuration. */
  readonly attributes: Readonly<Record<string, FieldMapping>>;
  readonly status: StatusMapping | null;
  readonly exclude: readonly Exclusion[];
}

export interface FileFormat {
  /** `auto` or a WHATWG label. */
  readonly encoding: string;
  /** `auto` or the character itself. */
  readonly delimiter: string;
  /** The quote character, or null for a file that never quotes. */
  readonly quote: string | null;
  /** How a quote inside a quoted field is written: as two, or after a backslash. */
  readonly escape: 'double' | 'backslash';
  /** 1-based line of the header. */
  readonly headerRow: number;
  readonly skipRowsAfterHeader: number;
  readonly trailer: Trailer | null;
  /** Words that mean blank, compared exactly after trimming. */
  readonly nullWords: readonly string[];
}

/** What stands at the end of a file and is nobody (specification §6). */
export type Trailer =
  | {
      readonly kind: 'counted';
      readonly startsWith: string;
      /** 1-based field of the trailer row. */
      readonly countColumn: number;
      readonly counts: 'rows' | 'rows_and_header' | 'rows_and_trailer' | 'all';
    }
  /** So many rows at the end. */
  | { readonly kind: 'last'; readonly rows: number };
