// One operation as a line of `operations.jsonl` (specification §11), the form in which every rendering sees it.

import type { OperationState } from '../plan/operation.ts';
import { fileOfLine, lineInFile } from '../roster/line.ts';
import type { OperationRecord } from './facts.ts';
import type { OperationLine, Outcome } from './shape.ts';

/** The operation as a line of `operations.jsonl`. */
export function lineOf(operation: OperationRecord): OperationLine {
  const { kind, externalId, feed, line, body, before, state, guard, reason, status, attempts, error } = operation;
  const { refusedRuns } = operation;
  return {
    kind,
    external_id: externalId,
    feed,
    line: line === null ? null : lineInFile(line),
    file: line === null ? null : fileOfLine(line) + 1,
    body,
    before: before && {
      external_id: before.externalId,
      first_name: before.firstName,
      last_name: before.lastName,
      email: before.email,
      phone_number: before.phoneNumber,
      attributes: before.attributes,
    },
    outcome: outcomeOf(state),
    guard,
    reason,
    status,
    attempts,
    error,
    refused_runs: refusedRuns,
  };
}

/** The lines of `operations.jsonl`, one at a time. */
export function* operationLines(operations: Iterable<OperationRecord>): Generator<OperationLine> {
  for (const operation of operations) yield lineOf(operation);
}

/** How an operation in this state ended. */
export function outcomeOf(state: OperationState): Outcome {
  return state === 'pending' ? 'planned' : state;
}
