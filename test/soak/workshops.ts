// What others do in our Workshop, and what arrives at the Workshop of somebody else.

import type { Random } from '../support/random.ts';
import { contactsOf, type Watch } from './checks.ts';
import { expectNone, Violation } from './differences.ts';
import type { Installation } from './run.ts';
import type { Step } from './step.ts';
import type { Trouble } from './troubles.ts';

/** Somebody removes and changes contacts: whatever the file changes as well, since nobody would notice the rest. */
export async function changeBehindOurBack(
  { trial, watch }: Installation & { watch: Watch },
  { step, random }: { readonly step: Step; readonly random: Random },
  trouble: Trouble,
): Promise<void> {
  const wanted = trouble.api?.behindOurBack;
  if (wanted === undefined) return;
  const contacts = new Map((await contactsOf(trial)).map((contact) => [contact.external_id, contact]));
  const touched = random.shuffled([...step.leavers, ...step.movedOffice]).filter((id) => contacts.has(id));
  for (const id of touched.splice(0, wanted.removed)) {
    await trial.control('DELETE', `contacts/${encodeURIComponent(id)}`);
    watch.removed(id);
  }
  const changed = touched.splice(0, wanted.changed).flatMap((id) => contacts.get(id) ?? []);
  const moved = changed.map((contact) => ({ ...contact, attributes: { ...contact.attributes, office: 'By hand' } }));
  if (moved.length > 0) await trial.control('POST', 'contacts', moved);
}

/** The other Workshop got no write, and no request at all from a run that only ours sent there. */
export async function checkElsewhere({ elsewhere }: Installation, trouble: Trouble | null): Promise<void> {
  const control = elsewhere.url.replace(/\/api$/, '/_emulator');
  const response = await fetch(`${control}/requests?limit=1000`);
  const { requests } = (await response.json()) as { requests: { method: string; path: string }[] };
  if (requests.length === 0) return;
  await fetch(`${control}/reset`, { method: 'POST' });
  if (trouble?.api?.elsewhere !== 'configured') throw new Violation('a request followed a redirect to another origin');
  const writes = requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  expectNone('written to the Workshop of another company', writes);
}
