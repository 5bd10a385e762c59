// Canonical text (specification §6): what a person typed and what an export added around it end up as
// the same characters, so that a comparison tomorrow finds the value of today unchanged.

/** Anything that keeps a value from being canonical as it stands: beyond ASCII, controls, or stray spaces. */
const NOT_PLAIN = /[^ -~]|^ | $| {2}/;
/** Every Unicode space and line break. */
const SPACES = /[\s\u0085]+/g;
/** Controls that are no space: C0, DEL, C1. */
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]+/g;
const ANY_CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/;
/** Zero-width and direction marks, which nobody sees and every comparison does. */
const ZERO_WIDTH = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+/g;
/** Joiners shape letters in Persian, Hindi or emoji; after a Latin, Greek or Cyrillic letter they are noise. */
const STRAY_JOINERS = /(?<![\u0600-\uffff])[\u200c\u200d]+/g;

const SHOWN_LENGTH = 60;

/** True when `canonicalText` would give the value back as it is; cheap. */
export function isPlain(raw: string): boolean {
  return !NOT_PLAIN.test(raw);
}

/** NFC, trimmed of all Unicode spaces, inner runs of them folded to one, control and zero-width characters removed. */
export function canonicalText(raw: string): string {
  if (isPlain(raw)) return raw;
  return raw
    .replace(CONTROLS, '')
    .replace(ZERO_WIDTH, '')
    .replace(STRAY_JOINERS, '')
    .normalize('NFC')
    .replace(SPACES, ' ')
    .trim();
}

/** True when `canonicalText` removes control characters, which the report warns about. */
export function hasControls(raw: string): boolean {
  return ANY_CONTROL.test(raw);
}

/** A value in quotes as a message shows it: at most 60 characters, none that moves a cursor. */
export function quoted(value: string): string {
  const clean = canonicalText(value);
  return clean.length <= SHOWN_LENGTH ? `"${clean}"` : `"${Array.from(clean).slice(0, SHOWN_LENGTH).join('')}…"`;
}

/** `MARY-JANE O'NEIL` becomes `Mary-Jane O'Neil`; letters inside a word become small. */
export function titleCase(text: string): string {
  return text
    .toLowerCase()
    .replace(/(^|[\s\-/(.&])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/(?<=^|[\s-])(\p{L}['’])(\p{L})/gu, (_, start: string, letter: string) => start + letter.toUpperCase());
}
