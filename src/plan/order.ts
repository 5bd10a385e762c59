// Email and phone are unique in Workshop, so a value has to be given up before it is claimed (specification §7, "Unique
// values"). Works on numbers: an operation is its place in the plan. Pure.
//
// ```
//   A claims what B gives up            B, then A (A waits for B)
//   A claims what nobody gives up       A is stuck; so is whoever claims what A would have given up
//   A and B claim each other's          A is parked (an intermediate update gives its value up), then B, then A
// ```

import { type Edge, tangles, toOpen } from './circles.ts';
import type { UniqueField } from './unique.ts';

/** One operation claims a value that a contact of the snapshot has. */
export interface Link {
  readonly claimer: number;
  readonly field: UniqueField;
  /** The operation by which the contact gives it up; null when it keeps it. */
  readonly freer: number | null;
}

/** An intermediate update that takes values from a contact until its own operation gives it the new ones. */
export interface Parking {
  readonly operation: number;
  readonly fields: readonly UniqueField[];
}

export interface Wait {
  readonly operation: number;
  /** Operations that have to be applied before. */
  readonly operations: readonly number[];
  /** Operations whose parking has to be applied before. */
  readonly parkings: readonly number[];
}

export interface Arrangement {
  readonly parkings: readonly Parking[];
  /** Whoever waits, in an order in which nobody waits for somebody later. */
  readonly waits: readonly Wait[];
  /** Operations that others wait for and that wait for nobody, in the order of the plan. */
  readonly first: readonly number[];
}

/** The links that cannot be: nobody gives the value up, or whoever would is stuck for such a reason. */
export function stuckLinks(links: readonly Link[]): Link[] {
  const claimersOf = groupBy(
    links.filter(({ freer }) => freer !== null),
    ({ freer }) => freer ?? 0,
  );
  const stuck = new Map<number, Link>();
  const found = links.filter(({ freer }) => freer === null);
  for (const link of found) {
    if (stuck.has(link.claimer)) continue;
    stuck.set(link.claimer, link);
    found.push(...(claimersOf.get(link.claimer) ?? []));
  }
  return [...stuck.values()].sort((a, b) => a.claimer - b.claimer);
}

/** The links whose claimer has to be held because whoever gives the value up is held; `held` itself is not among them. */
export function linksToHeld(links: readonly Link[], held: readonly number[]): Link[] {
  const claimersOf = groupBy(links, ({ freer }) => freer ?? -1);
  const seen = new Set(held);
  const found: Link[] = [];
  const queue = [...held];
  for (const freer of queue) {
    for (const link of claimersOf.get(freer) ?? []) {
      if (seen.has(link.claimer)) continue;
      seen.add(link.claimer);
      found.push(link);
      queue.push(link.claimer);
    }
  }
  return found;
}

/** Who waits for whom, with cycles broken by as few intermediate updates as are needed. No link may be stuck. */
export function arrange(links: readonly Link[]): Arrangement {
  const edges = links.flatMap(({ claimer, freer, field }) => (freer === null ? [] : [{ claimer, freer, field }]));
  const peeling = new Peeling(edges);
  peeling.peel();
  for (const tangle of tangles(peeling.left())) {
    for (const operation of toOpen(tangle)) {
      if (!peeling.isWaitedFor(operation)) continue;
      peeling.park(operation);
      peeling.peel();
    }
  }
  const waits = peeling.order.flatMap((operation) => peeling.waitOf(operation));
  const waiting = new Set(waits.map(({ operation }) => operation));
  const freers = [...new Set(edges.map(({ freer }) => freer))];
  const first = freers.filter((freer) => !waiting.has(freer)).sort((a, b) => a - b);
  const parkings = [...peeling.parked].map(([operation, fields]) => ({ operation, fields }));
  return { parkings, waits, first };
}

/** Takes away, again and again, whoever waits for nobody any more; what remains goes in circles, or waits for a circle. */
class Peeling {
  readonly order: number[] = [];
  readonly parked = new Map<number, readonly UniqueField[]>();
  readonly #needed: Map<number, Edge[]>;
  readonly #wanted: Map<number, Edge[]>;
  /** How many edges each operation that is left still waits for. */
  readonly #open = new Map<number, number>();
  #ready: number[];

  constructor(edges: readonly Edge[]) {
    this.#needed = groupBy(edges, ({ claimer }) => claimer);
    this.#wanted = groupBy(edges, ({ freer }) => freer);
    for (const { claimer, freer } of edges) {
      this.#open.set(claimer, (this.#open.get(claimer) ?? 0) + 1);
      this.#open.set(freer, this.#open.get(freer) ?? 0);
    }
    this.#ready = [...this.#open].filter(([, count]) => count === 0).map(([operation]) => operation);
  }

  peel(): void {
    while (this.#ready.length > 0) {
      const free = this.#ready.sort((a, b) => a - b);
      this.#ready = [];
      for (const operation of free) {
        this.#open.delete(operation);
        this.order.push(operation);
        for (const edge of this.#wanted.get(operation) ?? []) if (!this.#isFreedByParking(edge)) this.#release(edge);
      }
    }
  }

  /** The edges between operations that are left. */
  left(): Edge[] {
    return [...this.#open.keys()].flatMap((operation) =>
      (this.#needed.get(operation) ?? []).filter(({ freer }) => this.#open.has(freer)),
    );
  }

  /** Does it wait itself, and is somebody waiting for it? In a small tangle whoever is asked about is on a circle. */
  isWaitedFor(operation: number): boolean {
    return (
      this.#open.has(operation) && (this.#wanted.get(operation) ?? []).some(({ claimer }) => this.#open.has(claimer))
    );
  }

  /** Frees whoever waits for the operation's values. */
  park(operation: number): void {
    const waiting = (this.#wanted.get(operation) ?? []).filter(({ claimer }) => this.#open.has(claimer));
    this.parked.set(operation, [...new Set(waiting.map(({ field }) => field))].sort());
    for (const edge of waiting) this.#release(edge);
  }

  waitOf(operation: number): Wait[] {
    const needed = this.#needed.get(operation) ?? [];
    const own = this.parked.has(operation) ? [operation] : [];
    if (needed.length + own.length === 0) return [];
    const freers = (edges: readonly Edge[]) => edges.map(({ freer }) => freer);
    return [
      {
        operation,
        operations: distinct(freers(needed.filter((edge) => !this.#isFreedByParking(edge)))),
        parkings: distinct([...freers(needed.filter((edge) => this.#isFreedByParking(edge))), ...own]),
      },
    ];
  }

  #release({ claimer }: Edge): void {
    const count = (this.#open.get(claimer) ?? 0) - 1;
    this.#open.set(claimer, count);
    if (count === 0) this.#ready.push(claimer);
  }

  #isFreedByParking({ freer, field }: Edge): boolean {
    return this.parked.get(freer)?.includes(field) ?? false;
  }
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => number): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
