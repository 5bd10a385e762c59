// How people write the mapping of columns to a contact (specification §4, `contact`, `status`, `exclude`).

import { z } from 'zod';
import { filledList, group, list, names, oneOf, text, textLike, wholeNumber } from './schema-parts.ts';

const fieldObject = group({
  column: text().optional().describe('The column that gives the value.'),
  columns: filledList(text()).optional().describe('Several columns: the first that is not blank gives the value.'),
  template: text()
    .optional()
    .describe('Text with {Column} placeholders, such as "{First Name} {Last Name}". Blank when all of them are blank.'),
  case: oneOf(['lower', 'upper', 'title']).optional().describe('Change the case of the value.'),
  values: names(z.string({ error: 'must be text' }))
    .optional()
    .describe('Replace whole values: what the file says, and what Workshop shall have instead.'),
  otherwise: oneOf(['keep', 'blank', 'reject'])
    .optional()
    .describe('What happens to a value that is not in `values`: keep it (default), make it blank, or reject the row.'),
  pattern: text()
    .optional()
    .describe('A regular expression with a capture group: the first group is the value. No match rejects the row.'),
  date: group({
    from: z
      .union([text(), filledList(text())], { error: 'must be a date form such as MM/dd/yyyy, or a list of them' })
      .describe(
        'How the file writes the date, such as MM/dd/yyyy, d.M.yyyy or dd-MMM-yyyy; excel for the day numbers of a spreadsheet. Of a list the first that fits.',
      ),
    to: text().describe('How Workshop shall have it, such as yyyy-MM-dd.'),
  })
    .optional()
    .describe('Rewrite a date. A value that is not such a date rejects the row.'),
  phone: textLike(/^[A-Za-z]{2}$/, 'must be the two letters of a country, such as US')
    .optional()
    .describe('Turn the value into an E.164 phone number; numbers without + are read as of this country.'),
  pad: wholeNumber(1, 255).optional().describe('Add zeros on the left up to this width: 123 becomes 000123 with 6.'),
  default: z.string({ error: 'must be text' }).optional().describe('Used when the value is blank.'),
  blank: oneOf(['clear', 'keep'])
    .optional()
    .describe(
      'When the value is blank: clear removes it from the contact, keep leaves what the contact has. Default: clear for attributes, keep for the rest.',
    ),
});

const field = z.union([text(), filledList(text()), fieldObject], {
  error: 'must be a column name, a list of column names, or a group of keys such as column and case',
});

export type WrittenField = z.output<typeof field>;

export const contactSchema = group({
  external_id: field.describe('The column with the employee number. It stays text: 000123 and 123 are two people.'),
  first_name: field.describe('First name. A list takes the first column that is not blank.'),
  last_name: field.describe('Last name.'),
  email: field.describe('Email address. Must be unique in Workshop.'),
  phone_number: field.optional().describe('Phone number, optional. Must be unique in Workshop.'),
  attributes: names(field)
    .prefault({})
    .describe('Further attributes of the contact: the name in Workshop, and the column it comes from.'),
});

export const statusSchema = group({
  column: text().describe('The column with the employment status.'),
  employed: filledList(text()).describe('Words that mean: this person works here.'),
  left: list(text()).describe('Words that mean: this person has left. Such a row removes the contact at once.'),
})
  .nullable()
  .default(null)
  .describe('Employment status, optional. A word of neither list rejects the row; it removes nobody.');

export const excludeSchema = list(
  group({
    column: text().describe('The column to look at.'),
    is: filledList(z.string({ error: 'must be text' })).describe('Rows with one of these values are left out.'),
  }),
)
  .default([])
  .describe('Rows outside the scope of this sync, such as contractors.');
