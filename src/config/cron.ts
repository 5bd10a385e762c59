// Is this a cron expression? A light check, so that a slip shows when the configuration is read and not when
// the schedule starts.

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words: readonly string[];
}

const SECOND: CronField = { name: 'second', from: 0, to: 59, words: [] };
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59, words: [] },
  { name: 'hour', from: 0, to: 23, words: [] },
  { name: 'day of the month', from: 1, to: 31, words: [] },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of the week', from: 0, to: 7, words: WEEKDAYS },
];

/** What is wrong with a cron expression, as a phrase that follows its key; null when it can be used. */
export function cronProblem(expression: string): string | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    return `must be a cron expression of five fields (minute hour day month weekday) or six (with seconds first), but it has ${parts.length}`;
  }
  const fields = parts.length === 6 ? [SECOND, ...FIELDS] : FIELDS;
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? '';
    if (!part.split(',').every((range) => isRange(range, field))) {
      return `has ${JSON.stringify(part)} as ${field.name}, which must be *, or numbers from ${field.from} to ${field.to} such as 5, 1-5, 1,3 or */10`;
    }
  }
  return null;
}

function isRange(text: string, field: CronField): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (step !== undefined && Number(step) < 1) return false;
  if (range === '*') return true;
  const [from, to, ...others] = range.split('-').map((part) => numberOf(part, field));
  if (from === undefined || from === null || others.length > 0) return false;
  return to === undefined || (to !== null && from <= to);
}

/** null: not a value of this field. */
function numberOf(text: string, field: CronField): number | null {
  const word = field.words.indexOf(text.toLowerCase());
  if (word >= 0) return word + field.from;
  if (!/^\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value >= field.from && value <= field.to ? value : null;
}
