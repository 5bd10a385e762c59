// Cursor pages of contact summaries. `next` starts at /v1, without /api, as the real one does.

import type { Contact, Directory } from './directory.ts';
import { type Answer, type FieldErrors, invalid, isRecord } from './exchange.ts';
import type { VersionTraits } from './versions.ts';

const LARGEST_LIMIT = 100;

interface Cursor {
  readonly after: number;
  readonly limit: number;
}

/** GET /v1/contacts. A cursor remembers its limit, so `next` can be followed as it stands; `limit` beside it wins. */
export function contactsPage(directory: Directory, query: URLSearchParams, version: VersionTraits): Answer {
  const errors: FieldErrors = {};
  const cursorText = query.get('cursor');
  const cursor = cursorText === null ? { after: 0, limit: version.defaultLimit } : decodeCursor(cursorText);
  if (cursor === null) errors.cursor = ['is invalid'];
  const limit = decodeLimit(query.get('limit'), cursor?.limit ?? version.defaultLimit);
  if (limit === null) errors.limit = [`must be an integer from 1 to ${LARGEST_LIMIT}`];
  if (cursor === null || limit === null) return invalid(errors);

  const { contacts, hasMore } = directory.slice(cursor.after, limit);
  const last = contacts.at(-1);
  return {
    status: 200,
    body: {
      object: version.pageObject,
      has_more: hasMore,
      next: hasMore && last ? `/v1/contacts?cursor=${encodeCursor({ after: last.position, limit })}` : null,
      limit,
      size: contacts.length,
      data: contacts.map(contactSummary),
    },
  };
}

/** A contact as a page shows it: without attributes. */
export function contactSummary(contact: Contact): Record<string, unknown> {
  const { attributes: _, ...summary } = contactDetails(contact);
  return summary;
}

/** A contact as GET /v1/contacts/:id shows it. */
export function contactDetails(contact: Contact): Record<string, unknown> {
  return {
    object: 'contact',
    id: contact.id,
    external_id: contact.external_id,
    first_name: contact.first_name,
    last_name: contact.last_name,
    email: contact.email,
    phone_number: contact.phone_number,
    attributes: contact.attributes,
    urls: { details: `/v1/contacts/${contact.id}` },
  };
}

function decodeLimit(text: string | null, fallback: number): number | null {
  if (text === null) return fallback;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LARGEST_LIMIT ? limit : null;
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify({ sort: 'created', order: 'asc', ...cursor })).toString('base64url');
}

function decodeCursor(text: string): Cursor | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!isRecord(value) || !Number.isSafeInteger(value.after)) return null;
    const limit = decodeLimit(String(value.limit), 0);
    return limit === null ? null : { after: Number(value.after), limit };
  } catch {
    return null;
  }
}
