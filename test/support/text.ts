// What an operator reads, without the line breaks that only fit it to a terminal.

/** All white space folded to single blanks. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
