// The guessing, from the bytes of a sample to what its configuration should say. Pure: it reads no file and asks nobody.

import { guessAttributes } from './attributes.ts';
import { columnsOf, type SampleColumn } from './columns.ts';
import { emailColumn, guessEmail } from './email.ts';
import { guessExternalId } from './external-id.ts';
import { fileKind, fileNameDoubts } from './file-pattern.ts';
import { type FormGuess, guessForm } from './form.ts';
import { type FieldGuess, type LeftOut, REQUIRED_FIELDS, type RequiredField, type StatusGuess } from './guessed.ts';
import { guessNames } from './person-name.ts';
import { guessPhone } from './phone.ts';
import type { SampleText } from './records.ts';
import { guessStatus } from './status.ts';

export interface Guess {
  readonly form: FormGuess;
  /** Whether every file lists everybody, as far as its name says. */
  readonly kind: 'full' | 'changes';
  /** Of the contact, in the order of the configuration; without the attributes. */
  readonly fields: readonly FieldGuess[];
  /** Fields that Workshop requires and no column was found for. */
  readonly missing: readonly RequiredField[];
  readonly attributes: readonly FieldGuess[];
  readonly status: StatusGuess | null;
  /** A status that is not sure enough to be used. */
  readonly suggestedStatus: StatusGuess | null;
  readonly leftOut: readonly LeftOut[];
  /** Sentences: what a person should look at, the gravest first. */
  readonly doubts: readonly string[];
}

/** Guesses a configuration from a sample in UTF-8. Throws `FeedError` (quarantined) for what is no table with a header. */
export async function guessConfiguration(sample: SampleText): Promise<Guess> {
  const form = await guessForm(sample);
  const { columns, unnameable } = columnsOf(form);
  const address = emailColumn(columns)?.column ?? null;
  const id = guessExternalId(columns, address?.cells ?? null);
  let rest = without(columns, id.used);
  const names = guessNames(rest);
  rest = without(rest, names.used);
  const email = guessEmail(rest);
  rest = without(rest, email.used);
  const phone = await guessPhone(rest, address?.cells ?? []);
  rest = without(rest, phone.used);
  const { status, suggestion, doubts: statusDoubts } = guessStatus(rest);
  rest = without(rest, status === null ? [] : [status.column.toLowerCase()]);
  const others = guessAttributes(rest, names.fields.length === 2);
  const findings = [id, names, email, phone];
  const fields = findings.flatMap((finding) => finding.fields);
  return {
    form,
    kind: fileKind(sample.fileName),
    fields,
    missing: REQUIRED_FIELDS.filter((required) => !fields.some(({ field }) => field === required)),
    attributes: others.attributes,
    status,
    suggestedStatus: suggestion,
    leftOut: [...others.leftOut, ...unnameable],
    doubts: [
      ...findings.flatMap((finding) => finding.doubts),
      ...statusDoubts,
      ...fileNameDoubts(sample.fileName),
      ...form.doubts,
      ...others.doubts,
      ...(form.rows.length === 0 ? ['The sample has no people in it, so only the names of the columns speak.'] : []),
    ],
  };
}

function without(columns: readonly SampleColumn[], used: readonly string[]): SampleColumn[] {
  return columns.filter(({ name }) => !used.includes(name.toLowerCase()));
}
