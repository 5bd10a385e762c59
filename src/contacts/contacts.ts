// The Contacts API as the rest of the program sees it: four requests, each answered with a value.

import type { Contact, ContactBody } from '../plan/operation.ts';

/** How the API answered one request (or did not), and what it said of its quota, if anything. Never thrown. */
export type Answer = Answered & { readonly quota?: Quota };

/** Requests that the API lets us send before it answers 429. */
export interface Quota {
  readonly remaining: number;
  /** How many there are in all until the reset; null when it did not say. */
  readonly limit: number | null;
  /** Milliseconds from the answer until there are more. */
  readonly resetMs: number;
}

type Answered =
  | { readonly kind: 'ok'; readonly status: number; readonly contact: FoundContact | null }
  /** 404, or 410: there is nobody, or nobody any more. */
  | { readonly kind: 'not_found'; readonly status: number; readonly message: string }
  /** 409, or a 422 that says a unique value is taken. */
  | { readonly kind: 'conflict'; readonly status: number; readonly message: string }
  /** Any other 4xx: this operation alone. The message is the API's own, field by field. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** 429. Milliseconds the API asks us to wait; null when it did not say. */
  | { readonly kind: 'rate_limited'; readonly status: number; readonly retryAfterMs: number | null }
  /** Network, timeout, 408, 425, 5xx, an answer that cannot be read. `ambiguous`: it may have been carried out. */
  | {
      readonly kind: 'transient';
      readonly status: number | null;
      readonly message: string;
      readonly ambiguous: boolean;
    }
  /** 401, 403, a redirect to another origin: nothing more may be sent. */
  | { readonly kind: 'fatal'; readonly status: number | null; readonly message: string };

/** A contact as read from the API: every attribute, also those that others wrote. */
export interface FoundContact extends Contact {
  readonly id: string;
}

export interface Contacts {
  /** GET /v1/contacts/:id?external */
  find(externalId: string): Promise<Answer>;
  /** POST /v1/contacts */
  create(body: ContactBody): Promise<Answer>;
  /** PATCH /v1/contacts/:id?external */
  update(externalId: string, body: ContactBody): Promise<Answer>;
  /** DELETE /v1/contacts/:id?external */
  remove(externalId: string): Promise<Answer>;
  /** GET /v1/contacts?limit=1: does the key work? */
  check(): Promise<Answer>;
  close(): Promise<void>;
}
