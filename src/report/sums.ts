// The sums that every report must satisfy (specification §11). One that does not balance means that somebody
// was lost between the file and the API, and that is a bug of ours, never the fault of the data.

import type { OperationKind, OperationState } from '../plan/operation.ts';
import type { FeedFacts, PeopleFacts, RunFacts } from './facts.ts';
import { counted, number } from './units.ts';

type Part = readonly [words: string, count: number];

const KINDS: readonly (readonly [kind: OperationKind, plural: string])[] = [
  ['create', 'creates'],
  ['update', 'updates'],
  ['rekey', 're-keys'],
  ['delete', 'deletes'],
];

/**
 * The sums that do not balance, each a sentence with its numbers; none when all is well.
 *
 * In a dry run nothing is sent, so there the operations are pending, held, or left out because somebody rejected them.
 */
export function checkSums(facts: RunFacts): string[] {
  return [
    ...facts.feeds.flatMap(checkRows),
    ...facts.feeds.flatMap(checkPeople),
    ...checkPlan(facts),
    ...checkOutcomes(facts),
  ];
}

function checkRows({ name, rows }: FeedFacts): string[] {
  return compare(`Feed ${name}: ${number(rows.read)} rows read`, rows.read, [
    ['accepted', rows.accepted],
    ['rejected', rows.rejected],
    ['excluded', rows.excluded],
    ['duplicate', rows.duplicate],
  ]);
}

function checkPeople({ name, rows, people, contactsBefore }: FeedFacts): string[] {
  if (people === null) return [];
  const accepted = compare(`Feed ${name}: ${number(rows.accepted)} rows accepted`, rows.accepted, [
    ['create', people.create],
    ['update', people.update],
    ['re-key', people.rekey],
    ['unchanged', people.unchanged],
    ['leavers deleted', people.leaversDeleted],
    ['leavers without a contact', people.leaversWithoutContact],
  ]);
  const contacts = compare(`Feed ${name}: ${number(contactsBefore)} contacts before`, contactsBefore, [
    ['update', people.update],
    ['re-key', people.rekey],
    ['delete', people.delete],
    ['unchanged', people.unchanged],
    ['kept', people.kept],
  ]);
  return [...accepted, ...contacts];
}

function checkPlan(facts: RunFacts): string[] {
  const decided = (kind: OperationKind) =>
    total(facts.feeds.map(({ people }) => people?.[kind satisfies keyof PeopleFacts] ?? 0));
  const recorded = (kind: OperationKind) =>
    total(facts.outcomes.filter((outcome) => outcome.kind === kind).map(({ count }) => count));
  return [
    ...compare(`${counted(facts.planned, 'operation')} planned`, facts.planned, [
      ['create', decided('create')],
      ['update', decided('update')],
      ['re-key', decided('rekey')],
      ['delete', decided('delete')],
      ['intermediate', facts.intermediate],
    ]),
    ...KINDS.flatMap(([kind, plural]) => {
      const wanted = decided(kind) + (kind === 'update' ? facts.intermediate : 0);
      return compare(`${number(wanted)} ${plural} decided`, wanted, [['recorded', recorded(kind)]]);
    }),
  ];
}

function checkOutcomes(facts: RunFacts): string[] {
  const inState = (state: OperationState): Part => [
    state,
    total(facts.outcomes.filter((outcome) => outcome.state === state).map(({ count }) => count)),
  ];
  const states: readonly OperationState[] =
    facts.mode === 'dry-run'
      ? ['pending', 'held', 'superseded']
      : ['applied', 'refused', 'abandoned', 'held', 'superseded'];
  return compare(`${counted(facts.planned, 'operation')} planned`, facts.planned, states.map(inState));
}

function compare(whole: string, count: number, parts: readonly Part[]): string[] {
  const sum = total(parts.map(([, part]) => part));
  if (sum === count) return [];
  const terms = parts.map(([words, part]) => `${number(part)} ${words}`).join(' + ');
  return [`${whole}, but ${terms}${parts.length > 1 ? ` make ${number(sum)}` : ''}.`];
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
