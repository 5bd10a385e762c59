// The text of `explain`: one person, from the file to Workshop and back through the past.

import { isoTime } from '../clock.ts';
import { type Contact, contactAfter, type Operation } from '../plan/operation.ts';
import type { Employee } from '../roster/employee.ts';
import { lineWords } from '../roster/line.ts';
import type { OperationRecord } from './facts.ts';
import { fieldChanges } from './field-changes.ts';
import { lineOf } from './operation-line.ts';
import { explainDecision, type KnownFacts, type PastFacts, type PersonFacts, type PersonRowFacts } from './person.ts';
import { plain } from './plain.ts';
import { labelled, type Paint } from './style.ts';
import { moment } from './units.ts';

/** The whole text, with a newline at its end. */
export function explainText(facts: PersonFacts, paint: Paint): string {
  const { snapshot } = facts;
  const sections = [
    [paint('bold', `Person ${plain(facts.externalId)}`)],
    [
      paint('bold', 'In the file'),
      ...facts.feeds.flatMap(feedLines),
      ...(facts.rows.length === 0 ? labelled('Row', 'none with this id') : facts.rows.flatMap(rowLines)),
    ],
    [
      paint('bold', 'Snapshot (what Workshop last confirmed)'),
      ...(snapshot === null ? ['  none'] : [...contactLines(snapshot.contact), ...absenceLines(snapshot)]),
    ],
    [paint('bold', 'Workshop now'), ...workshopLines(facts)],
    [paint('bold', 'Decision'), ...decisionLines(facts)],
    [paint('bold', 'Past operations, newest first'), ...pastLines(facts.past)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Rows tell which of several files they are in. */
function feedLines({ name, files, trouble }: PersonFacts['feeds'][number]): string[] {
  const [only = 'no file'] = files;
  const words = files.length > 1 ? files.map((file, index) => `${index + 1} ${file}`).join(', ') : only;
  return labelled('Feed', plain(`${name}: ${trouble ?? words}`));
}

function rowLines(row: PersonRowFacts): string[] {
  const head = labelled('Row', plain(`line ${lineWords(row.line)} of feed ${row.feed}: ${row.kind}`));
  const field = row.rule === null ? '' : `${row.field ?? 'row'} (${row.rule}): `;
  const why = row.message === null ? [] : labelled('', plain(`${field}${row.message}`));
  return [...head, ...why, ...(row.employee === null ? [] : employeeLines(row.employee))];
}

function employeeLines({ firstName, lastName, email, phoneNumber, attributes }: Employee): string[] {
  const phone = phoneNumber === undefined ? '(left as it is)' : (phoneNumber ?? '(blank)');
  const values = { first_name: firstName, last_name: lastName, email, phone_number: phone };
  return valueLines({ ...values, ...withWords(attributes) });
}

function contactLines({ firstName, lastName, email, phoneNumber, attributes }: Contact): string[] {
  const values = { first_name: firstName, last_name: lastName, email, phone_number: phoneNumber ?? '(none)' };
  return valueLines({ ...values, ...attributes });
}

function withWords(attributes: Employee['attributes']): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, value ?? '(blank)']));
}

function valueLines(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([key, value]) => `      ${plain(key)}: ${plain(value)}`);
}

function absenceLines({ absentFiles, absentSinceMs }: KnownFacts): string[] {
  if (absentSinceMs === null) return [];
  return labelled('Missing', `from ${absentFiles} accepted files in a row, since ${moment(isoTime(absentSinceMs))}`);
}

/** Workshop is compared with the snapshot: a difference is drift. */
function workshopLines({ workshop, snapshot }: PersonFacts): string[] {
  if (workshop.kind === 'not asked') return labelled('', plain(`could not be asked: ${workshop.why}`));
  if (workshop.kind === 'not found') {
    return ['  no contact with this id', ...(snapshot === null ? [] : ['  drift: the snapshot still has one'])];
  }
  if (snapshot === null) return contactLines(workshop.contact);
  const drift = differences(snapshot.contact, workshop.contact);
  return drift.length === 0
    ? ['  the same']
    : ['  drift since it was last confirmed:', ...drift.map((line) => `      ${line}`)];
}

function differences(before: Contact, now: Contact): string[] {
  const changed = Object.entries(now.attributes).filter(([key, value]) => before.attributes[key] !== value);
  const gone = Object.keys(before.attributes).filter((key) => !Object.hasOwn(now.attributes, key));
  const body = {
    ...(before.firstName === now.firstName ? {} : { first_name: now.firstName }),
    ...(before.lastName === now.lastName ? {} : { last_name: now.lastName }),
    ...(before.email === now.email ? {} : { email: now.email }),
    ...(before.phoneNumber === now.phoneNumber ? {} : { phone_number: now.phoneNumber }),
    attributes: Object.fromEntries([...changed, ...gone.map((key) => [key, null] as const)]),
  };
  return changesOf({
    kind: 'update',
    externalId: before.externalId,
    feed: '',
    line: null,
    body,
    before,
    fingerprint: null,
  });
}

function changesOf(operation: Operation): string[] {
  const none = { guard: null, reason: null, status: null, attempts: 0, error: null, refusedRuns: null };
  return fieldChanges(lineOf({ ...operation, ...none, state: 'pending' }));
}

function decisionLines(facts: PersonFacts): string[] {
  const { decision, rule, state, guard, reason } = explainDecision(facts);
  const { operation } = facts;
  const changes = operation === null || decision === 'delete' ? [] : operationChanges(operation);
  const held = [...(guard === null ? [] : [`guard ${guard}`]), ...(reason === null ? [] : [reason])].join(', ');
  return [
    ...labelled(decision === 'rekey' ? 're-key' : decision, plain(rule)),
    ...changes.map((line) => `      ${line}`),
    ...(state === null ? [] : labelled('A run', plain(held === '' ? state : `${state}: ${held}`))),
  ];
}

function operationChanges(operation: OperationRecord): string[] {
  if (operation.body === null) return [];
  if (operation.before !== null) return changesOf(operation);
  return contactLines(contactAfter(null, operation.externalId, operation.body)).map((line) => line.trim());
}

function pastLines(past: readonly PastFacts[]): string[] {
  if (past.length === 0) return ['  none'];
  return past.map((operation) => {
    const { run, kind, state, status, guard, reason, error } = operation;
    const answer = [status === null ? '' : String(status), error ?? ''].filter((word) => word !== '').join(' ');
    const why = state === 'held' || state === 'superseded' ? [guard, reason].filter(Boolean).join(', ') : answer;
    const changes = kind === 'update' || kind === 'rekey' ? `  ${changesOf(operation).join('; ')}` : '';
    return `  ${plain(`${run}  ${kind === 'rekey' ? 're-key' : kind}  ${state}${why === '' ? '' : ` (${why})`}${changes}`)}`;
  });
}
