// How the text form looks: colours only when asked for, and prose that is wrapped to the width of a screen.

import { styleText } from 'node:util';

export type Ink = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a text into a colour, or leaves it as it is. */
export type Paint = (ink: Ink, text: string) => string;

/** Columns that the text form fills at most with prose of its own; a long value may stand out. */
export const WIDTH = 100;

/** Paints for a terminal, or for a pipe, which gets the bare text. */
export function createPaint(colour: boolean): Paint {
  // Whether there is a terminal was decided by the caller; styleText must not look at stdout for itself.
  return (ink, text) => (colour ? styleText(ink, text, { validateStream: false }) : text);
}

/** `label` in a column of its own, then the text, wrapped and indented under its first line. */
export function labelled(label: string, text: string): string[] {
  const margin = '  ';
  const column = 10;
  const [first = '', ...rest] = wrap(text, WIDTH - margin.length - column);
  const indent = ' '.repeat(margin.length + column);
  return [`${margin}${label.padEnd(column)}${first}`.trimEnd(), ...rest.map((line) => indent + line)];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
