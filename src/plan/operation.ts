// One create, update, re-key or delete: what the plan holds, the journal keeps and the API is sent.

/** The thing in Workshop, as the API last confirmed it. Only the attributes that this program manages. */
export interface Contact {
  readonly externalId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phoneNumber: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export type OperationKind = 'create' | 'update' | 'rekey' | 'delete';

/** The body of a POST or PATCH, in the API's own words (workshop-api.md). null removes. */
export interface ContactBody {
  readonly external_id?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly email?: string;
  readonly phone_number?: string | null;
  readonly attributes?: Readonly<Record<string, string | null>>;
}

export interface Operation {
  readonly kind: OperationKind;
  /** Whom the request addresses: for a re-key the id that the contact has until then. */
  readonly externalId: string;
  readonly feed: string;
  /** The line of the roster file that asks for it; null for somebody who is not in the file. */
  readonly line: number | null;
  /** null for a delete. */
  readonly body: ContactBody | null;
  /** What the API last confirmed; null for a create. */
  readonly before: Contact | null;
  /** Fingerprint of the row that the contact will equal once this is applied. */
  readonly fingerprint: string | null;
}

/**
 * The states of an operation in the journal (architecture §1), one sentence each.
 *
 * - `pending`: planned and on disk; nothing was sent.
 * - `in_flight`: the intention to send is on disk; no answer is recorded. After a crash it is in doubt.
 * - `applied`: the API said yes; the snapshot moved in the same transaction.
 * - `refused`: the API said no to this operation; repeating it cannot help.
 * - `abandoned`: transient failures outlasted the attempts.
 * - `held`: a guard wants a person to look; once approved, the next run plans it again and does not hold it.
 * - `superseded`: not sent; a later run makes a new plan instead, or somebody rejected it.
 */
export const OPERATION_STATES = [
  'pending',
  'in_flight',
  'applied',
  'refused',
  'abandoned',
  'held',
  'superseded',
] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** Every transition that exists. The journal has one method for each and no other way to move. */
export const TRANSITIONS: readonly (readonly [from: OperationState, to: OperationState])[] = [
  ['pending', 'in_flight'],
  ['in_flight', 'applied'],
  ['in_flight', 'refused'],
  ['in_flight', 'abandoned'],
  ['in_flight', 'pending'],
  ['pending', 'superseded'],
  ['held', 'superseded'],
];

/** The contact after the API said yes to `body`: what is absent stays, null removes. */
export function contactAfter(before: Contact | null, externalId: string, body: ContactBody): Contact {
  const attributes: Record<string, string> = { ...before?.attributes };
  for (const [key, value] of Object.entries(body.attributes ?? {})) {
    if (value === null) delete attributes[key];
    else attributes[key] = value;
  }
  return {
    externalId: body.external_id ?? externalId,
    firstName: body.first_name ?? before?.firstName ?? '',
    lastName: body.last_name ?? before?.lastName ?? '',
    email: body.email ?? before?.email ?? '',
    phoneNumber: body.phone_number === undefined ? (before?.phoneNumber ?? null) : body.phone_number,
    attributes,
  };
}
