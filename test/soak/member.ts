// One person of the company as its HRIS has them: what they are called, how their row is written into the file, also
// where it is broken, and what Workshop holds of them once it is read.

import { type Employee, person } from '../support/company.ts';
import type { Random } from '../support/random.ts';

export interface Member extends Employee {
  readonly number: number;
}

/** A contact with all that the file decides. */
export interface Held {
  readonly external_id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone_number: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Ways in which a row says nothing that can be trusted: its person stays as they are. */
export const FLAWS = ['no address', 'no name', 'no number', 'twice'] as const;
export type Flaw = (typeof FLAWS)[number];

/** Ids as systems and people make them up; every one of them has to survive a URL, a CSV file and the database. */
const ID_FORMS: readonly ((number: string) => string)[] = [
  (number) => `A/${number}`,
  (number) => `B ${number}`,
  (number) => `Ü${number}ß`,
  (number) => `C"${number}"`,
  (number) => `D'${number}`,
  (number) => `E%2F${number}`,
  (number) => `F?${number}&external=#1`,
  (number) => `G,${number};`,
  (number) => `../${number}`,
  (number) => `=H${number}`,
  (number) => `李${number}`,
];
const ODD_IDS_EVERY = 9;

/** Somebody new. No two people share a name, lest a row seems to be about another person than it is. */
export function newMember(number: number): Member {
  const { id, last, ...rest } = person(number);
  const form = ID_FORMS[Math.floor(number / ODD_IDS_EVERY) % ID_FORMS.length];
  const isOdd = number % ODD_IDS_EVERY === 0 && form !== undefined;
  return { ...rest, number, id: isOdd ? form(id) : id, last: `${last} ${number}`, mobile: mobileNumber(number) };
}

/** The nth number of Nebraska, of millions. */
export function mobileNumber(nth: number): string {
  return `+1402${2_000_000 + nth}`;
}

export function rowsOf(member: Member, flaw: Flaw | undefined): string[] {
  switch (flaw) {
    case undefined:
      return [rowOf(member)];
    case 'no address':
      return [rowOf({ ...member, email: 'not an address' })];
    case 'no name':
      return [rowOf({ ...member, last: '' })];
    case 'no number':
      return [rowOf({ ...member, mobile: '12' })];
    case 'twice':
      return [rowOf(member), rowOf({ ...member, office: 'Elsewhere' })];
  }
}

export function heldOf({ id, first, last, email, mobile, department, office }: Member): Held {
  const attributes = Object.fromEntries(Object.entries({ department, office }).filter(([, value]) => value !== ''));
  const phone_number = mobile === '' ? null : mobile;
  return { external_id: id, first_name: first, last_name: last, email, phone_number, attributes };
}

/** What changes about somebody; `onlyAttributes`: neither their name nor anything that two people cannot share. */
export function changed(member: Member, nth: number, random: Random): { member: Member; onlyAttributes: boolean } {
  const blankOr = (former: string, text: string) => (former !== '' && random.chance(0.3) ? '' : text);
  const { department, office, mobile } = member;
  switch (random.pick(['office', 'office', 'department', 'mobile', 'last', 'email'])) {
    case 'office':
      return { member: { ...member, office: blankOr(office, `Office ${nth}`) }, onlyAttributes: true };
    case 'department':
      return { member: { ...member, department: blankOr(department, `Team, ${nth}`) }, onlyAttributes: true };
    case 'mobile':
      return { member: { ...member, mobile: blankOr(mobile, mobileNumber(nth)) }, onlyAttributes: false };
    case 'last':
      return { member: { ...member, last: `Married "${nth}"` }, onlyAttributes: false };
    default:
      return { member: { ...member, email: `moved.${nth}@example.com` }, onlyAttributes: false };
  }
}

function rowOf({ id, first, last, email, mobile, department, office }: Member): string {
  return [id, first, last, email, mobile, department, office].map(cell).join(',');
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
