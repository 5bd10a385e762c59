// A roster that changes from file to file as a company does: every step has leavers, joiners and movers, one of whom
// loses an attribute. And what a trial must hold once a step is through.

import { expect } from 'vitest';
import { checkTrial, csv, type Ended, personRow, type Trial } from './trial.ts';

interface Person {
  readonly department: string;
  readonly office: string;
}

type Running = ReturnType<Trial['start']>;

export interface EvolvingRoster {
  /** The ids that the last step removed, added and changed. */
  readonly leavers: readonly string[];
  readonly joiners: readonly string[];
  readonly movers: readonly string[];
  /** One step on: as many leavers, joiners and movers as given. */
  step(count: number): void;
  /** The file of the present step. */
  file(): string;
  /** Everybody of the file, as the emulator should hold them. */
  expected(): { external_id: string; attributes: Record<string, string> }[];
}

/** A roster of `count` people, whose ids are never used again. */
export function evolvingRoster(count: number): EvolvingRoster {
  const roster = new Map<string, Person>();
  let lastId = 0;
  let stepCount = 0;
  const join = () => {
    lastId += 1;
    const id = String(lastId).padStart(5, '0');
    roster.set(id, { department: 'Sales', office: 'Austin' });
    return id;
  };
  const change = (id: string, index: number) => {
    const office = index === 0 ? '' : 'Austin';
    roster.set(id, { department: `Team ${stepCount}`, office });
    return id;
  };
  const changes: { leavers: string[]; joiners: string[]; movers: string[] } = { leavers: [], joiners: [], movers: [] };
  for (let index = 0; index < count; index += 1) join();
  return {
    get leavers() {
      return changes.leavers;
    },
    get joiners() {
      return changes.joiners;
    },
    get movers() {
      return changes.movers;
    },
    step: (size) => {
      stepCount += 1;
      changes.leavers = [...roster.keys()].slice(0, size);
      for (const id of changes.leavers) roster.delete(id);
      changes.movers = [...roster.keys()].slice(0, size).map(change);
      changes.joiners = Array.from({ length: size }, join);
    },
    file: () => csv(...[...roster].map(([id, person]) => personRow(id, person))),
    expected: () =>
      [...roster].map(([id, { department, office }]) => ({
        external_id: id,
        attributes: { department, ...(office === '' ? {} : { office }) },
      })),
  };
}

/** Everybody of the roster is in the emulator as the file says, the snapshot says the same, and nobody was made twice. */
export async function checkInStep(trial: Trial, roster: EvolvingRoster): Promise<void> {
  const held = (await trial.contacts()).map(({ external_id, attributes }) => ({ external_id, attributes }));
  expect(held).toEqual(roster.expected());
  await checkTrial(trial);
  const created = (await trial.writes()).filter(({ method, status }) => method === 'POST' && status === 201);
  const ids = created.map(({ external_id }) => external_id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
}

/** Resolves once the emulator has seen what it is asked for; fails when the program ended before that. */
export async function seen(running: Running, isSeen: () => Promise<boolean>): Promise<void> {
  let ended: Ended | null = null;
  void running.ended.then((end) => {
    ended = end;
  });
  await expect.poll(async () => ended !== null || (await isSeen()), { timeout: 20_000, interval: 15 }).toBe(true);
  expect(ended, 'the program ended too early').toBeNull();
}

/** How many requests the fault rules have struck so far. */
export async function strikes(trial: Trial): Promise<number> {
  const rules = (await trial.control('GET', 'faults')) as { hits: number }[];
  return rules.reduce((sum, { hits }) => sum + hits, 0);
}

/** Starts a run and kills it once something is seen; the faults end with it. */
export async function killedWhen(trial: Trial, isSeen: () => Promise<boolean>): Promise<void> {
  const started = trial.start('--once');
  await seen(started, isSeen);
  started.kill('SIGKILL');
  expect((await started.ended).signal).toBe('SIGKILL');
  await trial.control('DELETE', 'faults');
}
