// The control endpoints under /_emulator: look at what happened, set the scene, script the faults. No key needed.

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { EmulatorApp, Parts } from './app.ts';
import { isRecord } from './exchange.ts';
import { readBody } from './exchange-http.ts';
import { type FaultRule, ruleTroubles } from './fault-rule.ts';
import { contactDetails } from './page.ts';
import { putContact, readSeeds, sortedContacts } from './seed.ts';
import { changeSettings } from './settings.ts';

const LARGEST_SCRIPT_BYTES = 512 * 1_048_576;

type ControlContext = Context<{ Bindings: HttpBindings }>;

export function addControlRoutes(app: EmulatorApp, parts: Parts): void {
  addContactRoutes(app, parts);
  addFaultRoutes(app, parts);
  app.get('/_emulator/requests', (context) => {
    const limit = Number(new URL(context.req.url).searchParams.get('limit') ?? Number.POSITIVE_INFINITY);
    if (!(limit >= 0)) return context.json({ error: '"limit" must be a number.' }, 422);
    return context.json(parts.log.summary(Math.floor(limit)));
  });
  app.get('/_emulator/settings', (context) => context.json(parts.settings));
  app.post('/_emulator/settings', async (context) => {
    const errors = changeSettings(parts.settings, await readJson(context));
    return errors === null ? context.json(parts.settings) : context.json({ error: errors }, 422);
  });
  app.post('/_emulator/reset', async (context) => {
    const body = await readJson(context);
    const seeds = readSeeds(Array.isArray(body) ? body : isRecord(body) ? (body.contacts ?? []) : []);
    if (typeof seeds === 'string') return context.json({ error: seeds }, 422);
    parts.directory.clear();
    parts.faults.clear();
    parts.log.clear();
    parts.rateLimit.clear();
    parts.quota.clear();
    for (const seed of seeds) putContact(parts.directory, seed);
    return context.json({ contacts: parts.directory.size });
  });
}

function addContactRoutes(app: EmulatorApp, { directory }: Parts): void {
  app.get('/_emulator/contacts', (context) => context.json(sortedContacts(directory).map(contactDetails)));
  app.post('/_emulator/contacts', async (context) => {
    const body = await readJson(context);
    const seeds = readSeeds(body);
    if (typeof seeds === 'string') return context.json({ error: seeds }, 422);
    const placed = seeds.map((seed) => contactDetails(putContact(directory, seed)));
    return context.json(Array.isArray(body) ? placed : placed[0]);
  });
  app.delete('/_emulator/contacts/:id', (context) => {
    const id = context.req.param('id');
    const contact = directory.byExternalId(id) ?? directory.byId(id);
    if (contact === undefined) return context.json({ error: 'No contact has this external_id or id.' }, 404);
    directory.remove(contact);
    return context.json(contactDetails(contact));
  });
}

function addFaultRoutes(app: EmulatorApp, { faults }: Parts): void {
  app.get('/_emulator/faults', (context) => context.json(faults.summary()));
  app.post('/_emulator/faults', async (context) => {
    const body = await readJson(context);
    const rules: unknown[] = Array.isArray(body) ? body : [body];
    const troubles = rules.flatMap((rule, index) => ruleTroubles(rule).map((each) => `Rule ${index + 1}: ${each}.`));
    if (troubles.length > 0) return context.json({ error: troubles }, 422);
    faults.add(rules as FaultRule[]);
    return context.json(faults.summary());
  });
  app.delete('/_emulator/faults', (context) => {
    faults.clear();
    return context.json([]);
  });
}

/** The body as JSON whatever its content type; null when there is none, or when it is not JSON. */
async function readJson({ env }: ControlContext): Promise<unknown> {
  const text = await readBody(env.incoming, LARGEST_SCRIPT_BYTES);
  try {
    return text === null || text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
