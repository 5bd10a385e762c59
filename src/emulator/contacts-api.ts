// The five endpoints of the Workshop Contacts API, as functions from a request to an answer (specification §14).

import { epochMs } from './clock.ts';
import type { Contact, Directory } from './directory.ts';
import { type Answer, type ApiRequest, type FieldErrors, failure, invalid } from './exchange.ts';
import { contactDetails, contactsPage } from './page.ts';
import type { Settings } from './settings.ts';
import { type ContactChanges, merged, validateChanges, validateNew } from './validate.ts';
import { type VersionTraits, versionOf } from './versions.ts';

const COLLECTION = '/api/v1/contacts';

export interface Api {
  readonly directory: Directory;
  readonly settings: Settings;
  readonly apiKey: string;
}

/** Carries a request out and gives the answer of the real API. */
export function answerRequest(api: Api, request: ApiRequest): Answer {
  if (!hasKey(request, api.apiKey)) {
    return failure(401, 'The API key is missing or not valid.', { 'www-authenticate': 'Bearer' });
  }
  const version = versionOf(request.headers['workshop-version'], api.settings.pinned_version);
  if ('status' in version) return version;
  if (request.payload.kind === 'malformed') return failure(400, request.payload.message);
  if (request.path === COLLECTION) return answerCollection(api, request, version);
  if (!request.path.startsWith(`${COLLECTION}/`)) return failure(404, 'Not found.');
  return answerContact(api, request, version);
}

/** The external_id a request is about, for the log and the fault rules; null when it is about none. */
export function addressedExternalId(directory: Directory, request: ApiRequest): string | null {
  if (request.path === COLLECTION) {
    const externalId = bodyFields(request).external_id;
    return request.method === 'POST' && typeof externalId === 'string' ? externalId : null;
  }
  const id = pathId(request.path);
  if (id === null) return null;
  return externalFlag(request) === true ? id : (directory.byId(id)?.external_id ?? null);
}

function answerCollection(api: Api, request: ApiRequest, version: VersionTraits): Answer {
  if (request.method === 'GET') return contactsPage(api.directory, request.query, version);
  if (request.method !== 'POST') return failure(405, 'Method not allowed.', { allow: 'GET, POST' });
  return refusedWrite(api) ?? createContact(api, bodyFields(request));
}

function answerContact(api: Api, request: ApiRequest, version: VersionTraits): Answer {
  const { method } = request;
  if (method !== 'GET' && method !== 'PATCH' && method !== 'DELETE') {
    return failure(405, 'Method not allowed.', { allow: 'GET, PATCH, DELETE' });
  }
  const id = pathId(request.path);
  if (id === null) return failure(400, 'The ID in the path is not one percent-encoded segment.');
  const refusal = method === 'GET' ? null : refusedWrite(api);
  if (refusal !== null) return refusal;
  const external = version.knowsExternal ? externalFlag(request) : false;
  if (external === null) return invalid({ external: ['must be a boolean'] });

  const contact = external ? externalContact(api, id) : api.directory.byId(id);
  if (contact === undefined) return failure(404, 'Contact with the given ID was not found.');
  if (method === 'GET') return { status: 200, body: contactDetails(contact) };
  if (method === 'PATCH') return updateContact(api, contact, { body: bodyFields(request), version });
  api.directory.remove(contact);
  return { status: 200, body: { message: 'Contact deleted successfully' } };
}

function createContact({ directory, settings }: Api, body: Readonly<Record<string, unknown>>): Answer {
  const checked = validateNew(body);
  if (!checked.ok) return invalid(checked.errors);
  const { fields } = checked;
  if (fields.external_id !== null && directory.byExternalId(fields.external_id)) return externalIdTaken();
  const taken = takenValues({ directory, settings }, fields);
  if (taken !== null) return invalid(taken);
  directory.add(fields).createdMs = epochMs();
  return { status: 201, body: { message: 'Contact created successfully' } };
}

interface Update {
  readonly body: Readonly<Record<string, unknown>>;
  readonly version: VersionTraits;
}

function updateContact({ directory, settings }: Api, contact: Contact, { body, version }: Update): Answer {
  const checked = validateChanges(body);
  if (!checked.ok) return invalid(checked.errors);
  const { attributes, ...changes } = checked.fields;
  if (contact.external_id === null && changes.external_id === undefined) {
    return invalid({ external_id: ['is required for a contact that does not have one yet'] });
  }
  const holder = changes.external_id ? directory.byExternalId(changes.external_id) : undefined;
  if (holder !== undefined && holder !== contact) return externalIdTaken();
  const taken = takenValues({ directory, settings }, changes, contact);
  if (taken !== null) return invalid(taken);
  const before = version.mergesAttributes ? contact.attributes : {};
  directory.update(contact, attributes ? { ...changes, attributes: merged(before, attributes) } : changes);
  return { status: 200, body: { message: 'Contact updated successfully' } };
}

function externalIdTaken(): Answer {
  return failure(409, 'Contact with the same external_id already exists');
}

function takenValues(
  { directory, settings }: Pick<Api, 'directory' | 'settings'>,
  fields: Omit<ContactChanges, 'attributes'>,
  holder?: Contact,
): FieldErrors | null {
  const errors: FieldErrors = {};
  const taken = ['has already been taken'];
  if (settings.unique_emails && fields.email && directory.emailTaken(fields.email, holder)) errors.email = taken;
  if (settings.unique_phones && fields.phone_number && directory.phoneTaken(fields.phone_number, holder)) {
    errors.phone_number = taken;
  }
  return Object.keys(errors).length > 0 ? errors : null;
}

/** Only a company whose sync source is the API may write. */
function refusedWrite({ settings }: Api): Answer | null {
  return settings.sync_source === 'api' ? null : failure(403, 'The API is not the sync source of this company.');
}

/** Contacts of another sync source are not found by external_id, nor are new ones that the lookup lags behind. */
function externalContact({ directory, settings }: Api, externalId: string): Contact | undefined {
  if (settings.sync_source !== 'api') return undefined;
  const contact = directory.byExternalId(externalId);
  const ageMs = epochMs() - (contact?.createdMs ?? Number.NEGATIVE_INFINITY);
  return ageMs < settings.lookup_lag_ms ? undefined : contact;
}

function hasKey(request: ApiRequest, apiKey: string): boolean {
  const match = /^Bearer +(\S+) *$/i.exec(String(request.headers.authorization ?? ''));
  return match?.[1] === apiKey;
}

/** `?external`, `?external=true`, `{"external": true}`; null when it is not a boolean. The query wins over the body. */
function externalFlag(request: ApiRequest): boolean | null {
  const asked = request.query.get('external');
  if (asked !== null) return QUERY_BOOLEANS.get(asked.toLowerCase()) ?? null;
  const value = bodyFields(request).external;
  if (value === undefined) return false;
  return typeof value === 'boolean' ? value : null;
}

const QUERY_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['', true],
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The one segment after the collection, decoded; null when there is no such segment or it cannot be decoded. */
function pathId(path: string): string | null {
  if (!path.startsWith(`${COLLECTION}/`)) return null;
  const segment = path.slice(COLLECTION.length + 1);
  if (segment === '' || segment.includes('/')) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function bodyFields(request: ApiRequest): Readonly<Record<string, unknown>> {
  return request.payload.kind === 'object' ? request.payload.fields : {};
}
