// The `attributes` of a guessed configuration, and as comments those that Workshop should not learn without somebody
// deciding so.

import type { FieldGuess, LeftOut } from './guessed.ts';
import { commented, commentLines, yamlText, yamlValue } from './yaml-text.ts';

/** The lines of `attributes`. What was left out only needs its `#` taken away. */
export function attributeLines(attributes: readonly FieldGuess[], leftOut: readonly LeftOut[]): string[] {
  const ready = leftOut.filter(({ fields }) => fields.length > 0);
  const head = attributes.length > 0 ? '      attributes:' : '      # attributes:';
  return [
    ...(attributes.length + ready.length === 0
      ? []
      : ['', '      # What else Workshop shall know, by the name it has there. Remove what nobody needs.', head]),
    ...attributes.flatMap(({ field, written, why }) =>
      commented(`        ${yamlText(field)}: ${yamlValue(written)}`, why),
    ),
    ...(ready.length === 0
      ? []
      : [
          `        # Left out. Take the # away where Workshop shall know it all the same${attributes.length > 0 ? '' : ', and that of attributes'}:`,
        ]),
    ...ready.flatMap(({ fields, reason }) => fields.map((field) => leftOutLine(field, reason))),
    ...leftOut
      .filter(({ fields }) => fields.length === 0)
      .flatMap(({ column, reason }) =>
        commentLines(`Cannot be used: ${column === '' ? '' : `${yamlText(column)}: `}${reason}`, '      '),
      ),
  ];
}

/** On one line, however long, so that one # more or less decides. */
function leftOutLine({ field, written }: FieldGuess, reason: string): string {
  return `        # ${yamlText(field)}: ${yamlValue(written)}   # ${reason}`;
}
