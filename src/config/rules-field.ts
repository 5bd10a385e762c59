// Rules about the mapping of columns, and about the words of status and encoding.

import { dateAmbiguity, dateFormatProblem } from '../roster/date.ts';
import { DATE_TOKENS } from '../roster/date-form.ts';
import { encodingNamed } from '../roster/encoding-name.ts';
import { patternProblem } from '../roster/pattern.ts';
import type { Path, Places, Problem } from './places.ts';
import type { Rule, RuleSubject } from './rules.ts';
import { eachFeed } from './rules-source.ts';
import type { DraftField } from './schema.ts';

export const fieldRules: readonly Rule[] = [
  fieldHasOneOrigin,
  templateIsClosed,
  patternIsUsable,
  datesAreUnderstood,
  phoneCountryExists,
  otherwiseHasValues,
  requiredFieldsAreNotCleared,
  statusWordsAreClear,
  encodingIsKnown,
];

type FieldObject = Exclude<DraftField, string | readonly unknown[]>;

function fieldHasOneOrigin(subject: RuleSubject): Problem[] {
  return eachField(subject, (_field, at, places) => {
    const origins = ['column', 'columns', 'template'].filter((key) => places.isWritten([...at, key]));
    if (origins.length === 1) return [];
    const rule = origins.length === 0 ? 'needs column, columns or template' : `has ${origins.join(' and ')}; keep one`;
    return [places.remark(at, rule)];
  });
}

function templateIsClosed(subject: RuleSubject): Problem[] {
  return eachField(subject, ({ template }, at, places) => {
    if (template === undefined || template === '') return [];
    const path = [...at, 'template'];
    const rest = template.replace(/\{[^{}]+\}/g, '');
    if (/[{}]/.test(rest)) return [places.problem(path, 'must have every { closed by a }, with a column between them')];
    return rest === template ? [places.problem(path, 'must have a {Column} in it')] : [];
  });
}

function patternIsUsable(subject: RuleSubject): Problem[] {
  return eachField(subject, ({ pattern }, at, places) => {
    const problem = pattern === undefined || pattern === '' ? null : patternProblem(pattern);
    return problem === null ? [] : [places.problem([...at, 'pattern'], problem)];
  });
}

function datesAreUnderstood(subject: RuleSubject): Problem[] {
  return eachField(subject, ({ date }, at, places) => {
    const problems = dateFormsProblems(date?.from, [...at, 'date', 'from'], places);
    const to = date?.to;
    const unknown = to === undefined ? undefined : unknownDateLetters(to);
    if (unknown !== undefined) {
      problems.push(places.remark([...at, 'date', 'to'], `has "${unknown}", which is no date token; ${TOKENS_ARE}`));
    }
    return problems;
  });
}

function dateFormsProblems(from: DraftForms, at: Path, places: Places): Problem[] {
  const forms = typeof from === 'string' ? [from] : (from ?? []);
  const problems = forms.flatMap((form, index) => {
    const problem = form === undefined || form === '' ? null : dateFormatProblem(form);
    const path = typeof from === 'string' ? at : [...at, index];
    return problem === null ? [] : [places.remark(path, `${problem}; ${TOKENS_ARE}`)];
  });
  if (problems.length > 0) return problems;
  const ambiguity = dateAmbiguity(forms.filter((form) => form !== undefined));
  return ambiguity === null ? [] : [places.remark(at, ambiguity)];
}

type DraftForms = string | readonly (string | undefined)[] | undefined;

const TOKENS_ARE = `the tokens are ${DATE_TOKENS.slice(0, -1).join(', ')} and ${DATE_TOKENS.at(-1)}, and letters in '…' stand for themselves`;

/** What is written may leave parts of the date out, unlike what is read. */
function unknownDateLetters(format: string): string | undefined {
  const tokens = new RegExp(`${DATE_TOKENS.join('|')}|'[^']*'|[TZ]`, 'g');
  return /\p{L}+/u.exec(format.replace(tokens, ' '))?.[0];
}

function phoneCountryExists(subject: RuleSubject): Problem[] {
  return eachField(subject, ({ phone }, at, places) => {
    if (phone === undefined) return [];
    const path = [...at, 'phone'];
    const code = phone.toUpperCase();
    const official = new Intl.Locale(`und-${code}`).region ?? code;
    if (official !== code) return [places.problem(path, `must be "${official}"`)];
    const name = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code);
    return name === undefined || code === 'ZZ'
      ? [places.problem(path, 'must be the two letters of a country, such as US')]
      : [];
  });
}

function otherwiseHasValues(subject: RuleSubject): Problem[] {
  return eachField(subject, (_field, at, places) =>
    places.isWritten([...at, 'otherwise']) && !places.isWritten([...at, 'values'])
      ? [places.remark([...at, 'otherwise'], 'has no use without values')]
      : [],
  );
}

function requiredFieldsAreNotCleared(subject: RuleSubject): Problem[] {
  const required: ReadonlySet<unknown> = new Set(['external_id', 'first_name', 'last_name', 'email']);
  return eachField(subject, ({ blank }, at, places) =>
    blank === 'clear' && at.length === 4 && required.has(at.at(-1))
      ? [places.remark([...at, 'blank'], 'must not be "clear": Workshop requires this field')]
      : [],
  );
}

function statusWordsAreClear(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ status }, at, places) => {
    const employed = new Set(status?.employed?.map((word) => word?.trim()));
    return (status?.left ?? []).flatMap((word, index) =>
      word !== undefined && employed.has(word.trim())
        ? [places.problem([...at, 'status', 'left', index], 'must not also be in employed')]
        : [],
    );
  });
}

function encodingIsKnown(subject: RuleSubject): Problem[] {
  return eachFeed(subject, ({ format }, at, places) => {
    const encoding = format?.encoding;
    if (encoding === undefined || encoding === '' || encoding === 'auto' || encodingNamed(encoding) !== null) return [];
    return [places.problem([...at, 'format', 'encoding'], 'must be auto or the name of an encoding such as utf-8')];
  });
}

/** Asks about every field that is written as a group, the attributes among them. */
function eachField(subject: RuleSubject, ask: (field: FieldObject, at: Path, places: Places) => Problem[]): Problem[] {
  return eachFeed(subject, ({ contact }, at, places) => {
    const { attributes = {}, ...fields } = contact ?? {};
    const written: [Path, DraftField | undefined][] = [
      ...Object.entries(fields).map(([name, field]): [Path, DraftField | undefined] => [
        [...at, 'contact', name],
        field,
      ]),
      ...Object.entries(attributes).map(([name, field]): [Path, DraftField | undefined] => [
        [...at, 'contact', 'attributes', name],
        field,
      ]),
    ];
    return written.flatMap(([path, field]) => (isObject(field) ? ask(field, path, places) : []));
  });
}

function isObject(field: DraftField | undefined): field is FieldObject {
  return typeof field === 'object' && !Array.isArray(field);
}
