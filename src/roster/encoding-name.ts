// Names of encodings, as the WHATWG Encoding Standard has them.

/** The one name of an encoding, in small letters, whatever it is called; null: there is none to read with. */
export function encodingNamed(label: string): string | null {
  // Node knows all of the standard's encodings but this one.
  if (label.toLowerCase() === 'iso-8859-16') return 'iso-8859-16';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}
