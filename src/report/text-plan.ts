// The text of what was intended and what became of it: people, operations, guards, and what is held.

import { join } from 'node:path';
import { plain } from './plain.ts';
import type { Report, ReportGuard, ReportHeld } from './shape.ts';
import { labelled, type Paint } from './style.ts';
import { peopleWords } from './text-feeds.ts';
import { number } from './units.ts';
import { kindWords } from './verdict.ts';

/** Specification §11.3. */
export function peopleText(report: Report, paint: Paint): string[] {
  const { people, operations, mode } = report;
  const sent = [
    `${number(operations.applied)} applied`,
    `${number(operations.refused)} refused`,
    `${number(operations.abandoned)} abandoned`,
    `${number(operations.held)} held`,
    `${number(operations.superseded)} superseded`,
  ];
  const would = [
    `${number(operations.planned - operations.held)} would be sent`,
    `${number(operations.held)} would be held`,
  ];
  const parts = mode === 'dry-run' ? would : sent;
  return [
    paint('bold', mode === 'dry-run' ? 'Plan (a run would)' : 'Plan'),
    ...labelled('People', peopleWords(people)),
    ...labelled('Changes', `${number(operations.planned)} planned = ${parts.join(' + ')}`),
  ];
}

/** Every guard with its numbers, tripped or not (specification §11.4). */
export function guardsText({ guards, feeds }: Report, paint: Paint): string[] {
  if (guards.length === 0) return [];
  const labels = guards.map(({ name, feed }) => plain(feeds.length > 1 ? `${name} (${feed})` : name));
  const actuals = guards.map(({ actual }) => number(actual));
  const limits = guards.map(limitWords);
  const width = (texts: readonly string[], least: number) => Math.max(least, ...texts.map((text) => text.length));
  const lines = guards.map((guard, index) => {
    const label = (labels[index] ?? '').padEnd(width(labels, 8));
    const actual = (actuals[index] ?? '').padStart(width(actuals, 1));
    const limit = (limits[index] ?? '').padEnd(width(limits, 1));
    const line = `  ${label}  ${actual}, ${limit}   ${stateWords(guard)}`;
    return guard.tripped ? paint('yellow', line) : line;
  });
  return [paint('bold', 'Guards'), ...lines];
}

/** What waits for approval, and how to approve it (specification §11.4). */
export function heldText({ held, mode }: Report, paint: Paint, directory: string | null): string[] {
  if (held.length === 0) return [];
  return [
    paint('bold', mode === 'dry-run' ? 'Would be held' : 'Held'),
    ...held.flatMap((hold) => [
      ...labelled(plain(hold.guard), `${kindWords(hold.operations)} of feed ${plain(hold.feed)}`),
      ...(directory === null ? [] : [`  ${'Check'.padEnd(10)}${plain(join(directory, fileToCheck(hold)))}`]),
      ...labelled('Approve', plain(hold.command)),
      ...labelled('Otherwise', 'ask for a new export: what is held is not sent, and a good file clears it'),
    ]),
  ];
}

/** All guards have an upper limit, save the one that wants somebody to be there. */
function limitWords({ name, limit }: ReportGuard): string {
  return `${name === 'empty' ? 'minimum' : 'limit'} ${number(limit)}`;
}

function stateWords({ tripped, forced }: ReportGuard): string {
  if (!tripped) return 'not tripped';
  return forced ? 'tripped, let through by --force' : 'tripped';
}

function fileToCheck({ operations }: ReportHeld): string {
  return operations.delete > 0 ? 'removals.csv' : 'operations.jsonl';
}
