// The shorthand of a field (a column, a list of columns, or a group of keys) becomes a full mapping.

import type { FieldMapping, Mapping } from '../roster/mapping.ts';
import type { WrittenFeed } from './schema.ts';
import type { WrittenField } from './schema-field.ts';

/** The mapping language of one feed, every default filled in (specification §4). */
export function composeMapping({ contact, status, exclude }: WrittenFeed): Mapping {
  return {
    externalId: composeField(contact.external_id, 'keep'),
    firstName: composeField(contact.first_name, 'keep'),
    lastName: composeField(contact.last_name, 'keep'),
    email: composeField(contact.email, 'keep'),
    phoneNumber: contact.phone_number === undefined ? null : composeField(contact.phone_number, 'keep'),
    attributes: Object.fromEntries(
      Object.entries(contact.attributes).map(([key, field]) => [key, composeField(field, 'clear')]),
    ),
    status,
    exclude,
  };
}

function composeField(written: WrittenField, blank: FieldMapping['blank']): FieldMapping {
  if (typeof written === 'string') return { ...PLAIN, columns: [written], blank };
  if (Array.isArray(written)) return { ...PLAIN, columns: written, blank };
  return {
    columns: written.columns ?? (written.column === undefined ? [] : [written.column]),
    template: written.template ?? null,
    case: written.case ?? null,
    values: written.values ?? null,
    otherwise: written.otherwise ?? 'keep',
    pattern: written.pattern ?? null,
    date: written.date === undefined ? null : { ...written.date, from: [written.date.from].flat() },
    phone: written.phone?.toUpperCase() ?? null,
    pad: written.pad ?? null,
    default: written.default ?? null,
    blank: written.blank ?? blank,
  };
}

const PLAIN: Omit<FieldMapping, 'columns' | 'blank'> = {
  template: null,
  case: null,
  values: null,
  otherwise: 'keep',
  pattern: null,
  date: null,
  phone: null,
  pad: null,
  default: null,
};
