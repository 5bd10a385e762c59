// How a column writes its dates, told from all its values: 03/04/2026 could be of March or April, 13/04/2026 could not.

import { compileDate } from '../roster/date.ts';

export type DateGuess =
  | { readonly kind: 'form'; readonly from: string }
  /** Most values are dates, in more than one form. */
  | { readonly kind: 'mixed' }
  /** Sorted and compared as it is already. */
  | { readonly kind: 'iso' }
  | { readonly kind: 'unclear'; readonly forms: readonly string[] }
  | { readonly kind: 'none' };

export const DATE_TO = 'yyyy-MM-dd';

/** Forms with the day first and forms with the month first, which look the same up to the twelfth. */
const DAY_FIRST = ['dd/MM/yyyy', 'd/M/yyyy', 'dd-MM-yyyy', 'd-M-yyyy', 'dd/MM/yy', 'd/M/yy'];
const MONTH_FIRST = ['MM/dd/yyyy', 'M/d/yyyy', 'MM-dd-yyyy', 'M-d-yyyy', 'MM/dd/yy', 'M/d/yy'];
const CLEAR = [
  'dd.MM.yyyy',
  'd.M.yyyy',
  'dd.MM.yy',
  'yyyy/MM/dd',
  'yyyyMMdd',
  'dd-MMM-yyyy',
  'd-MMM-yyyy',
  'dd-MMM-yy',
  'd-MMM-yy',
  'dd MMM yyyy',
  'd MMM yyyy',
  'MMM d, yyyy',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-ddTHH:mm:ss',
];
const TIMES = ['MM/dd/yyyy HH:mm:ss', 'dd/MM/yyyy HH:mm:ss', 'dd.MM.yyyy HH:mm:ss', 'dd.MM.yyyy HH:mm'];

/** Eight digits alone are as often a number. */
const ALL_FORMS = [...DAY_FIRST, ...MONTH_FIRST, ...CLEAR, ...TIMES, DATE_TO].filter((form) => form !== 'yyyyMMdd');

/** The form of these values, none of them blank. `dayFirst`: what another column of the file told already. */
export function guessDateForm(values: readonly string[], dayFirst: boolean | null): DateGuess {
  if (values.length === 0 || !values.every((value) => /\d/.test(value) && value.length <= 25)) return { kind: 'none' };
  if (fits(DATE_TO, values)) return { kind: 'iso' };
  const day = DAY_FIRST.find((form) => fits(form, values));
  const month = MONTH_FIRST.find((form) => fits(form, values));
  if (day !== undefined && month !== undefined) {
    if (dayFirst === null) return { kind: 'unclear', forms: [month, day] };
    return { kind: 'form', from: dayFirst ? day : month };
  }
  const from = day ?? month ?? [...CLEAR, ...TIMES].find((form) => fits(form, values));
  if (from !== undefined) return { kind: 'form', from };
  return values.every((value) => ALL_FORMS.some((form) => fits(form, [value]))) ? { kind: 'mixed' } : { kind: 'none' };
}

/** Whether the dates of a file have the day first, as far as one of its columns tells for sure; null when none does. */
export function dayComesFirst(columns: readonly (readonly string[])[]): boolean | null {
  const guesses = columns.map((values) => guessDateForm(values, null));
  const forms = guesses.flatMap((guess) => (guess.kind === 'form' ? [guess.from] : []));
  const day = forms.some((form) => DAY_FIRST.includes(form));
  const month = forms.some((form) => MONTH_FIRST.includes(form));
  return day === month ? null : day;
}

function fits(form: string, values: readonly string[]): boolean {
  const rewrite = compileDate([form], DATE_TO);
  return values.every((value) => rewrite(value) !== null);
}
