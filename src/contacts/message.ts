// What the API said in an error body, as one short line for the report (specification §9, "field by field").
// Nobody documents the shapes, so text, lists, objects, HTML and nothing at all are read. Pure.

/** A message is at most this long. */
const LONGEST = 500;
/** How deep an error object is read; what lies deeper is shown as JSON. */
const DEEPEST = 4;

/** The API's own words: `email: has already been taken; phone_number: is invalid`; null when the body has none. */
export function messageOf(body: string | null): string | null {
  const text = body?.trim() ?? '';
  if (text === '') return null;
  const json = readJson(text);
  const said = json === undefined ? plainWords(text) : wordsOf(errorPart(json), 0);
  const clean = printable(said);
  return clean === '' ? null : shortened(clean);
}

/** True when a body is not JSON but a page of markup, as a proxy or a login page would send. */
export function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|\?xml|h1|title)\b/i.test(body);
}

/** The value of a JSON text; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line without terminal escapes, control characters or marks that turn the writing direction. */
export function printable(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(DIRECTION_MARKS, '')
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
}

/** Cut to the length of a message, between characters. */
export function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text
    .slice(0, LONGEST - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** CSI, OSC and the two-character sequences, whether they begin with ESC or its one-byte form. */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-~]/g;
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function errorPart(json: unknown): unknown {
  if (!isRecord(json)) return json;
  // `error` is documented; the others are what comparable services and gateways say.
  for (const key of ['error', 'errors', 'message', 'detail']) {
    const part = Object.hasOwn(json, key) ? json[key] : undefined;
    if (part !== undefined && part !== null && part !== '') return part;
  }
  return '';
}

function wordsOf(value: unknown, depth: number): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  if (depth >= DEEPEST) return JSON.stringify(value);
  if (Array.isArray(value)) return joined(value.map((each) => wordsOf(each, depth + 1)));
  const fields = Object.entries(value).map(([field, said]) => {
    const words = Array.isArray(said)
      ? said
          .map((each) => wordsOf(each, depth + 2))
          .filter(Boolean)
          .join(', ')
      : wordsOf(said, depth + 1);
    return words === '' ? field : `${field}: ${words}`;
  });
  return joined(fields);
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join('; ');
}

function plainWords(text: string): string {
  if (!isMarkup(text)) return text;
  const heading = /<(title|h1)\b[^>]*>([\s\S]*?)<\/\1>/i.exec(text)?.[2] ?? '';
  const words = heading.replace(/<[^>]*>/g, ' ').trim();
  return words === '' ? 'a web page instead of an answer' : `a web page instead of an answer ("${words}")`;
}
