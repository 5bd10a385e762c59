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
  const { people, operations, intermediate, mode } = report;
  const sent = [
    `${number(operations.applied)} applied`,
    `${number(operations.refused)} refused`,
    `${number(operations.abandoned)} abandoned`,
    `${number(operations.held)} held`,
    `${number(operations.superseded)} superseded`,
  ];
  const would = [
    `${number(operations.planned - operations.held - operations.superseded)} would be sent`,
    `${number(operations.held)} would be held`,
    ...(operations.superseded > 0 ? [`${number(operations.superseded)} left out`] : []),
  ];
  const parts = mode === 'dry-run' ? would : sent;
  return [
    paint('bold', mode === 'dry-run' ? 'Plan (a run would)' : 'Plan'),
    ...labelled('People', peopleWords(people)),
    ...labelled('Changes', `${number(operations.planned)} planned = ${parts.join(' + ')}`),
    ...(intermediate === 0
      ? []
      : labelled(
          '',
          `${number(intermediate)} of them for a moment only, because people exchange an email or phone number`,
        )),
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
  const [first] = held;
  if (first === undefined) return [];
  const files = new Set(held.map(fileToCheck));
  return [
    paint('bold', mode === 'dry-run' ? 'Would be held' : 'Held'),
    ...held.flatMap((hold) => labelled(plain(hold.guard), `${heldWords(hold)} of feed ${plain(hold.feed)}`)),
    ...(directory === null ? [] : [...files].map((file) => `  ${'Check'.padEnd(10)}${plain(join(directory, file))}`)),
    ...(mode === 'dry-run' ? wouldBeHeldText(first) : decideText(first)),
    ...labelled('Otherwise', 'ask for a new export: what is held is not sent, and a good file clears it'),
  ];
}

function decideText({ command }: ReportHeld): string[] {
  return [
    ...labelled('Approve', plain(command)),
    ...labelled('', 'lets exactly this through once; `--now` at once, else with the next run'),
    ...labelled('Reject', plain(command.replace(' approve ', ' reject '))),
  ];
}

function wouldBeHeldText({ command }: ReportHeld): string[] {
  return labelled('Approve', `${plain(command)}, which holds it, and then workshop-sync approve`);
}

function heldWords(hold: ReportHeld): string {
  return kindWords(hold.operations) || 'the whole file, which asks for no changes now,';
}

/** All guards have an upper limit, save the one that wants somebody to be there. */
function limitWords({ name, limit }: ReportGuard): string {
  return `${name === 'empty' ? 'minimum' : 'limit'} ${number(limit)}`;
}

function stateWords({ tripped, forced, note }: ReportGuard): string {
  const state = tripped ? (forced ? 'tripped, let through by --force' : 'tripped') : 'not tripped';
  return note === null ? state : `${state} (${plain(note)})`;
}

function fileToCheck({ operations }: ReportHeld): string {
  return operations.delete > 0 ? 'removals.csv' : 'operations.jsonl';
}
