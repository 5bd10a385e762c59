// Contacts whose email or phone number was taken away for a moment (specification §7, "Unique values"): whoever did not
// get the new values gets the former ones back, as long as nobody else has them.

import { isTaking } from '../plan/park.ts';
import type { JournalEntry } from '../store/journal.ts';

export interface Parked {
  /** An operation was applied. */
  applied(entry: JournalEntry): void;
  /** Applied intermediate updates whose contact still has to get something back. */
  left(): JournalEntry[];
}

/** Remembers what a run parked. */
export function createParked(): Parked {
  const parked = new Map<string, JournalEntry>();
  /** Ordinals of operations whose value somebody else has now. */
  const taken = new Set<number>();
  return {
    applied: (entry) => {
      if (entry.isParking && entry.body !== null && isTaking(entry.body)) parked.set(entry.externalId, entry);
      else parked.delete(entry.externalId);
      for (const ordinal of entry.waitsFor) taken.add(ordinal);
    },
    left: () => [...parked.values()].filter(({ ordinal }) => !taken.has(ordinal)),
  };
}
