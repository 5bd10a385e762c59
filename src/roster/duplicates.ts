// Rows that speak of the same person, or of different people with the same email or phone. Equal rows of one
// person count once; whatever contradicts itself is rejected whole, each row naming the others (specification §6).

import type { Reject } from './employee.ts';
import { lineWords } from './line.ts';

/** One row of a group that shares an external_id, an email or a phone number. */
export interface GroupRow {
  readonly line: number;
  readonly externalId: string;
  /** What the row says of the person: equal texts are equal rows. */
  readonly says: string;
}

export interface SameIdVerdict {
  /** Lines that repeat the first one. */
  readonly duplicates: readonly number[];
  readonly rejects: readonly Reject[];
}

/** Rows of one external_id: equal ones count once; otherwise all of them are rejected. */
export function judgeSameId(rows: readonly GroupRow[], rejectedLines: readonly number[]): SameIdVerdict {
  const [first] = rows;
  const agree = rejectedLines.length === 0 && rows.every((row) => row.says === first?.says);
  if (agree) return { duplicates: rows.slice(1).map((row) => row.line), rejects: [] };
  const lines = [...rows.map((row) => row.line), ...rejectedLines].sort((a, b) => a - b);
  return {
    duplicates: [],
    rejects: rows.map((row) => ({
      line: row.line,
      externalId: row.externalId,
      field: 'external_id',
      rule: 'duplicate_id',
      message: `The same external_id stands on ${nameLines(lines, row.line)} with other values; which row is right cannot be told. Correct it in the HRIS.`,
    })),
  };
}

/** Rows of different people with one email or phone number: all are rejected. */
export function rejectSameValue(rows: readonly GroupRow[], field: 'email' | 'phone_number'): Reject[] {
  const lines = rows.map((row) => row.line).sort((a, b) => a - b);
  return rows.map((row) => ({
    line: row.line,
    externalId: row.externalId,
    field,
    rule: field === 'email' ? 'duplicate_email' : 'duplicate_phone',
    message: `The same ${field} stands on ${nameLines(lines, row.line)} for another person; Workshop takes it only once. Correct it in the HRIS.`,
  }));
}

const LINES_NAMED = 5;

/** `line 4`, `lines 4 and 9`, `lines 4, 9, 12, 13, 20 and 3 more`: all of the sorted lines but one's own. */
function nameLines(sorted: readonly number[], own: number): string {
  const shown = sorted
    .slice(0, LINES_NAMED + 1)
    .filter((line) => line !== own)
    .slice(0, LINES_NAMED)
    .map(lineWords);
  const more = sorted.length - 1 - shown.length;
  const parts = more > 0 ? [...shown, `${more} more`] : shown;
  const last = parts.pop();
  return parts.length === 0 ? `line ${last}` : `lines ${parts.join(', ')} and ${last}`;
}
