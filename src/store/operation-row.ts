// The journal entry that a row of the table of operations, or of the staged plan, stands for.

import type { Contact, ContactBody, OperationKind, OperationState } from '../plan/operation.ts';
import type { JournalEntry } from './journal.ts';

/** A row of the table of operations, or of the staged plan, as SQL gives it. */
export interface OperationRow {
  readonly id: number;
  readonly run: string;
  readonly ordinal: number;
  readonly feed: string;
  readonly kind: OperationKind;
  readonly external_id: string;
  readonly line: number | null;
  readonly body: string | null;
  readonly before: string | null;
  readonly fingerprint: string | null;
  readonly state: OperationState;
  readonly guard: string | null;
  readonly reason: string | null;
  readonly waits_for: string | null;
  readonly is_parking: number;
  readonly status: number | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly drift: string | null;
  readonly refused_runs: number | null;
}

/** The journal entry of a table row. */
export function entryFromRow(row: OperationRow): JournalEntry {
  const { external_id: externalId, body, before, waits_for: waitsFor, ...others } = row;
  const { is_parking: isParking, refused_runs: refusedRuns, ...rest } = others;
  return {
    ...rest,
    refusedRuns,
    isParking: isParking === 1,
    waitsFor: waitsFor === null ? [] : (JSON.parse(waitsFor) as number[]),
    externalId,
    body: body === null ? null : (JSON.parse(body) as ContactBody),
    before: before === null ? null : (JSON.parse(before) as Contact),
  };
}
