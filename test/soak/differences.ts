// What was promised and is not so, in few enough words to be read: of ten thousand people the first that differ.

import { isDeepStrictEqual } from 'node:util';
import type { EmulatedContact } from '../support/trial.ts';
import type { Held } from './member.ts';

/** Something happened that must never happen. */
export class Violation extends Error {}

const MOST_SHOWN = 8;

/** Throws a `Violation` that names the first of these; `what` says what is wrong with them. */
export function expectNone(what: string, found: readonly string[]): void {
  if (found.length === 0) return;
  const more = found.length > MOST_SHOWN ? `\n  and ${found.length - MOST_SHOWN} more` : '';
  throw new Violation(`${what} (${found.length}):\n  ${found.slice(0, MOST_SHOWN).join('\n  ')}${more}`);
}

/** Throws a `Violation` where these are not the same people with the same values. */
export function expectSame(
  what: string,
  wanted: ReadonlyMap<string | null, Held>,
  found: ReadonlyMap<string | null, Held>,
): void {
  const ids = new Set([...wanted.keys(), ...found.keys()]);
  const different = [...ids].filter((id) => !isDeepStrictEqual(wanted.get(id), found.get(id)));
  expectNone(
    what,
    different.map((id) => `${id}\n    wanted ${shown(wanted.get(id))}\n    found  ${shown(found.get(id))}`),
  );
}

export function heldBy(contacts: readonly EmulatedContact[]): Map<string | null, Held> {
  return new Map(
    contacts.map(({ external_id, first_name, last_name, email, phone_number, attributes }) => [
      external_id,
      { external_id: external_id ?? '', first_name, last_name, email, phone_number: phone_number ?? null, attributes },
    ]),
  );
}

function shown(held: Held | undefined): string {
  return held === undefined ? 'nobody' : JSON.stringify(held);
}
