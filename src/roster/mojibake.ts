// Finds UTF-8 that somebody read as Windows-1252 before the file came to us: `JosÃ©`, `MÃ¼ller`, `itâ€™s`. A row
// with such a text is rejected, so what people really write must never be found: `IRMÃ`, `SÃO`, `« café »`, `KRÍŽ`.

/** What the second and further bytes of a UTF-8 character look like in Windows-1252; 81, 8D and so on stay controls. */
const FOLLOWING = '\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
/** Those that also stand behind the last letter of a word. */
const PUNCTUATION = '\\u00a0\\u00ad«»‘’“”…–—•·™®';
/** Those that also stand behind a small letter with an accent, two together. */
const ORDINARY = `${PUNCTUATION}°ªº¹²³ŠšŽžŒœŸ`;

const FORMS: readonly string[] = [
  // Â and a sign of Latin-1: no word ends in Â but in capitals, and none has a sign there.
  'Â[\\u00a0-\\u00bf]',
  // Ã ends words in Portuguese capitals, where the character would be a small letter: `IRMÃ SILVA` with a no-break space.
  `(?<!\\p{Lu}\\p{Lu})Ã[\\u00a0\\u00ad»](?=\\p{Ll})|(?<!\\p{Lu})Ã[\\u00a0\\u00ad»]|Ã”(?=\\p{L})|(?<!\\p{Lu})Ã”`,
  `Ã(?![\\u00a0\\u00ad»”])[${FOLLOWING}]`,
  // Letters of central Europe and Turkey. Ä and Å end words in Finnish and Swedish capitals.
  `[ÄÅ](?![${PUNCTUATION}])[${FOLLOWING}]|È[˜š›]`,
  `(?<=\\p{Ll})(?:[ÄÅ][${FOLLOWING}]|È™)|(?<!\\p{Lu}\\p{Lu})(?:[ÄÅ][${FOLLOWING}]|È™)(?=\\p{Ll})`,
  // Vietnamese.
  `Æ[¡¯°]|á[º»](?!\\u00a0)[${FOLLOWING}]`,
  // Greek, Cyrillic, Hebrew and Arabic: never one letter alone.
  `(?:[Î-Ó×Ø-Û][${FOLLOWING}]){2}`,
  // Typographic quotes and dashes, the euro, further scripts, emoji.
  `â€|[à-ï](?![${ORDINARY}]{2})[${FOLLOWING}]{2}|ðŸ[${FOLLOWING}]{2}`,
];

const MOJIBAKE = new RegExp(FORMS.join('|'), 'u');
/** What every one of these forms has in it; cheap, because few names do. */
const PAIR = new RegExp(`[Â-ð][${FOLLOWING}]`);

/** Whether the text, as it stands in the file, holds a character of UTF-8 that was read as Windows-1252. */
export function hasMojibake(raw: string): boolean {
  return PAIR.test(raw) && MOJIBAKE.test(raw);
}
