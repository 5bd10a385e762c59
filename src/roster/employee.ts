// The nouns of a roster file: an employee is one valid person in canonical form, a reject is a row
// that could not be understood. Both carry the line they came from.

/** One valid person of the roster file, canonical: NFC, trimmed, ready to compare and to send. */
export interface Employee {
  readonly externalId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** E.164 or as given; null: remove it from the contact; undefined: leave what the contact has. */
  readonly phoneNumber: string | null | undefined;
  /** By attribute key. null: blank in the file, remove the key; an absent key: leave what the contact has. */
  readonly attributes: Readonly<Record<string, string | null>>;
}

/** A row that failed: the person it names, if any, stays exactly as they are (specification §6). */
export interface Reject {
  readonly line: number;
  /** null when the row does not tell whose it is. */
  readonly externalId: string | null;
  /** The configuration's name of the field, such as `email` or `attributes.start_date`; null for a malformed row. */
  readonly field: string | null;
  /** A stable word for scripts, such as `missing`, `email`, `phone`, `date`, `ragged`, `duplicate_id`. */
  readonly rule: string;
  readonly message: string;
  /** The email, where the row tells it. */
  readonly email?: string;
  /** Of a row that does not tell for sure whose it is: all that it says. Whoever it may mean stays as they are. */
  readonly mentions?: readonly string[];
}

/** What one record of the file turned into. */
export type Row =
  | {
      readonly kind: 'employee';
      readonly line: number;
      readonly employee: Employee;
      readonly fingerprint: string | null;
    }
  /** The very bytes from which a contact of the snapshot was last confirmed: nothing to map, nothing to compare. */
  | { readonly kind: 'known'; readonly line: number; readonly contactId: number }
  /** An explicit leaver, by the status column. */
  | { readonly kind: 'left'; readonly line: number; readonly externalId: string }
  | {
      readonly kind: 'excluded';
      readonly line: number;
      readonly externalId: string | null;
      /** Where it does not tell whose it is: all that it says, as of a reject. */
      readonly mentions?: readonly string[];
    }
  /** Left out as a label or footer, and no row of the file; whoever it may speak of all the same stays as they are. */
  | { readonly kind: 'left out'; readonly line: number; readonly mentions: readonly string[] }
  | { readonly kind: 'reject'; readonly reject: Reject };

/** How emails are compared: Workshop's uniqueness is treated as case-blind. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}
