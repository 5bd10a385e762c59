// One request and its answer, as plain values: what the endpoints work on, free of HTTP machinery.

/** A JSON body: absent, an object, or something that is not one. */
export type Payload =
  | { readonly kind: 'none' }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'malformed'; readonly message: string };

export interface ApiRequest {
  readonly method: string;
  /** Path and query exactly as received: `/api/v1/contacts/A%2F1?external`. */
  readonly target: string;
  /** The target without its query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly payload: Payload;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON, unless it is a string: that is sent as it stands. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `{"error": "text"}` */
export function failure(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, body: { error: message }, headers };
}

export type FieldErrors = Record<string, string[]>;

/** 422 `{"error": {"field": ["text"]}}` */
export function invalid(errors: FieldErrors): Answer {
  return { status: 422, body: { error: errors } };
}

/** What the body says; `contentType` decides whether it was meant as JSON at all. */
export function readPayload(text: string, contentType: string): Payload {
  if (text.trim() === '') return { kind: 'none' };
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) {
    return { kind: 'malformed', message: 'The body must be sent with Content-Type: application/json.' };
  }
  return parseObject(text);
}

/** As readPayload, for text that needs no content type. */
export function parseObject(text: string): Payload {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', message: 'The request body is not valid JSON.' };
  }
  return isRecord(value)
    ? { kind: 'object', fields: value }
    : { kind: 'malformed', message: 'The request body must be a JSON object.' };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
