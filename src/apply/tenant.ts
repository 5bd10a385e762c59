// Asks whether this is still our Workshop. With the key of another company everybody is gone, and then nobody must
// be made anew, taken for deleted, or forgotten.

import type { Answer } from '../contacts/contacts.ts';
import { UnreachableError } from '../errors.ts';
import { find, findSurely, type Line, reasonOf } from './line.ts';

export interface TenantParts extends Pick<Line, 'contacts' | 'pace'> {
  /** Contacts of the snapshot, other than these. */
  readonly sample: (count: number, except: ReadonlySet<string>) => string[];
}

const SAMPLED = 10;

/**
 * Returns once Workshop has found one contact that it confirmed before, and when there is none to ask for, or only one:
 * that one may have been removed by somebody. Throws `UnreachableError` (exit 8) when none of several is there, or when
 * Workshop does not answer. `except`: who may be gone for good reasons. `last`: whom to ask only when the others do not
 * prove it, because Workshop may not answer for them.
 */
export async function confirmTenant(
  parts: TenantParts,
  except: ReadonlySet<string> = new Set(),
  last: ReadonlySet<string> = new Set(),
): Promise<void> {
  const sampled = parts.sample(SAMPLED, except).sort((one, other) => Number(last.has(one)) - Number(last.has(other)));
  const [first] = sampled;
  if (first === undefined || (await find(parts, first))?.kind === 'ok') return;
  const answers = await Promise.all(sampled.map((externalId) => findSurely(parts, externalId)));
  if (parts.pace.stopped !== null || answers.some((each) => each?.kind === 'ok')) return;
  const unanswered = answers.find((each) => each?.kind !== 'not_found');
  if (unanswered !== undefined) throw noGoodAnswer(unanswered);
  if (answers.length > 1) throw wrongTenant(answers.length);
}

/** Asks one harmless question. Throws `UnreachableError` (exit 8) when Workshop does not answer it. */
export async function checkAnswer({ contacts, pace }: Pick<Line, 'contacts' | 'pace'>): Promise<void> {
  const sent = await pace.send(() => contacts.check());
  if (pace.stopped === null && sent.kind === 'answered' && sent.answer.kind !== 'ok') throw noGoodAnswer(sent.answer);
}

function noGoodAnswer(answer: Answer | null): UnreachableError {
  return new UnreachableError(`Workshop does not answer as it should: ${reasonOf(answer)}`, {
    hint: 'Check workshop.base_url and the network; `workshop-sync doctor` says more.',
  });
}

function wrongTenant(count: number): UnreachableError {
  return new UnreachableError(
    `Workshop does not know ${count} of ${count} contacts that it confirmed before; the run stopped, and nothing more was sent.`,
    {
      hint: 'Check that api_key and base_url belong to the same company as before, and that the API is still its sync source. With another company on purpose, use another state_directory.',
    },
  );
}
