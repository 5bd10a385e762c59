// What a spreadsheet leaves in a cell: formulas that only keep a text as text, and error words instead of values.

/**
 * The text of a formula that is nothing but a text: `="00123"` keeps the zeros of 00123, and `="say ""hi"""` is
 * say "hi". null for any other text.
 */
export function formulaText(text: string): string | null {
  if (text.length < 3 || !text.startsWith('="') || !text.endsWith('"')) return null;
  const inner = text.slice(2, -1);
  // With a single quote in it, it is more than one text: `="a"&"b"`.
  return inner.replaceAll('""', '').includes('"') ? null : inner.replaceAll('""', '"');
}

/** `#N/A`, `#REF!` and their like in the languages of Excel, or `####`: no value, but the place of one. */
export function isSpreadsheetError(text: string): boolean {
  return text.startsWith('#') && (ERRORS.has(text.slice(1)) || /^#{2,}$/.test(text));
}

const ERRORS: ReadonlySet<string> = new Set(
  [
    'N/A NULL! DIV/0! VALUE! REF! NAME? NUM! SPILL! CALC! FIELD! BLOCKED! CONNECT! UNKNOWN! BUSY! GETTING_DATA ERROR!',
    'NV BEZUG! WERT! ZAHL! ÜBERLAUF!',
    'NUL! VALEUR! NOM? NOMBRE! PROPAGATION!',
    '¡NULO! ¡DIV/0! ¡VALOR! ¡REF! ¿NOMBRE? ¡NUM!',
    'N/D NULLO! VALORE! RIF! NOME?',
    'NULO! VALOR! NÚM!',
    'N/B LEEG! DEEL/0! WAARDE! VERW! NAAM? GETAL!',
  ].flatMap((words) => words.split(' ')),
);
